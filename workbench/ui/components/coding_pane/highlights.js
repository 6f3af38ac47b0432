// Painting codings in the text through the CSS Custom Highlight API.
// In: the pieces of codings that lie in lines now in view. Out: one highlight per code (and one for
// what other coders did with it), so that 2,000 codings cost no more than those on the screen.

import { codeColours } from "./palette.js";

const OFFSETS_PX = [2, 5, 8]; // neighbours in the codebook underline at different depths
const MARKS = ["held", "looked-at"];
const WHERE_PAINTED = ".cp-words"; // else every element on the page is styled once more for every code

export class Painter {
  constructor(prefix) {
    this.prefix = prefix;
    this.style = document.createElement("style");
    this.colours = new Map();
    this.order = new Map();
    this.highlights = new Map();
    this.painted = new Map();
  }

  /** Take over the codes and the theme; what was painted must be painted again after this. */
  setCodes(codes, theme) {
    this.clear();
    this.colours = new Map(codes.map((code) => [code.id, codeColours(code, theme)]));
    this.order = new Map(codes.map((code, i) => [code.id, i]));
    this.unknown = codeColours({}, theme);
    const rules = [...this.colours.values(), this.unknown].map((colours, i) => this.#rules(colours, i));
    this.style.textContent = rules.join("\n") + this.#markRules();
  }

  #rules({ fill, line, style }, index) {
    const depth = OFFSETS_PX[index % OFFSETS_PX.length];
    const under =
      `text-decoration:underline ${style} 2px ${line};` +
      `text-underline-offset:${depth}px;text-decoration-skip-ink:none`;
    return (
      `${WHERE_PAINTED}::highlight(${this.prefix}-${index}-own){color:var(--cp-text);background-color:${fill}cc;${under}}\n` +
      `${WHERE_PAINTED}::highlight(${this.prefix}-${index}-theirs){${under}}`
    );
  }

  #markRules() {
    return (
      `\n${WHERE_PAINTED}::highlight(${this.prefix}-held){color:var(--cp-text);background-color:var(--cp-select)}` +
      `\n${WHERE_PAINTED}::highlight(${this.prefix}-looked-at){color:var(--cp-text);background-color:var(--cp-select)}`
    );
  }

  coloursOf(codeId) {
    return this.colours.get(codeId) ?? this.unknown;
  }

  #highlight(codeId, own) {
    const index = this.order.get(codeId) ?? this.order.size;
    const name = `${this.prefix}-${index}-${own ? "own" : "theirs"}`;
    let highlight = this.highlights.get(name);
    if (!highlight) {
      highlight = new Highlight();
      highlight.priority = index;
      CSS.highlights.set(name, highlight);
      this.highlights.set(name, highlight);
    }
    return highlight;
  }

  /** Paint one line anew: `items` are `{coding, from, to}`; an empty list wipes it. */
  paintLine(view, line, items, ownCoder) {
    for (const [highlight, range] of this.painted.get(line) ?? []) highlight.delete(range);
    const now = items.map(({ coding, from, to }) => {
      const highlight = this.#highlight(coding.code, coding.coder === ownCoder);
      const range = view.staticRange({ line, from, to });
      highlight.add(range);
      return [highlight, range];
    });
    if (now.length) this.painted.set(line, now);
    else this.painted.delete(line);
  }

  /** Lay a passing mark over ranges, above all codes: "held" (selection) or "looked-at". */
  mark(name, ranges) {
    if (!MARKS.includes(name)) throw new Error(`no such mark: ${name}`);
    if (ranges?.length) {
      const highlight = new Highlight(...ranges);
      highlight.priority = 100000;
      CSS.highlights.set(`${this.prefix}-${name}`, highlight);
    } else CSS.highlights.delete(`${this.prefix}-${name}`);
  }

  clear() {
    for (const name of this.highlights.keys()) CSS.highlights.delete(name);
    for (const name of MARKS) CSS.highlights.delete(`${this.prefix}-${name}`);
    this.highlights.clear();
    this.painted.clear();
  }
}
