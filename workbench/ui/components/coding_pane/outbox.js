// Operations on their way to the server. In: what the person did. Out: batches through a trigger
// that may be lost, sent again until acknowledged. Every operation has a UUID and the server plays
// each once, so sending twice is harmless and forgetting is the only error.
// In storage lie ids and offsets, never words: memos and names of codes stay in memory.

const RESEND_MS = 4000;
const LOST_MS = 8000;
const BATCH = 200;
const KEY = "speakout-unsent-";
const WORDLESS = new Set(["add", "remove", "recode", "adjust", "done", "undo", "redo", "accept_draft"]);

export class Outbox {
  /** `quoteFor(op)` gives the words of an operation's span, or null when its text is not here. */
  constructor({ storage, quoteFor, onStatus }) {
    this.storage = storage;
    this.quoteFor = quoteFor;
    this.onStatus = onStatus;
    this.coder = null;
    this.ops = [];
    this.parked = new Map();
    this.send = null;
    this.inFlight = null;
    this.refusal = null;
    this.waitingSince = 0;
  }

  /** Take over the coder at the screen, with what an earlier page of this tab left unsent. */
  setCoder(coder) {
    if (coder === this.coder) return;
    if (this.coder !== null) this.parked.set(this.coder, this.ops);
    this.coder = coder;
    this.#forget();
    this.ops = this.parked.get(coder) ?? this.#load();
    this.refusal = null;
    if (this.ops.length) this.waitingSince = Date.now();
    this.flush();
  }

  /** The trigger to send through; null while Streamlit has it unmounted. */
  connect(send) {
    this.send = send;
    this.flush();
  }

  add(op) {
    if (!this.ops.length) this.waitingSince = Date.now();
    this.refusal = null;
    this.ops.push(op);
    this.#save();
    this.flush();
  }

  /** The server has played (or refused) these; both leave the outbox for good. */
  settle(acked, rejected) {
    const gone = new Set([...acked, ...rejected.map(({ id }) => id)]);
    const refused = rejected.filter(({ id }) => this.ops.some((op) => op.id === id));
    const left = this.ops.filter(({ id }) => !gone.has(id));
    if (refused.length) this.refusal = [...new Set(refused.map(({ why }) => why))].join("; ");
    if (left.length < this.ops.length) {
      this.ops = left;
      this.waitingSince = Date.now();
      this.#save();
    }
    if (this.inFlight && [...this.inFlight.ids].every((id) => !this.#holds(id))) this.#forget();
    this.flush();
    return refused;
  }

  of(document) {
    return this.ops.filter((op) => op.document === document);
  }

  #holds(id) {
    return this.ops.some((op) => op.id === id);
  }

  #forget() {
    clearTimeout(this.inFlight?.timer);
    this.inFlight = null;
  }

  /** Send the operations at the head that belong to one document, in the order they were made. */
  flush() {
    this.#watch();
    if (!this.send || !this.ops.length || this.inFlight) return;
    const { document } = this.ops[0];
    const end = this.ops.findIndex((op) => op.document !== document);
    const batch = this.ops.slice(0, Math.min(BATCH, end < 0 ? this.ops.length : end));
    const timer = setTimeout(() => {
      this.inFlight = null;
      this.flush();
    }, RESEND_MS);
    this.inFlight = { ids: new Set(batch.map(({ id }) => id)), timer };
    this.send({ document, ops: batch.map((op) => this.#outgoing(op)) });
  }

  /** Ask for news, unless operations are on their way, whose answer brings them anyway. */
  ask(news) {
    if (!this.send || this.inFlight) return false;
    this.send({ document: null, ops: [], news });
    return true;
  }

  #outgoing({ was, ...op }) {
    return op.kind === "add" || op.kind === "adjust" ? { ...op, quote: this.quoteFor(op) } : op;
  }

  /** `{kind, text}` for the sign in the header. It may not say "Saved" a moment too early. */
  status() {
    const count = this.ops.length;
    if (this.refusal) return { kind: "refused", text: `Refused: ${this.refusal}` };
    if (!count) return { kind: "saved", text: "Saved" };
    if (Date.now() - this.waitingSince >= LOST_MS) {
      return { kind: "lost", text: "Not saved: connection lost, trying again" };
    }
    return { kind: "saving", text: `Saving ${count}` };
  }

  #watch() {
    clearTimeout(this.lostTimer);
    if (this.ops.length) {
      const wait = this.waitingSince + LOST_MS - Date.now();
      if (wait > 0) this.lostTimer = setTimeout(() => this.onStatus(), wait + 20);
    }
    this.onStatus();
  }

  #save() {
    const unnamed = new Set(this.ops.filter((op) => op.kind === "new_code").map((op) => op.code));
    const kept = this.ops
      .filter((op) => WORDLESS.has(op.kind) && !unnamed.has(op.code))
      .map(({ quote, was, ...op }) => op);
    try {
      if (kept.length) this.storage.setItem(KEY + this.coder, JSON.stringify(kept));
      else this.storage.removeItem(KEY + this.coder);
    } catch {
      // A full or forbidden store: the operations stay in memory and leaving the page warns.
    }
  }

  #load() {
    try {
      const stored = JSON.parse(this.storage.getItem(KEY + this.coder) ?? "[]");
      return Array.isArray(stored) ? stored.filter((op) => WORDLESS.has(op?.kind)) : [];
    } catch {
      return [];
    }
  }
}
