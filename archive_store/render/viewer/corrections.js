"use strict";
// The list of corrections of a class.

async function correctionsPage([key], query) {
  const one = await classOf(key), data = await load(key + "/corrections");
  const about = begin(t("Corrections") + ", " + one.name, fileOf(one, "corrections"));
  const subjects = Array.from(new Set(data.rows.map(row => row[3]).filter(Boolean))).sort((a, b) => a.localeCompare(b, "ru"));
  const place = h("div");
  const update = values => {
    const rows = data.rows.filter(row => isWanted(row, values));
    place.replaceChildren(rows.length ? correctionsTable(one, data, rows) : h("p", null, data.rows.length ? t("Nothing fits the filter.") : t("There are no corrections.")));
    return t("Corrections shown: {count}", { count: rows.length });
  };
  update(query);
  return {
    about, crumbs: classCrumbs(one), wide: true,
    nodes: [
      filterForm(query, [choice("kind", t("What"), [["", t("everything")], ...data.kinds]),
        choice("subject", t("Subject"), [["", t("all subjects")], ...subjects.map(name => [name, name])]),
        choice("flag", t("Flags"), [["", t("any")], ...data.flags]),
        dayField("from", t("From day")), dayField("to", t("To day")), textField("pupil", t("Pupil"))], update),
      place, h("ul", { class: "note" }, data.notes.map(note => h("li", null, note)))],
  };
}

function isWanted([kind, , person, subject, , iso, , , , , , , , flags], values) {
  return (!values.kind || kind === values.kind) && (!values.subject || subject === values.subject) && (!values.flag || flags.includes(values.flag)) &&
    (!values.pupil || folded(person || "").includes(folded(values.pupil))) && ((!values.from && !values.to) || (iso !== null && withinDays(iso, values)));
}

function correctionsTable(one, data, rows) {
  const heads = [t("Noticed"), t("What"), t("Pupil"), t("Subject"), t("Class or subgroup"), t("Day"), t("Was"), t("Is"), t("Seen unchanged"), t("Days later"), t("Flags")];
  const words = new Map(data.flags), own = new Set(one.roster.map(line => line[0]));
  return table(null, heads, rows.map(([kind, id, person, subject, group, iso, what, was, now, from, until, noticed, days, flags]) => [
    h("th", { scope: "row" }, noticed), what, person && (own.has(id) ? link(person, ["class", one.key, "pupil", id]) : person),
    subject, group, day(iso), valueOf(was), valueOf(now), from === until ? from : from + " – " + until, days === null ? "" : days, flags.map(flag => words.get(flag)).join("; ")]),
  { class: "corrections" });
}

// A word stands whole; a long text may be broken anywhere.
function valueOf(value) { return h("td", value.length > 20 ? { class: "text" } : null, value); }
