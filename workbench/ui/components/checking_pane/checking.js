// A transcript heard against its recording. In: segments with words and times, all as text. Out: what
// the person does, one deed at a time, sent again until the server has answered: correct, review,
// checked, reopen, undo. Words on their way are in memory only, never in the browser's storage. A
// correction carries what the person saw there; where it is refused, their words stand below the row.

import { COMMANDS_TOLD, commandOf } from "./commands.js";
import { button, element, keycap, newId } from "./dom.js";
import { lastBegun, squash, unitsOf } from "./places.js";
import { Player, clock } from "./player.js";
import { Theme } from "./theme.js";

const RESEND_MS = 4000;
const IDLE_MS = 1500;
const WORD = "check-word";
const MARKS = { i: "[inaudible]", x: "[crosstalk]" };

export class CheckingPane {
  constructor() {
    this.data = null;
    this.rows = [];
    this.queue = [];
    this.refused = [];
    this.inFlight = null;
    this.current = -1;
    this.player = new Player({
      onTime: (ms, playing) => this.#follow(ms, playing),
      onProblem: () => this.#say("The recording cannot be played here. Start the app with `workbench serve`, and see that the file is in the media folder.", true),
    });
    this.list = element("div", "ck-list", { role: "list", "aria-label": "Segments" });
    this.status = element("p", "ck-status", { role: "status" });
    const make = (label, key, work, kind = "") => {
      const node = button(label, `cp-small ${kind}`, work, { "aria-keyshortcuts": key });
      node.append(" ", keycap(key));
      return node;
    };
    this.nextButton = make("Next flagged", "Alt N", () => this.nextFlagged());
    this.undoButton = button("Undo", "cp-small cp-plain", () => this.#enqueue({ kind: "undo" }));
    this.doneButton = make("Checked, next", "Ctrl Enter", () => this.checked(), "cp-main");
    this.reopenButton = button("Open again", "cp-small", () => this.#enqueue({ kind: "reopen" }));
    this.root = element("div", "cp-root ck-root", {},
      element("p", "cp-unseen", { id: "checking-help" }, COMMANDS_TOLD),
      this.player.root,
      this.list,
      element("div", "ck-bar", { role: "toolbar", "aria-label": "What becomes of it" },
        this.nextButton, make("[inaudible]", "Alt I", () => this.insert(MARKS.i), "cp-plain"),
        make("[crosstalk]", "Alt X", () => this.insert(MARKS.x), "cp-plain"),
        this.undoButton, this.reopenButton, this.doneButton),
      this.status);
    this.theme = new Theme(this.root);
    this.root.addEventListener("keydown", (event) => this.#onKey(event));
    this.onLeaving = (event) => {
      this.#flushEdits();
      if (this.queue.length || this.inFlight) event.preventDefault();
    };
    window.addEventListener("beforeunload", this.onLeaving);
  }

  /** Take over what the page says; rows that are being typed into keep what is typed. */
  show(data, send) {
    const fresh = this.data?.document !== data.document || data.segments.length !== this.rows.length;
    this.send = send;
    if (fresh) this.#flushEdits();
    this.data = data;
    this.theme.refresh();
    this.#settle(data.settled ?? []);
    if (fresh) this.#layOut();
    else data.segments.forEach((segment, at) => this.#refresh(this.rows[at], segment));
    this.#showRefused();
    this.player.load(data.audio, data.length_ms);
    this.undoButton.disabled = !data.undo;
    this.undoButton.title = data.undo ? "Take back the last correction" : "";
    this.reopenButton.hidden = data.standing !== "checked";
    this.doneButton.firstChild.data = data.standing === "checked" ? "Next" : "Checked, next";
    this.nextButton.disabled = !data.segments.some((segment) => segment.flags.length && !segment.reviewed);
    if (data.said) this.#say(data.said, data.refused);
    this.#pump();
  }

  #layOut() {
    this.current = -1;
    CSS.highlights.delete(WORD);
    this.rows = this.data.segments.map((segment, at) => this.#row(segment, at));
    this.list.replaceChildren(...this.rows.map((row) => row.node));
    this.list.lang = this.data.language || "";
    this.list.scrollTop = 0;
  }

  #row(segment, at) {
    // `base`: the words that the person's own are built on; `mine`: words that were refused.
    const row = { at, segment, dirty: false, base: null, mine: null, timer: null, units: null };
    row.text = element("div", "cp-words ck-text", {
      contenteditable: "plaintext-only", role: "textbox", dir: "auto", spellcheck: "false",
      "aria-label": `Segment ${at + 1}`, "aria-describedby": "checking-help",
    });
    row.time = button(clock(segment.start_ms), "cp-small cp-plain ck-at", () => this.playFrom(at), {
      "aria-label": `Play from segment ${at + 1}`,
    });
    row.flags = element("p", "ck-flags");
    row.heard = button("Heard", "cp-small", () => this.heard(at), { "aria-label": `Segment ${at + 1} is right as it is` });
    row.node = element("div", "ck-row", { role: "listitem" }, row.time, row.text,
      element("div", "ck-side", {}, row.flags, row.heard));
    row.text.addEventListener("input", (event) => this.#onInput(row, event.isComposing));
    row.text.addEventListener("compositionend", () => this.#onInput(row, false));
    row.text.addEventListener("blur", () => this.#sendEdit(row));
    row.text.addEventListener("click", () => this.#seekToCaret(row));
    row.text.addEventListener("focus", () => { this.focused = at; });
    this.#refresh(row, segment);
    return row;
  }

  #refresh(row, segment) {
    row.segment = segment;
    const shown = row.text.textContent;
    // A space after the last word is not stored; taking it away would move the caret.
    const same = document.activeElement === row.text ? squash(shown) === squash(segment.text) : shown === segment.text;
    if (!row.dirty && !this.#waiting(row.at) && !same) row.text.textContent = segment.text;
    row.units = row.text.textContent.trimEnd() === segment.text.trimEnd() ? unitsOf(segment.text) : null;
    const open = segment.flags.length > 0 && !segment.reviewed;
    row.node.classList.toggle("ck-flagged", open);
    row.flags.textContent = open ? segment.flags.join(", ") : segment.flags.length ? "heard" : "";
    row.heard.hidden = !open;
  }

  // ------------------------------------------------------------------ what the person does

  /** The newest correction of a segment that is not settled yet. */
  #waiting(at) {
    return [this.inFlight, ...this.queue].findLast(
      (deed) => deed?.kind === "correct" && deed.position === at && deed.document === this.data.document,
    );
  }

  #onInput(row, composing) {
    if (!row.dirty) {
      const waiting = this.#waiting(row.at);
      row.base = waiting ? squash(waiting.words) : row.segment.text;
    }
    row.dirty = true;
    row.units = null;
    clearTimeout(row.timer);
    if (!composing) row.timer = setTimeout(() => this.#sendEdit(row), IDLE_MS);
    this.#say("Not saved yet");
  }

  #sendEdit(row) {
    clearTimeout(row.timer);
    if (!row.dirty) return;
    row.dirty = false;
    const words = row.text.textContent;
    const unsent = this.#waiting(row.at);
    const was = unsent && unsent !== this.inFlight ? unsent.was : row.base;
    this.queue = this.queue.filter((deed) => deed === this.inFlight || deed !== unsent);
    if (words === was) this.#say(this.inFlight ? "Saving" : "Saved");
    else this.#enqueue({ kind: "correct", position: row.at, was, words });
  }

  /** Keep words that were refused beside the row, until the person has decided. */
  #keepMine(row, words) {
    const settle = (work) => () => {
      row.mine.remove();
      row.mine = null;
      row.node.classList.remove("ck-refused");
      row.text.focus();
      work();
    };
    row.mine?.remove();
    row.mine = element("div", "ck-mine", { role: "group", "aria-label": `Your words for segment ${row.at + 1}` },
      element("span", "ck-whose", {}, "Yours, not saved"),
      element("p", "cp-words", { dir: "auto" }, words),
      button("Use mine", "cp-small", settle(() => {
        row.base = row.segment.text;
        row.dirty = true;
        row.text.textContent = words;
        this.#sendEdit(row);
      })),
      button("Let mine go", "cp-small cp-plain", settle(() => this.#say(""))));
    row.node.append(row.mine);
    row.node.classList.add("ck-refused");
  }

  #flushEdits() {
    for (const row of this.rows) this.#sendEdit(row);
  }

  heard(at) {
    this.#enqueue({ kind: "review", position: at, reviewed: true });
  }

  checked() {
    this.#flushEdits();
    const open = this.rows.find((row) => row.mine);
    if (open) {
      open.node.scrollIntoView({ block: "center" });
      this.#say("Your words for a segment were refused. Use them or let them go first.", true);
      return;
    }
    this.player.pause();
    this.#enqueue({ kind: "checked" });
  }

  nextFlagged() {
    const n = this.rows.length;
    const from = this.focused ?? this.current;
    for (let step = 1; step <= n; step += 1) {
      const row = this.rows[(from + step + n) % n];
      if (row.segment.flags.length && !row.segment.reviewed) {
        this.#goTo(row, true);
        return;
      }
    }
    this.#say("No flagged segment is left.");
  }

  #goTo(row, play) {
    row.text.focus({ preventScroll: true });
    row.node.scrollIntoView({ block: "center" });
    this.player.seek(row.segment.start_ms);
    if (play && this.player.audio.paused) this.player.toggle();
  }

  playFrom(at) {
    this.player.seek(this.rows[at].segment.start_ms);
    if (this.player.audio.paused) this.player.toggle();
  }

  insert(mark) {
    const row = this.rows[this.focused ?? Math.max(0, this.current)];
    if (!row) return;
    row.text.focus();
    const before = getSelection().focusOffset > 0 ? " " : "";
    document.execCommand("insertText", false, `${before}${mark} `);
  }

  /** The word under the caret, in milliseconds, where the text is as the server has it. */
  #seekToCaret(row) {
    const selection = getSelection();
    if (!row.units || !selection.isCollapsed || selection.focusNode !== row.text.firstChild) return;
    const at = selection.focusOffset;
    const word = row.segment.words.find(([from, to]) => row.units[from] <= at && at <= row.units[to]);
    if (word) this.player.seek(word[2]);
  }

  // ------------------------------------------------------------------ following the sound

  #follow(ms, playing) {
    if (!this.data) return;
    const at = lastBegun(this.rows, ms);
    if (at !== this.current) {
      this.rows[this.current]?.node.classList.remove("ck-now");
      this.current = at;
      const row = this.rows[at];
      row?.node.classList.add("ck-now");
      if (row && playing && !this.list.contains(document.activeElement)) row.node.scrollIntoView({ block: "nearest" });
    }
    this.#paintWord(this.rows[at], ms);
  }

  #paintWord(row, ms) {
    const word = row?.units && row.segment.words.find(([, , from, to]) => from <= ms && ms < to);
    if (word === this.painted && row === this.paintedRow) return;
    this.painted = word;
    this.paintedRow = row;
    const node = row?.text.firstChild;
    if (!word || !node || row.text.childNodes.length !== 1) {
      CSS.highlights.delete(WORD);
      return;
    }
    const range = new StaticRange({
      startContainer: node, startOffset: row.units[word[0]], endContainer: node, endOffset: row.units[word[1]],
    });
    CSS.highlights.set(WORD, new Highlight(range));
  }

  // ------------------------------------------------------------------ on the way to the server

  #enqueue(deed) {
    this.queue.push({ id: newId(), document: this.data.document, ...deed });
    this.#pump();
  }

  #pump() {
    if (this.inFlight || !this.queue.length || !this.send) return;
    this.inFlight = this.queue.shift();
    this.#say("Saving");
    this.#transmit();
  }

