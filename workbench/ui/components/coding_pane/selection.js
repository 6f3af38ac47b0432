// The person's selection. In: the browser's own selection in a TextView. Out: spans in code points,
// and the way back: setting the selection or the caret from a span.

import { lineAt, pieces, snap, tidySpan, widerSpan } from "./offsets.js";

/** `{start, end}` for selected words, `{caret}` for a caret in the text, null elsewhere. */
export function readSelection(view) {
  const selection = document.getSelection();
  if (!selection?.rangeCount || !view.lines.length) return null;
  const range = selection.getRangeAt(0);
  if (!view.box.contains(range.startContainer) || !view.box.contains(range.endContainer)) return null;
  const first = view.pointAt(range.startContainer, range.startOffset);
  const last = view.pointAt(range.endContainer, range.endOffset);
  if (!first || !last) return null;
  const span = range.collapsed ? null : tidySpan(view.lines, first, last);
  const utf16 = snap(first.line.text, first.utf16, false);
  return span ?? { caret: view.codePointAt({ line: first.line, utf16 }) };
}

export function selectSpan(view, { start, end }) {
  const parts = pieces(view.lines, start, end);
  if (!parts.length) return;
  const last = parts.at(-1);
  view.onReach(parts[0].line, last.line);
  view.box.focus({ preventScroll: true });
  document
    .getSelection()
    .setBaseAndExtent(parts[0].line.node, parts[0].from, last.line.node, last.to);
}

export function placeCaret(view, codePoint, { scroll = true } = {}) {
  if (!view.lines.length) return;
  const line = lineAt(view.lines, codePoint);
  view.onReach(line, line);
  view.box.focus({ preventScroll: true });
  document.getSelection().collapse(line.node, view.utf16At(line, codePoint));
  if (scroll) bringIntoSight(line.row);
}

const SETTLING = 6; // frames until rows that come near for the first time have their true height
let wanted = null;

/**
 * Scroll until a row is in sight, and stays there. Rows that were never drawn are as high as was
 * guessed; those that come near take their true height, and push the row away again.
 */
export function bringIntoSight(row, block = "nearest") {
  wanted = row;
  let left = SETTLING;
  const scroll = () => {
    if (row !== wanted) return;
    row.scrollIntoView({ block });
    if (left--) requestAnimationFrame(scroll);
  };
  scroll();
}

/** Word, sentence, turn: each call selects the next larger. Returns the new span or null. */
export function widenSelection(view) {
  const now = readSelection(view);
  if (!now) return null;
  const wider = widerSpan(view.lines, now.start ?? now.caret, now.end ?? now.caret);
  if (wider) selectSpan(view, wider);
  return wider;
}

/** The code point of the character under a point of the window; null beside the words. */
export function codePointUnder(view, x, y) {
  const found = document.caretPositionFromPoint
    ? document.caretPositionFromPoint(x, y)
    : document.caretRangeFromPoint(x, y);
  if (!found) return null;
  const node = found.offsetNode ?? found.startContainer;
  const offset = found.offset ?? found.startOffset;
  const point = view.box.contains(node) ? view.pointAt(node, offset) : null;
  if (!point) return null;
  const { line, utf16 } = point;
  const range = document.createRange();
  // The caret may stand on either side of the character that was hit.
  for (const at of [utf16, utf16 - 1]) {
    if (at < 0 || at >= line.text.length) continue;
    const from = snap(line.text, at, false);
    range.setStart(line.node, from);
    range.setEnd(line.node, snap(line.text, at + 1, true));
    for (const box of range.getClientRects()) {
      const within = x >= box.left - 1 && x <= box.right + 1;
      if (within && y >= box.top - 3 && y <= box.bottom + 3) {
        return view.codePointAt({ line, utf16: from });
      }
    }
  }
  return null;
}
