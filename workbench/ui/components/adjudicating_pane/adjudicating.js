// A text with what each of its coders has coded, difference by difference. In: the text, the items
// with each coder's spans in code points, what was decided. Out: what the person decides, as a deed:
// decide (take these coders, or these words), undo, next, previous.

import { button, element, keycap } from "./dom.js";
import { letterOf, isTyping } from "./keys.js";
import { makeLines, quoteOf } from "./offsets.js";
import { readSelection } from "./selection.js";
import { TextView } from "./text.js";
import { Theme } from "./theme.js";
import { itemRow, MAX_STYLES } from "./items.js";

const HELP =
  "Up and down, or J and K, go from difference to difference. A number takes that coder's codings, " +
  "B everybody's, N none. Select other words and press E to agree on those. M writes a note, Ctrl Z takes the last decision back.";
const COMMANDS = { j: "next", k: "previous", b: "all", n: "neither", e: "edit", m: "note" };

export class AdjudicatingPane {
  constructor() {
    this.data = null;
    this.at = 0;
    this.view = new TextView({
      onVisible: () => {},
      onRestored: () => this.#paint(),
      describedBy: "adjudicating-help",
    });
    this.title = element("h2", "aj-title");
    this.legend = element("p", "aj-legend");
    this.list = element("ul", "aj-items", { "aria-label": "What the coders differ on" });
    this.note = element("textarea", "aj-note", {
      rows: "2", "aria-label": "Note on the decision", placeholder: "Note on the decision: why? (M)", maxlength: "5000",
    });
    this.bar = element("div", "aj-bar", { role: "toolbar", "aria-label": "What it is to be" });
    this.status = element("p", "aj-status", { role: "status" });
    this.root = element("div", "cp-root aj-root", {},
      element("p", "cp-unseen", { id: "adjudicating-help" }, HELP),
      element("div", "aj-columns", {},
        element("div", "aj-column", {}, this.title, this.legend, this.view.scroller),
        element("div", "aj-column aj-side", {}, this.list, this.note)),
      this.bar,
      this.status);
    this.theme = new Theme(this.root);
    this.onSelection = () => this.#onSelectionChange();
    document.addEventListener("selectionchange", this.onSelection);
    this.root.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** Take over what the page says; the text is laid out anew only when it is another one. */
  show(data, send) {
    const before = this.data;
    const fresh = before?.document !== data.document || before?.sha !== data.sha;
    const withFocus = this.root.contains(document.activeElement);
    const place = fresh ? null : before.items[this.at]?.place.join();
    this.data = data;
    this.send = send;
    this.waiting = false;
    this.theme.refresh();
    if (fresh) this.#layOut();
    const found = data.items.findIndex((item) => item.place.join() === place);
    const isDecided = found >= 0 && data.items[found].decided && data.decided_now;
    this.at = found >= 0 && !isDecided ? found : this.#firstOpen(Math.max(found, 0));
    if (fresh || isDecided) this.note.value = "";
    this.status.textContent = data.said ?? "";
    this.status.classList.toggle("cp-warns", Boolean(data.refused));
    this.#buttons();
    this.#draw();
    if (before && withFocus && (fresh || isDecided)) this.view.box.focus({ preventScroll: true });
  }

  #firstOpen(from) {
    const { items } = this.data;
    const later = items.findIndex((item, i) => i >= from && !item.decided);
    const any = items.findIndex((item) => !item.decided);
    return later >= 0 ? later : Math.max(any, 0);
  }

