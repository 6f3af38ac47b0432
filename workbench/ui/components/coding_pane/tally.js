// Counts and states as they will stand once everything unsent is stored. In: what the server has
// said, and the unsent operations. Out: numbers for the list, the codebook and the header. Pure.

export class Tally {
  constructor() {
    this.states = new Map();
    this.codings = new Map();
    this.codes = new Map();
    this.progress = { done: 0, total: 0 };
    this.ops = [];
  }

  takeWorkspace({ list, document: opened, progress }) {
    for (const item of list.items) {
      this.states.set(item.id, item.state);
      this.codings.set(item.id, item.codings);
    }
    if (opened) this.states.set(opened.id, opened.state);
    this.progress = progress;
  }

  takeCodes(codes) {
    this.codes = new Map(codes.map(({ id, n }) => [id, n ?? 0]));
  }

  takeDelta({ states, codings_n: codings, n, progress }) {
    for (const [id, state] of Object.entries(states ?? {})) this.states.set(Number(id), state);
    for (const [id, count] of Object.entries(codings ?? {})) this.codings.set(Number(id), count);
    for (const [code, count] of Object.entries(n ?? {})) this.codes.set(code, count);
    if (progress) this.progress = progress;
  }

  setUnsent(ops) {
    this.ops = ops;
  }

  stateOf(document) {
    const stored = this.states.get(document) ?? "untouched";
    const mine = this.ops.filter((op) => op.document === document);
    const mark = mine.findLast((op) => op.kind === "done");
    if (mark) return mark.done ? "done" : "in_progress";
    const begun = stored === "untouched" && mine.some((op) => op.kind === "add");
    return begun ? "in_progress" : stored;
  }

  codingsOf(document) {
    const stored = this.codings.get(document) ?? 0;
    return this.ops.reduce((count, op) => {
      if (op.document !== document) return count;
      return count + (op.kind === "add" ? 1 : 0) - (op.kind === "remove" ? 1 : 0);
    }, stored);
  }

  counts() {
    const counts = new Map(this.codes);
    const change = (code, by) => code && counts.set(code, (counts.get(code) ?? 0) + by);
    for (const op of this.ops) {
      if (op.kind === "add" || op.kind === "recode") change(op.code, 1);
      if (op.kind === "remove" || op.kind === "recode") change(op.was, -1);
    }
    return counts;
  }

  done() {
    const marked = new Set(this.ops.filter((op) => op.kind === "done").map((op) => op.document));
    let { done } = this.progress;
    for (const document of marked) {
      const before = this.states.get(document) === "done" ? 1 : 0;
      done += (this.stateOf(document) === "done" ? 1 : 0) - before;
    }
    return done;
  }
}
