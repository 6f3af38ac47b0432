// A table of themes by group as a grid: arrows move, Enter or a click chooses a cell, Enter on the
// chosen cell or a double click opens its extracts. In: `data` (texts only, made by the page). Out:
// the trigger `cell` with {code, groups, open}. A button copies the table as it is: as HTML, which
// word processors paste as a table, and as text parted by tabs. Every text is set as text, never as
// HTML.

const kept = new WeakMap(); // per mount: what is drawn, and where the focus was

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function heads(data) {
  const head = element("thead");
  data.heads.forEach((columns, level) => {
    const row = element("tr");
    if (level === 0) {
      const corner = element("th", "tt-name", data.corner);
      corner.scope = "col";
      corner.rowSpan = data.heads.length;
      row.append(corner);
    }
    for (const column of columns) {
      const above = level < data.heads.length - 1 && column.rows === 1;
      const cell = element("th", above ? "tt-head tt-above" : "tt-head", column.name);
      cell.scope = above ? "colgroup" : "col";
      cell.colSpan = column.span;
      cell.rowSpan = column.rows;
      if (column.base) cell.append(element("span", "tt-base", column.base));
      if (column.warning) cell.append(element("span", "tt-warning", column.warning));
      row.append(cell);
    }
    head.append(row);
  });
  return head;
}

function body(data) {
  const made = element("tbody");
  data.rows.forEach((row, y) => {
    const line = element("tr", row.depth ? "" : "tt-theme");
    const name = element("th", "tt-name", row.name);
    name.scope = "row";
    name.style.paddingInlineStart = `${0.6 + row.depth * 1.1}rem`;
    line.append(name);
    row.cells.forEach((cell, x) => {
      const box = element("td", cell.empty ? "tt-cell tt-none" : "tt-cell", cell.text);
      box.setAttribute("role", "gridcell");
      box.tabIndex = -1;
      box.title = cell.title;
      box.dataset.x = x;
      box.dataset.y = y;
      if (cell.below) box.append(element("span", "tt-below", cell.below));
      line.append(box);
    });
    made.append(line);
  });
  return made;
}

// A name that a spreadsheet may run when it is pasted: as in the files, an apostrophe goes in front.
const FORMULA =
  /^(?:[\t\r]|[\s\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b])/;

