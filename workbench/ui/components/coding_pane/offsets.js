// Offsets: the one boundary between the study's unit and the browser's.
// In: a document as lines, each with the code point at which it starts. Out: pure functions that
// turn code points (what is stored) into UTF-16 offsets within a line (what the DOM counts) and
// back, that cut out words, and that never split what a reader sees as one character.

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const WORDS = new Intl.Segmenter(undefined, { granularity: "word" });
const SENTENCES = new Intl.Segmenter(undefined, { granularity: "sentence" });
const WHITE = /\s/;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;
const LONGEST = 5000; // UTF-16 units of one paragraph on the screen, some 800 words
const NEAR = 64; // units around a cut in which a cluster is looked for

/** Positions of the characters that take two UTF-16 units: all that is needed to convert. */
function astralPositions(text) {
  const positions = [];
  for (let i = 0; i < text.length - 1; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit < 0xdc00) {
      positions.push(i);
      i += 1;
    }
  }
  return positions;
}

function countBelow(sorted, limit) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where to end a part of a line that is too long to be laid out in one: after a space if it can. */
function partEnd(text, from) {
  if (text.length - from <= LONGEST) return text.length;
  const space = text.lastIndexOf(" ", from + LONGEST - 1);
  const end = space > from + LONGEST / 2 ? space + 1 : from + LONGEST;
  const near = Math.max(from, end - NEAR);
  return near + snap(text.slice(near, end + NEAR), end - near, true);
}

/**
 * The lines as they are shown. A line of extreme length is cut into parts that follow each other
 * (`continues`): the browser's time to lay out one paragraph grows with the square of its length.
 */
export function makeLines(rows) {
  const lines = [];
  for (const [first, whole, turn] of rows) {
    let start = first;
    let from = 0;
    do {
      const to = partEnd(whole, from);
      const text = whole.slice(from, to);
      const astral = astralPositions(text);
      const length = text.length - astral.length;
      const rtl = from > 0 ? lines.at(-1).rtl : RIGHT_TO_LEFT.test(/\p{L}/u.exec(text)?.[0] ?? "");
      const index = lines.length;
      const begins = from > 0 ? undefined : turn; // the place of the turn that begins here
      lines.push({ index, start, text, begins, astral, length, rtl, continues: from > 0 });
      start += length;
      from = to;
    } while (from < whole.length);
  }
  return lines;
}

/** UTF-16 offset within the line (on a code point boundary) to a code point of the document. */
export function toCodePoint(line, utf16) {
  return line.start + utf16 - countBelow(line.astral, utf16);
}

/** Code point of the document to a UTF-16 offset within the line. */
export function toUtf16(line, codePoint) {
  const within = Math.max(0, Math.min(line.length, codePoint - line.start));
  let utf16 = within;
  for (;;) {
    const next = within + countBelow(line.astral, utf16);
    if (next === utf16) return utf16;
    utf16 = next;
  }
}

/** The line that holds a code point; the newline after a line belongs to it. */
export function lineAt(lines, codePoint) {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (lines[middle].start <= codePoint) low = middle;
    else high = middle - 1;
  }
  return lines[low];
}

/** The parts of `[start, end)` line by line: `{line, from, to}` with UTF-16 offsets. */
export function pieces(lines, start, end) {
  const found = [];
  if (!lines.length) return found;
  for (let i = lineAt(lines, start).index; i < lines.length && lines[i].start < end; i += 1) {
    const from = toUtf16(lines[i], start);
    const to = toUtf16(lines[i], end);
    if (from < to) found.push({ line: lines[i], from, to });
  }
  return found;
}

/** The words of `[start, end)` with the newlines between lines, as Python's `text[start:end]`. */
export function quoteOf(lines, start, end) {
  let quote = "";
  let position = start;
  for (const { line, from, to } of pieces(lines, start, end)) {
    const begins = toCodePoint(line, from);
    quote += "\n".repeat(Math.max(0, begins - position)) + line.text.slice(from, to);
    position = toCodePoint(line, to);
  }
  return quote + "\n".repeat(Math.max(0, end - position));
}

/** Move an offset that falls inside a grapheme cluster to its start, or its end when `up`. */
export function snap(text, utf16, up) {
  if (utf16 <= 0 || utf16 >= text.length) return utf16;
  const cluster = GRAPHEMES.segment(text).containing(utf16);
  if (cluster.index === utf16) return utf16;
  return up ? cluster.index + cluster.segment.length : cluster.index;
}

/**
 * Two DOM points to a span in code points: whole clusters, without white space at the ends.
 * Null when nothing but white space lies between them.
 */
export function tidySpan(lines, first, last) {
  let { line: head, utf16: from } = first;
  let { line: tail, utf16: to } = last;
  from = snap(head.text, from, false);
  to = snap(tail.text, to, true);
  for (;;) {
    while (from < head.text.length && WHITE.test(head.text[from])) from += 1;
    if (from < head.text.length || head.index >= tail.index) break;
    head = lines[head.index + 1];
    from = 0;
  }
  for (;;) {
    while (to > 0 && WHITE.test(tail.text[to - 1])) to -= 1;
    if (to > 0 || tail.index <= head.index) break;
    tail = lines[tail.index - 1];
    to = tail.text.length;
  }
  // Trimming may end inside a cluster (a combining mark written after a space).
  const start = toCodePoint(head, snap(head.text, from, false));
  const end = toCodePoint(tail, snap(tail.text, to, true));
  return start < end ? { start, end } : null;
}

/** The lines from one to another without the white space at the ends; null when there are no words. */
export function linesSpan(head, tail, lines) {
  return tidySpan(lines, { line: head, utf16: 0 }, { line: tail, utf16: tail.text.length });
}

/** The next larger unit around `[start, end)`: word, then sentence, then the line, then the turn. */
export function widerSpan(lines, start, end) {
  const head = lineAt(lines, start);
  const tail = lineAt(lines, Math.max(start, end - 1));
  if (head === tail && head.text) {
    const from = toUtf16(head, start);
    const to = toUtf16(head, end);
    for (const segmenter of [WORDS, SENTENCES]) {
      const segments = segmenter.segment(head.text);
      const a = segments.containing(Math.min(from, head.text.length - 1));
      const b = segments.containing(Math.max(from, to - 1)) ?? a;
      if (segmenter === WORDS && from === to && !a.isWordLike) continue;
      const wider = tidySpan(
        lines,
        { line: head, utf16: a.index },
        { line: head, utf16: b.index + b.segment.length },
      );
      if (wider && (wider.start < start || wider.end > end)) return wider;
    }
  }
  const whole = linesSpan(head, tail, lines);
  if (!head.turn || !tail.turn || (whole && (whole.start < start || whole.end > end))) return whole;
  return linesSpan(lines[head.turn.first], lines[tail.turn.last], lines);
}
