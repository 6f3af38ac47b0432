// What a person can do. In: commands from keys, presses and the code panel. Out: operations, painted
// at once and put in the outbox; questions back to the person where a command does not fit.

import { showKeyMap } from "./dialogs.js";
import { button, element, newId, shorten } from "./dom.js";
import { warnOfDraft } from "./drafts.js";
import { placeCaret, readSelection, selectSpan, widenSelection } from "./selection.js";

const IN_VIVO = 60; // characters of the participant's words that may become a code's name
const BAR_CODES = 5;
// Commands that mean the same while another document opens; those about the text wait for it.
const GOING_ON = ["nextAnswer", "previousAnswer", "nextNotDone"];
const WHILE_OPENING = new Set([...GOING_ON, "documentMemo", "find", "undo", "redo", "help", "escape"]);

export class Deeds {
  constructor(pane) {
    this.pane = pane;
    this.reset();
  }

  reset() {
    this.codingWhole = false;
    this.adjusting = null;
    this.recoding = null;
    this.came = null;
    this.pane.popover?.close({ giveBack: false, force: true });
    this.pane.head?.setWholeNext(false);
    this.pane.panel?.setPurpose(null);
    this.showBar();
  }

  /** Run a command of the key map, whether it is about codings, turns, the memo or moving on. */
  run(name, argument) {
    const { discussion, moves, memoOf } = this.pane;
    if (this.pane.navigator.isOpening && !WHILE_OPENING.has(name)) this.ready();
    else [this, discussion, moves, memoOf].find((it) => it[name])[name](argument);
  }

  /* Operations. */

  perform(op) {
    const { pane } = this;
    const full = { id: newId(), document: pane.opened.id, ...op };
    if (op.kind === "new_code") pane.made.push(full);
    pane.outbox.add(full);
    pane.paint(full);
  }

  /** May codes be given now? Says why not. */
  ready() {
    const { pane } = this;
    if (!pane.opened) pane.say("Open an answer first.");
    else if (pane.navigator.isOpening) pane.say(`${pane.navigator.waiting.label} is opening. One moment.`);
    else return true;
    return false;
  }

