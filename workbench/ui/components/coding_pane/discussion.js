// A discussion: going from turn to turn, selecting whole turns, showing some speakers alone. In: keys
// and presses. Out: selections and carets as any other; nothing here changes codings.

import { shorten } from "./dom.js";
import { Folding } from "./folding.js";
import { lineAt } from "./offsets.js";
import { bringIntoSight, placeCaret, readSelection, selectSpan } from "./selection.js";
import { SpeakerBar } from "./speakers.js";
import { parseClock, speakersOf, timeText, turnAt, turnAtTime, turnsSpan } from "./turns.js";

const SAID = 60; // characters of a turn that are said when the person comes to it

export class Discussion {
  constructor(pane, view, id) {
    Object.assign(this, { pane, view });
    this.kept = null; // speakers whose turns are shown alone
    this.chosen = new Map(); // by document: the names of those
    this.here = null;
    this.folding = new Folding(view);
    this.bar = new SpeakerBar(id, {
      list: () => (this.bar.isOpen ? this.#leave() : this.listSpeakers()),
      previous: () => this.previousOfSpeaker(),
      next: () => this.nextOfSpeaker(),
      only: () => this.onlySpeaker(),
      everybody: () => this.#show(null),
      toggle: (who) => this.#toggle(who),
      go: (text) => this.#go(text),
      leave: () => this.#leave(),
    });
    view.onReach = (head, tail) => this.folding.open(head, tail);
  }

  get turns() {
    return this.view.turns;
  }

  /** Another text has come: its turns are in the view. */
  take(document) {
    this.id = document?.id;
    this.folding.reset();
    this.places = new Map(); // by speaker: the places of their turns
    for (const { who, index } of this.turns) {
      if (!this.places.has(who)) this.places.set(who, []);
      this.places.get(who).push(index);
    }
    this.here = this.turns[0] ?? null;
    this.kept = null;
    this.bar.setTurns(this.turns);
    this.pane.frame.showHints(this.turns.length > 0);
    const names = this.chosen.get(this.id);
    const kept = new Set(this.turns.filter(({ name }) => names?.has(name)).map(({ who }) => who));
    if (kept.size) {
      this.#keep(kept);
      this.here = this.turns.find(({ who }) => kept.has(who));
    }
    this.#showHere(false);
  }

  /** Where the caret stands when the text is opened: at the first words that are not folded. */
  get opening() {
    return this.here ? this.view.lines[this.here.first].start : 0;
  }

  /** Follow the caret or the selection; what is selected is never folded. */
  follow(now, { pressed }) {
    if (!now || !this.turns.length) return;
    const turn = turnAt(this.view.lines, now.start ?? now.caret);
    const isNew = turn && turn !== this.here;
    if (turn) this.here = turn;
    if (now.start !== undefined && !pressed) this.#unfold(now);
    this.#showHere(isNew && document.activeElement === this.view.box);
  }

  #unfold({ start, end }) {
    const { lines } = this.view;
    this.folding.open(lineAt(lines, start), lineAt(lines, Math.max(start, end - 1)));
  }

