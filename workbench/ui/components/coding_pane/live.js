// What others do. In: an address that answers with a few letters, others as soon as anybody has done
// something. Out: a wish for the news, when they are not those that the pane has. Nothing is asked
// while the page is hidden, and nothing but these letters goes to and fro while nobody does anything.

const ASK_MS = 2000;
const AGAIN_MS = 6000; // until the same news are wished for once more: the wish may be lost

export class Live {
  /** `wish()` asks for the news, and tells whether it could. */
  constructor(wish) {
    this.wish = wish;
    this.url = null;
    this.token = null;
    this.wishedAt = 0;
    this.stopped = false;
    this.onShow = () => !document.hidden && this.#look();
    document.addEventListener("visibilitychange", this.onShow);
  }

  /** Take over the address, and the letters as of what was just received. */
  follow(told) {
    if (!told) return;
    const first = this.url === null;
    const wishedAt = told.token === this.token ? this.wishedAt : 0;
    Object.assign(this, { url: told.url, token: told.token, wishedAt });
    if (first) this.#later();
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.onShow);
  }

  #later() {
    clearTimeout(this.timer);
    if (!this.stopped) this.timer = setTimeout(() => this.#look(), ASK_MS);
  }

  async #look() {
    if (this.url === null || this.stopped) return;
    clearTimeout(this.timer);
    try {
      if (!document.hidden) await this.#ask();
    } catch {
      // The server is away for a moment; the outbox says so where there is something to save.
    }
    this.#later();
  }

  async #ask() {
    const answer = await fetch(this.url, { cache: "no-store" });
    const isOurs = answer.headers.get("content-type")?.startsWith("text/plain");
    if (answer.status === 404 || (answer.ok && !isOurs)) return this.stop(); // no such address here
    if (!answer.ok && answer.status !== 403) return; // the server is in trouble: it is left alone
    // 403: an address that has run out; the next delta brings another.
    const news = answer.ok ? await answer.text() : "";
    if (news === this.token || Date.now() - this.wishedAt < AGAIN_MS) return;
    if (this.wish(news)) this.wishedAt = Date.now();
  }
}
