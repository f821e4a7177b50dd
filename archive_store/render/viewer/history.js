"use strict";
// The life of a value: every value that stood, when it was first seen, when it was withdrawn.

const WHAT = { first: "first seen", changed: "changed", withdrawn: "withdrawn", again: "seen again" };
const KINDS = { mark: "mark", attendance: "attendance", "final-mark": "final mark", lesson: "lesson", homework: "homework" };

let openedFrom = null;

async function openHistory(from, title, facts, file, key) {
  const panel = byId("history");
  let lives;
  try { lives = await load(file); } catch (error) {
    if (!(error instanceof MissingFile)) throw error;
    openedFrom = from;
    panel.replaceChildren(h("button", { type: "button", id: "history-close", onclick: closeHistory }, t("Close (Esc)")),
      h("h2", { id: "history-title", tabindex: -1 }, title), h("p", null, missingText(error)));
    panel.hidden = false;
    byId("history-title").focus();
    return;
  }
  const found = Object.prototype.hasOwnProperty.call(lives.cells, key) ? lives.cells[key] : [];
  openedFrom = from;
  panel.replaceChildren(
    h("button", { type: "button", id: "history-close", onclick: closeHistory }, t("Close (Esc)")),
    h("h2", { id: "history-title", tabindex: -1 }, title),
    h("dl", null, facts.filter(([, value]) => value).map(([name, value]) => [h("dt", null, name), h("dd", null, value)])),
    ...found.map(life => lifeNode(life, lives.moments)), found.length ? "" : h("p", null, t("The cell is empty, and nothing ever stood in it.")),
    h("p", { class: "note" }, t("The platform does not say who changed a value. What was set and corrected between two readings does not show.")),
    h("p", { class: "note print" }, sourceLine()));
  panel.hidden = false;
  byId("history-title").focus();
}

function lifeNode([kind, id, events, setAt, work, weight, note], moments) {
  const facts = [[t("Type of work"), work && (weight === null || weight === 1 ? work : work + " ×" + weight)],
    [t("Moment on the platform"), setAt], [kind === "attendance" ? t("Comment") : t("Stored as"), note], [t("Number of the record"), id]];
  return h("section", null, h("h3", null, t(KINDS[kind])),
    table(null, [t("When noticed"), t("What"), t("Value")], events.map(([what, at, value, under]) => [moments[at], t(WHAT[what]), valueText(kind, what, value) + (under ? ", " + day(under) : "")])),
    h("dl", null, facts.filter(([, value]) => value).map(([name, value]) => [h("dt", null, name), h("dd", null, value)])));
}

function valueText(kind, what, value) {
  if (what === "withdrawn") return "—";
  if (kind !== "attendance") return value;
  return value === "" ? t("present") : value + (meaningOf(value) && " — " + meaningOf(value));
}

// What a letter of attendance means, as the school has it; nothing of what is no letter.
function meaningOf(letter) {
  const known = store.get("school").letters.find(one => one[0] === letter);
  return known ? known[1] : "";
}

function closeHistory() {
  const panel = byId("history");
  if (panel.hidden) return;
  panel.hidden = true;
  panel.replaceChildren();
  if (openedFrom && openedFrom.isConnected) openedFrom.focus();
  openedFrom = null;
}
