// Keeping the screen in step with the codings. In: lines that changed or came into view. Out: their
// highlights at once and their margins in the next frame; nothing is done for lines out of sight.

import { element, keycap, oncePerFrame, shorten } from "./dom.js";
import { drawMargins } from "./gutter.js";

const HERE = 3; // codings named in the line under the text

export class Painting {
  /** `look(coding)` names and colours, `who(coding)` says whose it is. */
  constructor({ painter, view, codings, look, who }) {
    Object.assign(this, { painter, view, codings, look, who });
    this.here = element("div", "cp-here");
    this.dirty = new Set();
    this.drawSoon = oncePerFrame(() => this.#drawMargins());
    this.watchWidth = new ResizeObserver(() => this.#markDirty(view.visible));
    this.watchWidth.observe(view.scroller);
    // A reading face that comes late moves the words: the margins follow them.
    this.onFonts = () => {
      for (const line of view.visible) line.signature = null;
      this.#markDirty(view.visible);
    };
    document.fonts?.addEventListener("loadingdone", this.onFonts);
    for (const [name, on] of [["mouseover", true], ["mouseout", false]]) {
      view.box.addEventListener(name, ({ target }) => this.#lookAt(target, on));
    }
  }

  repaint(lines) {
    for (const line of lines) {
      if (!this.view.visible.has(line)) continue;
      this.painter.paintLine(this.view, line, this.codings.inLine(line), this.codings.coder);
    }
    this.#markDirty(lines);
  }

  /** Paint everything in sight anew: other codes, other colours. */
  repaintAll() {
    for (const line of this.view.lines) line.signature = null;
    this.repaint(this.view.visible);
  }

  see(shown, hidden) {
    for (const line of hidden) this.painter.paintLine(this.view, line, [], this.codings.coder);
    this.repaint(shown);
  }

  #markDirty(lines) {
    for (const line of lines) this.dirty.add(line);
    if (this.dirty.size) this.drawSoon();
  }

  #drawMargins() {
    const lines = [...this.dirty].filter((line) => this.view.visible.has(line));
    this.dirty.clear();
    const jobs = lines.map((line) => [line, this.codings.inLine(line)]);
    drawMargins(jobs, (coding) => this.look(coding));
  }

  /** Mark the words of the coding whose stripe or name is under the pointer. */
  #lookAt(target, on) {
    const id = target.closest?.("[data-coding]")?.dataset.coding;
    const coding = id && this.codings.all.get(id);
    if (!coding) return;
    this.painter.mark("looked-at", on ? this.view.staticRanges(coding.start, coding.end) : null);
  }

  /** One line under the text: the codings at the caret. */
  showHere(codePoint) {
    const list = codePoint === undefined ? [] : this.codings.at(codePoint);
    const signature = JSON.stringify(list.map((coding) => [coding, this.look(coding)]));
    if (signature === this.signature) return;
    this.signature = signature;
    const items = list.slice(0, HERE).map((coding) => {
      const { name, colours } = this.look(coding);
      const memo = coding.memo ? ` · memo: ${shorten(coding.memo, 60)}` : "";
      const words = `${name} · ${this.who(coding)}${memo}`;
      const node = element("span", "cp-here-item", { dir: "auto" }, words);
      node.style.setProperty("--cp-code", colours.line);
      return node;
    });
    const more = list.length > HERE ? [`+${list.length - HERE} more`] : [];
    this.here.replaceChildren(...items, ...more, ...(list.length ? [keycap("Enter")] : []));
  }

  destroy() {
    this.watchWidth.disconnect();
    this.painter.clear();
  }
}