  /** Give the code to a span, or to the whole document when the span is null. */
  #add(code, span) {
    const { pane } = this;
    const agreed = () => {
      this.perform({ kind: "accept_draft" });
      this.#add(code, span);
      this.#chosen();
    };
    if (warnOfDraft(pane, agreed)) return;
    const { start, end } = span ?? { start: null, end: null };
    const { name } = pane.look({ code });
    const where = span ? "here" : "on the whole document";
    if (pane.codings.twin({ start, end, code })) {
      pane.say(`${name} is ${where} already.`);
      return;
    }
    const quote = span ? pane.quote(start, end) : null;
    this.perform({ kind: "add", sha: pane.opened.sha, coding: newId(), code, start, end, quote });
    const words = span ? shorten(quote.replace(/\s+/g, " "), 60) : "the whole document";
    pane.say(`Coded ${name}${pane.discussion.reachInWords(span)}: ${words}`);
  }

  quickCode(number) {
    const code = this.pane.panel.quick.get(number);
    if (code) this.choose(code);
    else this.pane.say(`No code has the key ${number}.`);
  }

  /** A code was chosen, by key, press or search: for what depends on what was going on. */
  choose(code) {
    const { pane } = this;
    if (!this.ready()) return;
    if (this.recoding) this.#recode(code);
    else if (this.adjusting) pane.say("Finish adjusting first: Enter keeps, Escape cancels.");
    else if (this.codingWhole) this.#add(code, null);
    else if (pane.attention.held) this.#add(code, pane.attention.held);
    else if (pane.canCodeWhole) this.#add(code, null);
    else {
      pane.say("Select words first, or press W for the whole document.", { warning: true });
      return;
    }
    this.#chosen();
  }

  #chosen() {
    this.codingWhole = false;
    this.pane.head.setWholeNext(false);
    this.pane.panel.setPurpose(null);
    this.pane.panel.clear();
    this.#goBack();
  }

  makeCode({ name, parent }) {
    const { pane } = this;
    if (!this.ready()) return;
    if (!this.recoding && !this.codingWhole && !pane.attention.held && !pane.canCodeWhole) {
      pane.say("Select words first, or press W for the whole document.", { warning: true });
      return;
    }
    const code = newId();
    this.perform({ kind: "new_code", code, name: name.slice(0, 200), parent, definition: "" });
    pane.showCodes();
    this.choose(code);
    if (this.adjusting) return; // it says what is to be finished first
    const theme = pane.codeById.get(parent);
    pane.say(theme ? `New code under ${theme.name}: ${name}` : `New theme: ${name}`);
  }

  remove(coding) {
    this.perform({ kind: "remove", coding: coding.id, was: coding.code });
    this.pane.say(`Removed ${this.pane.look(coding).name}. Ctrl + Z brings it back.`);
    this.pane.attention.returnToText();
  }

  removeHere() {
    const { pane } = this;
    const now = readSelection(pane.view);
    const list = now ? pane.codings.at(now.caret ?? now.start) : [];
    const own = list.find((coding) => pane.isOwn(coding));
    if (own && this.ready()) this.remove(own);
    else pane.say(list.length ? "Only its own coder may remove that." : "Nothing is coded here.");
  }

  beginRecode(coding) {
    this.recoding = coding.id;
    this.came = this.pane.view.box;
    this.pane.panel.setPurpose(`Recode ${this.pane.look(coding).name} as …`);
    this.pane.frame.toggle("codes", true);
    this.pane.panel.find();
  }

  #recode(code) {
    const { pane } = this;
    const coding = pane.codings.all.get(this.recoding);
    this.recoding = null;
    if (!coding || coding.code === code) return;
    const was = coding.code;
    this.perform({ kind: "recode", coding: coding.id, code, was });
    pane.say(`${pane.look({ code: was }).name} is now ${pane.look({ code }).name}.`);
  }

  setMemo(coding, text) {
    this.perform({ kind: "memo", coding: coding.id, text });
    this.pane.say(text ? "Memo kept." : "Memo removed.");
  }

  /* Adjusting the ends of a coding. */

  beginAdjust(coding) {
    const { pane } = this;
    if (!this.ready()) return;
    this.adjusting = coding.id;
    const { name } = pane.look(coding);
    if (coding.flagged || coding.start === null) pane.view.box.focus({ preventScroll: true });
    else selectSpan(pane.view, coding);
    this.showBar();
    pane.say(`Select the words for ${name}. Enter keeps, Escape cancels.`);
  }

  keepAdjusted() {
    const { pane } = this;
    const coding = pane.codings.all.get(this.adjusting);
    const span = pane.attention.held;
    if (!span) {
      pane.say("Select the words that the coding should cover.", { warning: true });
      return;
    }
    this.adjusting = null;
    if (coding && (coding.flagged || coding.start !== span.start || coding.end !== span.end)) {
      const { start, end } = span;
      const quote = pane.quote(start, end);
      this.perform({ kind: "adjust", sha: pane.opened.sha, coding: coding.id, start, end, quote });
      pane.say(`${pane.look(coding).name} now covers: ${shorten(quote.replace(/\s+/g, " "), 60)}`);
    }
    this.showBar();
    pane.attention.returnToText();
  }

  #cancelAdjust() {
    this.adjusting = null;
    this.pane.say("Adjusting cancelled.");
    this.showBar();
  }

  /* Finding, and codes in the participant's words. */

  find() {
    this.#toPanel("");
  }

  inVivo() {
    const { pane } = this;
    if (!pane.attention.held) {
      pane.say("Select the words that should name the code.");
      return;
    }
    const words = pane.quote(pane.attention.held.start, pane.attention.held.end).replace(/[\s/]+/g, " ").trim();
    this.#toPanel([...words].slice(0, IN_VIVO).join("").trim(), { make: true });
  }

  #toPanel(text, how) {
    this.came = document.activeElement;
    this.pane.frame.toggle("codes", true);
    this.pane.panel.find(text, how);
  }

  /** The person left the search box without a choice. */
  leavePanel() {
    this.recoding = null;
    this.pane.panel.setPurpose(this.codingWhole ? "For the whole document:" : null);
    this.#goBack({ always: true });
  }

  #goBack({ always = false } = {}) {
    const { pane } = this;
    const inPanel = pane.panel.input === document.activeElement;
    if (!always && !inPanel) return;
    const { came } = this;
    this.came = null;
    if (came?.isConnected && came !== pane.view.box && pane.list.root.contains(came)) came.focus();
    else pane.attention.returnToText();
  }

  #wholeOff() {
    this.codingWhole = false;
    this.pane.head.setWholeNext(false);
    this.pane.panel.setPurpose(null);
  }

  #wholeOn() {
    this.codingWhole = true;
    this.pane.head.setWholeNext(true);
    this.pane.panel.setPurpose("For the whole document:");
    this.pane.say("The next code goes to the whole document: 1 to 9, or / to find. Escape cancels.");
  }

  /* Looking at codings. */

  enter() {
    if (this.adjusting) {
      this.keepAdjusted();
      return;
    }
    const now = readSelection(this.pane.view);
    if (now) this.openAt(now.caret ?? now.start);
  }

  openAt(codePoint) {
    const { pane } = this;
    const list = pane.codings.at(codePoint);
    const rectangle = pane.view.rectangle(codePoint, codePoint + 1);
    if (!list.length) pane.say("Nothing is coded here.");
    else this.openPopover(list.map(({ id }) => id), rectangle ?? pane.view.box.getBoundingClientRect(), pane.view.box);
  }

  openPopover(ids, rectangle, returnTo) {
    const { pane } = this;
    const list = ids.map((id) => pane.codings.all.get(id)).filter(Boolean);
    if (!list.length || !this.ready()) return;
    this.returnTo = returnTo;
    const ranges = list
      .filter(({ start, flagged }) => start !== null && !flagged)
      .flatMap(({ start, end }) => pane.view.staticRanges(start, end));
    pane.painter.mark("looked-at", ranges);
    pane.popover.open(list, rectangle, pane.root);
  }

  closedPopover({ giveBack }) {
    this.pane.painter.mark("looked-at", null);
    if (!giveBack) return;
    if (this.returnTo?.isConnected && this.returnTo !== this.pane.view.box) this.returnTo.focus();
    else this.pane.attention.returnToText();
  }

  nextCoding() {
    this.#jump(1);
  }

  previousCoding() {
    this.#jump(-1);
  }

  #jump(direction) {
    const { pane } = this;
    if (!pane.opened) return;
    const now = readSelection(pane.view);
    const from = now?.caret ?? now?.start ?? (direction > 0 ? -1 : Infinity);
    const coding = pane.codings.next(from, direction);
    if (!coding) {
      pane.say(direction > 0 ? "No coding after this." : "No coding before this.");
      return;
    }
    placeCaret(pane.view, coding.start);
    const words = shorten(pane.quote(coding.start, coding.end).replace(/\s+/g, " "), 80);
    pane.say(`${pane.look(coding).name}: ${words}`);
  }

  widen() {
    widenSelection(this.pane.view);
  }

  /* The document as a whole. */

  wholeNext() {
    if (this.codingWhole) this.#wholeOff();
    else if (this.ready()) this.#wholeOn();
  }

  undo() {
    this.#timeTravel("undo");
  }

  redo() {
    this.#timeTravel("redo");
  }

  #timeTravel(kind) {
    const { pane } = this;
    if (!pane.opened) pane.say("Open an answer first.");
    else this.perform({ kind });
  }

  /* Around it. */

  help() {
    const { pane } = this;
    const came = document.activeElement;
    showKeyMap(pane.root, () => (came?.isConnected ? came.focus({ preventScroll: true }) : pane.attention.returnToText()));
  }

  escape() {
    const { pane } = this;
    if (pane.popover.close()) return;
    if (this.adjusting) this.#cancelAdjust();
    else if (this.recoding) this.leavePanel();
    else if (this.codingWhole) this.#wholeOff();
    else if (pane.attention.held) {
      const { end } = pane.attention.held;
      pane.attention.hold(null);
      placeCaret(pane.view, end);
    } else if (!pane.discussion.letGo()) pane.frame.hush();
  }

  /** The bar for fingers: codes for the words that are selected, or the end of an adjustment. */
  showBar() {
    const { bar, panel, codeById, attention } = this.pane;
    if (!attention) return;
    bar.hidden = !(this.adjusting || attention.held);
    bar.classList.toggle("cp-always", Boolean(this.adjusting));
    if (bar.hidden) return;
    const act = (label, work, kind = "") => {
      const node = button(label, `cp-small ${kind}`, work);
      node.addEventListener("mousedown", (event) => event.preventDefault());
      return node;
    };
    if (this.adjusting) {
      bar.replaceChildren(
        act("Keep", () => this.keepAdjusted(), "cp-main"),
        act("Cancel", () => this.escape()),
      );
      return;
    }
    const quick = [...panel.quick].slice(0, BAR_CODES).map(([key, code]) => {
      const { name } = codeById.get(code) ?? { name: String(key) };
      return act(shorten(name, 18), () => this.choose(code));
    });
    bar.replaceChildren(
      element("span", "cp-bar-label", { "aria-hidden": "true" }, "Code"),
      ...quick,
      act("Find", () => this.find(), "cp-main"),
    );
  }
}
