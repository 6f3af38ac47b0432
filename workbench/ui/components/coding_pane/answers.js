// The list of answers. In: the items of one page of the list, states as they change. Out: a listbox
// with one tab stop; which answer or which page the person asks for.

import { button, element } from "./dom.js";

export const STATES = {
  done: { sign: "●", name: "done" },
  in_progress: { sign: "◐", name: "begun" },
  untouched: { sign: "○", name: "not read" },
};

export class AnswerList {
  constructor({ id, onOpen, onPage }) {
    this.id = id;
    this.onOpen = onOpen;
    this.onPage = onPage;
    this.items = [];
    this.rows = new Map();
    this.current = null;
    this.active = null;
    this.box = element("div", "cp-answers", {
      role: "listbox",
      tabindex: "0",
      "aria-label": "Answers",
    });
    this.empty = element("p", "cp-empty", { hidden: "" });
    this.pager = element("div", "cp-pager", { hidden: "" });
    this.root = element(
      "section",
      "cp-list",
      { "aria-label": "Answers", id: `${id}-list` },
      this.box,
      this.empty,
      this.pager,
    );
    this.box.addEventListener("keydown", (event) => this.#onKey(event));
    this.box.addEventListener("click", (event) => {
      const row = event.target.closest(".cp-answer");
      if (row) this.#open(Number(row.dataset.document));
    });
    this.box.addEventListener("focus", () => this.#activate(this.active ?? this.current, true));
  }

  show(list) {
    const signature = JSON.stringify([list.mode, list.items, list.total, list.offset]);
    if (signature === this.signature) return;
    this.signature = signature;
    this.list = list;
    this.items = list.items;
    this.rows.clear();
    this.box.replaceChildren(...this.#groups(list.items));
    this.box.hidden = !list.items.length;
    this.empty.hidden = list.items.length > 0;
    this.empty.textContent = list.empty || "No answers here.";
    this.#showPager();
    this.#mark();
  }

  #groups(items) {
    const top = [];
    let group = null;
    items.forEach((item, i) => {
      if (item.heading) {
        const heading = `${this.id}-heading-${i}`;
        group = element(
          "div",
          "cp-group",
          { role: "group", "aria-labelledby": heading },
          element("div", "cp-group-heading", { id: heading, role: "presentation" }, item.heading),
        );
        top.push(group);
      }
      (group ?? { append: (row) => top.push(row) }).append(this.#row(item));
    });
    return top;
  }

  #row(item) {
    const row = element("div", "cp-answer", {
      role: "option",
      id: `${this.id}-answer-${item.id}`,
      "data-document": item.id,
      "aria-selected": "false",
    });
    const sign = element("span", "cp-sign", { role: "img" });
    const count = element("span", "cp-count");
    row.append(
      sign,
      element("span", "cp-label", {}, item.label),
      element("span", "cp-facts", { dir: "auto" }, item.facts),
      count,
      element("span", "cp-snippet", { dir: "auto" }, item.snippet),
    );
    this.rows.set(item.id, { item, row, sign, count });
    this.#paint(this.rows.get(item.id), item.state, item.codings);
    return row;
  }

  #paint({ sign, count, row }, state, codings) {
    const { sign: shape, name } = STATES[state] ?? STATES.untouched;
    sign.textContent = shape;
    sign.setAttribute("aria-label", name);
    row.dataset.state = state;
    count.textContent = codings ? String(codings) : "";
    if (codings) count.setAttribute("title", `${codings} ${codings === 1 ? "coding" : "codings"}`);
    else count.removeAttribute("title");
  }

  /** `stateOf(id)` and `codingsOf(id)` as they stand now, unsent work included. */
  update(stateOf, codingsOf) {
    for (const [id, entry] of this.rows) {
      const state = stateOf(id);
      const codings = codingsOf(id);
      if (entry.state === state && entry.codings === codings) continue;
      Object.assign(entry, { state, codings });
      this.#paint(entry, state, codings);
    }
  }

  #showPager() {
    const { total, offset, limit } = this.list;
    this.pager.hidden = total <= this.items.length;
    if (this.pager.hidden) return;
    const last = offset + this.items.length;
    const step = (label, to, possible) => {
      const node = button(label, "cp-small", () => this.onPage(to));
      node.disabled = !possible;
      return node;
    };
    this.pager.replaceChildren(
      step("Previous", Math.max(0, offset - limit), offset > 0),
      element("span", "", {}, `${offset + 1}–${last} of ${total}`),
      step("Next", offset + limit, last < total),
    );
  }

  setCurrent(id) {
    if (this.current !== id) this.active = id;
    this.current = id;
    this.#mark();
  }

  #mark() {
    for (const [id, { row }] of this.rows) {
      row.setAttribute("aria-selected", String(id === this.current));
    }
    this.#activate(this.active ?? this.current, true);
  }

  #activate(id, scroll) {
    this.rows.get(this.active)?.row.classList.remove("cp-active");
    const entry = this.rows.get(id) ?? this.rows.get(this.items[0]?.id);
    this.active = entry?.item.id ?? null;
    if (!entry) {
      this.box.removeAttribute("aria-activedescendant");
      return;
    }
    entry.row.classList.add("cp-active");
    this.box.setAttribute("aria-activedescendant", entry.row.id);
    if (scroll) entry.row.scrollIntoView({ block: "nearest" });
  }

  #onKey(event) {
    const at = this.items.findIndex(({ id }) => id === this.active);
    const last = this.items.length - 1;
    const page = 8;
    const goals = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: last,
    };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in goals) {
      const goal = Math.max(0, Math.min(last, goals[event.key]));
      if (this.items[goal]) this.#activate(this.items[goal].id, true);
    } else if (event.key === "Enter" || event.key === " ") this.#open(this.active);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #open(id) {
    if (id === null) return;
    this.#activate(id, false);
    this.onOpen(id);
  }

  /** The neighbour of a document in this page of the list, or undefined when it lies beyond it. */
  neighbour(id, direction, wanted = () => true) {
    const at = this.items.findIndex((item) => item.id === id);
    const order = direction > 0 ? this.items.slice(at + 1) : this.items.slice(0, Math.max(0, at));
    if (direction < 0) order.reverse();
    return order.find((item) => wanted(item.id))?.id;
  }

  get isWhole() {
    return Boolean(this.list) && this.list.total <= this.items.length;
  }

  get isFirstPage() {
    return !this.list || this.list.offset === 0;
  }

  get isLastPage() {
    return !this.list || this.list.offset + this.items.length >= this.list.total;
  }

  find(id) {
    return this.rows.get(id)?.item;
  }
}
