// Folding away what others say. In: the speakers who stay, and where the person goes. Out: rows that
// are hidden, each stretch of them with one line in its place; what is selected or looked at is never
// hidden, so that nobody codes words without seeing them.

const NAMES = 3; // speakers named in the line that stands for folded turns

export class Folding {
  constructor(view) {
    this.view = view;
    this.folded = [];
    this.painted = [];
  }

  /** Another text: nothing is folded. */
  reset() {
    this.folded = [];
    this.painted = [];
  }

  /** Fold all turns but those of some speakers; null folds nothing. */
  keep(speakers) {
    this.folded = this.view.turns.map(({ who }) => Boolean(speakers) && !speakers.has(who));
    this.#paint();
  }

  /** Open every stretch that lies between two lines, or in which they lie. Tells whether there was any. */
  open(head, tail) {
    let [from, to] = [head.turn?.index, tail.turn?.index];
    if (from === undefined || to === undefined) return false;
    if (!this.folded.slice(from, to + 1).some(Boolean)) return false;
    while (this.folded[from - 1] && this.folded[from]) from -= 1;
    while (this.folded[to + 1] && this.folded[to]) to += 1;
    this.folded.fill(false, from, to + 1);
    this.#paint();
    return true;
  }

  #paint() {
    const { lines, turns } = this.view;
    for (const turn of turns) {
      const is = this.folded[turn.index] ?? false;
      const heads = is && !this.folded[turn.index - 1];
      const words = heads ? this.#words(turn.index) : null;
      if (this.painted[turn.index] === `${is}${words}`) continue;
      this.painted[turn.index] = `${is}${words}`;
      for (let i = turn.first; i <= turn.last; i += 1) {
        const { row } = lines[i];
        const stands = heads && i === turn.first;
        row.classList.toggle("cp-fold", stands);
        row.classList.toggle("cp-folded", is && !stands);
        if (stands) row.dataset.fold = words;
        else delete row.dataset.fold;
      }
    }
  }

  #words(from) {
    let to = from;
    while (this.folded[to]) to += 1;
    const names = [...new Set(this.view.turns.slice(from, to).map(({ name }) => name))];
    const shown = names.slice(0, NAMES).map((name) => `\u2068${name}\u2069`);
    const more = names.length > NAMES ? ` and ${names.length - NAMES} more` : "";
    const count = to - from === 1 ? "1 turn" : `${to - from} turns`;
    return `${count} folded: ${shown.join(", ")}${more}`;
  }
}
