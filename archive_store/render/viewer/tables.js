"use strict";
// Tables, the line under each printed page of them, and the arrow keys in grids.

// heads: texts or nodes; rows: lists of cells. A cell may be a node of its own (th, td).
function table(caption, heads, rows, attributes) {
  const head = h("tr", null, heads.map(one => one instanceof Element && one.tagName === "TH" ? one : h("th", { scope: "col" }, one)));
  return h("div", { class: "scroll" }, h("table", attributes,
    caption && h("caption", null, caption),
    h("thead", null, head),
    h("tbody", null, rows.map(cells => h("tr", null, cells.map(asCell)))),
    sourceFoot(heads.length)));
}

function asCell(cell) {
  if (cell instanceof Element && /^T[HD]$/.test(cell.tagName)) return cell;
  return h("td", typeof cell === "number" ? { class: "number" } : null, typeof cell === "number" ? number(cell) : cell);
}

function rowHead(...content) { return h("th", { scope: "row" }, ...content); }

// The source stands at the foot of every printed page: a browser repeats the foot of a table.
function sourceFoot(columns) {
  return h("tfoot", { class: "print" }, h("tr", null, h("td", { colspan: columns }, current.title + ". " + sourceLine())));
}

// The page that is being made, or is shown: its title, and the file that it was made from, [path, digest].
let current = { title: "", file: null };
function begin(title, file) { current = { title, file }; return current; }

function sourceLine() {
  const line = store.get("school").line;
  return current.file ? line + ". " + current.file[0] + ", SHA-256 " + current.file[1] : line;
}

// A cell that opens the life of its values.
function valueCell(content, attributes, corrected, onopen) {
  const classes = [attributes.class, corrected && "corrected"].filter(Boolean).join(" ");
  return h("td", { ...attributes, class: classes || null, tabindex: -1, title: corrected ? t("Corrected: Enter shows the history") : null, onclick: onopen && (event => onopen(event.currentTarget)) }, content);
}

// Make a table a grid: one stop of the Tab key, arrows inside, Enter opens.
function asGrid(grid, name) {
  grid.setAttribute("role", "grid");
  grid.setAttribute("aria-label", name);
  const first = grid.querySelector("td[tabindex]");
  if (first) first.tabIndex = 0;
  grid.addEventListener("keydown", event => {
    const cell = event.target.closest("td[tabindex]");
    if (!cell || event.altKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); cell.click(); return; }
    const next = neighbour(cell, event.key, event.ctrlKey);
    if (!next) return;
    event.preventDefault();
    focusCell(next);
  });
  grid.addEventListener("focusin", event => {
    const cell = event.target.closest("td[tabindex]");
    if (cell) for (const one of grid.querySelectorAll('td[tabindex="0"]')) if (one !== cell) one.tabIndex = -1;
    if (cell) cell.tabIndex = 0;
  });
  return grid;
}

function focusCell(cell) {
  cell.tabIndex = 0;
  cell.focus();
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function cellsOf(row) { return Array.from(row.querySelectorAll("td[tabindex]")); }

function neighbour(cell, key, control) {
  const row = cell.parentNode, cells = cellsOf(row), at = cells.indexOf(cell);
  const rows = Array.from(row.closest("table").querySelectorAll("tbody tr")).filter(one => cellsOf(one).length);
  const down = step => { const other = rows[rows.indexOf(row) + step]; return other && (cellsOf(other)[at] || cellsOf(other)[0]); };
  switch (key) {
    case "ArrowRight": return cells[at + 1] || inOtherGrid(cell, 1);
    case "ArrowLeft": return cells[at - 1] || inOtherGrid(cell, -1);
    case "ArrowDown": return down(1);
    case "ArrowUp": return down(-1);
    case "Home": return control ? cellsOf(rows[0])[0] : cells[0];
    case "End": return control ? cellsOf(rows[rows.length - 1]).pop() : cells[cells.length - 1];
    case "PageDown": return inOtherGrid(cell, 1);
    case "PageUp": return inOtherGrid(cell, -1);
    default: return null;
  }
}

// The same row of the next or the previous spread.
function inOtherGrid(cell, step) {
  const grids = Array.from(document.querySelectorAll('main table[role="grid"]')), grid = cell.closest("table");
  const other = grids[grids.indexOf(grid) + step], row = cell.parentNode;
  if (!other) return null;
  const same = other.tBodies[0].rows[row.sectionRowIndex];
  const cells = same ? cellsOf(same) : [];
  return (step > 0 ? cells[0] : cells[cells.length - 1]) || null;
}
