"use strict";
// A class: its journals by subject, its pupils, what else there is.

// A class of the package, with its data loaded.
async function classOf(key) {
  const school = await load("school"), known = school.classes.find(one => one.key === key);
  if (!known) throw new NotHere();
  return Object.assign({ entry: known, key }, await load(key + "/class"));
}

function classCrumbs(one) {
  return [[t("Contents"), address([])], [className(one), address(["class", one.key])]];
}

function className(one) { return t("the class {name}", { name: one.name }) + ", " + one.entry.year; }

// The file of a class's data and its digest, as in CHECKSUMS.sha256.
function fileOf(one, name) {
  const digest = name === "class" ? one.entry.digest : one.digests[name];
  return ["viewer/data/" + one.key + "/" + name + ".js", digest];
}

async function classPage([key]) {
  const one = await classOf(key), about = begin(className(one), fileOf(one, "class"));
  return {
    about, crumbs: classCrumbs(one).slice(0, 1),
    nodes: [
      one.teachers.length > 0 && h("p", null, t("Class teacher") + ": " + one.teachers.join(", ")),
      h("ul", { class: "links" },
        h("li", null, link(t("Summary sheet of progress"), ["class", key, "sheet"])),
        h("li", null, link(t("Corrections") + ": " + one.entry.corrections, ["class", key, "corrections"]))),
      one.withoutMarks && h("p", { class: "note" }, t("The first year of study is taught without marks.")),
      h("h2", null, t("Journals by subject")), sectionsTable(one),
      h("h2", null, t("Pupils")), rosterTable(one),
      one.unknown.length > 0 && [h("h2", null, t("Values of unknown meaning")), table(null, [t("Value"), t("How many")], one.unknown)],
    ],
  };
}

function sectionsTable(one) {
  const heads = [t("Subject"), t("Teacher"), t("Number of pupils"), t("Lessons"), t("Hours held"), t("Marks"), t("Absences and late arrivals"), t("Final marks"), t("Corrected cells")];
  return table(null, heads, one.sections.map((section, place) => [
    rowHead(link(section.title, ["class", one.key, "journal", String(place)])), section.teachers.join(", "), section.pupils.length,
    section.lessons, section.hours, section.marks, section.absences, section.finals, section.corrected]));
}

function rosterTable(one) {
  return table(null, [t("№"), t("Surname, given name, patronymic"), t("Subgroups"), t("Note")], one.roster.map(([id, place, , note, full, subgroups]) =>
    [place, rowHead(link(full, ["class", one.key, "pupil", id])), subgroups, note]));
}
