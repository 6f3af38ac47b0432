// One extract after the other, sorted by number keys into the codes that its code was split into.
// In: the extracts that wait and the codes, as data. Out: deeds in the order in which they were done,
// sent again until the page has answered for them; meanwhile the pane shows them as done.

import { button, element, keycap } from "./dom.js";
import { isTyping, letterOf } from "./keys.js";
import { NumberedDeeds } from "./numbered.js";
import { Theme } from "./theme.js";

const HELP =
  "Number keys sort the extract and go on to the next. Shift with a number puts it into that code too and " +
  "stays. The arrow keys go back and forth, U takes back.";
const AHEAD = 10; // extracts left when more are asked for

/** The number of a digit key wherever it lies; with Shift, layouts give other signs. */
function numberOf({ key, code }) {
  if (/^[1-9]$/.test(key)) return Number(key);
  const place = /^(?:Digit|Numpad)([1-9])$/.exec(code ?? "");
  return place ? Number(place[1]) : 0;
}

export class SortingPane {
  constructor() {
    this.code = null;
    this.items = []; // every extract that was shown, in order, with what became of it in `into`
    this.at = 0;
    this.history = []; // what was sorted here, for undo
    this.outbox = new NumberedDeeds();
    this.position = element("p", "so-position");
    this.words = element("p", "cp-words so-words", { dir: "auto" });
    this.facts = element("p", "so-facts", { dir: "auto" });
    this.fate = element("p", "so-fate");
    this.status = element("p", "so-status", { role: "status" });
    this.card = element(
      "section", "so-card", { tabindex: "0", "aria-label": "Extract", "aria-describedby": "sorting-help" },
      this.position, this.words, this.facts, this.fate,
    );
    this.parts = element("ol", "so-parts", { "aria-label": "Codes to sort into" });
    this.previous = this.#tool("Previous", "↑", () => this.go(-1), "ArrowUp");
    this.next = this.#tool("Next", "↓", () => this.go(1), "ArrowDown");
    this.undo = this.#tool("Undo", "U", () => this.takeBack(), "U");
    this.root = element(
      "div", "cp-root so-root", {},
      element("p", "cp-unseen", { id: "sorting-help" }, HELP),
      element("div", "so-columns", {}, this.card, this.parts),
      element("div", "so-bar", { role: "toolbar", "aria-label": "Go through the extracts" },
        this.previous, this.next, this.undo),
      this.status,
    );
    this.theme = new Theme(this.root);
    this.onKey = (event) => this.#onKey(event);
    document.addEventListener("keydown", this.onKey);
  }

