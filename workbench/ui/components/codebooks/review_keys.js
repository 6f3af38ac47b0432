// The keys of the page Review again. In: key presses outside fields. Out: a press on the button that
// does the same. Taken before Streamlit, which has keys of its own for C and R.

const registry = (globalThis.speakoutReviewKeys ??= {});
const TYPING = "input, textarea, select, [contenteditable=true], [role=dialog], dialog, [role=listbox]";
const KEYS = {
  k: "review_keep",
  r: "review_remove",
  c: "review_recode",
  u: "review_undo",
  ArrowRight: "review_next",
  ArrowLeft: "review_previous",
};

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  if (event.target.closest?.(TYPING)) return;
  const name = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  const page = document.querySelector(".st-key-review_keys");
  const button = name && page && document.querySelector(`.st-key-${name} button`);
  if (!button) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (event.repeat || button.disabled) return;
  button.click();
  if (name === "review_recode") focusTarget();
}

/** The field is drawn by the server, which takes its time when it is busy. */
function focusTarget(looks = 200) {
  const field = document.querySelector(".st-key-review_target_box input");
  if (document.activeElement?.closest(TYPING)) return;
  if (field) field.focus();
  else if (looks) setTimeout(focusTarget, 100, looks - 1);
}

export default function mount() {
  if (registry.listens) return;
  registry.listens = true;
  window.addEventListener("keydown", onKey, true);
}
