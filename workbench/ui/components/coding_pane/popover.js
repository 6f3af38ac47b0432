// What is coded here: a small dialog beside the words. In: codings and who made them. Out: the
// person's wish for one of their own: remove, recode, adjust its ends, memo.

import { coderDot } from "./gutter.js";
import { button, element } from "./dom.js";
import { commandFor } from "./keys.js";

const GAP_PX = 6;
const WIDTH_PX = 340;
// What closes the dialog and is then done on the text behind it: whoever presses words of a turn to go
// on there gets their codings first.
const BEHIND = new Set([
  "undo",
  "redo",
  "turn",
  "turnBefore",
  "nextOfSpeaker",
  "previousOfSpeaker",
  "onlySpeaker",
  "listSpeakers",
  "goToTime",
]);

export class Popover {
  /** `actions`: remove, recode, adjust, memo(coding, text), run(name); `look(coding)` names. */
  constructor({ look, isOwn, coderName, quote, actions, onClose }) {
    Object.assign(this, { look, isOwn, coderName, quote, actions, onClose });
    this.root = element("div", "cp-popover", {
      role: "dialog",
      "aria-label": "Codings here",
      hidden: "",
    });
    this.root.addEventListener("keydown", (event) => this.#onKey(event));
  }

  get isOpen() {
    return !this.root.hidden;
  }

  /** Show codings beside a rectangle of the window, inside `frame`. */
  open(codings, rectangle, frame) {
    this.shown = codings.map(({ id }) => id);
    this.discarding = false;
    const count = codings.length === 1 ? "1 coding here" : `${codings.length} codings here`;
    this.root.replaceChildren(
      element("div", "cp-popover-head", {}, element("span", "", {}, count), this.#closer()),
      ...codings.map((coding) => this.#entry(coding)),
    );
    this.root.hidden = false;
    this.#place(rectangle, frame.getBoundingClientRect());
    this.root.querySelector("button").focus({ preventScroll: true }); // Close: nothing is lost by it
  }

  #closer() {
    return button("Close", "cp-small cp-plain", () => this.close());
  }

  #place(rectangle, frame) {
    const width = Math.min(WIDTH_PX, frame.width - 2 * GAP_PX);
    this.root.style.width = `${width}px`;
    const left = Math.max(GAP_PX, Math.min(rectangle.left - frame.left, frame.width - width - GAP_PX));
    const height = this.root.offsetHeight;
    const below = rectangle.bottom - frame.top + GAP_PX;
    const above = rectangle.top - frame.top - height - GAP_PX;
    const top = below + height <= frame.height - GAP_PX || above < GAP_PX ? below : above;
    this.root.style.left = `${left}px`;
    this.root.style.top = `${Math.max(GAP_PX, Math.min(top, frame.height - height - GAP_PX))}px`;
  }

  #entry(coding) {
    const { name, path, colours, coder } = this.look(coding);
    const own = this.isOwn(coding);
    const swatch = element("span", `cp-swatch cp-line-${colours.style}`, { "aria-hidden": "true" });
    swatch.style.setProperty("--cp-code", colours.line);
    swatch.style.setProperty("--cp-fill", colours.fill);
    const who = own ? "you" : this.coderName(coding);
    const words = coding.start === null ? "the whole document" : this.quote(coding);
    return element(
      "div",
      "cp-entry",
      { "data-coding": coding.id },
      element(
        "p",
        "cp-entry-head",
        {},
        swatch,
        element("strong", "", { dir: "auto", title: path }, name),
        ...(coder ? [coderDot(coder)] : []),
        element("span", "cp-quiet", {}, who),
      ),
      element("p", "cp-entry-words", { dir: "auto" }, words),
      coding.memo && !own ? element("p", "cp-entry-memo", { dir: "auto" }, coding.memo) : null,
      own ? this.#tools(coding, name) : null,
    );
  }

  #tools(coding, name) {
    const memo = this.#memoField(coding, name);
    const act = (label, wish) =>
      button(
        label,
        "cp-small",
        () => {
          this.close({ giveBack: false });
          wish(coding);
        },
        { "aria-label": `${label} ${name}` },
      );
    const memoLabel = coding.memo ? "Edit memo" : "Memo";
    return element(
      "div",
      "cp-entry-tools",
      {},
      act("Remove", this.actions.remove),
      act("Recode", this.actions.recode),
      coding.start === null && !coding.flagged ? null : act("Adjust ends", this.actions.adjust),
      button(memoLabel, "cp-small", () => memo.begin(), { "aria-label": `${memoLabel} ${name}` }),
      memo.root,
    );
  }

  #memoField(coding, name) {
    const field = element("textarea", "cp-memo", {
      "aria-label": `Memo on ${name}`,
      rows: "3",
      dir: "auto",
    });
    field.value = coding.memo;
    const keep = () => {
      if (field.value !== coding.memo) this.actions.memo(coding, field.value);
      this.discarding = true;
      this.close();
    };
    const root = element(
      "div",
      "cp-memo-box",
      { hidden: coding.memo ? null : "" },
      field,
      button("Save memo", "cp-small cp-main", keep, { "aria-keyshortcuts": "Control+Enter" }),
    );
    field.addEventListener("input", () => {
      root.dataset.changed = String(field.value !== coding.memo);
      this.discarding = false;
    });
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) keep();
    });
    const begin = () => {
      root.hidden = false;
      field.focus();
    };
    return { root, begin };
  }

  /** A memo that somebody has begun is not thrown away by one stray press. */
  #holdsUnsavedMemo() {
    if (this.discarding || !this.root.querySelector('[data-changed="true"]')) return false;
    this.discarding = true;
    if (!this.warning?.isConnected) {
      const words = "The memo is not saved. Escape again throws it away; Ctrl + Enter keeps it.";
      this.warning = element("p", "cp-warning", { role: "alert" }, words);
      this.root.append(this.warning);
    }
    return true;
  }

  close({ giveBack = true, force = false } = {}) {
    if (!this.isOpen || (!force && this.#holdsUnsavedMemo())) return false;
    this.root.hidden = true;
    this.root.replaceChildren();
    this.onClose({ giveBack });
    return true;
  }

  #onKey(event) {
    event.stopPropagation();
    const wish = event.target.closest("textarea") ? null : commandFor(event, { inText: false });
    if (wish && BEHIND.has(wish.name)) {
      event.preventDefault();
      if (this.close()) this.actions.run(wish.name);
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.close();
    } else if (event.key === "Tab") this.#keepInside(event);
  }

  #keepInside(event) {
    const stops = [...this.root.querySelectorAll("button, textarea")].filter((it) => it.offsetParent);
    const edge = event.shiftKey ? stops[0] : stops.at(-1);
    if (document.activeElement !== edge) return;
    event.preventDefault();
    (event.shiftKey ? stops.at(-1) : stops[0]).focus();
  }
}