  #showHere(aloud) {
    if (!this.here) return;
    const places = this.places.get(this.here.who);
    const kept = this.kept && [...this.kept].reduce((sum, who) => sum + this.places.get(who).length, 0);
    this.bar.show(this.here, {
      nth: places.indexOf(this.here.index) + 1,
      count: places.length,
      kept: kept && `${kept} of ${this.turns.length} turns`,
      aloud,
    });
  }

  #hasTurns() {
    if (!this.turns.length) this.pane.say("Nobody is said to speak here: there are no turns.");
    return this.turns.length > 0;
  }

  /* Going to turns. */

  nextOfSpeaker() {
    this.#step(1);
  }

  previousOfSpeaker() {
    this.#step(-1);
  }

  #step(direction) {
    if (!this.#hasTurns()) return;
    const { who, index, name } = this.here;
    const places = this.places.get(who);
    const goal = places[places.indexOf(index) + direction];
    if (goal !== undefined) this.#goTo(this.turns[goal]);
    else this.pane.say(direction > 0 ? `${name} says no more.` : `${name} has said nothing before.`);
  }

  #goTo(turn, before = "") {
    const { view, pane } = this;
    const { start, end } = turnsSpan(view.lines, turn);
    placeCaret(view, start);
    this.here = turn; // at once: the browser tells of the caret later than of a quick second press
    const time = turn.time === null ? "" : `, ${timeText(turn.time)}`;
    pane.say(`${before}${turn.name}${time}: ${shorten(pane.quote(start, end).replace(/\s+/g, " "), SAID)}`);
  }

  goToTime() {
    if (this.#hasTurns() && !this.bar.askTime()) this.pane.say("There are no times in this transcript.");
  }

  #go(text) {
    const seconds = parseClock(text);
    if (seconds === null) {
      this.pane.say("Write the time as 12:04 or 1:02:03, or minutes alone.", { warning: true });
      return;
    }
    const turn = turnAtTime(this.turns, seconds);
    const isLast = seconds > turn.time && !this.turns.some(({ time }) => time !== null && time > turn.time);
    this.bar.forgetTime();
    this.#goTo(turn, isLast ? "No turn begins later. " : "");
    bringIntoSight(this.view.lines[turn.first].row, "center"); // what is around it is read, too
  }

  /** ` in 3 turns` for a span that reaches into several; empty otherwise, and for the whole text. */
  reachInWords(span) {
    if (!span || !this.turns.length) return "";
    const { lines } = this.view;
    const last = turnAt(lines, Math.max(span.start, span.end - 1));
    const count = last.index - turnAt(lines, span.start).index + 1;
    return count > 1 ? ` in ${count} turns` : "";
  }

  /* Selecting turns. */

  /** The turn at the caret; where whole turns are selected already, the next one as well. */
  turn() {
    this.#select(1);
  }

  /** The same, towards the beginning. */
  turnBefore() {
    this.#select(-1);
  }

  #select(direction) {
    if (!this.#hasTurns()) return;
    const { lines } = this.view;
    const now = readSelection(this.view) ?? this.pane.attention.held ?? {};
    const start = now.start ?? now.caret ?? lines[this.here.first].start;
    const end = now.end ?? start;
    let [first, last] = [turnAt(lines, start), turnAt(lines, Math.max(start, end - 1))];
    const whole = turnsSpan(lines, first, last);
    if (start <= whole.start && end >= whole.end) {
      if (direction > 0) last = this.turns[last.index + 1] ?? last;
      else first = this.turns[first.index - 1] ?? first;
    }
    this.#selectTurns(first, last, direction > 0 ? last : first);
  }

  #selectTurns(first, last, shown) {
    const { lines } = this.view;
    selectSpan(this.view, turnsSpan(lines, first, last));
    bringIntoSight(lines[shown === last ? shown.last : shown.first].row);
    const count = last.index - first.index + 1;
    this.pane.say(count === 1 ? `${first.name}: the whole turn` : `${count} turns`);
  }

  /** A press on who speaks: selects the turn or, with Shift, all up to it. Tells whether it was one. */
  pressed(event) {
    const row = event.target.closest(".cp-speaker, .cp-fold")?.closest(".cp-row");
    const turn = row?.cpLine.turn;
    if (!turn) return false;
    if (row.classList.contains("cp-fold")) {
      this.folding.open(row.cpLine, row.cpLine);
      return true;
    }
    const { lines } = this.view;
    const { held } = this.pane.attention;
    let [first, last] = [turn, turn];
    if (event.shiftKey && held) {
      const [one, other] = [turnAt(lines, held.start), turnAt(lines, held.end - 1)];
      first = one.index < turn.index ? one : turn;
      last = other.index > turn.index ? other : turn;
    }
    this.#selectTurns(first, last, turn);
    return true;
  }

  /* Some speakers alone. */

  onlySpeaker() {
    if (!this.#hasTurns()) return;
    this.#show(this.kept ? null : new Set([this.here.who]));
  }

  #toggle(who) {
    const kept = new Set(this.kept);
    if (!kept.delete(who)) kept.add(who);
    this.#show(kept.size ? kept : null);
  }

  #show(kept) {
    const isFrom = this.bar.isOpen;
    this.#keep(kept);
    if (kept && !kept.has(this.here.who)) {
      this.here = this.turns.find(({ who, index }) => kept.has(who) && index > this.here.index)
        ?? this.turns.findLast(({ who }) => kept.has(who));
      if (!isFrom) placeCaret(this.view, this.view.lines[this.here.first].start);
    }
    const { held } = this.pane.attention;
    if (held) this.#unfold(held);
    bringIntoSight(this.view.lines[this.here.first].row);
    this.#showHere(false);
    if (isFrom) this.listSpeakers();
    const names = kept && [...kept].map((who) => this.turns[this.places.get(who)[0]].name).join(", ");
    this.pane.say(kept ? `Shown: ${shorten(names, SAID)}. F or Escape shows everybody.` : "Everybody is shown.");
  }

  #keep(kept) {
    this.kept = kept;
    this.folding.keep(kept);
    const names = new Set(this.turns.filter(({ who }) => kept?.has(who)).map(({ name }) => name));
    this.chosen.set(this.id, names);
  }

  /** Escape: tells whether there was anything to undo. */
  letGo() {
    if (!this.kept) return false;
    this.#show(null);
    return true;
  }

  listSpeakers() {
    if (!this.#hasTurns()) return;
    this.speakers ??= new WeakMap();
    if (!this.speakers.has(this.turns)) this.speakers.set(this.turns, speakersOf(this.view.lines, this.turns));
    this.bar.open(this.speakers.get(this.turns), this.kept);
  }

  #leave() {
    this.bar.shut();
    this.pane.attention.returnToText();
  }
}
