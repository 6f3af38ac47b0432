// The coding pane: holds the parts together. In: the workspace and the deltas that Python sends.
// Out: what is on the screen. What the person does with it is in deeds.js.

import { Attention } from "./attention.js";
import { Codings } from "./codings.js";
import { Deeds } from "./deeds.js";
import { DocumentMemo } from "./document_memo.js";
import { button, oncePerFrame } from "./dom.js";
import { Painter } from "./highlights.js";
import { Live } from "./live.js";
import { Moves } from "./moves.js";
import { makeLines, quoteOf } from "./offsets.js";
import { makeParts, PANE_ID } from "./parts.js";
import { placeCaret, readSelection, selectSpan } from "./selection.js";
import { Tally } from "./tally.js";
import { Theme } from "./theme.js";

const WHOLE_KINDS = new Set(["answer", "voice_note", "note"]);

export class Pane {
  constructor() {
    this.opened = null;
    this.codes = [];
    this.codeById = new Map();
    this.coders = {};
    this.coderLooks = {};
    this.delta = null;
    this.made = []; // new codes that no codebook from Python has held yet
    this.confirmed = []; // acknowledged, but not yet in any rows that fit our base
    this.places = new Map(); // where each document was scrolled to
    this.saidMessages = new Set();
    this.codings = new Codings();
    this.tally = new Tally();
    this.painter = new Painter(PANE_ID);
    this.deeds = new Deeds(this);
    this.moves = new Moves(this);
    this.memoOf = new DocumentMemo(this);
    this.live = new Live((news) => this.root.isConnected && this.outbox.ask(news));
    this.refreshSoon = oncePerFrame(() => this.#refresh());
    Object.assign(this, makeParts(this));
    this.theme = new Theme(this.root);
    this.attention = new Attention(this);
    this.view.scroller.addEventListener("scroll", () => this.#rememberPlace(), { passive: true });
    this.onLeavePage = (event) => {
      if (this.outbox.ops.length) event.preventDefault();
    };
    window.addEventListener("beforeunload", this.onLeavePage);
  }

  destroy() {
    window.removeEventListener("beforeunload", this.onLeavePage);
    this.live.stop();
    this.attention.destroy();
    this.painting.destroy();
    this.outbox.connect(null);
    this.navigator.forget();
    this.frame.destroy();
  }

  /* What comes from Python. */

  /** Put the pane into its mount. Detaching undid scrolling and selection, so both are restored. */
  attach(parent) {
    if (this.root.parentNode !== parent) {
      const held = this.attention.kept;
      const wasIn = this.hadFocus;
      parent.append(this.root);
      this.#returnToPlace();
      if (held && wasIn) selectSpan(this.view, held);
      this.memoOf.box?.showAgain();
    }
    this.frame.measure();
    if (this.theme.refresh()) this.#restyle();
  }

  detach(parent) {
    if (this.root.parentNode !== parent) return;
    this.hadFocus = this.root.contains(document.activeElement);
    this.root.remove();
    this.navigator.connect(null); // until it is mounted again, asking would wake nobody
  }

  takeWorkspace(data, send) {
    const before = { document: this.opened?.id, offset: this.list.list?.offset };
    this.navigator.connect(send);
    this.coder = data.coder.id;
    this.coders = data.coders ?? {};
    this.coderLooks = data.coder_looks ?? {};
    this.outbox.setCoder(this.coder);
    this.live.follow(data.live);
    this.frame.heading.textContent = this.frame.heading.title = data.heading;
    this.tally.takeWorkspace(data);
    if (data.codebook) this.#takeCodebook(data.codebook);
    this.list.show(data.list);
    this.#takeDocument(data);
    this.history = { undo: data.undo, redo: data.redo };
    const now = { document: data.document?.id, offset: data.list.offset, answered: data.answered };
    this.navigator.arrived(before, now);
    this.markWaiting();
    if (this.delta?.document === this.opened?.id && this.delta) this.#takeRows(this.delta);
    else this.#settle();
    this.#refresh();
  }

  #takeDocument(data) {
    const { document: next, codings } = data;
    const change = next?.id !== this.opened?.id || next?.sha !== this.opened?.sha;
    this.vacant.hidden = Boolean(next);
    this.vacant.textContent = data.list.items.length ? "Choose an answer from the list." : "";
    this.view.scroller.hidden = !next;
    this.painting.here.hidden = !next;
    if (change) {
      this.deeds.reset();
      this.lines = makeLines(next?.blocks ?? []);
      this.painter.clear();
      this.attention.hold(null);
      this.view.show(this.lines, { ...next, label: next ? `Text of ${next.label}` : "Text" });
      this.discussion.take(next);
    }
    const first = !this.opened;
    this.opened = next;
    const stale = codings?.rev !== this.codings.revision || this.coder !== this.codings.coder;
    if (change || stale) {
      this.codings.reset(this.lines, codings, this.coder);
      this.confirmed = [];
      if (!change) this.painting.repaintAll();
    }
    this.head.show(next);
    this.memo = next?.memo ?? "";
    this.#showQuestion(next?.question);
    this.list.setCurrent(next?.id ?? null);
    if (change && next) this.#welcome(next, first);
  }

  #showQuestion(question) {
    const text = question?.text ?? "";
    this.frame.question.textContent = text;
    this.frame.question.title = text;
  }

