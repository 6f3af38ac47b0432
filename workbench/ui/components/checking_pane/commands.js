// The keys of checking by ear. In: a key that was pressed. Out: the name of what it asks for, or null.

const LETTERS = { h: "heard", n: "nextFlagged", i: "inaudible", x: "crosstalk" };
const ARROWS = { ArrowLeft: "back", ArrowRight: "on", ArrowUp: "previous", ArrowDown: "next" };
const SIGNS = { Comma: "slower", Period: "faster" };

/** For people who cannot see the keys beside the buttons. */
export const COMMANDS_TOLD =
  "Escape plays and pauses. Alt with the arrow keys steps three seconds and from segment to segment, Alt N goes " +
  "to the next flagged segment, Alt H marks it as heard, Alt I and Alt X insert marks, Control Enter " +
  "marks the note as checked.";

/** What a key asks for; letters go by their place on the keyboard, since Alt may change what they write. */
export function commandOf(event) {
  if (event.key === "Escape") return "play";
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") return "checked";
  if (!event.altKey || event.ctrlKey || event.metaKey) return null;
  const letter = /^Key([A-Z])$/.exec(event.code ?? "")?.[1].toLowerCase();
  return ARROWS[event.key] ?? SIGNS[event.code] ?? LETTERS[letter] ?? null;
}
