// The codebook at the side: one box to find or make a code, the tree, and what the code in focus
// means. In: codes in tree order, counts. Out: which code was chosen, or which is to be made.

import { element, keycap } from "./dom.js";
import { HeldKeys, quickCodes } from "./quick.js";

function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase().trim();
}

/** Codes whose path holds every word of `query`; names that begin with it come first. */
export function findCodes(codes, query) {
  const words = fold(query).split(/\s+/).filter(Boolean);
  const rank = (code) => {
    const name = fold(code.name);
    if (name === fold(query)) return 0;
    if (name.startsWith(fold(query))) return 1;
    return words.every((word) => name.includes(word)) ? 2 : 3;
  };
  return codes
    .filter((code) => words.every((word) => fold(code.path).includes(word)))
    .map((code, order) => ({ code, order, rank: rank(code) }))
    .sort((a, b) => a.rank - b.rank || a.order - b.order)
    .map(({ code }) => code);
}

export class CodePanel {
  /**
   * `onChoose(codeId)` and `onMake({name, parent})` hear the choice, `onLeave()` that the person
   * gave it up; `coloursOf(codeId)` gives the paint.
   */
  constructor({ id, storage, coloursOf, onChoose, onMake, onLeave }) {
    Object.assign(this, { id, coloursOf, onChoose, onMake, onLeave });
    this.held = new HeldKeys(storage);
    this.codes = [];
    this.byId = new Map();
    this.quick = new Map();
    this.folded = new Set();
    this.counts = new Map();
    this.options = [];
    this.active = -1;
    this.input = element("input", "cp-input", {
      type: "text",
      role: "combobox",
      id: `${id}-find`,
      "aria-label": "Find or make a code",
      "aria-expanded": "true",
      "aria-haspopup": "tree",
      "aria-autocomplete": "list",
      "aria-controls": `${id}-tree`,
      placeholder: "Find or make a code",
      autocomplete: "off",
      spellcheck: "false",
      dir: "auto",
    });
    this.tree = element("div", "cp-tree", {
      role: "tree",
      id: `${id}-tree`,
      "aria-label": "Codes",
      tabindex: "0",
    });
    this.none = element("p", "cp-empty", { hidden: "" });
    this.about = element("div", "cp-about", {
      role: "region",
      "aria-label": "About the code in focus",
      tabindex: "0",
    });
    const find = element("div", "cp-find", {}, this.input, keycap("/"));
    this.purpose = element("p", "cp-purpose", { hidden: "" });
    this.root = element(
      "section",
      "cp-codes",
      { "aria-label": "Codes", id: `${id}-codes` },
      find,
      this.purpose,
      this.tree,
      this.none,
      this.about,
    );
    this.#listen();
  }

