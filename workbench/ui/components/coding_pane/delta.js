// The whole script of the delta mount: sent with every coding, so it is small. It hands its data to
// the pane, or leaves it where the pane will look when that has not loaded yet.

export default function delta(component) {
  const registry = (globalThis.speakoutCodingPane ??= { waiting: null, pane: null });
  if (registry.delta) registry.delta(component);
  else registry.waiting = component;
  return () => registry.gone?.(component);
}
