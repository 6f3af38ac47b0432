// One difference as a row: the code, what each coder did with it, and what was decided.

import { element, shorten } from "./dom.js";

export const MAX_STYLES = 4; // ways to mark a coder's words; more coders share them
const SHOWN = 70; // code points of a coder's words in the list

function partLine([, spans], name, style, quote) {
  const words = spans.length
    ? spans.map((span) => (span ? `“${shorten(quote(...span).replace(/\s+/g, " "), SHOWN)}”` : "the whole text")).join(", ")
    : "did not apply it";
  const said = element("span", spans.length ? "aj-words" : "aj-none", { dir: "auto" }, words);
  return element("span", "aj-part", {}, element("span", `aj-coder aj-style-${style % MAX_STYLES}`, {}, name), " ", said);
}

export function itemRow(item, { coders, quote, isOpen, onOpen }) {
  const names = new Map(coders.map(([id, name]) => [id, name]));
  const head = element("span", "aj-code", {}, item.code);
  const state = element("span", "aj-state", {}, item.decided ?? "to decide");
  const row = element("button", `aj-item${item.decided ? " aj-decided" : ""}`, { type: "button" },
    head, state,
    ...item.parts.map((part, i) => partLine(part, names.get(part[0]), i, quote)));
  if (isOpen) row.setAttribute("aria-current", "true");
  row.addEventListener("click", onOpen);
  return element("li", "", {}, row);
}
