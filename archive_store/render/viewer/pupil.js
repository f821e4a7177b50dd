"use strict";
// A pupil: the marks of all subjects, the final marks, the attendance, other classes and years.

async function pupilPage([key, , id], query) {
  const one = await classOf(key), own = one.roster.find(line => line[0] === id);
  const places = one.sections.map((section, place) => place).filter(place => one.sections[place].pupils.includes(id));
  if (!own && !places.length) throw new NotHere();
  const [lessons, sheet, ...sections] = await Promise.all([load(key + "/lessons"), load(key + "/sheet"), ...places.map(place => load(key + "/" + sectionFile(place)))]);
  const view = { one, id, places, lessons, sheet, sections, line: sheet.rows.find(([pupil]) => pupil[0] === id) };
  const anySection = sections[0] && sections[0].pupils.find(pupil => pupil[0] === id);
  const about = begin(own ? own[4] : anySection[2], fileOf(one, "class"));
  const shownNode = h("div"), elsewhere = h("p");
  const update = values => { shownNode.replaceChildren(...pupilTables(view, values)); return t("Shown"); };
  update(query);
  othersOf(id, key).then(others => elsewhere.append(...others));
  const periods = sections.flatMap(data => data.spreads.map(spread => spread.period));
  const subjects = Array.from(new Set(places.map(place => one.sections[place].subject)));
  return {
    about, crumbs: classCrumbs(one), wide: true,
    nodes: [
      own && own[5] && h("p", null, t("Subgroups") + ": " + own[5]), own && own[3] && h("p", null, own[3]), elsewhere,
      filterForm(query, [choice("subject", t("Subject"), [["", t("all subjects")], ...subjects.map(name => [name, name])]), periodChoice(periods),
        dayField("from", t("From day")), dayField("to", t("To day")), tick("corrected", t("only corrections"))], update),
      shownNode, legend()],
  };
}

// Other classes and years of the same pupil.
async function othersOf(id, key) {
  const school = await load("school");
  const others = school.classes.filter(one => one.key !== key);
  const data = await Promise.all(others.map(one => load(one.key + "/class").catch(() => null)));
  const found = others.filter((_, at) => data[at] && data[at].roster.some(line => line[0] === id));
  return found.length ? [t("Other classes and years") + ": ", ...found.flatMap((one, at) => [at ? ", " : "", link(one.name + ", " + one.year, ["class", one.key, "pupil", id])])] : [];
}

function pupilTables(view, values) {
  const lines = view.places.map((place, at) => subjectLine(view, place, view.sections[at], values)).filter(Boolean);
  if (!lines.length) return [h("p", null, t("Nothing fits the filter."))];
  return [h("h2", null, t("Marks by subject")), marksTable(view, lines), h("h2", null, t("Attendance")), attendanceTable(lines)];
}

// What the filter leaves of a subject: the cells of the pupil with their lessons.
function subjectLine(view, place, data, values) {
  const section = view.one.sections[place], corrected = new Set(data.corrected), row = data.pupils.findIndex(pupil => pupil[0] === view.id);
  if (values.subject && section.subject !== values.subject) return null;
  const cells = [], finals = [], absences = [];
  let first = 0, lessons = 0;
  for (const spread of data.spreads) {
    const start = first;
    first += spread.lessons;
    if (values.period && spread.period !== values.period) continue;
    spread.cells[row].forEach((cell, column) => {
      const lesson = view.lessons[place][start + column], key = lesson[0] + "/" + view.id;
      if (!withinDays(lesson[1], values)) return;
      if (cell !== null) { lessons++; absences.push(...letters(cell)); }
      if (((cell !== null && shown(cell)) || corrected.has(key)) && (!values.corrected || corrected.has(key))) cells.push({ cell, lesson, key, corrected: corrected.has(key) });
    });
    spread.finalCells[row].forEach((cell, column) => {
      const key = [section.subjectId, spread.finals[column][0], view.id].join("/");
      if (!values.corrected || corrected.has(key)) finals.push({ cell, key, column: spread.finals[column], corrected: corrected.has(key) });
    });
  }
  if (values.corrected && !cells.length && !finals.length) return null;
  return { section, place, cells, finals, lessons, absences };
}

function marksTable(view, lines) {
  const columns = [];
  for (const [key, name] of view.sheet.lines) if (lines.some(line => line.finals.some(final => final.column[0] === key))) columns.push([key, name]);
  for (const line of lines) for (const final of line.finals) if (!columns.some(([key]) => key === final.column[0])) columns.push(final.column);
  const heads = [t("Subject"), t("Marks and absences"), t("Average of the year"), t("Weighted average of the year"), ...columns.map(([, name]) => h("th", { scope: "col", class: "final" }, name))];
  const rows = lines.map(line => {
    const average = view.sheet.averages[line.section.subjectId + "/" + view.id] || [0, null, null];
    return [rowHead(link(line.section.title, ["class", view.one.key, "journal", String(line.place)])), h("td", { class: "chips" }, line.cells.map(cell => chip(view, line, cell))),
      average[1] || "—", average[2] || "—", ...columns.map(([key]) => finalOf(view, line, key))];
  });
  return table(null, heads, rows, { class: "marks" });
}

function chip(view, line, { cell, lesson, key, corrected }) {
  const [, iso, place, , topic, , works] = lesson;
  const facts = [[t("Pupil"), view.line ? view.line[0][2] : ""], [t("Lesson"), day(iso) + (place === null ? "" : ", " + t("lesson {number}", { number: place }))], [t("Topic of the lesson"), topic]];
  const classes = ["chip", letters(cell).length && "absent", corrected && "corrected"].filter(Boolean).join(" ");
  return [h("button", { type: "button", class: classes, "data-cell": key, title: [day(iso), works, topic].filter(Boolean).join(" · "),
    onclick: event => openHistory(event.currentTarget, line.section.title, facts, view.one.key + "/" + historyFile(line.place), key) },
  h("b", null, shown(cell) || "—"), h("small", null, iso.slice(8) + "." + iso.slice(5, 7))), " "];
}

function finalOf(view, line, columnKey) {
  const final = line.finals.find(one => one.column[0] === columnKey);
  if (!final) return "";
  const facts = [[t("Pupil"), view.line ? view.line[0][2] : ""], [t("Period"), final.column[1]]];
  return h("td", { class: final.corrected ? "final corrected" : "final" }, ((final.cell !== null && shown(final.cell)) || final.corrected) && h("button", { type: "button", class: "plain", "data-cell": final.key,
    onclick: event => openHistory(event.currentTarget, line.section.title, facts, view.one.key + "/finals", final.key) }, shown(final.cell) || "—"));
}

function attendanceTable(lines) {
  const known = store.get("school").letters, kinds = known.map(([letter]) => letter);
  const counts = line => kinds.map(kind => line.absences.filter(letter => letter === kind).length);
  const others = line => line.absences.filter(letter => !kinds.includes(letter)).length;
  const rows = lines.map(line => { const found = counts(line); return [line.lessons, found[0] + found[1] + found[2], ...found, others(line)]; });
  const total = rows.reduce((sum, row) => sum.map((value, at) => value + row[at]), rows[0].map(() => 0));
  const heads = [t("Subject"), t("Lessons while in the list"), t("Missed") + ": " + kinds.slice(0, 3).join(" + "), ...known.map(([letter, text]) => h("th", { scope: "col", title: text }, letter)), t("other")];
  return table(null, heads, [...rows.map((row, at) => [rowHead(lines[at].section.title), ...row]), [rowHead(t("In all")), ...total]], { class: "totals" });
}
