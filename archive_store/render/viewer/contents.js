"use strict";
// The contents: years, classes, totals.

async function contentsPage() {
  const school = await load("school");
  const about = begin(school.name, null);
  const years = Array.from(new Set(school.classes.map(one => one.year)));
  return {
    about, crumbs: [],
    nodes: [
      school.town && h("p", { class: "note" }, school.town),
      h("dl", { class: "facts" }, school.facts.map(([name, value]) => [h("dt", null, name), h("dd", null, value)])),
      years.map(year => [h("h2", null, year), classesTable(school.classes.filter(one => one.year === year))]),
      h("h2", null, t("Keys")),
      h("dl", { class: "keys" }, [
        ["/", t("search")], ["Tab", t("the next table, field or link")], ["← → ↑ ↓", t("from cell to cell in a journal and a summary sheet")],
        ["PageDown, PageUp", t("the next and the previous spread")], ["Enter", t("the history of the cell, or the page of the pupil")], ["Esc", t("close the history")],
        ["Ctrl + P", t("print the page")]].map(([key, text]) => [h("dt", null, h("kbd", null, key)), h("dd", null, text)])),
      h("p", { class: "note" }, t("This folder holds personal data of pupils: keep it safe, delete it when it is no longer needed.")),
    ],
  };
}

const TOTALS = ["pupils", "sections", "lessons", "marks", "absences", "finals", "corrections"];

function classesTable(classes) {
  const heads = [t("Class"), t("Class teacher"), t("Number of pupils"), t("Journals"), t("Lessons"), t("Marks"), t("Absences and late arrivals"), t("Final marks"), t("Corrections")];
  const rows = classes.map(one => [rowHead(link(one.name, ["class", one.key])), one.teachers.join(", "), ...TOTALS.map(name => one[name])]);
  if (classes.length > 1) rows.push([rowHead(t("In all")), "", ...TOTALS.map(name => classes.reduce((sum, one) => sum + one[name], 0))]);
  return table(null, heads, rows, { class: classes.length > 1 ? "totals" : null });
}
