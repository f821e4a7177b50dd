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

// Make a table a grid: one stop of the Tab key, arrows inside, also to the names; Enter opens.
function asGrid(grid, name) {
  grid.setAttribute("role", "grid");
  grid.setAttribute("aria-label", name);
  const first = grid.querySelector("td[tabindex]");
  if (first) first.tabIndex = 0;
  for (const one of grid.querySelectorAll("th.name a")) one.tabIndex = -1;
  grid.addEventListener("keydown", event => {
    const at = event.target.closest("td[tabindex], th.name a");
    if (!at || event.altKey || event.metaKey) return;
    const next = neighbour(at, event.key, event.ctrlKey);
    if (event.key === "Enter" || event.key === " ") at.click();
    else if (next) focusCell(next);
    else return;
    event.preventDefault();
  });
  grid.addEventListener("focusin", event => {
    const cell = event.target.closest("td[tabindex]");
    if (!cell) return;
    for (const one of grid.querySelectorAll('td[tabindex="0"]')) one.tabIndex = -1;
    cell.tabIndex = 0;
  });
  return grid;
}

function focusCell(cell) {
  cell.focus();
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function cellsOf(row) { return Array.from(row.querySelectorAll("td[tabindex]")); }
function nameOf(row) { return row.querySelector("th.name a"); }

function neighbour(from, key, control) {
  const row = from.closest("tr"), cells = cellsOf(row), at = cells.indexOf(from);
  const rows = Array.from(row.closest("table").querySelectorAll("tbody tr"));
  const beside = step => {  // the row above or below; from a name, the next that has one
    const others = at < 0 ? rows.filter(nameOf) : rows, other = others[others.indexOf(row) + step];
    return other && (at < 0 ? nameOf(other) : cellsOf(other)[at]);
  };
  switch (key) {
    case "ArrowRight": return cells[at + 1] || inOtherGrid(row, 1);
    case "ArrowLeft": return cells[at - 1] || (at === 0 && nameOf(row)) || inOtherGrid(row, -1, true);
    case "ArrowDown": return beside(1);
    case "ArrowUp": return beside(-1);
    case "Home": return control ? cellsOf(rows[0])[0] : cells[0];
    case "End": return control ? cellsOf(rows[rows.length - 1]).pop() : cells[cells.length - 1];
    case "PageDown": return inOtherGrid(row, 1);
    case "PageUp": return inOtherGrid(row, -1);
    default: return null;
  }
}

// The same row of the next or the previous spread: its first cell, or its last.
function inOtherGrid(row, step, last) {
  const grids = Array.from(document.querySelectorAll('main table[role="grid"]'));
  const other = grids[grids.indexOf(row.closest("table")) + step];
  const same = other && other.tBodies[0].rows[row.sectionRowIndex], cells = same ? cellsOf(same) : [];
  return cells[last ? cells.length - 1 : 0] || null;
}
