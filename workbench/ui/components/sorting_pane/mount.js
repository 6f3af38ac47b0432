// Where Streamlit comes in. In: `{data, parentElement, setTriggerValue}`, again after every change of
// data or theme. Out: one pane for the page, held on `globalThis` because this function runs many
// times and its results are thrown away.

import { SortingPane } from "./sorting.js";

const registry = (globalThis.speakoutSortingPane ??= { pane: null });
registry.pane?.destroy();
registry.pane = null;

export default function mount({ data, parentElement, setTriggerValue }) {
  const pane = (registry.pane ??= new SortingPane());
  parentElement.closest(".stElementContainer")?.style.setProperty("opacity", "1", "important");
  if (pane.root.parentElement !== parentElement) parentElement.append(pane.root);
  pane.show(data, (deeds) => setTriggerValue("deeds", { deeds }));
  return () => {
    if (pane.root.parentElement === parentElement) pane.leave();
  };
}
