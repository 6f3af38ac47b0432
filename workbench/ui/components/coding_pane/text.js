// The text on the screen: one row per line or speaker turn, one text node per row.
// In: lines from offsets.js. Out: a contenteditable box that gives a native caret and keyboard
// selection while nothing can change its words, and the way from offsets to DOM ranges and back.

import { element } from "./dom.js";
import { pieces, toCodePoint, toUtf16 } from "./offsets.js";
import { makeTurns, speakerLine } from "./turns.js";

const AHEAD = "600px 0px"; // rows this far outside the window are painted before they are seen
const BLOCKED = ["beforeinput", "paste", "drop", "dragstart", "cut"];

export class TextView {
  /**
   * `onVisible(lines, hidden)` hears which lines came into view and which left it;
   * `onRestored()` hears that an input method had changed the words, which are back by then.
   */
  constructor({ onVisible, onRestored, describedBy }) {
    this.lines = [];
    this.turns = [];
    this.visible = new Set();
    this.onReach = () => {}; // hears of the first and last line that the caret or a selection goes to
    this.onVisible = onVisible;
    this.onRestored = onRestored;
    this.box = element("div", "cp-text", {
      contenteditable: "true",
      role: "textbox",
      "aria-multiline": "true",
      "aria-readonly": "true",
      "aria-label": "Text",
      "aria-describedby": describedBy,
      inputmode: "none",
      spellcheck: "false",
      autocorrect: "off",
      autocapitalize: "off",
      translate: "no",
      "data-gramm": "false",
      tabindex: "0",
    });
    this.scroller = element("div", "cp-scroll", {}, this.box);
    for (const name of BLOCKED) this.box.addEventListener(name, (event) => event.preventDefault());
    this.guard = new MutationObserver((records) => this.#check(records));
    this.watch = new IntersectionObserver((entries) => this.#see(entries), {
      root: this.scroller,
      rootMargin: AHEAD,
    });
  }

  /** Show lines; `turns` tells who speaks where, as Python sends it. */
  show(lines, { label, language, turns }) {
    this.guard.disconnect();
    this.watch.disconnect();
    this.visible.clear();
    this.lines = lines;
    this.box.setAttribute("aria-label", label);
    if (/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(language ?? "")) this.box.lang = language;
    else this.box.removeAttribute("lang");
    this.turns = makeTurns(lines, turns);
    lines.forEach((line, i) => this.#makeRow(line, lines[i + 1]));
    this.box.replaceChildren(...lines.map((line) => line.row));
    for (const line of lines) this.watch.observe(line.row);
    this.#startGuard();
  }

  #makeRow(line, next) {
    line.node = document.createTextNode(line.text);
    const blank = line.text.trim() ? "" : " cp-blank";
    const dir = line.continues ? (line.rtl ? "rtl" : "ltr") : "auto";
    line.words = element("div", `cp-words${blank}`, { dir }, line.node);
    line.names = element("div", "cp-names");
    line.stripes = element("div", "cp-stripes");
    line.margin = element(
      "div",
      "cp-margin",
      { contenteditable: "false", "aria-hidden": "true" },
      line.names,
      line.stripes,
    );
    const kinds = [
      line.turn?.first === line.index && "cp-turn",
      line.turn?.facilitates && "cp-facilitator",
      line.continues && "cp-continues",
      next?.continues && "cp-continued",
    ];
    line.row = element("div", ["cp-row", ...kinds.filter(Boolean)].join(" "), {}, line.margin);
    if (line.turn?.first === line.index) line.row.append(speakerLine(line));
    line.row.append(line.words);
    line.row.cpLine = line;
  }

  #startGuard() {
    this.guard.observe(this.box, { characterData: true, childList: true, subtree: true });
  }

  #see(entries) {
    const shown = [];
    const hidden = [];
    for (const { target, isIntersecting } of entries) {
      const line = target.cpLine;
      if (this.lines[line.index] !== line) continue;
      if (isIntersecting && !this.visible.has(line)) {
        this.visible.add(line);
        shown.push(line);
      } else if (!isIntersecting && this.visible.delete(line)) hidden.push(line);
    }
    if (shown.length || hidden.length) this.onVisible(shown, hidden);
  }

  /** An input method cannot be cancelled, so its work is undone. The margin changes of itself. */
  #check(records) {
    const inMargin = (node) =>
      (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest(".cp-margin");
    if (records.every(({ target }) => inMargin(target))) return;
    let changed = false;
    for (const line of this.lines) {
      if (line.node.data !== line.text) {
        line.node.data = line.text;
        changed = true;
      }
      if (line.words.childNodes.length !== 1 || line.words.firstChild !== line.node) {
        line.words.replaceChildren(line.node);
        changed = true;
      }
      if (line.words.parentNode !== line.row) {
        line.row.append(line.words);
        changed = true;
      }
    }
    const rows = this.box.childNodes;
    if (rows.length !== this.lines.length || this.lines.some((line, i) => rows[i] !== line.row)) {
      this.box.replaceChildren(...this.lines.map((line) => line.row));
      changed = true;
    }
    this.guard.takeRecords();
    if (changed) this.onRestored();
  }

  /** Ranges that do not follow changes of the tree: cheap, and whole after a detach. */
  staticRange({ line, from, to }) {
    return new StaticRange({
      startContainer: line.node,
      startOffset: from,
      endContainer: line.node,
      endOffset: to,
    });
  }

  staticRanges(start, end) {
    return pieces(this.lines, start, end).map((piece) => this.staticRange(piece));
  }

  /** The rectangle of the first piece of a span, for what is placed beside it; null if none. */
  rectangle(start, end) {
    const [piece] = pieces(this.lines, start, Math.max(end, start + 1));
    if (!piece) return null;
    const range = document.createRange();
    range.setStart(piece.line.node, piece.from);
    range.setEnd(piece.line.node, piece.to);
    return range.getClientRects()[0] ?? null;
  }

  /** A DOM point to `{line, utf16}`; null outside the text. */
  pointAt(node, offset) {
    if (!this.lines.length) return null;
    if (node === this.box) {
      const row = this.box.childNodes[offset];
      const last = this.lines.at(-1);
      return row ? { line: row.cpLine, utf16: 0 } : { line: last, utf16: last.text.length };
    }
    const from = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    const row = from?.closest(".cp-row");
    if (!row || !this.box.contains(row)) return null;
    const line = row.cpLine;
    if (node === line.node) return { line, utf16: Math.min(offset, line.text.length) };
    const whole = document.createRange();
    whole.selectNodeContents(line.node);
    return { line, utf16: whole.comparePoint(node, offset) <= 0 ? 0 : line.text.length };
  }

  codePointAt({ line, utf16 }) {
    return toCodePoint(line, utf16);
  }

  utf16At(line, codePoint) {
    return toUtf16(line, codePoint);
  }
}