  #tool(label, key, work, shortcut) {
    const node = button(label, "cp-small cp-plain", work, { "aria-keyshortcuts": shortcut });
    node.append(" ", keycap(key));
    return node;
  }

  /** Take over what the page says: what waits, and which deeds it has answered for. */
  show(data, send) {
    this.outbox.send = send;
    this.theme.refresh();
    if (this.code !== data.code || this.session !== data.session) this.#begin(data);
    this.data = data;
    this.outbox.answered(data.answered);
    this.#takeBackLost(data.lost);
    this.#merge(data.items);
    if (data.said) this.status.textContent = data.said;
    this.status.classList.toggle("cp-warns", data.lost.length > 0);
    this.#drawParts();
    this.draw();
    this.outbox.flush();
  }

  #begin(data) {
    this.code = data.code;
    this.session = data.session;
    this.items = [];
    this.at = 0;
    this.outbox.begin(data.answered);
    this.history = [];
    requestAnimationFrame(() => this.card.focus({ preventScroll: true }));
  }

  /** What waits on the page is not sorted, unless a deed for it is still on its way. */
  #merge(waiting) {
    const known = new Map(this.items.map((item) => [item.guid, item]));
    const coming = new Set(this.outbox.waiting.map((deed) => deed.about));
    for (const item of waiting) {
      const mine = known.get(item.guid);
      if (!mine) this.items.push({ ...item, into: null, also: [] });
      else if (!coming.has(item.guid)) mine.into = null;
    }
    this.at = Math.max(0, Math.min(this.at, this.items.length - 1));
  }

  /** What was refused is not sorted, and nothing that undo would take back. */
  #takeBackLost(numbers) {
    for (const entry of this.history.filter(({ number }) => numbers.includes(number))) this.#forget(entry);
    this.history = this.history.filter(({ number }) => !numbers.includes(number));
  }

  #forget({ guid, also }) {
    const item = this.items.find((one) => one.guid === guid);
    if (item && also) item.also = item.also.filter((name) => name !== also);
    else if (item) item.into = null;
    return item;
  }

  get here() {
    return this.items[this.at] ?? null;
  }

  #drawParts() {
    const nodes = this.data.parts.map((part, index) => {
      const number = index + 1;
      const main = button("", "so-part", () => this.sort(number, false), {
        "aria-keyshortcuts": number < 10 ? String(number) : null,
        title: part.definition || null,
      });
      if (number < 10) main.append(keycap(String(number)), " ");
      main.append(element("span", "so-name", {}, part.name));
      main.style.setProperty("--code", part.colour[this.theme.colours?.dark ? 1 : 0]);
      main.style.setProperty("--line", part.line);
      const also = button("Also", "cp-small cp-plain", () => this.sort(number, true), {
        "aria-label": `Also ${part.name}, and stay`,
        title: `Also ${part.name}, and stay here (Shift and ${number})`,
      });
      const said = part.definition ? element("p", "so-definition", {}, part.definition) : null;
      return element("li", "", {}, element("div", "so-line", {}, main, also), said);
    });
    this.parts.replaceChildren(...nodes);
  }

  draw() {
    const { here } = this;
    const left = this.items.filter((item) => !item.into).length;
    const more = Math.max(0, this.data.total - this.data.items.length);
    this.position.textContent = here
      ? `${(this.at + 1).toLocaleString("en-GB")} of ${(this.items.length + more).toLocaleString("en-GB")}; `
        + `${(left + more).toLocaleString("en-GB")} left to sort`
      : "Nothing is left to sort.";
    this.words.replaceChildren(
      ...(here
        ? [element("span", "so-around", {}, here.before), element("mark", "so-quote", {}, here.quote),
          element("span", "so-around", {}, here.after)]
        : []),
    );
    this.facts.textContent = here?.facts ?? "";
    const also = here?.also.length ? `Also ${here.also.join(", ")}. ` : "";
    this.fate.textContent = also + (here?.into ? `Sorted into ${here.into}.` : "");
    this.previous.disabled = this.at <= 0;
    this.next.disabled = this.at >= this.items.length - 1;
    for (const node of this.parts.querySelectorAll("button")) node.disabled = !here || Boolean(here.into);
    if (left < AHEAD && more && !this.asked) {
      this.asked = true;
      this.#do({ name: "more" });
    }
    if (!more || left >= AHEAD) this.asked = false;
  }

  go(step) {
    const to = this.at + step;
    if (to < 0 || to >= this.items.length) return;
    this.at = to;
    this.card.scrollTop = 0;
    this.draw();
  }

  /** Go to the next that is not sorted: onwards, else from the beginning. */
  #goOn() {
    const order = [...this.items.slice(this.at + 1), ...this.items.slice(0, this.at)];
    const next = order.find((item) => !item.into);
    if (next) this.at = this.items.indexOf(next);
    this.card.scrollTop = 0;
    this.draw();
  }

  sort(number, copy) {
    const { here } = this;
    const part = this.data.parts[number - 1];
    if (!part || !here) return;
    if (here.into) {
      this.status.textContent = `It is sorted already, into ${here.into}. U takes that back.`;
      return;
    }
    if (copy && here.also.includes(part.name)) return;
    this.history.push({ guid: here.guid, also: copy ? part.name : null, number: this.outbox.next });
    if (copy) here.also.push(part.name);
    else here.into = part.name;
    this.status.textContent = copy ? `Also ${part.name}.` : `Sorted into ${part.name}.`;
    this.status.classList.remove("cp-warns");
    this.#do({ name: "sort", coding: here.guid, to: part.id, copy }, here.guid);
    if (copy) this.draw();
    else this.#goOn();
  }

  takeBack() {
    const last = this.history.pop();
    const item = last && this.#forget(last);
    if (item) this.at = this.items.indexOf(item);
    this.#do({ name: "undo" }, item?.guid);
    this.draw();
  }

  #do(deed, about = null) {
    this.outbox.add({ ...deed, about });
  }

  #onKey(event) {
    if (!this.root.isConnected || !this.data || event.defaultPrevented) return;
    const inside = this.root.contains(event.target);
    const field = event.target.closest?.("input, textarea, select, [contenteditable], [role=dialog]");
    if (!inside && (field || event.target !== document.body)) return;
    const control = event.ctrlKey || event.metaKey;
    const number = control || event.altKey ? 0 : numberOf(event);
    const letter = letterOf(event);
    const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
    const step = control || event.altKey || event.shiftKey ? 0 : steps[event.key] ?? { j: 1, k: -1 }[letter] ?? 0;
    if (number) this.sort(number, event.shiftKey);
    else if (step) this.go(step);
    else if ((letter === "u" && !control) || (letter === "z" && control && !event.shiftKey)) this.takeBack();
    else {
      // Other letters never reach the page around: Streamlit has single-key shortcuts of its own.
      if (inside && isTyping(event) && event.key !== " " && event.key !== "?") event.stopPropagation();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  leave() {
    this.root.remove();
  }

  destroy() {
    this.leave();
    this.outbox.close();
    document.removeEventListener("keydown", this.onKey);
  }
}
