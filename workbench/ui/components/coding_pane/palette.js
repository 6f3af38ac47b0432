// Colour arithmetic. In: a code's colour and the colours of the page as they are on the screen.
// Out: fills on which the page's text stays readable (4.5:1) and lines that can be told from the
// page (3:1), in a light theme and in a dark one. Pure; formulas from WCAG 2.2.

const HEX = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i;
const LINE_STYLES = new Set(["solid", "dashed", "dotted", "double", "wavy"]);
const UNKNOWN = "#7a7a7a";
const TEXT_CONTRAST = 4.5;
const LINE_CONTRAST = 3;
const MOST_FILL = 0.3; // share of the code's colour in its fill: above it overlaps turn muddy

/** "#rrggbb" to [r, g, b], or null for anything else: only checked colours reach a style sheet. */
export function parseHex(text) {
  const found = HEX.exec(typeof text === "string" ? text : "");
  return found && found.slice(1).map((pair) => parseInt(pair, 16));
}

/** A computed colour, "rgb(1, 2, 3)" or "rgba(...)", to [r, g, b]; null when it is see-through. */
export function parseComputed(text) {
  const numbers = (text.match(/[\d.]+/g) ?? []).map(Number);
  if (!text.startsWith("rgb") || numbers.length < 3 || numbers[3] === 0) return null;
  return numbers.slice(0, 3);
}

export function toHex(rgb) {
  return `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}

export function luminance(rgb) {
  const [r, g, b] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(one, other) {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

export function mix(from, to, share) {
  return from.map((part, i) => part + (to[i] - part) * share);
}

/** `colour`, moved towards `text` until it stands out from all `grounds` by `ratio`. */
export function legible(colour, grounds, text, ratio) {
  for (let share = 0; share < 1; share += 0.05) {
    const candidate = mix(colour, text, share);
    if (grounds.every((ground) => contrast(candidate, ground) >= ratio)) return candidate;
  }
  return text;
}

/**
 * The largest share of any colour that may go into a fill. Every channel of a fill, and of fills
 * laid over each other, lies between the surface and the far end; so the far end is the worst case.
 */
export function fillShare(surface, text) {
  const farEnd = luminance(surface) > luminance(text) ? [0, 0, 0] : [255, 255, 255];
  let share = MOST_FILL;
  while (share > 0.02 && contrast(mix(surface, farEnd, share), text) < TEXT_CONTRAST) share -= 0.02;
  return share;
}

/** How one code is painted: `{fill, line, style}`, all checked. */
export function codeColours(code, theme) {
  const wanted = theme.dark ? (parseHex(code.dark) ?? parseHex(code.colour)) : parseHex(code.colour);
  const colour = wanted ?? parseHex(UNKNOWN);
  const fill = mix(theme.surface, colour, fillShare(theme.surface, theme.text));
  return {
    fill: toHex(fill),
    line: toHex(legible(colour, [theme.surface, fill], theme.text, LINE_CONTRAST)),
    style: LINE_STYLES.has(code.style) ? code.style : "solid",
  };
}

/** Every colour of the tool's own, from the page's background, text and accent. */
export function toolColours({ page, text, accent }) {
  const dark = luminance(page) < 0.18;
  const readable = contrast(page, text) >= TEXT_CONTRAST;
  const ink = readable ? text : dark ? [232, 230, 225] : [31, 41, 51];
  const surface = dark ? mix(page, [255, 255, 255], 0.035) : mix(page, [255, 255, 255], 0.85);
  const grounds = [page, surface];
  const main = legible(accent, grounds, ink, TEXT_CONTRAST);
  const shade = mix(page, main, dark ? 0.16 : 0.09);
  return {
    dark,
    page,
    text: ink,
    surface,
    shade,
    quiet: legible(mix(ink, page, 0.32), [...grounds, shade], ink, TEXT_CONTRAST),
    hairline: mix(page, ink, 0.17),
    edge: legible(mix(page, ink, 0.3), grounds, ink, LINE_CONTRAST),
    accent: legible(main, [...grounds, shade], ink, TEXT_CONTRAST),
    warning: legible(dark ? [227, 168, 87] : [138, 75, 0], grounds, ink, TEXT_CONTRAST),
    danger: legible(dark ? [240, 138, 138] : [155, 28, 28], grounds, ink, TEXT_CONTRAST),
  };
}
