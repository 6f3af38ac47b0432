// The head of the open document: who speaks, its state, the codings of the whole, and the codings
// that lost their place. In: the document and its codings. Out: DOM above the text.

import { STATES } from "./answers.js";
import { button, element } from "./dom.js";

const WHOLE_LABEL = "The whole document";

export class DocumentHead {
  /** `actions`: done, whole, memo (of the document), open(codings, node), remove, place. */
  constructor({ look, isOwn, coderName, actions }) {
    Object.assign(this, { look, isOwn, coderName, actions });
    this.title = element("h2", "cp-title");
    this.state = element("span", "cp-state");
    this.marks = element("span", "cp-marks");
    this.done = button("Done and next", "cp-small cp-main", actions.done, { "aria-keyshortcuts": "D" });
    this.whole = button("Whole", "cp-small", actions.whole, {
      "aria-keyshortcuts": "W",
      "aria-pressed": "false",
      title: "The next code goes to the whole document (W)",
    });
    this.memoButton = button("Memo", "cp-small", actions.memo, { "aria-keyshortcuts": "M" });
    this.memo = element("p", "cp-document-memo", { hidden: "", dir: "auto" });
    this.chips = element("div", "cp-chips", { role: "group", "aria-label": WHOLE_LABEL, hidden: "" });
    this.lost = element("div", "cp-lost", { role: "group", "aria-label": "To be placed again", hidden: "" });
    const tools = element("div", "cp-head-tools", {}, this.memoButton, this.whole, this.done);
    const line = element("div", "cp-head-line", {}, this.title, this.marks, this.state, tools);
    this.root = element("div", "cp-head", {}, line, this.memo, this.chips, this.lost);
  }

  show(opened) {
    this.root.hidden = !opened;
    if (!opened) return;
    const facts = (opened.facts ?? []).map((fact) => element("span", "cp-fact", { dir: "auto" }, fact));
    this.title.replaceChildren(element("strong", "", { dir: "auto" }, opened.label), ...facts);
    const marks = (opened.marks ?? []).map((mark) => element("span", "cp-mark", {}, mark));
    this.marks.replaceChildren(...marks);
  }

  setState(state) {
    const { sign, name } = STATES[state] ?? STATES.untouched;
    this.state.textContent = `${sign} ${name}`;
    this.state.dataset.state = state;
    this.done.textContent = state === "done" ? "Next not done" : "Done and next";
  }

  setMemo(text) {
    this.memo.hidden = !text;
    this.memo.textContent = text ? `Memo: ${text}` : "";
    this.memoButton.textContent = text ? "Edit memo" : "Memo";
  }

  setWholeNext(on) {
    this.whole.setAttribute("aria-pressed", String(on));
  }

  /** Chips for codings of the whole and for codings to be placed again; drawn only on change. */
  setCodings(whole, flagged) {
    const key = ({ id, code, memo }) => [id, this.look({ code }).name, memo];
    const signature = JSON.stringify([whole.map(key), flagged.map(key)]);
    if (signature === this.signature) return;
    this.signature = signature;
    this.chips.hidden = !whole.length;
    this.chips.replaceChildren(
      element("span", "cp-quiet", {}, `${WHOLE_LABEL}:`),
      ...whole.map((coding) => this.#chip(coding)),
    );
    this.lost.hidden = !flagged.length;
    this.lost.replaceChildren(
      element("span", "", {}, "To be placed again, because the text has changed:"),
      ...flagged.map((coding) => this.#lostChip(coding)),
    );
  }

  forgetColours() {
    this.signature = null;
  }

  #face(coding) {
    const { name, colours } = this.look(coding);
    const swatch = element("span", `cp-swatch cp-line-${colours.style}`, { "aria-hidden": "true" });
    swatch.style.setProperty("--cp-code", colours.line);
    swatch.style.setProperty("--cp-fill", colours.fill);
    const who = this.isOwn(coding) ? "" : ` · ${this.coderName(coding)}`;
    const memo = coding.memo ? " · memo" : "";
    return { name, nodes: [swatch, element("span", "", { dir: "auto" }, name), `${who}${memo}`] };
  }

  #chip(coding) {
    const { name, nodes } = this.#face(coding);
    const open = element("button", "cp-chip-face", { type: "button" }, ...nodes);
    open.addEventListener("click", () => this.actions.open([coding.id], open));
    const remove = button("×", "cp-chip-remove", () => this.actions.remove(coding), {
      "aria-label": `Remove ${name} from the whole document`,
    });
    return element("span", "cp-chip", {}, open, this.isOwn(coding) ? remove : null);
  }

  #lostChip(coding) {
    const { name, nodes } = this.#face(coding);
    const own = this.isOwn(coding);
    const place = button("Place", "cp-small", () => this.actions.place(coding), {
      "aria-label": `Place ${name} again`,
    });
    const remove = button("Remove", "cp-small cp-plain", () => this.actions.remove(coding), {
      "aria-label": `Remove ${name}`,
    });
    return element("span", "cp-chip", {}, ...nodes, own ? place : null, own ? remove : null);
  }
}
