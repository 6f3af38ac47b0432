// Places in words and in time. In: a text, or the rows of a transcript. Out: offsets, or which row.

/** UTF-16 offsets of code points: `offsets[n]` is where the nth begins. */
export function unitsOf(text) {
  const offsets = [0];
  for (const sign of text) offsets.push(offsets[offsets.length - 1] + sign.length);
  return offsets;
}

/** Words as the server keeps them: one line, single spaces. */
export function squash(text) {
  return text.trim().split(/\s+/u).join(" ");
}

/** The last row whose segment has begun at a time; -1 where there is no row. */
export function lastBegun(rows, ms) {
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (rows[middle].segment.start_ms <= ms) low = middle;
    else high = middle - 1;
  }
  return rows.length ? low : -1;
}