  #transmit() {
    clearTimeout(this.timer);
    if (!this.inFlight) return;
    this.timer = setTimeout(() => this.#transmit(), RESEND_MS);
    this.send(this.inFlight);
  }

  #settle(settled) {
    const mine = settled.find(({ id }) => id === this.inFlight?.id);
    if (!mine) return;
    clearTimeout(this.timer);
    const deed = this.inFlight;
    this.inFlight = null;
    if (!mine.why) {
      if (!this.queue.length) this.#say("Saved");
      return;
    }
    this.#say(mine.why[0].toUpperCase() + mine.why.slice(1), true);
    // What was refused is looked at before the note is left.
    this.queue = this.queue.filter(({ kind, document }) => kind !== "checked" || document !== deed.document);
    if (deed.kind === "correct") this.refused.push(deed);
  }

  /** Give refused words back to the person: at their segment, or in so many words. */
  #showRefused() {
    for (const deed of this.refused.splice(0)) {
      const row = deed.document === this.data.document && this.rows[deed.position];
      if (row) this.#keepMine(row, deed.words);
      else this.#say(`A correction was refused. Your words: ${deed.words}`, true);
    }
  }

  #say(text, warns = false) {
    if (this.status.textContent !== text) this.status.textContent = text;
    this.status.classList.toggle("cp-warns", Boolean(warns));
  }

  // ------------------------------------------------------------------ keys

  #onKey(event) {
    if (event.isComposing) return;
    const name = commandOf(event);
    if (name) {
      event.preventDefault();
      event.stopPropagation();
      this.#run(name);
    } else if (event.key.length === 1 || event.key === "Enter") {
      // Letters never reach the page around; a segment is one line.
      event.stopPropagation();
      if (event.key === "Enter" && event.target.classList?.contains("ck-text")) event.preventDefault();
    }
  }

  #run(name) {
    const at = this.focused ?? Math.max(0, this.current);
    const deeds = {
      play: () => this.player.toggle(),
      back: () => this.player.step(-3),
      on: () => this.player.step(3),
      slower: () => this.player.changeSpeed(-1),
      faster: () => this.player.changeSpeed(1),
      previous: () => this.rows[at - 1] && this.#goTo(this.rows[at - 1], false),
      next: () => this.rows[at + 1] && this.#goTo(this.rows[at + 1], false),
      heard: () => this.rows[at] && this.heard(at),
      nextFlagged: () => this.nextFlagged(),
      inaudible: () => this.insert(MARKS.i),
      crosstalk: () => this.insert(MARKS.x),
      checked: () => this.checked(),
    };
    deeds[name]?.();
  }

  leave() {
    this.#flushEdits();
    this.player.pause();
    CSS.highlights.delete(WORD);
    this.root.remove();
  }

  destroy() {
    this.leave();
    window.removeEventListener("beforeunload", this.onLeaving);
  }
}
