// Where Streamlit comes in. In: `{data, parentElement, setTriggerValue}`, again after every change of
// data. Out: one listener for the page, held on `globalThis` because this function runs many times.

import { TreeMoves } from "./moves.js";

const registry = (globalThis.speakoutTreeMoves ??= { moves: null });
registry.moves?.destroy();
registry.moves = null;

export default function mount({ data, parentElement, setTriggerValue }) {
  const moves = (registry.moves ??= new TreeMoves());
  if (moves.root.parentElement !== parentElement) parentElement.append(moves.root);
  moves.show(data, (deeds) => setTriggerValue("moves", { moves: deeds }));
  return () => {
    if (moves.root.parentElement === parentElement) moves.leave();
  };
}
