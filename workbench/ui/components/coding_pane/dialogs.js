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

export function showDocumentMemo(root, { label, text, onSave, onClose }) {
  const field = element("textarea", "cp-memo", { rows: "8", "aria-label": `Memo on ${label}`, dir: "auto" });
  field.value = text;
  const save = () => {
    if (field.value !== text) onSave(field.value);
    node.close();
  };
  const foot = element(
    "div",
    "cp-dialog-foot",
    {},
    button("Cancel", "", () => node.close()),
    button("Save memo", "cp-main", save, { "aria-keyshortcuts": "Control+Enter" }),
  );
  const node = dialog(root, `Memo on ${label}`, field, foot);
  let warned = false;
  node.addEventListener("cancel", (event) => {
    if (warned || field.value === text) return;
    event.preventDefault();
    warned = true;
    foot.prepend(element("p", "cp-warning", { role: "alert" }, "Not saved. Escape again throws it away."));
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
  });
  node.addEventListener("close", onClose);
  field.focus();
}
