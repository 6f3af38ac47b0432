// The memo on the document. In: the command, the document that is open or on its way. Out: a box that
// takes the keys at once, also while the document opens, so that no word typed runs as a command.

import { MemoBox } from "./dialogs.js";

export class DocumentMemo {
  constructor(pane) {
    this.pane = pane;
    this.box = null;
    this.wish = null; // what the box waits for, while its document is opening
  }

  documentMemo() {
    const { pane } = this;
    const { waiting, isOpening } = pane.navigator;
    if (!pane.opened && !isOpening) {
      pane.say("Open an answer first.");
      return;
    }
    this.wish = isOpening ? { ...waiting.wish, label: waiting.label, left: pane.opened?.id } : null;
    const what = isOpening ? { label: waiting.label, text: null } : this.#opened();
    this.box = new MemoBox(pane.root, { ...what, onClose: () => this.#closed() });
  }

  /** What is open now. The memo stays this document's, whatever opens while somebody writes. */
  #opened() {
    const { pane } = this;
    const { id, label } = pane.opened;
    const onSave = (text) => {
      pane.deeds.perform({ kind: "document_memo", document: id, text });
      pane.say(text ? "Memo kept." : "Memo removed.");
    };
    return { label, text: pane.documentMemo, onSave };
  }

  #closed() {
    this.box = null;
    this.wish = null;
    this.pane.attention.returnToText();
  }

  /** The pane waits for nothing any more: the document has come, or will not. */
  settle() {
    const { box, wish, pane } = this;
    if (!box || !wish) return;
    this.wish = null;
    const now = pane.opened?.id;
    const came = "document" in wish ? now === wish.document : now !== undefined && now !== wish.left;
    if (came) box.arrive(this.#opened());
    else box.fail(wish.label);
  }
}
