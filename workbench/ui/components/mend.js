// Streamlit's own flaws that people stumble over, mended where they stand. In: the page, whenever it
// changes, and what is put into the browser's history. Out: the same page with the right roles and
// names, and a history in which each step back leads to another page.

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

/**
 * Streamlit adds a step to the history whenever a page writes what it shows into its address, and
 * "Back" went from Themes to Themes. On one page the step is replaced; going to another adds one.
 */
function mendHistory() {
  const push = history.pushState.bind(history);
  history.pushState = (state, unused, url) => {
    const stays = url != null && new URL(url, location.href).pathname === location.pathname;
    if (stays) history.replaceState(state, unused, url);
    else push(state, unused, url);
  };
}

function mend() {
  registry.waiting = 0;
  mendDropZones();
  mendNotices();
}

export default function mount() {
  if (registry.observer) return;
  mendHistory();
  registry.observer = new MutationObserver(() => {
    registry.waiting ||= requestAnimationFrame(mend);
  });
  registry.observer.observe(document.body, { childList: true, subtree: true });
  mend();
}
