// Making elements. In: names, attributes, children. Out: DOM nodes whose data is always text,
// never markup: what a participant wrote cannot become a tag here.

export function element(tag, className = "", attributes = {}, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export function button(label, className, onPress, attributes = {}) {
  const node = element("button", `cp-button ${className}`, { type: "button", ...attributes }, label);
  node.addEventListener("click", onPress);
  return node;
}

/** A key name set beside what it does, for people who see it; screen readers get the long name. */
export function keycap(key) {
  return element("kbd", "cp-key", { "aria-hidden": "true" }, key);
}

/** A random UUID (version 4). `randomUUID` is missing where a team server has no https. */
export function newId() {
  if (globalThis.crypto.randomUUID) return globalThis.crypto.randomUUID();
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The first `count` code points, with an ellipsis when there were more. */
export function shorten(text, count) {
  const points = [...text.slice(0, count * 2 + 2)];
  return points.length > count ? `${points.slice(0, count).join("")}…` : points.join("");
}

/** Run `work` once in the next animation frame, however often it is asked for before that. */
export function oncePerFrame(work) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      work();
    });
  };
}
