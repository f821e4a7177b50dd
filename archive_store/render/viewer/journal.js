"use strict";
// The journal of a subject: spread by spread, as on paper. Left the pupils and their cells, right the topics.

async function journalPage([key, , place], query) {
  const one = await classOf(key), section = one.sections[Number(place)];
  if (!section) throw new NotHere();
  const [data, lessons] = await Promise.all([load(key + "/" + sectionFile(place)), load(key + "/lessons")]);
  const journal = { one, section, place, data, lessons: lessons[Number(place)], corrected: new Set(data.corrected) };
  const about = begin(section.title + ", " + one.name, fileOf(one, sectionFile(place)));
  const spreads = h("div", { id: "spreads" });
  const update = values => {
    const nodes = spreadNodes(journal, values);
    spreads.replaceChildren(...(nodes.length ? nodes : [h("p", null, t("Nothing fits the filter."))]));
    return t("Lessons shown: {count}", { count: spreads.querySelectorAll("table.topics tbody tr").length });
  };
  update(query);
  return {
    about, crumbs: classCrumbs(one), wide: true,
    nodes: [
      h("p", null, section.teachers.length ? t("Teacher") + ": " + section.teachers.join(", ") : null),
      subjectChoice(one, place),
      filterForm(query, [periodChoice(data.spreads.map(spread => spread.period)), dayField("from", t("From day")), dayField("to", t("To day")),
        textField("pupil", t("Pupil")), tick("corrected", t("only corrections"))], update),
      spreads, legend()],
  };
}

function sectionFile(place) { return "s" + String(place).padStart(2, "0"); }
function historyFile(place) { return "h" + String(place).padStart(2, "0"); }

function subjectChoice(one, place) {
  return h("form", { class: "filters" }, h("label", null, t("Subject"), h("select", {
    id: "subject", onchange: event => { location.hash = address(["class", one.key, "journal", event.target.value]); },
  }, one.sections.map((other, at) => h("option", { value: String(at), selected: String(at) === place }, other.title)))));
}

function legend() {
  const signs = [...store.get("school").letters, ...store.get("school").signs].map(([sign, text]) => sign + " — " + text);
  return h("p", { class: "note" }, [...signs, "× — " + t("the pupil was not in the list that day")].join("; ") + ". " +
    t("A corner marks a cell that was corrected; Enter or a click shows its history."));
}

// The spreads that the filter leaves, with the places of their lessons in the section.
function spreadNodes(journal, values) {
  const nodes = [];
  let first = 0;
  for (const spread of journal.data.spreads) {
    const start = first;
    first += spread.lessons;
    if (values.period && spread.period !== values.period) continue;
    const view = visible(journal, spread, start, values);
    if (view.pupils.length && (view.columns.length || view.finals.length)) nodes.push(spreadNode(journal, spread, start, view));
  }
  return nodes;
}

function visible(journal, spread, start, values) {
  const { data, corrected } = journal, wanted = folded(values.pupil || "");
  let pupils = data.pupils.map((_, row) => row).filter(row => folded(data.pupils[row][2]).includes(wanted));
  let columns = Array.from({ length: spread.lessons }, (_, column) => column).filter(column => withinDays(journal.lessons[start + column][1], values));
  const byDays = values.from || values.to;
  let finals = byDays ? [] : spread.finals.map((_, column) => column);
  if (values.corrected) {
    const cell = (row, column) => corrected.has(journal.lessons[start + column][0] + "/" + data.pupils[row][0]);
    const final = (row, column) => corrected.has(finalKey(journal, spread, row, column));
    const rows = pupils.filter(row => columns.some(column => cell(row, column)) || finals.some(column => final(row, column)));
    columns = columns.filter(column => pupils.some(row => cell(row, column)));
    finals = finals.filter(column => pupils.some(row => final(row, column)));
    pupils = rows;
  }
  return { pupils, columns, finals };
}

function finalKey(journal, spread, row, column) {
  return [journal.section.subjectId, spread.finals[column][0], journal.data.pupils[row][0]].join("/");
}

