"use strict";
// What all pages of the viewer share: data, words, nodes, addresses. Plain scripts: a page opened from a
// folder may load neither modules nor other files.

const store = new Map(), loading = new Map();

// Every file of data is one call of this.
function given(name, data) { store.set(name, data); }

class MissingFile extends Error {}  // a file of the package was not copied

function missingText(error) {
  return t("The file {file} is missing. Copy the whole folder, not this page alone.", { file: error.message });
}
class NotHere extends Error {}      // the package never held what the address names

function load(name) {
  if (store.has(name)) return Promise.resolve(store.get(name));
  if (!loading.has(name)) loading.set(name, new Promise((done, failed) => {
    const script = document.createElement("script");
    const ended = () => {
      loading.delete(name);
      script.remove();
      if (store.has(name)) done(store.get(name)); else failed(new MissingFile("viewer/data/" + name + ".js"));
    };
    script.addEventListener("load", ended);
    script.addEventListener("error", ended);
    script.src = "viewer/data/" + name + ".js";
    document.head.append(script);
  }));
  return loading.get(name);
}

// The text in the language of the package; names in braces are filled in.
function t(text, values) {
  const words = store.get("words")[text] || text;
  return values ? words.replace(/\{(\w+)\}/g, (whole, name) => name in values ? String(values[name]) : whole) : words;
}

// A node; texts among the children become text nodes, never HTML.
function h(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false).map(child => child instanceof Node ? child : String(child)));
  return node;
}

function byId(id) { return document.getElementById(id); }

// An address: #/class/KEY/journal/3?period=1 is parts and a query.
function address(parts, query) {
  const text = new URLSearchParams(Object.entries(query || {}).filter(([, value]) => value)).toString();
  return "#/" + parts.map(encodeURIComponent).join("/") + (text ? "?" + text : "");
}

function whereAmI() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  return { parts: path.split("/").filter(Boolean).map(decoded), query: Object.fromEntries(new URLSearchParams(query || "")) };
}

function decoded(part) {
  try { return decodeURIComponent(part); } catch (error) { return part; }
}

function link(text, parts, query) { return h("a", { href: address(parts, query) }, text); }

// 2025-09-05 as people write it.
function day(iso) { return iso ? iso.split("-").reverse().join(".") : ""; }

function number(value) { return value.toLocaleString(document.documentElement.lang); }

// A text as it is searched: case, ё and Latin look-alikes do not matter.
const DOUBLES = { a: "а", b: "в", c: "с", e: "е", h: "н", k: "к", m: "м", o: "о", p: "р", t: "т", x: "х", y: "у", "ё": "е" };
function folded(text) { return text.toLowerCase().replace(/[abcehkmoptxyё]/g, letter => DOUBLES[letter]); }

// A cell of a journal is a text, or a list of the marks and the letters of attendance, or null where the pupil
// was not in the group that day.
function letters(cell) { return Array.isArray(cell) ? cell.slice(1) : []; }
function marks(cell) { return Array.isArray(cell) ? cell[0] : cell; }
function shown(cell) { return cell === null ? "×" : [letters(cell).join(""), marks(cell)].filter(Boolean).join(" "); }
function kindOf(cell) { return cell === null ? "outside" : letters(cell).length ? "absent" : null; }

// A line may be broken after each mark of a cell.
function breakable(text) { return text.split("/").flatMap((part, place) => place ? ["/", h("wbr"), part] : [part]); }

function say(text) { byId("status").textContent = text; }
