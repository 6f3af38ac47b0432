// Streamlit's own flaws that a screen reader stumbles over, mended where they stand. In: the page,
// whenever it changes. Out: the same page with the right roles and names.

const registry = (globalThis.speakoutMend ??= {});

/** A drop zone is focusable and named, so it cannot be "presentation" as well. */
function mendDropZones() {
  for (const zone of document.querySelectorAll('[data-testid="stFileUploaderDropzone"][role="presentation"]'))
    zone.setAttribute("role", "group");
}

/** A notice is shown as a dialog without a name. */
function mendNotices() {
  for (const notice of document.querySelectorAll('[data-testid="stToast"]')) {
    const dialog = notice.closest('[role="alertdialog"], [role="dialog"]') ?? notice;
    if (!dialog.hasAttribute("aria-label") && !dialog.hasAttribute("aria-labelledby"))
      dialog.setAttribute("aria-label", "Notice");
  }
}

function mend() {
  registry.waiting = 0;
  mendDropZones();
  mendNotices();
}

export default function mount() {
  if (registry.observer) return;
  registry.observer = new MutationObserver(() => {
    registry.waiting ||= requestAnimationFrame(mend);
  });
  registry.observer.observe(document.body, { childList: true, subtree: true });
  mend();
}
