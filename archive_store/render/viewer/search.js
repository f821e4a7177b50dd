"use strict";
// Search over pupils, teachers, subjects and classes, then over topics and homework: class by class, so that
// what is found first shows first.

const MOST = 100, AROUND = 100;

async function searchPage(parts, query) {
  const words = (query.q || "").trim(), place = h("div", { id: "found" });
  byId("words").value = words;
  const page = { about: begin(t("Search"), null), crumbs: [[t("Contents"), address([])]], nodes: [place] };
  if (!words) { place.append(h("p", null, t("Type a surname, a subject, a teacher or words of a topic above."))); return page; }
  const school = await load("school"), wanted = folded(words).split(/\s+/);
  searchIn(school, wanted, place).catch(error => {
    if (!(error instanceof MissingFile)) throw error;
    place.replaceChildren(h("p", { role: "status" }, missingText(error)));
  });
  return page;
}

// What was found stays where it is while topics are still looked through: a reader may be on it already.
async function searchIn(school, wanted, place) {
  const found = { pupils: [], teachers: [], classes: [], subjects: [], topics: [] };
  const fits = text => { const whole = folded(text); return wanted.every(word => whole.includes(word)); };
  const mine = turn, step = h("p", { role: "status" }, t("Searching…"));
  place.replaceChildren(step);
  await Promise.all(school.classes.map(async entry => findNames(entry, await load(entry.key + "/class"), fits, found)));
  if (mine !== turn) return;  // other words were typed meanwhile
  place.append(...foundNodes([[t("Pupils"), found.pupils], [t("Classes"), found.classes], [t("Subjects"), found.subjects], [t("Teachers"), found.teachers]]));
  for (const entry of school.classes) {
    if (found.topics.length >= MOST) break;
    findTopics(entry, await load(entry.key + "/class"), await load(entry.key + "/lessons"), fits, wanted, found);
    if (mine !== turn) return;
  }
  place.append(...foundNodes([[t("Topics and homework"), found.topics]]));
  const all = Object.values(found).reduce((sum, list) => sum + list.length, 0);
  step.removeAttribute("role");
  step.textContent = all ? t("Found: {count}", { count: number(all) }) : t("Nothing was found.");
  say(step.textContent);
}

// Of a long text, what stands around the first word that was found; the whole stands in the journal.
function excerpt(text, wanted) {
  if (text.length <= 3 * AROUND) return text;
  const at = Math.max(0, folded(text).indexOf(wanted[0]) - AROUND), end = at + 2 * AROUND;
  return (at ? "… " : "") + text.slice(at, end) + (end < text.length ? " …" : "");
}

function findNames(entry, one, fits, found) {
  const where = entry.name + ", " + entry.year;
  if (fits(entry.name)) found.classes.push([entry.name, where, ["class", entry.key]]);
  for (const [id, , , , full] of one.roster) if (fits(full + " " + entry.name)) found.pupils.push([full, where, ["class", entry.key, "pupil", id]]);
  one.sections.forEach((section, place) => {
    if (fits(section.title + " " + entry.name)) found.subjects.push([section.title, where, ["class", entry.key, "journal", String(place)]]);
    for (const teacher of section.teachers) if (fits(teacher)) found.teachers.push([teacher, section.title + ", " + where, ["class", entry.key, "journal", String(place)]]);
  });
  for (const teacher of one.teachers) if (fits(teacher)) found.teachers.push([teacher, t("Class teacher") + ", " + where, ["class", entry.key]]);
}

function findTopics(entry, one, lessons, fits, wanted, found) {
  lessons.forEach((list, place) => list.forEach(([, iso, , , topic, homework]) => {
    if (found.topics.length < MOST && (fits(topic) || fits(homework))) {
      const text = [topic, homework && t("Homework: {text}", { text: homework })].filter(Boolean).join(" · ");
      found.topics.push([excerpt(text, wanted), one.sections[place].title + ", " + entry.name + ", " + day(iso), ["class", entry.key, "journal", String(place)], { from: iso, to: iso }]);
    }
  }));
}

function foundNodes(groups) {
  return groups.filter(([, list]) => list.length).map(([title, list]) => {
    list.sort((a, b) => a[0].localeCompare(b[0], "ru"));
    return h("section", null, h("h2", null, title + ": " + (list.length >= MOST ? t("the first {count}", { count: MOST }) : list.length)),
      h("ul", { class: "found" }, list.slice(0, MOST).map(([text, where, parts, query]) => h("li", null, link(text, parts, query), h("small", null, " " + where)))));
  });
}
