// The frame of the pane: header, three columns, footer, and the places where things are said.
// In: the columns' elements. Out: the root element; it knows its height and whether it is narrow.

import { button, element } from "./dom.js";
import { HINTS, TURN_HINTS } from "./keys.js";

const NARROW_PX = 1000;
const LEAST_HEIGHT_PX = 420;
const SAID_MS = 7000;

const HELP =
  "Select words with Shift and the arrow keys. Alt and Up widens the selection. Keys 1 to 9 give a " +
  "code, slash finds one, W codes the whole document. Enter opens the codings at the caret, square " +
  "brackets move between codings, Delete removes. In a focus group T selects a turn and S goes to the " +
  "speaker's next. Question mark lists all keys.";

export class Frame {
  constructor(id, { onUndo, onRedo, onHelp }) {
    this.id = id;
    this.heading = element("h1", "cp-heading");
    this.question = element("p", "cp-question", { dir: "auto" });
    this.progress = element("span", "cp-progress");
    this.saved = element("span", "cp-saved");
    this.undo = button("Undo", "cp-small cp-plain", onUndo, { "aria-keyshortcuts": "Control+Z" });
    this.redo = button("Redo", "cp-small cp-plain", onRedo, { "aria-keyshortcuts": "Control+Y" });
    this.status = element("div", "cp-status", { role: "status", "aria-live": "polite" });
    this.offer = element("span", "cp-offer");
    this.help = element("p", "cp-unseen", { id: `${id}-help` }, HELP);
    this.onHelp = onHelp;
    this.root = element("div", "cp-root", { id });
  }

  build({ list, middle, codes, popover, style }) {
    this.drawers = { list, codes };
    const toggle = (name, label) => {
      const node = button(label, "cp-toggle", () => this.toggle(name), {
        "aria-expanded": "false",
        "aria-controls": this.drawers[name].id,
      });
      node.dataset.drawer = name;
      return node;
    };
    this.toggles = [toggle("list", "Answers"), toggle("codes", "Codes")];
    const header = element(
      "div",
      "cp-header",
      {},
      this.toggles[0],
      this.heading,
      this.question,
      element("div", "cp-history", {}, this.undo, this.redo),
      element("div", "cp-standing", {}, this.progress, this.saved),
      this.toggles[1],
    );
    const columns = element("div", "cp-columns", {}, list, middle, codes);
    this.root.append(style, this.help, header, columns, this.#footer(), popover);
    this.sizes = new ResizeObserver(() => this.measure());
    this.sizes.observe(this.root);
    this.onResize = () => this.measure();
    window.addEventListener("resize", this.onResize);
  }

  #footer() {
    this.hints = element("div", "cp-hints");
    this.showHints(false);
    const all = button("Keys", "cp-small cp-plain", this.onHelp, { "aria-keyshortcuts": "?" });
    return element(
      "div",
      "cp-footer",
      {},
      element("div", "cp-said", {}, this.status, this.offer),
      this.hints,
      all,
    );
  }

  /** Show the keys that matter now: in a discussion those of turns as well. */
  showHints(inDiscussion) {
    const hints = (inDiscussion ? TURN_HINTS : HINTS).map(([key, words]) =>
      element("span", "cp-hint", {}, element("kbd", "", {}, key), ` ${words}`),
    );
    this.hints.replaceChildren(...hints);
  }

  /** Fill the window from where the pane begins, and notice when there is no room for columns. */
  measure() {
    if (!this.root.isConnected) return;
    let scroller = this.root.parentElement;
    while (scroller && !/auto|scroll/.test(getComputedStyle(scroller).overflowY)) {
      scroller = scroller.parentElement;
    }
    const scrolled = scroller ? scroller.scrollTop : window.scrollY;
    const top = Math.max(0, Math.round(this.root.getBoundingClientRect().top + scrolled));
    const height = `max(${LEAST_HEIGHT_PX}px, calc(100dvh - ${top}px))`;
    if (this.height !== height) {
      this.height = height;
      this.root.style.height = height;
    }
    const width = this.root.clientWidth < NARROW_PX ? "narrow" : "wide";
    if (this.root.dataset.width === width) return;
    this.root.dataset.width = width;
    this.toggle("list", width === "wide");
    this.toggle("codes", true);
  }

  get isNarrow() {
    return this.root.dataset.width === "narrow";
  }

  toggle(name, open = this.root.dataset[name] === "shut") {
    this.root.dataset[name] = open ? "open" : "shut";
    const node = this.toggles.find(({ dataset }) => dataset.drawer === name);
    node.setAttribute("aria-expanded", String(open));
  }

  /** Say it to everybody: on the screen, and to screen readers without moving the focus. */
  say(words, { warning = false, offer = null } = {}) {
    clearTimeout(this.silence);
    this.status.textContent = this.status.textContent === words ? `${words}\u00a0` : words;
    this.status.classList.toggle("cp-warns", warning);
    this.offer.replaceChildren(...(offer ? [offer] : []));
    this.root.dataset.says = "yes";
    this.silence = setTimeout(() => this.hush(), offer ? 3 * SAID_MS : SAID_MS);
  }

  hush() {
    this.root.dataset.says = "no";
    this.status.textContent = "";
    this.offer.replaceChildren();
  }

  setSaved({ kind, text }) {
    if (this.saved.dataset.kind === kind && this.saved.textContent === text) return;
    this.saved.dataset.kind = kind;
    this.saved.textContent = text;
    this.saved.title = text;
    const worse = kind === "lost" || kind === "refused";
    this.saved.setAttribute("role", worse ? "alert" : "none");
  }

  setHistory(undo, redo) {
    const set = (node, label, what) => {
      node.disabled = !what;
      node.title = what ? `${label}: ${what}` : `Nothing to ${label.toLowerCase()}`;
    };
    set(this.undo, "Undo", undo);
    set(this.redo, "Redo", redo);
  }

  destroy() {
    this.sizes?.disconnect();
    window.removeEventListener("resize", this.onResize);
    clearTimeout(this.silence);
    this.root.remove();
  }
}
