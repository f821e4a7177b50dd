"use strict";
// The summary sheet of progress: a line per pupil and period, a column per subject.

async function sheetPage([key], query) {
  const one = await classOf(key), sheet = await load(key + "/sheet");
  const about = begin(t("Summary sheet of progress") + ", " + one.name, fileOf(one, "sheet"));
  const place = h("div"), corrected = new Set(sheet.corrected);
  const update = values => {
    const rows = sheet.rows.filter(([pupil]) => folded(pupil[2]).includes(folded(values.pupil || "")));
    place.replaceChildren(rows.length ? h("div", { class: "scroll" }, asGrid(sheetTable(one, sheet, rows, corrected, values), t("Summary sheet of progress"))) : h("p", null, t("Nothing fits the filter.")));
    return t("Pupils shown: {count}", { count: rows.length });
  };
  update(query);
  return {
    about, crumbs: classCrumbs(one), wide: true,
    nodes: [
      filterForm(query, [textField("pupil", t("Pupil")), choice("line", t("Period"), [["", t("the whole year")], ...sheet.lines]),
        choice("subject", t("Subject"), [["", t("all subjects")], ...sheet.subjects])], update),
      place,
      h("ul", { class: "note" }, sheet.notes.map(note => h("li", null, note)))],
  };
}

function sheetTable(one, sheet, rows, corrected, values) {
  const lines = sheet.lines.map((_, at) => at).filter(at => !values.line || sheet.lines[at][0] === values.line);
  const subjects = sheet.subjects.map((_, at) => at).filter(at => !values.subject || sheet.subjects[at][0] === values.subject);
  const body = rows.map(([pupil, cells]) => h("tbody", null, lines.map((line, at) => h("tr", null,
    at === 0 && h("th", { scope: "rowgroup", rowspan: lines.length, class: "name" }, h("span", { class: "no" }, pupil[1]), " ", link(pupil[2], ["class", one.key, "pupil", pupil[0]]), pupil[3] && h("small", null, " " + pupil[3])),
    h("th", { scope: "row", class: "line" }, sheet.lines[line][1]),
    subjects.map(subject => {
      const key = [sheet.subjects[subject][0], sheet.lines[line][0], pupil[0]].join("/");
      const facts = [[t("Pupil"), pupil[2]], [t("Period"), sheet.lines[line][1]]];
      return valueCell(breakable(cells[line][subject]), { "data-cell": key, class: "final" }, corrected.has(key),
        from => openHistory(from, sheet.subjects[subject][1], facts, one.key + "/finals", key));
    })))));
  return h("table", { class: "grid sheet" }, h("thead", null, h("tr", null, h("th", { scope: "col", class: "name" }, t("Surname, given name, patronymic")), h("th", { scope: "col" }, t("Period")),
    subjects.map(subject => h("th", { scope: "col", class: "subject" }, h("span", null, sheet.subjects[subject][1]))))), body, sourceFoot(2 + subjects.length));
}