function harmless(text) {
  return FORMULA.test(text.replace(/^'+/, "")) ? `'${text}` : text;
}

const BOX = "border: 1px solid #999999; padding: 2pt 5pt; vertical-align: top;";
const HEAD = `${BOX} font-weight: bold; vertical-align: bottom;`;
const RIGHT = "text-align: right; white-space: nowrap;";

function copiedCell(tag, style, lines) {
  const box = element(tag);
  box.style.cssText = style;
  box.setAttribute("dir", "auto");
  lines.filter(Boolean).forEach((line, place) => {
    if (place) box.append(document.createElement("br"));
    box.append(element("span", "", line));
  });
  return box;
}

/** The table as a document takes it: styled in place, since no style sheet goes along. */
function copiedTable(data) {
  const table = element("table");
  table.style.cssText = "border-collapse: collapse;";
  const head = element("thead");
  data.heads.forEach((columns, level) => {
    const row = element("tr");
    if (level === 0) {
      const corner = copiedCell("th", `${HEAD} text-align: left;`, [data.corner]);
      corner.rowSpan = data.heads.length;
      row.append(corner);
    }
    for (const column of columns) {
      const names = [harmless(column.name), column.base];
      const cell = copiedCell("th", `${HEAD} text-align: right;`, names);
      cell.colSpan = column.span;
      cell.rowSpan = column.rows;
      row.append(cell);
    }
    head.append(row);
  });
  const body = element("tbody");
  for (const row of data.rows) {
    const line = element("tr");
    const indent = `padding-left: ${5 + row.depth * 12}pt; text-align: left;`;
    line.append(copiedCell("td", `${BOX} ${indent}`, [harmless(row.name)]));
    for (const cell of row.cells) {
      line.append(copiedCell("td", `${BOX} ${RIGHT}`, [cell.text, cell.below]));
    }
    body.append(line);
  }
  table.append(head, body);
  return table;
}

function asHtml(data) {
  const whole = element("div");
  whole.append(element("p", "", data.copy.title), copiedTable(data));
  for (const note of data.copy.notes) whole.append(element("p", "", note));
  return `<meta charset="utf-8">${whole.innerHTML}`;
}

function asText(data) {
  const flat = (text) => text.replace(/\s+/g, " ");
  const last = data.heads[data.heads.length - 1];
  const above = data.heads.length > 1 ? data.heads[0] : [];
  const names = last.map((column) => column.name);
  const spans = above.slice(1).flatMap((column) => Array(column.span).fill(column.name));
  const bases = last.map((column) => column.base);
  const heads = spans.length // the first column stands in the upper line and spans both
    ? [above[0], ...last].map((column, place) => [place ? spans[place - 1] : "", column.name, column.base])
    : names.map((name, place) => ["", name, bases[place]]);
  const lines = [[data.corner, ...heads.map((parts) => harmless(parts.filter(Boolean).join(" ")))]];
  for (const row of data.rows) {
    const cells = row.cells.map((cell) => [cell.text, cell.below].filter(Boolean).join(", "));
    lines.push([harmless(row.name), ...cells]);
  }
  const table = lines.map((line) => line.map(flat).join("\t"));
  return [harmless(flat(data.copy.title)), ...table, ...data.copy.notes.map(flat)].join("\n");
}

/** Copy without the clipboard's own interface, which browsers give to secure addresses only. */
function copyByEvent(html, text) {
  let done = false;
  const put = (event) => {
    event.clipboardData.setData("text/html", html);
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
    event.stopImmediatePropagation();
    done = true;
  };
  document.addEventListener("copy", put, { capture: true, once: true });
  document.execCommand("copy");
  document.removeEventListener("copy", put, { capture: true });
  return done;
}

async function copyTable(data) {
  const [html, text] = [asHtml(data), asText(data)];
  try {
    const parts = { "text/html": html, "text/plain": text };
    const blobs = Object.entries(parts).map(([type, part]) => [type, new Blob([part], { type })]);
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
    return true;
  } catch {
    return copyByEvent(html, text);
  }
}

function copyLine(state) {
  const line = element("div", "tt-copy");
  const button = element("button", "", state.data.copy.label);
  const said = element("span", "tt-said");
  said.setAttribute("role", "status");
  button.type = "button";
  button.addEventListener("click", async () => {
    const done = await copyTable(state.data);
    said.textContent = done ? state.data.copy.done : state.data.copy.failed;
  });
  line.append(button, said);
  return line;
}

function draw(state) {
  const { data, parent } = state;
  const scroll = element("div", "tt-scroll");
  const table = element("table", "tt-table");
  table.setAttribute("role", "grid");
  table.setAttribute("aria-label", data.label);
  table.append(heads(data), body(data));
  scroll.append(table);
  parent.querySelector(".tt-scroll")?.remove(); // beside it lies the style sheet
  parent.querySelector(".tt-copy")?.remove();
  parent.append(scroll);
  if (data.copy) parent.append(copyLine(state));
  table.addEventListener("click", (event) => choose(state, event.target.closest("td"), false));
  table.addEventListener("dblclick", (event) => choose(state, event.target.closest("td"), true));
  table.addEventListener("keydown", (event) => onKey(state, event));
}

/** Mark the chosen cell, and let it alone be reached by the tab key. */
function mark(state) {
  const chosen = state.data.chosen;
  const at = chosen ?? [0, 0];
  for (const box of state.parent.querySelectorAll("td")) {
    const here = Number(box.dataset.y) === at[0] && Number(box.dataset.x) === at[1];
    box.tabIndex = here ? 0 : -1;
    box.setAttribute("aria-selected", String(Boolean(chosen) && here));
  }
}

function choose(state, box, open) {
  if (!box || window.getSelection()?.toString()) return; // somebody is copying the table
  const [y, x] = [Number(box.dataset.y), Number(box.dataset.x)];
  state.data = { ...state.data, chosen: [y, x] };
  mark(state);
  state.send("cell", { code: state.data.rows[y].code, groups: state.data.groups[x], open });
}

function onKey(state, event) {
  const box = event.target.closest("td");
  if (!box || event.ctrlKey || event.metaKey || event.altKey) return;
  const [y, x] = [Number(box.dataset.y), Number(box.dataset.x)];
  const last = [state.data.rows.length - 1, state.data.groups.length - 1];
  const goal = {
    ArrowDown: [y + 1, x], ArrowUp: [y - 1, x], ArrowRight: [y, x + 1], ArrowLeft: [y, x - 1],
    Home: [y, 0], End: [y, last[1]], PageUp: [0, x], PageDown: [last[0], x],
  }[event.key];
  if (goal) {
    const [row, column] = goal.map((place, axis) => Math.max(0, Math.min(last[axis], place)));
    const next = state.parent.querySelector(`td[data-y="${row}"][data-x="${column}"]`);
    for (const other of state.parent.querySelectorAll("td[tabindex='0']")) other.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  } else if (event.key === "Enter" || event.key === " ") {
    choose(state, box, event.key === "Enter" && box.getAttribute("aria-selected") === "true");
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

export default function themeTable({ data, parentElement, setTriggerValue }) {
  const { chosen, ...content } = data;
  const print = JSON.stringify(content);
  let state = kept.get(parentElement);
  if (!state) kept.set(parentElement, (state = { parent: parentElement, print: "" }));
  Object.assign(state, { data, send: setTriggerValue });
  if (state.print !== print) {
    state.print = print;
    draw(state);
  }
  mark(state);
}
