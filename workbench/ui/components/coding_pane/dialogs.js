// Two modal dialogs: the key map, and the memo on the whole document. The browser's own <dialog>
// keeps the focus inside and closes on Escape.

import { button, element } from "./dom.js";
import { KEY_MAP } from "./keys.js";

function dialog(root, title, ...content) {
  const node = element("dialog", "cp-dialog", { "aria-label": title });
  node.append(element("h2", "", {}, title), ...content);
  node.addEventListener("keydown", (event) => event.stopPropagation());
  node.addEventListener("close", () => node.remove());
  root.append(node);
  node.showModal();
  return node;
}

export function showKeyMap(root, onClose) {
  const rows = KEY_MAP.flatMap(([keys, words]) => [
    element("dt", "", {}, element("kbd", "", {}, keys)),
    element("dd", "", {}, words),
  ]);
  const closer = button("Close", "cp-main", () => node.close());
  const list = element("dl", "cp-keymap", { tabindex: "0", "aria-label": "Keys" }, ...rows);
  const node = dialog(root, "Keys", list, element("div", "cp-dialog-foot", {}, closer));
  node.addEventListener("close", onClose);
  closer.focus();
}

/**
 * The memo on a document, or on one that is still opening: `text` is null until it is known. What is
 * typed meanwhile stays, and stands after what the memo holds already.
 */
export class MemoBox {
  constructor(root, { label, text, onSave, onClose }) {
    Object.assign(this, { text, onSave });
    this.field = element("textarea", "cp-memo", { rows: "8", dir: "auto" });
    this.note = element("p", "cp-quiet", { role: "status", hidden: "" });
    this.keep = button("Save memo", "cp-main", () => this.#save(), { "aria-keyshortcuts": "Control+Enter" });
    const cancel = button("Cancel", "", () => this.node.close());
    this.foot = element("div", "cp-dialog-foot", {}, cancel, this.keep);
    this.node = dialog(root, "", this.field, this.note, this.foot);
    this.node.addEventListener("cancel", (event) => {
      if (!this.#mayClose()) event.preventDefault();
    });
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#save();
    });
    this.node.addEventListener("close", onClose);
    this.#name(label);
    if (text !== null) this.field.value = text;
    else this.#wait(`${label} is opening. You can type already.`);
    this.field.focus();
  }

  #name(label) {
    this.node.setAttribute("aria-label", `Memo on ${label}`);
    this.node.querySelector("h2").textContent = `Memo on ${label}`;
    this.field.setAttribute("aria-label", `Memo on ${label}`);
  }

  #wait(words, warns = false) {
    this.keep.disabled = true;
    this.note.hidden = false;
    this.note.className = warns ? "cp-warning" : "cp-quiet";
    this.note.textContent = words;
  }

  /** The document is there. */
  arrive({ label, text, onSave }) {
    const { field } = this;
    const typed = field.value;
    const before = text && typed ? `${text}\n` : text;
    const { selectionStart, selectionEnd } = field;
    Object.assign(this, { text, onSave });
    this.#name(label);
    field.value = before + typed;
    field.setSelectionRange(before.length + selectionStart, before.length + selectionEnd);
    this.keep.disabled = false;
    this.note.hidden = true;
  }

  /** It will not come: what was typed can be copied, and belongs to nothing. */
  fail(label) {
    this.#wait(`${label} did not open, so this memo cannot be saved. Copy it, and try again.`, true);
  }

  /** Taken out of the page and put back, a dialog is modal no longer. */
  showAgain() {
    if (this.node.matches(":modal")) return;
    const { selectionStart, selectionEnd } = this.field;
    this.node.removeAttribute("open");
    this.node.showModal();
    this.field.focus();
    this.field.setSelectionRange(selectionStart, selectionEnd);
  }

  #save() {
    if (this.keep.disabled) return;
    if (this.field.value !== this.text) this.onSave(this.field.value);
    this.node.close();
  }

  #mayClose() {
    if (this.warned || this.field.value === (this.text ?? "")) return true;
    this.warned = true;
    this.foot.prepend(element("p", "cp-warning", { role: "alert" }, "Not saved. Escape again throws it away."));
    return false;
  }
}
