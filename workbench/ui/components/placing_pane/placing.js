// Two texts side by side: the old one with the words that were coded, and the new one in which they
// are to be found again. In: both texts with spans in code points. Out: what the person decided, as
// a deed: place (with a span), accept, let_go, undo, next, previous.

import { button, element, keycap, shorten } from "./dom.js";
import { letterOf, isTyping } from "./keys.js";
import { makeLines, pieces, quoteOf } from "./offsets.js";
import { placeCaret, readSelection, selectSpan, widenSelection } from "./selection.js";
import { TextView } from "./text.js";
import { Theme } from "./theme.js";

const MARKS = ["placing-come", "placing-guess", "placing-held"];
const SHOWN = 120; // code points of the guess that are repeated beside the buttons
const HELP =
  "Select the words in the new text with Shift and the arrow keys, then press Enter. A accepts the " +
  "best guess, G selects it, Delete lets the coding go, Alt and Up widens the selection.";
const DEEDS = { a: "accept", g: "guess", j: "next", k: "previous" };

/** Cut a line of the old text where a mark begins or ends: `[words, gone, coded]` each. */
function cutLine(line, marks) {
  const within = marks.map(({ kind, line: at, from, to }) => ({ kind, at, from, to })).filter(({ at }) => at === line);
  const edges = new Set([0, line.text.length]);
  for (const { from, to } of within) edges.add(from).add(to);
  const sorted = [...edges].sort((a, b) => a - b);
  return sorted.slice(0, -1).map((from, i) => {
    const covers = (kind) => within.some((mark) => mark.kind === kind && mark.from <= from && mark.to >= sorted[i + 1]);
    return [line.text.slice(from, sorted[i + 1]), covers("gone"), covers("coded")];
  });
}

/** Scroll a box so that what lies outside of it stands in its upper third. */
function bringIntoView(box, rectangle) {
  const around = box.getBoundingClientRect();
  if (!rectangle || (rectangle.top >= around.top && rectangle.bottom <= around.bottom)) return;
  box.scrollTop += rectangle.top - around.top - around.height / 3;
}

export class PlacingPane {
  constructor() {
    this.data = null;
    this.view = new TextView({
      onVisible: () => {},
      onRestored: () => this.#paint(),
      describedBy: "placing-help",
    });
    this.old = element("div", "pl-old", { tabindex: "0", role: "region", "aria-labelledby": "placing-old" });
    this.oldTitle = element("h2", "pl-title", { id: "placing-old" });
    this.newTitle = element("h2", "pl-title", { id: "placing-new" });
    this.status = element("p", "pl-status", { role: "status" });
    this.note = element("p", "pl-note");
    this.bar = element("div", "pl-bar", { role: "toolbar", "aria-label": "What becomes of it" });
    this.root = element(
      "div",
      "cp-root pl-root",
      {},
      element("p", "cp-unseen", { id: "placing-help" }, HELP),
      element("div", "pl-columns", {},
        element("div", "pl-column", {}, this.oldTitle, this.old),
        element("div", "pl-column", {}, this.newTitle, this.view.scroller)),
      this.note,
      this.bar,
      this.status,
    );
    this.theme = new Theme(this.root);
    this.#buttons();
    this.onSelection = () => this.#onSelectionChange();
    document.addEventListener("selectionchange", this.onSelection);
    this.root.addEventListener("keydown", (event) => this.#onKey(event));
  }

  #buttons() {
    const make = (label, key, name, kind) => {
      const node = button(label, kind, () => this.run(name), { "aria-keyshortcuts": key });
      node.classList.add("cp-small");
      node.append(" ", keycap(key));
      return node;
    };
    this.buttons = {
      place: make("Place on selected words", "Enter", "place", "cp-main"),
      accept: make("Accept guess", "A", "accept", ""),
      let_go: make("Let it go", "Delete", "let_go", ""),
      undo: make("Undo", "Ctrl Z", "undo", "cp-plain"),
      previous: make("Previous", "K", "previous", "cp-plain"),
      next: make("Next", "J", "next", "cp-plain"),
    };
    this.bar.append(...Object.values(this.buttons));
  }

  /** Take over what the page says; the text is laid out anew only when it is another one. */
  show(data, send) {
    const fresh = this.data?.coding !== data.coding || this.data?.new.sha !== data.new.sha;
    const withFocus = this.root.contains(document.activeElement);
    const before = this.data?.coding;
    this.data = data;
    this.send = send;
    this.waiting = false;
    this.theme.refresh();
    if (fresh) this.#layOut();
    this.note.textContent = data.guess
      ? `Best guess: “${shorten(quoteOf(this.view.lines, ...data.guess), SHOWN)}”` : data.no_guess;
    this.status.textContent = data.said ?? "";
    this.status.classList.toggle("cp-warns", Boolean(data.refused));
    this.#paint();
    this.#enable();
    if (fresh) this.#lookAtGuess(withFocus && before !== undefined);
  }

