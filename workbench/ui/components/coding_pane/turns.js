// Turns of a discussion. In: lines, and who speaks when, as Python tells it. Out: turns with the
// lines that they cover, the speakers with what they say, and times as people write them.

import { element } from "./dom.js";
import { lineAt, linesSpan } from "./offsets.js";

const NOBODY = "Speaker not known";

/**
 * The turns: `{index, who, name, facilitates, known, time, first, last}` with the places of their
 * lines; each line gets its `turn`. No turns where nobody is said to speak.
 */
export function makeTurns(lines, told) {
  const turns = [];
  if (!told) return turns;
  const facilitators = new Set(told.facilitators);
  for (const line of lines) {
    const index = line.begins;
    if (index !== undefined) {
      const who = told.who[index];
      const known = who >= 0;
      const name = known ? told.names[who] : NOBODY;
      const time = told.times?.[index] ?? null;
      const { index: first } = line;
      turns.push({ index, who, name, known, time, facilitates: facilitators.has(who), first });
    }
    line.turn = turns.at(-1);
    if (line.turn) line.turn.last = line.index;
  }
  return turns;
}

/** The turn around a code point; undefined where there is none. */
export function turnAt(lines, codePoint) {
  return lineAt(lines, codePoint)?.turn;
}

/** From the first word of one turn to the last of another. */
export function turnsSpan(lines, first, last = first) {
  return linesSpan(lines[first.first], lines[last.last], lines);
}

/** Who speaks, in the order of the first turns: with numbers of turns and words. */
export function speakersOf(lines, turns) {
  const found = new Map();
  for (const { who, name, known, facilitates, first, last } of turns) {
    if (!found.has(who)) found.set(who, { who, name, known, facilitates, turns: 0, words: 0 });
    const one = found.get(who);
    one.turns += 1;
    for (let i = first; i <= last; i += 1) one.words += lines[i].text.match(/\S+/g)?.length ?? 0;
  }
  return [...found.values()];
}

/** Seconds as `12:04` or `1:02:03`. */
export function timeText(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = `${two(minutes)}:${two(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

/** `12:04`, `1:02:03`, or minutes alone, to seconds; null for anything else. */
export function parseClock(text) {
  const parts = text.trim().split(/[:.]/);
  if (parts.length > 3 || parts.some((part) => !/^\d{1,4}$/.test(part))) return null;
  if (parts.length === 1) return Number(parts[0]) * 60;
  return parts.reduce((total, part) => total * 60 + Number(part), 0);
}

/** The turn that is under way at a time: the latest that has begun; the first one before that. */
export function turnAtTime(turns, seconds) {
  const timed = turns.filter(({ time }) => time !== null);
  const begun = timed.filter(({ time }) => time <= seconds);
  return begun.reduce((best, turn) => (best && best.time > turn.time ? best : turn), null) ?? timed[0];
}

/** The line above a turn: who speaks and when. A press on it selects the turn. */
export function speakerLine({ turn, rtl }) {
  const name = element("bdi", turn.known ? "" : "cp-unknown", {}, turn.name);
  const time = turn.time === null ? null : element("bdi", "cp-time", {}, timeText(turn.time));
  const how = { contenteditable: "false", dir: rtl ? "rtl" : "ltr" };
  return element("div", "cp-speaker", how, name, time);
}
