// Moving between documents. In: which one the person wants. Out: `open` triggers, sent again while
// nothing arrives, because a trigger may be lost; giving up is said, not hidden.

import { newId } from "./dom.js";

const AFTER_OPS_MS = 30; // lets unsent codings leave first: triggers of one instant may be merged
const RETRY_MS = 4000;
const TRIES = 4;
const TRIES_NEXT = 2; // "the next one" may not exist, so it is not insisted on

export class Navigator {
  constructor({ onWaiting, onGivenUp }) {
    this.onWaiting = onWaiting;
    this.onGivenUp = onGivenUp;
    this.send = null;
    this.waiting = null;
  }

  connect(send) {
    this.send = send;
  }

  /** Ask for `{document}`, `{page}` or `{next, from}`. `label` is how the person knows it. */
  ask(wish, label) {
    this.forget();
    this.waiting = { wish: { ...wish, nonce: newId() }, label, tries: 0 };
    this.onWaiting(this.waiting);
    this.waiting.timer = setTimeout(() => this.#try(), AFTER_OPS_MS);
  }

  #try() {
    const { waiting } = this;
    if (waiting.tries >= ("next" in waiting.wish ? TRIES_NEXT : TRIES)) {
      this.forget();
      this.onGivenUp(waiting);
      return;
    }
    waiting.tries += 1;
    waiting.timer = setTimeout(() => this.#try(), RETRY_MS);
    this.send?.(waiting.wish);
  }

  /**
   * A workspace has come: is it what was waited for? `before` and `now` tell page and document;
   * `now.answered` may repeat the nonce of the wish that the server has dealt with.
   */
  arrived(before, now) {
    if (!this.waiting) return;
    const { wish } = this.waiting;
    const answered =
      now.answered === wish.nonce ||
      ("document" in wish
        ? now.document === wish.document
        : "page" in wish
          ? now.offset === wish.page
          : now.document !== before.document || now.offset !== before.offset);
    if (answered) this.forget();
  }

  /** The server has answered in words instead ("nothing is left that is not done"). */
  answeredInWords() {
    if (this.waiting && "next" in this.waiting.wish) this.forget();
  }

  /** Is another document on its way, so that a code given now might land on the wrong one? */
  get isOpening() {
    return Boolean(this.waiting) && !("page" in this.waiting.wish);
  }

  /** The person changed their mind and stays where they are. */
  stay(document) {
    if (this.waiting) this.send?.({ document, nonce: newId() });
    this.forget();
  }

  forget() {
    clearTimeout(this.waiting?.timer);
    this.waiting = null;
  }
}