  #listen() {
    this.input.addEventListener("input", () => this.draw());
    this.input.addEventListener("keydown", (event) => this.#onInputKey(event));
    this.tree.addEventListener("keydown", (event) => this.#onTreeKey(event));
    this.tree.addEventListener("focus", () => this.#activate(Math.max(0, this.active)));
    // The selection in the text must outlive a press on a code.
    this.tree.addEventListener("mousedown", (event) => event.preventDefault());
    this.tree.addEventListener("click", (event) => this.#onClick(event));
    this.tree.addEventListener("mouseover", (event) => {
      const row = event.target.closest("[data-option]");
      const option = row && this.options[Number(row.dataset.option)];
      if (option?.code) this.describe(option.code);
    });
    this.tree.addEventListener("mouseleave", () => this.describe(this.options[this.active]?.code));
  }

  show(codes) {
    this.codes = codes;
    this.byId = new Map(codes.map((code) => [code.id, code]));
    this.parents = new Set(codes.map(({ parent }) => parent));
    this.quick = quickCodes(codes, this.held.keys);
    this.held.keep(this.quick);
    this.keyOf = new Map([...this.quick].map(([key, code]) => [code, key]));
    this.draw();
    this.described = null;
    this.describe(this.byId.get(this.focused?.id) ?? codes[0]);
  }

  /** Say above the tree what the next choice is for, or nothing. */
  setPurpose(text) {
    this.purpose.hidden = !text;
    this.purpose.textContent = text ?? "";
  }

  theme(code) {
    let top = code;
    while (top?.parent && this.byId.has(top.parent)) top = this.byId.get(top.parent);
    return top ?? null;
  }

  #isHidden(code) {
    for (let at = this.byId.get(code.parent); at; at = this.byId.get(at.parent)) {
      if (this.folded.has(at.id)) return true;
    }
    return false;
  }

  /** The options under the box: the open part of the tree, or what was found and can be made. */
  #listOptions(query) {
    if (!query) return this.codes.filter((code) => !this.#isHidden(code)).map((code) => ({ code }));
    const found = findCodes(this.codes, query).map((code) => ({ code, found: true }));
    const exact = found.some(({ code }) => fold(code.name) === fold(query));
    if (exact || query.includes(" / ")) return found;
    return [...found, ...this.#waysToMake(query)];
  }

  /** A new code under each theme, the one in focus first; or as a theme of its own. */
  #waysToMake(name) {
    const near = this.theme(this.focused);
    const themes = this.codes.filter(({ depth }) => depth === 0);
    themes.sort((a, b) => (b.id === near?.id) - (a.id === near?.id));
    const under = themes.map((theme) => ({
      make: { name, parent: theme.id },
      words: `Make code “${name}” under ${theme.name}`,
    }));
    return [...under, { make: { name, parent: null }, words: `Make theme “${name}”` }];
  }

  draw() {
    const query = this.input.value.replace(/\s+/g, " ").trim();
    this.options = this.#listOptions(query);
    this.rows = this.options.map((option, i) =>
      option.code ? this.#codeRow(option, i) : this.#makeRow(option, i),
    );
    this.tree.replaceChildren(...this.rows);
    this.tree.hidden = !this.rows.length;
    this.none.hidden = this.rows.length > 0;
    this.none.textContent = query ? "Nothing matches." : "No codes yet. Type a name to make one.";
    this.#activate(query ? 0 : Math.min(this.active, this.options.length - 1));
  }

  #codeRow({ code, found }, index) {
    const parent = this.parents.has(code.id) && !found;
    const open = !this.folded.has(code.id);
    const key = this.keyOf.get(code.id);
    const swatch = this.#swatch(code);
    const name = element("span", "cp-code-name", { dir: "auto" }, found ? code.path : code.name);
    const count = element("span", "cp-count", {}, String(this.counts.get(code.id) || ""));
    const twist = element("span", "cp-twist", { "aria-hidden": "true" }, parent ? (open ? "▾" : "▸") : "");
    const depth = found ? 0 : Math.min(6, code.depth);
    const row = element(
      "div",
      depth || found ? "cp-code" : "cp-code cp-theme",
      {
        role: "treeitem",
        id: `${this.id}-option-${index}`,
        "data-option": index,
        "data-code": code.id,
        "aria-level": found ? 1 : code.depth + 1,
        "aria-selected": "false",
        "aria-expanded": parent ? String(open) : null,
        title: code.path,
      },
      twist,
      key ? element("kbd", "cp-number", {}, String(key)) : element("span", "cp-number"),
      swatch,
      name,
      count,
    );
    row.style.setProperty("--cp-depth", depth);
    return row;
  }

  #swatch(code) {
    const { fill, line, style } = this.coloursOf(code.id);
    const node = element("span", `cp-swatch cp-line-${style}`, { "aria-hidden": "true" });
    node.style.setProperty("--cp-code", line);
    node.style.setProperty("--cp-fill", fill);
    return node;
  }

