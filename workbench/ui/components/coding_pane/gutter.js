// The margin beside a line: a stripe per coding and the names of the codes.
// In: lines and the codings in them. Out: DOM in the margins; all measuring comes before all
// writing, so that the browser lays out once. Hidden from screen readers, which hear the same
// from the live region and the list of codings.

import { element } from "./dom.js";

const LANE_PX = 7;
const LANES = 6;
const NAME_PX = 16;

function measure(line, items) {
  const range = document.createRange();
  const top = line.row.getBoundingClientRect().top;
  const height = line.words.getBoundingClientRect().bottom - top;
  const ends = []; // for each lane, where its last stripe ends
  const stripes = items.map(({ coding, from, to }) => {
    range.setStart(line.node, from);
    range.setEnd(line.node, to);
    let first = Infinity;
    let last = -Infinity;
    for (const box of range.getClientRects()) {
      first = Math.min(first, box.top - top);
      last = Math.max(last, box.bottom - top);
    }
    let lane = ends.findIndex((end) => end <= first + 1);
    if (lane < 0) lane = ends.length;
    ends[lane] = last;
    return { coding, lane, top: first, height: Math.max(6, last - first) };
  });
  return { stripes, height, lanes: Math.min(LANES, ends.length) };
}

/** A dot in another coder's colour, light and dark; their name is the title of what it stands on. */
export function coderDot({ colours: [light, dark] }) {
  const dot = element("span", "cp-coder", { "aria-hidden": "true" });
  if (light) dot.style.setProperty("--cp-coder-light", light);
  if (dark) dot.style.setProperty("--cp-coder-dark", dark);
  return dot;
}

function stripeNode({ coding, lane, top, height }, { name, colours, coder }) {
  const node = element("div", `cp-stripe cp-line-${colours.style}`, {
    title: coder ? `${name} · ${coder.name}` : name,
    "data-coding": coding.id,
  });
  node.style.top = `${top}px`;
  node.style.height = `${height}px`;
  node.style.right = `${(lane % LANES) * LANE_PX}px`;
  node.style.setProperty("--cp-code", colours.line);
  return node;
}

function nameNodes(line, items, height, look) {
  const begun = items.filter(({ coding }) => coding.start >= line.start);
  const room = Math.max(1, Math.floor((height + 2) / NAME_PX));
  const shown = begun.length > room ? begun.slice(0, room - 1) : begun;
  const nodes = shown.map(({ coding }) => {
    const { name, colours, coder } = look(coding);
    const title = coder ? `${name} · ${coder.name}` : name;
    const node = element("div", "cp-name", { title, "data-coding": coding.id }, name);
    if (coder) node.append(coderDot(coder));
    node.style.setProperty("--cp-code", colours.line);
    return node;
  });
  const more = begun.length - shown.length;
  const words = shown.length ? `+${more} more` : `${more} ${more === 1 ? "coding" : "codings"}`;
  if (more) nodes.push(element("div", "cp-name cp-more", {}, words));
  return nodes;
}

/**
 * Draw the margins of `jobs`: `[line, items]` with items as `{coding, from, to}` in text order.
 * `look(coding)` gives `{name, colours}`. A margin that would look the same is left alone.
 */
export function drawMargins(jobs, look) {
  const work = jobs
    .map(([line, items]) => {
      const parts = items.map(({ coding, from, to }) => [coding.id, coding.code, from, to]);
      return { line, items, signature: JSON.stringify([line.row.clientWidth, parts]) };
    })
    .filter(({ line, signature }) => line.signature !== signature);
  const measured = work.map(({ line, items }) => measure(line, items));
  work.forEach(({ line, items, signature }, i) => {
    line.signature = signature;
    line.stripes.style.setProperty("--cp-lanes", measured[i].lanes);
    line.stripes.replaceChildren(...measured[i].stripes.map((it) => stripeNode(it, look(it.coding))));
    line.names.replaceChildren(...nameNodes(line, items, measured[i].height, look));
  });
}
