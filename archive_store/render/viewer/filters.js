"use strict";
// Filters stand in the address, so that "back" and a bookmark know them; they change the page in place.

let quiet = false;  // the address was changed by a filter: the page is up to date already

function filterForm(query, fields, onchange) {
  const form = h("form", { class: "filters", "aria-label": t("Filter"), onsubmit: event => event.preventDefault() });
  const read = () => {
    const values = {};
    for (const field of form.elements) if (field.name) values[field.name] = field.type === "checkbox" ? (field.checked ? "1" : "") : field.value;
    return values;
  };
  form.append(...fields.filter(Boolean).map(make => make(query)));
  const changed = () => {
    const values = read(), next = address(whereAmI().parts, values);
    if (next !== location.hash) { quiet = true; location.replace(next); }
    say(onchange(values));
  };
  form.addEventListener("change", changed);
  form.addEventListener("input", event => { if (event.target.type === "search") changed(); });
  return form;
}

function choice(name, label, options) {
  return query => h("label", null, label, h("select", { name, id: "filter-" + name },
    options.map(([value, text]) => h("option", { value, selected: query[name] === value }, text))));
}

function dayField(name, label) {
  return query => h("label", null, label, h("input", { type: "date", name, id: "filter-" + name, value: query[name] || "" }));
}

function tick(name, label) {
  return query => h("label", { class: "tick" }, h("input", { type: "checkbox", name, id: "filter-" + name, checked: query[name] === "1" }), label);
}

function textField(name, label) {
  return query => h("label", null, label, h("input", { type: "search", name, id: "filter-" + name, value: query[name] || "", autocomplete: "off", spellcheck: "false" }));
}

function withinDays(iso, values) {
  return (!values.from || iso >= values.from) && (!values.to || iso <= values.to);
}

function periodChoice(periods) {
  return choice("period", t("Period"), [["", t("the whole year")], ...Array.from(new Set(periods)).filter(Boolean).map(name => [name, name])]);
}
