// The key map. In: key events. Out: the name of a command, and the same map as words for the footer
// and for the help. Letters are read by their place on the keyboard where the layout is not Latin.

export const KEY_MAP = [
  ["1–9", "Give the selected words a code; with none selected, the whole answer"],
  ["/", "Find or make a code"],
  ["W", "The next code goes to the whole document"],
  ["I", "Make a code from the selected words"],
  ["Shift + arrows", "Select words from the keyboard"],
  ["Alt + ↑", "Widen the selection: word, sentence, turn"],
  ["T", "Select the turn of a focus group; again: the next one too"],
  ["Shift + T", "Select the turn; again: the one before too"],
  ["S", "Next turn of the same speaker"],
  ["Shift + S", "Previous turn of the same speaker"],
  ["F", "Only this speaker, the others folded; again: everybody"],
  ["P", "Who speaks: turns and words of each"],
  ["G", "Go to a time of the transcript"],
  ["Enter", "What is coded at the caret: remove, recode, adjust, memo"],
  ["[  ]", "Previous, next coding in the text"],
  ["Delete", "Remove your coding at the caret"],
  ["D", "Done, and on to the next that is not done"],
  ["Shift + D", "Not done after all"],
  ["J  K", "Next, previous answer"],
  ["N", "Next that is not done"],
  ["M", "Memo on the document"],
  ["Ctrl + Z", "Undo"],
  ["Ctrl + Shift + Z, Ctrl + Y", "Redo"],
  ["?", "This list"],
  ["Escape", "Close, cancel, let go of the selection, show every speaker"],
];

export const HINTS = [
  ["↑↓", "answers"],
  ["Enter", "open"],
  ["1–9", "code"],
  ["/", "find"],
  ["W", "whole"],
  ["Ctrl Z", "undo"],
  ["D", "done and next"],
  ["?", "all keys"],
];

/** The same for a discussion: what its turns have keys for comes first. */
export const TURN_HINTS = [
  ["T", "turn"],
  ["S", "speaker's next"],
  ["F", "only them"],
  ["P", "who speaks"],
  ["G", "time"],
  ...HINTS.filter(([key]) => !["↑↓", "Enter"].includes(key)),
];

const LETTERS = {
  w: "wholeNext",
  i: "inVivo",
  d: "doneAndNext",
  j: "nextAnswer",
  k: "previousAnswer",
  n: "nextNotDone",
  m: "documentMemo",
  t: "turn",
  s: "nextOfSpeaker",
  f: "onlySpeaker",
  p: "listSpeakers",
  g: "goToTime",
};
const SHIFTED = { d: "notDone", t: "turnBefore", s: "previousOfSpeaker" };
const SIGNS = { "/": "find", "[": "previousCoding", "]": "nextCoding", "?": "help" };

/** The letter of a key event, by its place on the keyboard where the layout is not Latin. */
export function letterOf({ key, code }) {
  if (/^[a-z]$/i.test(key)) return key.toLowerCase();
  const place = /^Key([A-Z])$/.exec(code ?? "");
  return place && key.length === 1 && key.charCodeAt(0) > 127 ? place[1].toLowerCase() : "";
}

function digitOf({ key, code, shiftKey }) {
  if (/^[1-9]$/.test(key)) return Number(key);
  const place = /^Digit([1-9])$/.exec(code ?? "");
  return place && !shiftKey && key.charCodeAt(0) > 127 ? Number(place[1]) : 0;
}

/** `{name, argument}` of the command that a key event asks for, or null. */
export function commandFor(event, { inText }) {
  const graph = event.getModifierState?.("AltGraph");
  const control = (event.ctrlKey || event.metaKey) && !graph;
  const letter = letterOf(event);
  if (control) {
    if (letter === "z") return { name: event.shiftKey ? "redo" : "undo" };
    return letter === "y" ? { name: "redo" } : null;
  }
  if (event.altKey && !graph) return event.key === "ArrowUp" ? { name: "widen" } : null;
  if (event.key === "Escape") return { name: "escape" };
  if (inText && event.key === "Enter") return { name: "enter" };
  if (inText && (event.key === "Delete" || event.key === "Backspace")) return { name: "removeHere" };
  const digit = digitOf(event);
  if (digit) return { name: "quickCode", argument: digit };
  if (SIGNS[event.key]) return { name: SIGNS[event.key] };
  if (event.shiftKey && SHIFTED[letter]) return { name: SHIFTED[letter] };
  return LETTERS[letter] ? { name: LETTERS[letter] } : null;
}

/** Does this event type a character? Such keys are kept from the page around the pane. */
export function isTyping(event) {
  return event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
}
