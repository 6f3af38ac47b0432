// A table of themes by group as a grid: arrows move, Enter or a click chooses a cell, Enter on the
// chosen cell or a double click opens its extracts. In: `data` (texts only, made by the page). Out:
// the trigger `cell` with {code, groups, open}. Every text is set as text, never as HTML.

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

function draw(state) {
  const { data, parent } = state;
  const scroll = element("div", "tt-scroll");
  const table = element("table", "tt-table");
  table.setAttribute("role", "grid");
  table.setAttribute("aria-label", data.label);
  table.append(heads(data), body(data));
  scroll.append(table);
  parent.querySelector(".tt-scroll")?.remove(); // beside it lies the style sheet
  parent.append(scroll);
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
