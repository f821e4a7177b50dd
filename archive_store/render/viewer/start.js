"use strict";
// Which page is shown, where the focus goes, the keys of the whole viewer.

let path = null, turn = 0, onScreen = null;

function pageOf([kind, key, what]) {
  if (!kind) return contentsPage;
  if (kind === "search") return searchPage;
  const pages = new Map([["journal", journalPage], ["pupil", pupilPage], ["sheet", sheetPage], ["corrections", correctionsPage], [undefined, classPage]]);
  return kind === "class" && key ? pages.get(what) : null;
}

async function show() {
  if (quiet) { quiet = false; return; }
  const { parts, query } = whereAmI(), mine = ++turn;
  closeHistory();
  const make = pageOf(parts);
  let page;
  try {
    if (!make) throw new NotHere();
    page = await make(parts[0] === "class" ? parts.slice(1) : parts, query);
  } catch (error) {
    if (!(error instanceof MissingFile || error instanceof NotHere)) throw error;
    const why = error instanceof NotHere ? t("This folder does not hold what the address names.") : missingText(error);
    page = { about: begin(t("This is not there"), null), crumbs: [[t("Contents"), address([])]],
      nodes: [h("p", null, why)] };
  }
  current = mine === turn ? page.about : onScreen || page.about;
  if (mine !== turn) return;  // another page was asked for meanwhile
  onScreen = page.about;
  const { title } = page.about, first = path === null, heading = h("h1", { tabindex: -1 }, title);
  byId("main").replaceChildren(heading, ...page.nodes.flat(Infinity).filter(Boolean));
  byId("main").classList.toggle("wide", Boolean(page.wide));
  byId("crumbs").replaceChildren(...page.crumbs.flatMap(([text, href], at) => [at ? " › " : "", h("a", { href }, text)]), page.crumbs.length ? " › " : "", h("span", { "aria-current": "page" }, title));
  byId("source").textContent = sourceLine();
  document.title = title + " — " + store.get("school").name;
  if (parts[0] !== "search") byId("words").value = "";
  const searching = parts[0] === "search" && document.activeElement === byId("words");
  if (!first && !searching) { heading.focus(); window.scrollTo(0, 0); }
  path = parts.join("/");
}

let timer = null;
function search() {
  clearTimeout(timer);
  const next = address(["search"], { q: byId("words").value.trim() });
  if (next === location.hash) return;
  if (whereAmI().parts[0] === "search") location.replace(next); else location.hash = next;
}

byId("search").addEventListener("submit", event => { event.preventDefault(); search(); });
byId("words").addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, 300); });
byId("skip").addEventListener("click", event => { event.preventDefault(); byId("main").focus(); });
window.addEventListener("hashchange", show);
document.addEventListener("keydown", event => {
  if (event.key === "Escape") closeHistory();
  const typing = event.target.matches("input, select, textarea");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) { event.preventDefault(); byId("words").focus(); }
});
load("school").then(show, error => { byId("main").append(h("p", null, error.message)); });