function spreadNode(journal, spread, start, view) {
  const heading = [journal.section.title, journal.one.name, spread.period].filter(Boolean).join(", ");
  return h("section", { class: "spread", "aria-label": heading },
    h("h2", null, heading),
    h("div", { class: "pages" },
      h("div", { class: "scroll" }, asGrid(gridTable(journal, spread, start, view), heading)),
      view.columns.length > 0 && topicsTable(journal, start, view, heading)));
}

function gridTable(journal, spread, start, view) {
  const lessons = view.columns.map(column => journal.lessons[start + column]);
  const body = view.pupils.map(row => {
    const pupil = journal.data.pupils[row];
    return h("tr", null,
      h("th", { scope: "row", class: "name" }, h("span", { class: "no" }, pupil[1]), " ", link(pupil[2], ["class", journal.one.key, "pupil", pupil[0]]), pupil[3] && h("small", null, " " + pupil[3])),
      view.columns.map(column => lessonCell(journal, spread, start, row, column)),
      view.finals.map(column => finalCell(journal, spread, row, column)));
  });
  return h("table", { class: "grid" }, h("thead", null, monthRow(lessons, view.finals.length), h("tr", null,
    h("th", { scope: "col", class: "name" }, t("Surname, given name")), lessons.map(lessonHead),
    view.finals.map(column => h("th", { scope: "col", class: "final" }, spread.finals[column][1])))),
  h("tbody", null, body), sourceFoot(1 + view.columns.length + view.finals.length));
}

function monthRow(lessons, finals) {
  const months = [];
  for (const [, iso] of lessons) {
    const month = iso.slice(0, 7), last = months[months.length - 1];
    if (last && last[0] === month) last[1]++; else months.push([month, 1]);
  }
  const name = month => t("month " + Number(month.slice(5)));
  return h("tr", { class: "months" }, h("td"), months.map(([month, count]) => h("th", { scope: "colgroup", colspan: count }, name(month))), finals > 0 && h("td", { colspan: finals }));
}

function lessonHead([, iso, place, , , , works]) {
  const title = day(iso) + (place === null ? "" : ", " + t("lesson {number}", { number: place }));
  return h("th", { scope: "col", title }, h("span", null, iso.slice(8)), works && h("small", null, works));
}

function lessonCell(journal, spread, start, row, column) {
  const { one, section, place, data } = journal, pupil = data.pupils[row], [id, iso, inDay, , topic] = journal.lessons[start + column];
  const cell = spread.cells[row][column], key = id + "/" + pupil[0];
  const facts = [[t("Pupil"), pupil[2]], [t("Lesson"), day(iso) + (inDay === null ? "" : ", " + t("lesson {number}", { number: inDay }))], [t("Topic of the lesson"), topic]];
  return valueCell(breakable(shown(cell)), { "data-cell": key, class: kindOf(cell) }, journal.corrected.has(key),
    from => openHistory(from, section.title, facts, one.key + "/" + historyFile(place), key));
}

function finalCell(journal, spread, row, column) {
  const { one, section, data } = journal, key = finalKey(journal, spread, row, column), cell = spread.finalCells[row][column];
  const facts = [[t("Pupil"), data.pupils[row][2]], [t("Period"), spread.finals[column][1]]];
  return valueCell(breakable(shown(cell)), { "data-cell": key, class: cell === null ? "final outside" : "final" }, journal.corrected.has(key),
    from => openHistory(from, section.title, facts, one.key + "/finals", key));
}

function topicsTable(journal, start, view, heading) {
  const rows = view.columns.map(column => {
    const [, iso, , hours, topic, homework, , note] = journal.lessons[start + column];
    return [h("th", { scope: "row" }, day(iso)), hours, h("td", { class: "text" }, topic), h("td", { class: "text" }, homework), h("td", { class: "text" }, note)];
  });
  return table(null, [t("Date"), t("h."), t("Topic of the lesson"), t("Homework"), t("Note")], rows, { class: "topics", "aria-label": heading + ": " + t("topics and homework") });
}