  #welcome(next, first) {
    this.#returnToPlace();
    if (!first) this.say(`${next.label}: ${next.question?.text ?? "opened"}`);
    const active = document.activeElement;
    const nowhere = !active || active === document.body;
    const asked = first || this.navigator.waiting;
    if (active === this.view.box || (nowhere && asked)) {
      placeCaret(this.view, this.discussion.opening, { scroll: false });
    }
    if (this.frame.isNarrow) this.frame.toggle("list", false);
  }

  takeDelta(delta, send) {
    if (send) this.outbox.connect((batch) => send("ops", batch));
    const acked = new Set(delta.acked);
    const done = this.outbox.ops.filter(({ id }) => acked.has(id));
    for (const op of done) if (op.kind === "document_memo") this.#storedMemo(op);
    const refused = this.outbox.settle(delta.acked, delta.rejected);
    if (refused.length) this.#takeBack(refused);
    this.live.follow(delta.live);
    Object.assign(this.coders, delta.coders);
    if (delta.codebook) this.#takeCodebook(delta.codebook);
    this.tally.takeDelta(delta);
    this.history = { undo: delta.undo, redo: delta.redo };
    if (delta.document === this.opened?.id || !this.opened) {
      this.delta = delta;
      this.confirmed.push(...done.filter(({ document }) => document === this.opened?.id));
      this.#takeRows(delta);
    } else this.#settle();
    if (delta.message) this.#tell(delta.message);
    this.#refresh();
  }

  #takeBack(refused) {
    this.say(`Not saved: ${this.outbox.refusal}`, { warning: true });
    const ids = new Set(refused.map(({ id }) => id));
    const made = this.made.filter(({ id }) => !ids.has(id));
    if (made.length === this.made.length) return;
    this.made = made;
    this.showCodes();
  }

  #storedMemo({ document, text }) {
    if (this.opened?.id === document) this.memo = text;
  }

  #takeRows(delta) {
    if (this.codings.takeDelta(delta)) this.confirmed = [];
    this.#settle();
  }

  #tell({ id, text, document }) {
    if (this.saidMessages.has(id)) return;
    this.saidMessages.add(id);
    this.navigator.answeredInWords();
    this.markWaiting();
    const away = document && document !== this.opened?.id;
    const offer = away ? button("Open it", "cp-small", () => this.moves.open(document)) : null;
    this.say(text, { offer });
  }

  #takeCodebook({ codes, retired = [] }) {
    const signature = JSON.stringify([codes, retired]);
    if (signature === this.codebookSignature) return;
    this.codebookSignature = signature;
    this.retired = retired; // not offered any more, but their codings stay
    this.stored = codes;
    this.tally.takeCodes(codes);
    this.showCodes();
  }

  /** The codebook with the codes that are still on their way, each after its theme. */
  showCodes() {
    const codes = [...(this.stored ?? [])];
    this.made = this.made.filter((op) => !codes.some(({ id }) => id === op.code));
    for (const op of this.made) {
      const parent = codes.findIndex(({ id }) => id === op.parent);
      const above = codes[parent];
      const path = above ? `${above.path} / ${op.name}` : op.name;
      const depth = above ? above.depth + 1 : 0;
      let at = parent < 0 ? codes.length : parent + 1;
      while (at > 0 && at < codes.length && codes[at].depth >= depth && parent >= 0) at += 1;
      const colours = { colour: above?.colour, dark: above?.dark, style: above?.style ?? "solid" };
      codes.splice(at, 0, { id: op.code, parent: op.parent, name: op.name, path, depth, ...colours });
    }
    this.codes = codes;
    this.codeById = new Map([...codes, ...(this.retired ?? [])].map((code) => [code.id, code]));
    this.#restyle();
  }

  #restyle() {
    if (!this.theme?.colours) return;
    this.painter.setCodes([...this.codes, ...(this.retired ?? [])], this.theme.colours);
    this.panel.show(this.codes);
    this.head.forgetColours();
    this.painting.repaintAll();
    this.deeds.showBar();
    this.refreshSoon();
  }

  /* What is on the screen. */

  #settle() {
    this.painting.repaint(this.codings.settle([...this.confirmed, ...this.outbox.of(this.opened?.id)]));
  }

  /** Paint what one new operation changes. */
  paint(op) {
    this.painting.repaint(this.codings.apply(op));
    this.refreshSoon();
  }

  #refresh() {
    this.tally.setUnsent(this.outbox.ops);
    this.frame.progress.textContent = `${this.tally.done()} of ${this.tally.progress.total} done`;
    this.frame.setSaved(this.outbox.status());
    this.frame.setHistory(this.history?.undo, this.history?.redo);
    this.list.update(
      (id) => this.tally.stateOf(id),
      (id) => this.tally.codingsOf(id),
    );
    this.panel.setCounts(this.tally.counts());
    if (!this.opened) return;
    this.head.setState(this.tally.stateOf(this.opened.id));
    this.head.setMemo(this.documentMemo);
    this.head.setCodings(this.codings.whole(), this.codings.flagged());
    const now = readSelection(this.view);
    this.painting.showHere(now?.caret);
    this.discussion.follow(now, this.attention);
  }

  get documentMemo() {
    const unsent = this.outbox.of(this.opened?.id).findLast(({ kind }) => kind === "document_memo");
    return unsent?.text ?? this.memo;
  }

  /** How a coding is named and painted; another coder's has their own colour beside the code's. */
  look(coding) {
    const { name = "Unknown code", path = "" } = this.codeById.get(coding.code) ?? {};
    const other = this.isOwn(coding) ? null : this.coderName(coding);
    const coder = other && { name: other, colours: this.coderLooks[coding.coder] ?? [] };
    return { name, path, coder, colours: this.painter.coloursOf(coding.code) };
  }

  coderName({ coder }) {
    return this.coders[coder] ?? "another coder";
  }

  isOwn({ coder }) {
    return coder === this.coder;
  }

  quote(start, end) {
    return quoteOf(this.view.lines, start, end);
  }

  quoteFor(op) {
    if (op.quote !== undefined) return op.quote;
    const here = this.opened?.id === op.document && this.opened.sha === op.sha;
    return here && op.start !== null ? this.quote(op.start, op.end) : null;
  }

  get canCodeWhole() {
    return WHOLE_KINDS.has(this.opened?.kind);
  }

  say(words, how) {
    this.frame.say(words, how);
  }

  /* Moving and selecting. */

  waitFor(waiting) {
    this.markWaiting();
    if ("document" in waiting.wish) this.say(`Opening ${waiting.label}`);
  }

  giveUp({ label, wish }) {
    this.markWaiting();
    const why = "next" in wish ? "No further answer was found." : `${label} did not open. Try again.`;
    this.say(why, { warning: true });
  }

  markWaiting() {
    const busy = this.navigator.isOpening;
    this.root.dataset.opening = busy ? "yes" : "no";
    this.view.box.setAttribute("aria-busy", String(busy));
    if (!busy) this.memoOf.settle();
  }

  #rememberPlace() {
    if (this.opened && this.root.isConnected && !this.returning) {
      this.places.set(this.opened.id, this.view.scroller.scrollTop);
    }
  }

  #returnToPlace() {
    this.returning = true;
    const go = () => {
      this.view.scroller.scrollTop = this.places.get(this.opened?.id) ?? 0;
    };
    go();
    requestAnimationFrame(() => {
      go();
      this.returning = false;
    });
  }}