  #makeRow({ words }, index) {
    return element(
      "div",
      "cp-code cp-make",
      {
        role: "treeitem",
        id: `${this.id}-option-${index}`,
        "data-option": index,
        "aria-level": 1,
        "aria-selected": "false",
      },
      element("span", "cp-plus", { "aria-hidden": "true" }, "+"),
      element("span", "cp-code-name", { dir: "auto" }, words),
    );
  }

  setCounts(counts) {
    this.counts = counts;
    this.options.forEach(({ code }, i) => {
      if (!code) return;
      const node = this.rows[i].lastElementChild;
      const text = String(counts.get(code.id) || "");
      if (node.textContent !== text) node.textContent = text;
    });
  }

  #activate(index) {
    this.rows?.[this.active]?.setAttribute("aria-selected", "false");
    this.active = index;
    const row = this.rows?.[index];
    for (const owner of [this.input, this.tree]) {
      if (row) owner.setAttribute("aria-activedescendant", row.id);
      else owner.removeAttribute("aria-activedescendant");
    }
    if (!row) return;
    row.setAttribute("aria-selected", "true");
    if (this.root.contains(document.activeElement)) row.scrollIntoView({ block: "nearest" });
    this.describe(this.options[index].code);
  }

  describe(code) {
    if (!code) return;
    this.focused = code;
    if (this.described === code) return;
    this.described = code;
    const part = (label, text) =>
      text ? [element("dt", "", {}, label), element("dd", "", { dir: "auto" }, text)] : [];
    const examples = (code.examples ?? []).filter(Boolean);
    const list = element(
      "dl",
      "",
      {},
      ...part("Use it for", code.include),
      ...part("Do not use it for", code.exclude),
      ...(examples.length ? [element("dt", "", {}, "For example")] : []),
      ...examples.map((text) => element("dd", "cp-example", { dir: "auto" }, text)),
    );
    this.about.replaceChildren(
      element("p", "cp-about-name", {}, this.#swatch(code), element("strong", "", { dir: "auto" }, code.name)),
      element("p", "", { dir: "auto" }, code.definition || "No definition yet."),
      list,
    );
  }

  #choose(index) {
    const option = this.options[index];
    if (option?.code) this.onChoose(option.code.id);
    else if (option?.make) this.onMake(option.make);
  }

  #fold(code, shut) {
    if (!code || !this.parents.has(code.id)) return;
    if (shut) this.folded.add(code.id);
    else this.folded.delete(code.id);
    this.draw();
    this.#activate(this.options.findIndex((option) => option.code === code));
  }

  #onClick(event) {
    const row = event.target.closest("[data-option]");
    if (!row) return;
    const index = Number(row.dataset.option);
    const { code } = this.options[index];
    if (event.target.closest(".cp-twist") && code && this.parents.has(code.id)) {
      this.#fold(code, !this.folded.has(code.id));
    } else this.#choose(index);
  }

  #step(by) {
    if (!this.options.length) return;
    this.#activate(Math.max(0, Math.min(this.options.length - 1, this.active + by)));
  }

  #onInputKey(event) {
    if (event.isComposing) return;
    event.stopPropagation();
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    if (event.key in steps) this.#step(steps[event.key]);
    else if (event.key === "Enter") this.#choose(Math.max(0, this.active));
    else if (event.key === "Escape") this.leave();
    else return;
    event.preventDefault();
  }

  #onTreeKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const code = this.options[this.active]?.code;
    const last = this.options.length - 1;
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -last, End: last };
    if (event.key in steps) this.#step(steps[event.key]);
    else if (event.key === "ArrowLeft") this.#fold(code, true);
    else if (event.key === "ArrowRight") this.#fold(code, false);
    else if (event.key === "Enter" || event.key === " ") this.#choose(this.active);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Put the caret in the box; `text` to start from (a code in the participant's words). */
  find(text = "", { make = false } = {}) {
    this.input.value = text;
    this.input.focus({ preventScroll: true });
    this.input.select();
    this.draw();
    if (make) {
      const index = this.options.findIndex((option) => option.make);
      if (index >= 0) this.#activate(index);
    } else if (!text && this.active < 0) this.#activate(0);
  }

  /** Empty the box after a choice. */
  clear() {
    if (!this.input.value) return;
    this.input.value = "";
    this.active = -1;
    this.draw();
  }

  leave() {
    this.clear();
    this.onLeave();
  }
}
