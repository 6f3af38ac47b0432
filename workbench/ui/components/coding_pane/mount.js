// Where Streamlit comes in. In: `{data, parentElement, setTriggerValue}`, again after every change of
// data or theme, for two mounts (the workspace and the delta). Out: one pane for the page, held in a
// registry on `globalThis` because this function runs many times and its results are thrown away.

import { Pane } from "./pane.js";

const registry = (globalThis.speakoutCodingPane ??= { waiting: null, pane: null });
registry.pane?.destroy();
registry.pane = null;

/** Streamlit fades what it is about to draw again; the pane stays as it is meanwhile. */
function keepBright(parent) {
  parent.closest(".stElementContainer")?.style.setProperty("opacity", "1", "important");
}

/** The delta mount has no face, and should leave no gap: neither it nor the fragment around it. */
function takeNoRoom(parent) {
  const element = parent.closest(".stElementContainer");
  const block = element?.parentElement;
  const around = block?.childElementCount === 1 && block.closest('[data-testid="stLayoutWrapper"]');
  for (const node of [element, around]) {
    if (node) Object.assign(node.style, { position: "absolute", height: "0", overflow: "hidden" });
  }
}

/** Called by the delta mount, whose few lines of script know nothing of the pane. */
registry.delta = (component) => {
  registry.waiting = component;
  takeNoRoom(component.parentElement);
  if (registry.pane) registry.pane.takeDelta(component.data, component.setTriggerValue);
};

registry.gone = (component) => {
  if (registry.waiting?.setTriggerValue !== component.setTriggerValue) return;
  registry.waiting = null;
  registry.pane?.outbox.connect(null);
};

export default function mount({ data, parentElement, setTriggerValue }) {
  const fresh = !registry.pane;
  const pane = (registry.pane ??= new Pane());
  keepBright(parentElement);
  pane.attach(parentElement);
  pane.takeWorkspace(data, (wish) => setTriggerValue("open", wish));
  if (fresh && registry.waiting) registry.delta(registry.waiting);
  return () => pane.detach(parentElement);
}
