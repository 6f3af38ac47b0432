// The bar over a discussion: who speaks at the caret, ways to their other turns, a time to go to, and
// the list of speakers. In: the turn at the caret, the speakers. Out: DOM; wishes of the person.

import { button, element } from "./dom.js";

const figures = new Intl.NumberFormat("en-GB");
const some = (count, noun) => `${figures.format(count)} ${noun}${count === 1 ? "" : "s"}`;

export class SpeakerBar {
  /** `actions`: list, previous, next, only, everybody, toggle(who), go(text), leave. */
  constructor(id, actions) {
    this.actions = actions;
    this.who = element("strong", "cp-who", { dir: "auto" });
    this.place = element("span", "cp-quiet cp-place");
    this.heard = element("span", "cp-unseen", { "aria-live": "polite" });
    this.list = element("div", "cp-speaker-list", {
      role: "dialog", "aria-label": "Speakers", id: `${id}-speakers`, hidden: "",
    });
    this.opener = button("Speakers", "cp-small", actions.list, {
      "aria-keyshortcuts": "P", "aria-expanded": "false", "aria-controls": this.list.id,
    });
    const step = (sign, label, act, key) =>
      button(sign, "cp-small cp-step", act, { "aria-label": label, "aria-keyshortcuts": key, title: label });
    this.previous = step("‹", "Previous turn of this speaker", actions.previous, "Shift+S");
    this.next = step("›", "Next turn of this speaker", actions.next, "S");
    this.only = button("Only this speaker", "cp-small", actions.only, {
      "aria-keyshortcuts": "F", "aria-pressed": "false",
    });
    this.time = element("input", "cp-go", {
      type: "text", inputmode: "numeric", autocomplete: "off", maxlength: "9",
      placeholder: "Go to m:ss", "aria-label": "Go to a time", title: "Go to a time (G)",
    });
    this.time.addEventListener("keydown", (event) => this.#onTimeKey(event));
    this.list.addEventListener("keydown", (event) => this.#onListKey(event));
    this.root = element(
      "div", "cp-speakers", { role: "group", "aria-label": "Speakers", hidden: "" },
      this.opener, this.previous, this.next, this.who, this.place, this.heard, this.only, this.time, this.list,
    );
    this.root.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget && !this.root.contains(relatedTarget)) this.shut();
    });
  }

  /** Show the bar for a text with turns, or hide it. */
  setTurns(turns) {
    this.shut();
    this.root.hidden = !turns.length;
    this.time.hidden = !turns.some(({ time }) => time !== null);
    this.time.value = "";
    this.heard.textContent = "";
    this.signature = null;
  }

  /** Say who speaks at the caret: `nth` of `count` turns. `aloud` for those who only hear it. */
  show(turn, { nth, count, kept, aloud }) {
    const signature = JSON.stringify([turn.index, kept]);
    if (signature === this.signature) return;
    this.signature = signature;
    this.who.textContent = turn.name;
    this.who.classList.toggle("cp-unknown", !turn.known);
    this.place.textContent = kept ? `${kept} shown` : `turn ${nth} of ${count}`;
    this.only.textContent = kept ? "Everybody" : "Only this speaker";
    this.only.setAttribute("aria-pressed", String(Boolean(kept)));
    if (aloud) this.heard.textContent = `${turn.name} speaks`;
  }

  get isOpen() {
    return !this.list.hidden;
  }

  /** Open the list: `speakers` with turns and words, `kept` those whose turns are shown, or null. */
  open(speakers, kept) {
    const total = speakers.reduce((sum, { words }) => sum + words, 0);
    const rows = speakers.map((one) => this.#row(one, kept, total));
    const all = button("Everybody", "cp-small", this.actions.everybody);
    all.disabled = !kept;
    const note = element("p", "cp-quiet", {}, "Choose whose turns are shown; the others are folded.");
    const shut = button("Close", "cp-small cp-plain", this.actions.leave);
    const foot = element("div", "cp-dialog-foot", {}, all, shut);
    const at = [...this.list.querySelectorAll("button")].indexOf(document.activeElement);
    this.list.replaceChildren(note, ...rows, foot);
    this.list.hidden = false;
    this.opener.setAttribute("aria-expanded", "true");
    this.list.querySelectorAll("button")[Math.max(0, at)].focus();
  }

  #row({ who, name, known, facilitates, turns, words }, kept, total) {
    const share = total ? Math.round((100 * words) / total) : 0;
    const on = Boolean(kept?.has(who));
    const row = element(
      "button", "cp-speaker-row", { type: "button", "aria-pressed": String(on) },
      element("span", "cp-sign", { "aria-hidden": "true" }, on ? "●" : "○"),
      element("span", "", {}, element("bdi", known ? "" : "cp-unknown", {}, name)),
      element("span", "cp-quiet", {}, facilitates ? "facilitator" : ""),
      element("span", "cp-count", {}, some(turns, "turn")),
      element("span", "cp-count", {}, some(words, "word")),
      element("span", "cp-count", {}, `${share} %`),
    );
    row.addEventListener("click", () => this.actions.toggle(who));
    return row;
  }

  shut() {
    if (!this.isOpen) return false;
    this.list.hidden = true;
    this.list.replaceChildren();
    this.opener.setAttribute("aria-expanded", "false");
    return true;
  }

  #onListKey(event) {
    const rows = [...this.list.querySelectorAll("button")].filter((it) => !it.disabled);
    const at = rows.indexOf(document.activeElement);
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key === "Escape") this.actions.leave();
    else if (event.key in steps) rows[at + steps[event.key]]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #onTimeKey(event) {
    if (event.key === "Enter") this.actions.go(this.time.value);
    else if (event.key === "Escape") this.actions.leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** The time has been gone to: the box is free for the next. */
  forgetTime() {
    this.time.value = "";
  }

  askTime() {
    if (this.time.hidden) return false;
    this.time.focus();
    this.time.select();
    return true;
  }
}
