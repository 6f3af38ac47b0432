// What a person did and the page has not answered for. In: deeds, one by one, and the number of the
// last one that was answered. Out: all that waits, in order, sent again where no answer comes.

const SEND_AGAIN_MS = 10_000;

export class NumberedDeeds {
  constructor() {
    this.send = () => {};
    this.begin(0);
  }

  /** Start from an empty box; numbers go on from the last one that was answered. */
  begin(answered) {
    this.waiting = [];
    this.inFlight = 0; // the number of the last deed that was sent and not answered for
    this.count = answered;
  }

  /** The number that the next deed gets. */
  get next() {
    return this.count + 1;
  }

  add(deed) {
    this.count += 1;
    this.waiting.push({ ...deed, number: this.count });
    this.flush();
  }

  answered(number) {
    this.waiting = this.waiting.filter((deed) => deed.number > number);
    if (this.inFlight <= number) this.inFlight = 0;
  }

  /** Send all that waits, once what was sent before has been answered for. */
  flush() {
    if (this.inFlight || !this.waiting.length) return;
    this.inFlight = this.count;
    this.send([...this.waiting]);
    clearTimeout(this.again);
    this.again = setTimeout(() => {
      this.inFlight = 0;
      this.flush();
    }, SEND_AGAIN_MS);
  }

  close() {
    clearTimeout(this.again);
  }
}
