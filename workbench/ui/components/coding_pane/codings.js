// The codings of the open document: what the server has said, and on top what it has not confirmed.
// In: base rows, deltas, the unsent operations. Out: a map of codings and, for painting, an index of
// the pieces of each line. Pure: no DOM, no clock.

import { pieces } from "./offsets.js";

function fromRow([id, start, end, code, coder, memo, flagged]) {
  return { id, start, end, code, coder, memo: memo ?? "", flagged: Boolean(flagged) };
}

function same(one, other) {
  return Object.keys(one).every((key) => one[key] === other[key]);
}

/** What one operation does to a map of codings; operations on other things leave it alone. */
function play(codings, op, coder) {
  const coding = codings.get(op.coding);
  if (op.kind === "add") {
    const { coding: id, start, end, code } = op;
    codings.set(id, { id, start, end, code, coder, memo: coding?.memo ?? "", flagged: false });
  } else if (!coding) return;
  else if (op.kind === "remove") codings.delete(op.coding);
  else if (op.kind === "recode") codings.set(op.coding, { ...coding, code: op.code });
  else if (op.kind === "memo") codings.set(op.coding, { ...coding, memo: op.text });
  else if (op.kind === "adjust") {
    codings.set(op.coding, { ...coding, start: op.start, end: op.end, flagged: false });
  }
}

export class Codings {
  constructor() {
    this.reset([], null, null);
  }

  /** Open another document (or the same with fresh rows): `coder` is the person at the screen. */
  reset(lines, codings, coder) {
    this.lines = lines;
    this.coder = coder;
    this.revision = codings?.rev ?? null;
    this.base = new Map((codings?.rows ?? []).map((row) => [row[0], fromRow(row)]));
    this.delta = [];
    this.all = new Map();
    this.byLine = new Map();
  }

  /** Rows changed since the base; null means gone. A delta on another base is not for us. */
  takeDelta(delta) {
    if (delta.base_rev !== this.revision) return false;
    this.delta = delta.rows;
    return true;
  }

  /** Work out the codings again with `ops` on top. Returns the lines whose look changed. */
  settle(ops) {
    const next = new Map(this.base);
    for (const [id, row] of this.delta) {
      if (row) next.set(id, fromRow(row));
      else next.delete(id);
    }
    for (const op of ops) play(next, op, this.coder);
    const touched = new Set();
    for (const [id, coding] of this.all) {
      const now = next.get(id);
      if (now && same(coding, now)) next.set(id, coding);
      else this.#unplace(coding, touched);
    }
    for (const [id, coding] of next) if (this.all.get(id) !== coding) this.#place(coding, touched);
    this.all = next;
    return touched;
  }

  /** Play one new operation on what is there: the quick way at a key press. */
  apply(op) {
    const touched = new Set();
    const before = this.all.get(op.coding);
    play(this.all, op, this.coder);
    const now = this.all.get(op.coding);
    if (before && before !== now) this.#unplace(before, touched);
    if (now && before !== now) this.#place(now, touched);
    return touched;
  }

  #parts(coding) {
    if (coding.start === null || coding.flagged) return [];
    return pieces(this.lines, coding.start, coding.end);
  }

  #place(coding, touched) {
    for (const { line, from, to } of this.#parts(coding)) {
      if (!this.byLine.has(line)) this.byLine.set(line, new Map());
      this.byLine.get(line).set(coding.id, { coding, from, to });
      touched.add(line);
    }
  }

  #unplace(coding, touched) {
    for (const { line } of this.#parts(coding)) {
      this.byLine.get(line)?.delete(coding.id);
      touched.add(line);
    }
  }

  /** The pieces in one line in reading order, longer ones first where they start together. */
  inLine(line) {
    const items = [...(this.byLine.get(line)?.values() ?? [])];
    return items.sort((a, b) => a.from - b.from || b.to - a.to);
  }

  /** Codings over a code point, the shortest first; own before others'. */
  at(codePoint) {
    const over = (coding) => coding.start <= codePoint && codePoint < coding.end;
    return this.painted()
      .filter(over)
      .sort((a, b) => this.#foreign(a) - this.#foreign(b) || a.end - a.start - (b.end - b.start));
  }

  #foreign(coding) {
    return coding.coder === this.coder ? 0 : 1;
  }

  painted() {
    return [...this.all.values()].filter(({ start, flagged }) => start !== null && !flagged);
  }

  whole() {
    return [...this.all.values()].filter(({ start, flagged }) => start === null && !flagged);
  }

  flagged() {
    return [...this.all.values()].filter(({ flagged }) => flagged);
  }

  /** The person's own coding of exactly this span with this code, if there is one. */
  twin({ start, end, code }) {
    return [...this.all.values()].find(
      (it) =>
        it.coder === this.coder &&
        it.code === code &&
        it.start === start &&
        it.end === end &&
        !it.flagged,
    );
  }

  /** The nearest coding that starts after (`1`) or before (`-1`) a code point. */
  next(codePoint, direction) {
    const starts = this.painted().sort((a, b) => a.start - b.start || a.end - b.end);
    return direction > 0
      ? starts.find(({ start }) => start > codePoint)
      : starts.filter(({ start }) => start < codePoint).at(-1);
  }
}
