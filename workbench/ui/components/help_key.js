// The key for help on every page. In: key presses that nobody else has taken; the coding pane takes
// its own. Out: a press on the sidebar's button that lists the keys.

const registry = (globalThis.speakoutHelpKey ??= {});
const TYPING = "input, textarea, select, [contenteditable=true], [role=dialog], dialog";

function onKey(event) {
  if (event.key !== "?" || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
  if (event.target.closest?.(TYPING)) return;
  document.querySelector(".st-key-all_keys button")?.click();
}

export default function mount() {
  if (registry.listens) return;
  registry.listens = true;
  document.addEventListener("keydown", onKey);
}