  #layOut() {
    const { data } = this;
    this.kept = null;
    this.title.textContent = data.title;
    this.view.show(makeLines(data.blocks), { ...data, label: data.title });
    this.view.scroller.scrollTop = 0;
  }

  #buttons() {
    const make = (label, key, name, kind, coder) => {
      const node = button(label, kind, () => this.run(name, coder), { "aria-keyshortcuts": key });
      node.classList.add("cp-small");
      node.append(" ", keycap(key));
      node.dataset.name = name;
      if (coder !== undefined) node.dataset.coder = coder;
      return node;
    };
    const takes = this.data.coders.map(([id, name], i) => make(`Take ${name}`, String(i + 1), "take", "", id));
    const all = make(this.data.coders.length > 2 ? "All" : "Both", "B", "all", "");
    const others = [
      make("Neither", "N", "neither", ""), make("Selected words", "E", "edit", ""),
      make("Undo", "Ctrl Z", "undo", "cp-plain"), make("Previous", "K", "previous", "cp-plain"),
      make("Next", "J", "next", "cp-plain"),
    ];
    this.bar.replaceChildren(...takes, all, ...others);
  }

  #draw() {
    const { data, view } = this;
    const spanned = (start, end) => quoteOf(view.lines, start, end);
    this.list.replaceChildren(
      ...data.items.map((item, i) =>
        itemRow(item, { coders: data.coders, quote: spanned, isOpen: i === this.at, onOpen: () => this.#go(i) })));
    this.legend.replaceChildren(
      ...data.coders.map(([, name], i) => element("span", `aj-coder aj-style-${i % MAX_STYLES}`, {}, name)));
    this.#paint();
    this.#enable();
    const [first] = this.#spans(data.items[this.at]);
    if (first) requestAnimationFrame(() => this.#lookAt(first));
    this.#showOpen();
  }

  /** Scroll the list to the open difference, and not the page around it. */
  #showOpen() {
    const open = this.list.querySelector("[aria-current]")?.getBoundingClientRect();
    const room = this.list.getBoundingClientRect();
    if (open?.top < room.top) this.list.scrollTop -= room.top - open.top;
    else if (open?.bottom > room.bottom) this.list.scrollTop += open.bottom - room.bottom;
  }

  #lookAt([start, end]) {
    const around = this.view.scroller.getBoundingClientRect();
    const place = this.view.rectangle(start, end);
    if (!place || (place.top >= around.top && place.bottom <= around.bottom)) return;
    this.view.scroller.scrollTop += place.top - around.top - around.height / 3;
  }

  #spans(item) {
    return (item?.parts ?? []).flatMap(([, spans]) => spans.filter(Boolean));
  }

  #paint() {
    const item = this.data?.items[this.at];
    for (let i = 0; i < MAX_STYLES; i++) {
      const ranges = (item?.parts ?? []).filter((part, at) => at % MAX_STYLES === i)
        .flatMap(([, spans]) => spans.filter(Boolean))
        .flatMap(([start, end]) => this.view.staticRanges(start, end));
      if (ranges.length) CSS.highlights.set(`adjudicating-${i}`, new Highlight(...ranges));
      else CSS.highlights.delete(`adjudicating-${i}`);
    }
  }

  #go(index) {
    this.at = index;
    this.#draw();
  }

  #onSelectionChange() {
    if (!this.root.isConnected || !this.data) return;
    const now = readSelection(this.view);
    if (now) this.kept = now.caret === undefined ? now : null;
    this.#enable();
  }

  #isEnabled(name, coder) {
    const { items, may, undo, has_previous: hasPrevious, has_next: hasNext } = this.data;
    const item = items[this.at];
    if (name === "previous") return this.at > 0 || hasPrevious;
    if (name === "next") return this.at < items.length - 1 || hasNext;
    if (name === "undo") return may && Boolean(undo);
    if (!may || !item) return false;
    if (name === "take") return item.parts.find(([id]) => String(id) === String(coder))[1].length > 0;
    return name === "edit" ? Boolean(this.kept) : true;
  }

  #enable() {
    for (const node of this.bar.children) {
      node.disabled = this.waiting || !this.#isEnabled(node.dataset.name, node.dataset.coder);
    }
    const undo = this.bar.querySelector("[data-name=undo]");
    if (undo) undo.title = this.data.undo ? `Take back ${this.data.undo}` : "";
  }

  run(name, coder) {
    if (name === "note") {
      this.note.focus();
      return;
    }
    if (this.waiting || !this.#isEnabled(name, coder)) {
      this.#explain(name, coder);
      return;
    }
    const { items, document: key, sha } = this.data;
    const item = items[this.at];
    if (name === "previous" && this.at > 0) this.#go(this.at - 1);
    else if (name === "next" && this.at < items.length - 1) this.#go(this.at + 1);
    else if (["previous", "next", "undo"].includes(name)) this.#send({ name, document: key });
    else {
      const coders = item.parts.filter(([, spans]) => spans.length).map(([id]) => id);
      const take = { take: [Number(coder)], all: coders }[name] ?? [];
      const words = name === "edit"
        ? { start: this.kept.start, end: this.kept.end, quote: quoteOf(this.view.lines, this.kept.start, this.kept.end) }
        : {};
      this.#send({ name: "decide", document: key, sha, place: item.place, take, note: this.note.value, ...words });
    }
  }

  #send(deed) {
    this.waiting = true;
    this.#enable();
    this.send(deed);
  }

  #explain(name, coder) {
    const why = {
      edit: "Select the words that you agree on first.",
      take: `${this.data.coders.find(([id]) => String(id) === String(coder))?.[1] ?? "This coder"} did not apply the code here.`,
      next: "This is the last one.",
      previous: "This is the first one.",
      undo: "There is nothing to undo here.",
    };
    if (!this.data.may) this.status.textContent = "You may look on in this study, but not decide.";
    else if (!this.waiting && why[name]) this.status.textContent = why[name];
  }

  /** Letters never reach the page around: Streamlit has single-key shortcuts of its own. */
  #onKey(event) {
    if (event.isComposing) return;
    if (event.target === this.note) {
      event.stopPropagation();
      if (event.key === "Escape") this.view.box.focus({ preventScroll: true });
      return;
    }
    const [name, coder] = this.#command(event);
    if (name) {
      event.preventDefault();
      event.stopPropagation();
      this.run(name, coder);
    } else if (isTyping(event) && event.key !== " ") event.stopPropagation();
  }

  #command(event) {
    const letter = letterOf(event);
    if (event.ctrlKey || event.metaKey) return [letter === "z" && !event.shiftKey ? "undo" : null];
    if (event.altKey) return [null];
    const inText = event.target === this.view.box;
    if (!inText && event.key === "ArrowDown") return ["next"];
    if (!inText && event.key === "ArrowUp") return ["previous"];
    const coder = this.data.coders[Number(event.key) - 1];
    return /^[1-9]$/.test(event.key) && coder ? ["take", coder[0]] : [COMMANDS[letter] ?? null];
  }

  leave() {
    for (let i = 0; i < MAX_STYLES; i++) CSS.highlights.delete(`adjudicating-${i}`);
    this.root.remove();
  }

  destroy() {
    this.leave();
    document.removeEventListener("selectionchange", this.onSelection);
  }
}
