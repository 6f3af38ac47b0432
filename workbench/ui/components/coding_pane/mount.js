// Where Streamlit comes in. In: `{data, parentElement, setTriggerValue}`, again after every change of
// data or theme, for two mounts (the workspace and the delta). Out: one pane for the page, held in a
// registry on `globalThis` because this function runs many times and its results are thrown away.

import { Pane } from "./pane.js";

const registry = (globalThis.speakoutCodingPane ??= { waiting: null, pane: null });
registry.pane?.destroy();
registry.pane = null;

/** Called by the delta mount, whose few lines of script know nothing of the pane. */
registry.delta = (component) => {
  registry.waiting = component;
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
  pane.attach(parentElement);
  pane.takeWorkspace(data, (wish) => setTriggerValue("open", wish));
  if (fresh && registry.waiting) registry.delta(registry.waiting);
  return () => pane.detach(parentElement);
}
