// Going from one document to another, and saying that one is done. In: commands. Out: wishes for the
// navigator, and the operation that marks a document.

export class Moves {
  constructor(pane) {
    this.pane = pane;
  }

  open(id) {
    const { pane } = this;
    if (pane.opened?.id === id) {
      pane.navigator.stay(id);
      pane.markWaiting();
      pane.attention.returnToText();
      if (pane.frame.isNarrow) pane.frame.toggle("list", false);
      return;
    }
    if (pane.popover.isOpen && !pane.popover.close({ giveBack: false })) return;
    pane.navigator.ask({ document: id }, pane.list.find(id)?.label ?? "The document");
  }

  /** Where the person is going or, if nowhere, is. */
  #position() {
    const { pane } = this;
    return pane.navigator.waiting?.wish.document ?? pane.opened?.id ?? null;
  }

  nextAnswer() {
    this.#step(1, "next", this.pane.list.isLastPage, "This is the last answer.");
  }

  previousAnswer() {
    this.#step(-1, "previous", this.pane.list.isFirstPage, "This is the first answer.");
  }

  #step(direction, next, atEnd, atEndWords) {
    const { pane } = this;
    const from = this.#position();
    const id = pane.list.neighbour(from, direction);
    if (id !== undefined) this.open(id);
    else if (atEnd) pane.say(atEndWords);
    else pane.navigator.ask({ next, from }, "The next answer");
  }

  nextNotDone() {
    const { pane } = this;
    const from = this.#position();
    const open = (id) => pane.tally.stateOf(id) !== "done";
    const after = pane.list.neighbour(from, 1, open);
    const wrapped = pane.list.items.find((item) => item.id !== from && open(item.id))?.id;
    const id = after ?? (pane.list.isWhole ? wrapped : undefined);
    if (id !== undefined) this.open(id);
    else if (pane.list.isWhole) pane.say("Everything in this list is done.");
    else pane.navigator.ask({ next: "not_done", from }, "The next answer");
  }

  doneAndNext() {
    const { pane } = this;
    if (!pane.deeds.ready()) return;
    if (pane.tally.stateOf(pane.opened.id) !== "done") pane.deeds.perform({ kind: "done", done: true });
    pane.tally.setUnsent(pane.outbox.ops);
    this.nextNotDone();
  }

  notDone() {
    const { pane } = this;
    if (!pane.deeds.ready()) return;
    if (pane.tally.stateOf(pane.opened.id) === "done") {
      pane.deeds.perform({ kind: "done", done: false });
      pane.say(`${pane.opened.label} is not done after all.`);
    } else pane.say(`${pane.opened.label} is not marked as done.`);
  }
}
