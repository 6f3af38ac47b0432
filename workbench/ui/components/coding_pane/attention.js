// Where the person is: what is selected, held, pressed. In: events of the document and of the pane.
// Out: the held span (kept while the focus is elsewhere) and commands for deeds.js.

import { commandFor, isTyping } from "./keys.js";
import { codePointUnder, readSelection, selectSpan } from "./selection.js";

export class Attention {
  constructor(pane) {
    this.pane = pane;
    this.kept = null;
    this.isShown = false;
    this.pressed = false; // the mouse may be selecting words
    this.onSelection = () => this.#onSelectionChange();
    document.addEventListener("selectionchange", this.onSelection);
    this.onRelease = () => {
      this.pressed = false;
      pane.refreshSoon();
    };
    document.addEventListener("mouseup", this.onRelease);
    pane.root.addEventListener("keydown", (event) => this.#onKey(event));
    pane.view.box.addEventListener("mousedown", (event) => this.#onPress(event));
    pane.view.box.addEventListener("copy", (event) => this.#onCopy(event));
    pane.view.box.addEventListener("click", (event) => this.#onClick(event));
  }

  #onSelectionChange() {
    const { pane } = this;
    if (!pane.root.isConnected) return;
    const now = readSelection(pane.view);
    if (now) this.hold(now.caret === undefined ? now : null);
    else this.#show();
    pane.refreshSoon();
  }

  /**
   * The selected words, or those that were selected when the focus left the text. Read afresh:
   * "selectionchange" comes late, and a key may follow a selection within the same moment.
   */
  get held() {
    const now = readSelection(this.pane.view);
    if (now) this.kept = now.caret === undefined ? now : null;
    return this.kept;
  }

  /** Keep a span selected (or none) while the focus is elsewhere. */
  hold(span) {
    this.kept = span;
    if (this.hadSpan !== Boolean(span)) this.pane.deeds.showBar();
    this.hadSpan = Boolean(span);
    this.#show();
  }

  /** A held span is painted where the browser no longer shows it as selected. */
  #show() {
    const { painter, view } = this.pane;
    const native = readSelection(view)?.start !== undefined;
    const wanted = Boolean(this.kept) && !native;
    if (!wanted && !this.isShown) return;
    this.isShown = wanted;
    painter.mark("held", wanted ? view.staticRanges(this.kept.start, this.kept.end) : null);
  }

  /** Give the focus back to the text, with the words selected that were selected. */
  returnToText() {
    const { opened, view } = this.pane;
    if (!opened) return;
    if (this.held) selectSpan(view, this.held);
    else view.box.focus({ preventScroll: true });
  }

  /**
   * A press on selected words begins anew, as it does beside them. Of itself the browser would wait
   * whether the words are dragged away, and a first press on words just coded would show nothing.
   */
  #onPress(event) {
    const { button, detail, shiftKey, target } = event;
    this.pressed = !button;
    if (target.closest(".cp-speaker, .cp-fold")) {
      event.preventDefault();
      return;
    }
    if (button || detail > 1 || shiftKey || !readSelection(this.pane.view)?.end) return;
    document.getSelection().removeAllRanges();
  }

  /** What is copied are the words as they are stored: no names beside them, their own line breaks. */
  #onCopy(event) {
    const { held, pane } = this;
    if (!held) return;
    event.clipboardData.setData("text/plain", pane.quote(held.start, held.end));
    event.preventDefault();
  }

  #onClick(event) {
    const { pane } = this;
    if (pane.discussion.pressed(event)) return;
    const id = event.target.closest("[data-coding]")?.dataset.coding;
    if (id) {
      pane.deeds.openPopover([id], event.target.getBoundingClientRect(), pane.view.box);
      return;
    }
    if (this.held || pane.deeds.adjusting) {
      pane.popover.close({ giveBack: false });
      return;
    }
    const codePoint = codePointUnder(pane.view, event.clientX, event.clientY);
    if (codePoint !== null && pane.codings.at(codePoint).length) pane.deeds.openAt(codePoint);
    else pane.popover.close({ giveBack: false });
  }

  /** Letters never reach the page around: Streamlit has single-key shortcuts of its own. */
  #onKey(event) {
    if (event.isComposing) return;
    const { target } = event;
    const typing = isTyping(event);
    if (target.closest("input, textarea, dialog, .cp-popover, .cp-speaker-list")) {
      if (typing) event.stopPropagation();
      return;
    }
    const command = commandFor(event, { inText: target === this.pane.view.box });
    if (command) {
      event.preventDefault();
      event.stopPropagation();
      this.pane.deeds.run(command.name, command.argument);
    } else if (typing && event.key !== " ") event.stopPropagation();
  }

  destroy() {
    document.removeEventListener("selectionchange", this.onSelection);
    document.removeEventListener("mouseup", this.onRelease);
  }
}