  #layOut() {
    const { data } = this;
    this.oldTitle.textContent = data.old.title;
    this.newTitle.textContent = data.new.title;
    this.kept = null;
    this.isHeldShown = true;
    this.view.show(makeLines(data.new.blocks), { ...data.new, label: data.new.title, language: data.language });
    const lines = makeLines(data.old.blocks);
    const marks = [
      ...data.old.gone.flatMap((span) => pieces(lines, ...span).map((piece) => ({ kind: "gone", ...piece }))),
      ...(data.old.coded ? pieces(lines, ...data.old.coded).map((piece) => ({ kind: "coded", ...piece })) : []),
    ];
    this.old.lang = this.view.box.lang;
    this.old.replaceChildren(...lines.map((line) => this.#oldLine(line, marks)));
  }

  #oldLine(line, marks) {
    const near = marks.filter((mark) => mark.line === line);
    const parts = near.length ? cutLine(line, near) : [[line.text, false, false]];
    const nodes = parts.map(([words, gone, coded]) => {
      const inner = gone ? element("del", "pl-gone", {}, words) : words;
      return coded ? element("mark", "pl-coded", {}, inner) : inner;
    });
    const dir = line.continues ? (line.rtl ? "rtl" : "ltr") : "auto";
    return element("p", "cp-words pl-line", { dir }, ...nodes);
  }

  #lookAtGuess(takeFocus) {
    const [start, end] = this.data.guess ?? [0, 1];
    this.old.scrollTop = 0;
    this.view.scroller.scrollTop = 0;
    if (takeFocus) placeCaret(this.view, start, { scroll: false });
    requestAnimationFrame(() => {
      bringIntoView(this.old, this.old.querySelector(".pl-coded")?.getBoundingClientRect());
      bringIntoView(this.view.scroller, this.view.rectangle(start, end));
    });
  }

  #mark(name, spans) {
    const ranges = spans.flatMap(([start, end]) => this.view.staticRanges(start, end));
    if (ranges.length) CSS.highlights.set(name, new Highlight(...ranges));
    else CSS.highlights.delete(name);
  }

  #paint() {
    const { guess, new: text } = this.data ?? {};
    this.#mark("placing-come", text?.come ?? []);
    this.#mark("placing-guess", guess ? [guess] : []);
    this.#paintHeld();
  }

  /** Words that stay chosen while the focus is elsewhere; painted anew only when that changes. */
  #paintHeld() {
    const held = this.kept && !this.#selected ? this.kept : null;
    if (!held && !this.isHeldShown) return;
    this.isHeldShown = Boolean(held);
    this.#mark("placing-held", held ? [[held.start, held.end]] : []);
  }

  get #selected() {
    const now = readSelection(this.view);
    return now && now.caret === undefined ? now : null;
  }

  /** Selected words stay chosen while the focus is on a button. */
  #onSelectionChange() {
    if (!this.root.isConnected || !this.data) return;
    const now = readSelection(this.view);
    if (now) this.kept = now.caret === undefined ? now : null;
    this.#paintHeld();
    this.#enable();
  }

  #enable() {
    const { may, guess, undo, has_previous: hasPrevious, has_next: hasNext } = this.data;
    const enabled = {
      place: may && Boolean(this.kept),
      accept: may && Boolean(guess),
      let_go: may,
      undo: Boolean(undo),
      previous: hasPrevious,
      next: hasNext,
    };
    for (const [name, node] of Object.entries(this.buttons)) node.disabled = this.waiting || !enabled[name];
    this.buttons.undo.title = undo ? `Take back ${undo}` : "";
  }

  run(name) {
    if (name === "guess") {
      if (this.data.guess) selectSpan(this.view, { start: this.data.guess[0], end: this.data.guess[1] });
      return;
    }
    if (name === "widen") {
      widenSelection(this.view);
      return;
    }
    if (name === "place") this.kept = this.#selected ?? this.kept;
    this.#enable();
    if (this.buttons[name].disabled) {
      this.#explain(name);
      return;
    }
    const span = name === "place" ? this.kept : {};
    const quote = name === "place" ? quoteOf(this.view.lines, span.start, span.end) : null;
    const { coding, new: text } = this.data;
    this.waiting = true;
    this.view.box.focus({ preventScroll: true });
    this.#enable();
    this.send({ name, coding, sha: text.sha, ...span, quote });
  }

  #explain(name) {
    const why = {
      place: this.data.may ? "Select the words in the new text first." : this.data.no_guess,
      accept: "There is no guess to accept.",
      next: "This is the last one.",
      previous: "This is the first one.",
      undo: "There is nothing to undo here.",
    };
    if (!this.waiting && why[name]) this.status.textContent = why[name];
  }

  /** Letters never reach the page around: Streamlit has single-key shortcuts of its own. */
  #onKey(event) {
    if (event.isComposing) return;
    const name = this.#command(event);
    if (name) {
      event.preventDefault();
      event.stopPropagation();
      this.run(name);
    } else if (isTyping(event) && event.key !== " ") event.stopPropagation();
  }

  #command(event) {
    const letter = letterOf(event);
    if (event.ctrlKey || event.metaKey) return letter === "z" && !event.shiftKey ? "undo" : null;
    if (event.altKey) return event.key === "ArrowUp" ? "widen" : null;
    const inText = event.target === this.view.box;
    if (inText && event.key === "Enter") return "place";
    if (inText && (event.key === "Delete" || event.key === "Backspace")) return "let_go";
    return DEEDS[letter] ?? null;
  }

  leave() {
    for (const name of MARKS) CSS.highlights.delete(name);
    this.root.remove();
  }

  destroy() {
    this.leave();
    document.removeEventListener("selectionchange", this.onSelection);
  }
}
