// The page's theme as it is on the screen. In: computed colours around the pane. Out: the pane's own
// colours as CSS variables, and `{dark, surface, text}` for painting codes.

import { mix, parseComputed, toHex, toolColours } from "./palette.js";

const BARE_PAGE = [255, 255, 255];

/** The first background that can be seen, from the pane outwards. */
function backgroundBehind(node) {
  for (let at = node; at; at = at.parentElement) {
    const colour = parseComputed(getComputedStyle(at).backgroundColor);
    if (colour) return colour;
  }
  return BARE_PAGE;
}

/** A colour that a variable of Streamlit's holds, in whatever notation, or null. */
function variable(root, probe, name) {
  if (!getComputedStyle(root).getPropertyValue(name).trim()) return null;
  probe.style.color = `var(${name})`;
  return parseComputed(getComputedStyle(probe).color);
}

export class Theme {
  constructor(root) {
    this.root = root;
    this.colours = null;
    this.probe = document.createElement("span");
    this.probe.hidden = true;
    root.append(this.probe);
  }

  /** Look again. Returns true when the colours are other than before. */
  refresh() {
    const page = variable(this.root, this.probe, "--st-background-color")
      ?? backgroundBehind(this.root.parentElement ?? this.root);
    const text = variable(this.root, this.probe, "--st-text-color") ?? [31, 41, 51];
    const accent = variable(this.root, this.probe, "--st-primary-color") ?? [11, 92, 92];
    const colours = toolColours({ page, text, accent });
    const before = JSON.stringify(this.colours);
    if (before === JSON.stringify(colours)) return false;
    this.colours = colours;
    const { dark, ...named } = colours;
    this.root.dataset.theme = dark ? "dark" : "light";
    for (const [name, rgb] of Object.entries(named)) {
      this.root.style.setProperty(`--cp-${name}`, toHex(rgb));
    }
    const select = toHex(mix(colours.accent, page, 0.2));
    this.root.style.setProperty("--cp-select", `${select}${dark ? "66" : "40"}`);
    return true;
  }
}
