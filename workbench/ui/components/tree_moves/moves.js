// Moving codes in the tree by Alt with the arrow keys and by dragging. In: the codes that are listed,
// with their depths, in the order of the radio buttons. Out: steps and drops, each of which the page
// carries out as one move. Listeners stand on the document, since the list is drawn anew at will.

import { element } from "./dom.js";
import { NumberedDeeds } from "./numbered.js";
import { Theme } from "./theme.js";

const LIST = ".st-key-code_tree [role=radiogroup]";
const STEPS = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "out", ArrowRight: "in" };
const LOOK_MS = 80;
const LOOKS = 250; // twenty seconds: a busy machine may draw the list long after this is told

export class TreeMoves {
  constructor() {
    this.data = null;
    this.dragged = null;
    this.goal = null;
    this.outbox = new NumberedDeeds();
    this.marker = element("div", "tm-marker", { hidden: "", "aria-hidden": "true" });
    this.root = element("div", "cp-root tm-root", {}, this.marker);
    this.theme = new Theme(this.root);
    this.handlers = {
      keydown: (event) => {
        clearTimeout(this.looking);
        this.#onKey(event);
      },
      pointerover: (event) => this.#rowOf(event.target)?.row.setAttribute("draggable", "true"),
      // Streamlit's radio buttons prevent what a press does by itself, and with it that it becomes a drag.
      pointerdown: (event) => this.#letDrag(event),
      mousedown: (event) => this.#letDrag(event),
      dragstart: (event) => this.#onStart(event),
      dragover: (event) => this.#onOver(event),
      drop: (event) => this.#onDrop(event),
      dragend: () => this.#stop(),
    };
    for (const [name, work] of Object.entries(this.handlers)) document.addEventListener(name, work, true);
  }

  show(data, send) {
    if (this.data?.session !== data.session) this.outbox.begin(data.answered);
    this.data = data;
    this.outbox.send = send;
    this.outbox.answered(data.answered);
    this.theme.refresh();
    this.outbox.flush();
    if (this.follows && !this.outbox.waiting.length) this.#takeFocus(this.follows);
  }

  /** The listed code that a node stands in: its row and its place in the list. */
  #rowOf(node) {
    if (!this.root.isConnected || !this.data) return null;
    const list = node?.closest?.(LIST);
    if (!list || list.children.length !== this.data.codes.length) return null;
    const at = [...list.children].findIndex((row) => row.contains(node));
    return at < 0 ? null : { row: list.children[at], at, code: this.data.codes[at] };
  }

  #onKey(event) {
    const step = STEPS[event.key];
    const found = step && event.altKey && !event.ctrlKey && !event.metaKey ? this.#rowOf(event.target) : null;
    if (!found) return;
    event.preventDefault(); // Alt and the left arrow would leave the page
    event.stopPropagation();
    this.follows = found.code.id;
    this.outbox.add({ name: "step", code: found.code.id, step });
  }

  /** After a move by key the focus stays on the code, wherever it stands: until something else is done. */
  #takeFocus(code, looks = LOOKS) {
    clearTimeout(this.looking);
    this.follows = null;
    const at = this.data.codes.findIndex(({ id }) => id === code);
    const rows = [...(document.querySelector(LIST)?.children ?? [])];
    const plain = (text) => text.replace(/\s+/g, "");
    const isDrawn = rows.length === this.data.codes.length
      && plain(rows[at]?.textContent ?? "").includes(plain(this.data.codes[at]?.name ?? ""));
    const input = isDrawn ? rows[at].querySelector("input") : null;
    const here = document.activeElement;
    if (here !== document.body && !here?.closest(LIST)) return;
    if (input && input !== here) input.focus();
    this.looking = looks ? setTimeout(() => this.#takeFocus(code, looks - 1), LOOK_MS) : 0;
  }

  #letDrag(event) {
    clearTimeout(this.looking);
    if (event.pointerType === "touch" || event.button !== 0 || !this.#rowOf(event.target)) return;
    Object.defineProperty(event, "preventDefault", { value: () => {} });
  }

  #onStart(event) {
    const found = this.#rowOf(event.target);
    if (!found) return;
    this.dragged = found;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", found.code.name);
  }

  /** Is a place in the list the dragged code itself, or one below it? */
  #isOwn(at) {
    const { at: from, code } = this.dragged;
    if (at < from) return false;
    return this.data.codes.slice(from + 1, at + 1).every(({ depth }) => depth > code.depth);
  }

  #onOver(event) {
    if (!this.dragged) return;
    const found = this.#rowOf(event.target);
    if (!found || this.#isOwn(found.at)) {
      this.#point(null);
      return;
    }
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    const box = found.row.getBoundingClientRect();
    const share = (event.clientY - box.top) / box.height;
    const hasBelow = (this.data.codes[found.at + 1]?.depth ?? 0) > found.code.depth;
    let where = "below";
    if (share < 0.3) where = "before";
    else if (share > 0.7 && !hasBelow) where = "after";
    this.#point({ box, where, target: found.code });
  }

  #point(goal) {
    this.goal = goal;
    this.marker.hidden = !goal;
    if (!goal) return;
    const { box, where, target } = goal;
    const indent = 8 + 21 * target.depth;
    const thin = where !== "below";
    this.marker.classList.toggle("tm-inside", !thin);
    Object.assign(this.marker.style, {
      left: `${box.left + (thin ? indent : 0)}px`,
      width: `${box.width - (thin ? indent : 0)}px`,
      top: `${where === "after" ? box.bottom - 1 : box.top - (thin ? 1 : 0)}px`,
      height: thin ? "3px" : `${box.height}px`,
    });
  }

  #onDrop(event) {
    if (!this.dragged) return;
    event.preventDefault();
    const { dragged, goal } = this;
    this.#stop();
    if (goal) this.outbox.add({ name: "drop", code: dragged.code.id, target: goal.target.id, where: goal.where });
  }

  #stop() {
    this.dragged = null;
    this.#point(null);
  }

  leave() {
    this.#stop();
    this.root.remove();
  }

  destroy() {
    this.leave();
    clearTimeout(this.looking);
    this.outbox.close();
    for (const [name, work] of Object.entries(this.handlers)) document.removeEventListener(name, work, true);
  }
}
