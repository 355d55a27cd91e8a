/* Filters: each with its counts, all of them in the address. */
let filters = null;
function buildFilters() {
  const find = make("input", { type: "search", id: "find", placeholder: say("search"), "aria-label": say("search"), autocomplete: "off", "aria-keyshortcuts": "/" });
  const kinds = make("fieldset", {}, make("legend", { class: "visually-hidden" }, say("kind")));
  for (const kind of SHAPES) {
    const box = make("input", { type: "checkbox", value: kind });
    box.addEventListener("change", () => { if (box.checked) view.kind.add(kind); else view.kind.delete(kind); changed(); });
    kinds.append(make("label", { class: "chip", title: say(`${kind}-means`) }, box, make("i", { class: `glyph ${kind} to-day` }), say(kind), make("span", { class: "n" })));
  }
  const rest = make("div", { class: "rest" }), picks = {};
  for (const key of ["precision", "source", "collection", "language"]) {
    picks[key] = make("select", {});
    picks[key].addEventListener("change", () => { view[key] = picks[key].value; changed(); });
    rest.append(make("label", { "data-for": key }, say(`pick-${key}`), picks[key]));
  }
  const days = ["from", "to"].map((edge) => { const input = make("input", { type: "text", placeholder: "2025-11-06", size: 12, inputmode: "text" }); input.addEventListener("change", () => typeRange()); rest.append(make("label", {}, say(edge), input)); return input; });
  const outcome = make("p", { class: "outcome", role: "status" });
  filters = { form: make("form", { class: "filters", role: "search" }, make("span", { class: "find" }, find), kinds, make("details", {}, make("summary", {}, say("more-filters")), rest)), find, kinds, picks, days, outcome };
  filters.isOpen = () => $("details", filters.form).open;
  filters.form.addEventListener("submit", (event) => event.preventDefault());
  $("details", filters.form).addEventListener("toggle", () => { if (start.complete && hasData && filters.isOpen()) { result = sift(); showCounts(result.counts); } });
  find.addEventListener("input", later(start.complete ? 60 : 250, () => { view.q = find.value.trim(); changed(); }));
  overview.after(filters.form, outcome);
  if (!start.complete) showWhatIsKnown();
  showFilters();
}
/* A day, a month or a year typed; the later edge is the end of what was typed. */
function typeRange() {
  const said = filters.days.map((input) => input.value.trim()), [from, to] = said.map(parse);
  filters.days.forEach((input, at) => { input.setCustomValidity(said[at] && parse(said[at]) === null ? say("no-such-date") : ""); });
  if (filters.days.some((input) => !input.reportValidity())) return;
  if (from === null && to === null) { clearRange(); return; }
  setRange(from ?? bandAxis.from, to === null ? bandAxis.to : endOf(said[1], to));
}
function endOf(said, t) {
  const when = date(t), parts = said.replace(/^-/, "").split(/[-T]/).length;
  return parts === 1 ? seconds(when.getUTCFullYear() + 1) : parts === 2 ? seconds(when.getUTCFullYear(), when.getUTCMonth() + 1) : said.includes("T") ? t + 60 : t + DAY;
}
function showFilters() {
  filters.find.value = view.q;
  $$("input", filters.kinds).forEach((box) => { box.checked = view.kind.has(box.value); });
  filters.days[0].value = view.from === null ? "" : iso(view.from).slice(0, 16);
  filters.days[1].value = view.to === null ? "" : iso(view.to - (view.to % DAY ? 0 : DAY));
  if (!start.complete) for (const [key, pick] of Object.entries(filters.picks)) pick.value = view[key];
  if (view.precision || view.source || view.collection || view.language) $("details", filters.form).open = true;
}
let languages = null; // made when it is first needed: making it is slow
const nameOf = (code) => { try { languages ||= new Intl.DisplayNames(WORDS.language, { type: "language" }); return (code && languages.of(code)) || code || say("not-known"); } catch { return code; } };
/* Where the events are too many to be here the server counts them, over the whole timeline; a source is typed. */
async function showWhatIsKnown() {
  for (const label of $$(".chip", filters.kinds)) {
    const count = (start.kinds || {})[$("input", label).value];
    $(".n", label).textContent = count === undefined ? "" : number(count);
  }
  fillPick("precision", PRECISIONS.map((key) => [key, say(`known-to-${key}`)]));
  const typed = make("input", { type: "text", size: 24, list: "sources", value: view.source, placeholder: say("source-typed") }), known = make("datalist", { id: "sources" });
  typed.addEventListener("change", () => { view.source = typed.value.trim(); changed(); });
  filters.picks.source.replaceWith(typed, known);
  filters.picks.source = typed;
  for (const key of ["collection", "language"]) fillPick(key, []);
  $("details", filters.form).addEventListener("toggle", async () => {
    try {
      const counted = await (await fetch(`${root}api/facets`)).json();
      for (const key of ["collection", "language"]) fillPick(key, counted[key].filter(({ value }) => value).map(({ value, count }) => [value, key === "language" ? nameOf(value) : value, count]));
      known.replaceChildren(...counted.source.map(({ name, count }) => make("option", { value: name }, say("events", { n: count }))));
    } catch { /* typed all the same */ }
  }, { once: true });
}
/* A pick's options: [value, label, count]; what is chosen stays among them. */
function fillPick(key, known) {
  const pick = filters.picks[key], chosen = view[key];
  if (chosen && !known.some(([value]) => value === chosen)) known.push([chosen, chosen, 0]);
  pick.replaceChildren(make("option", { value: "" }, say("any")), ...known.map(([value, label, count]) => make("option", { value }, count === undefined ? label : `${cut(label, 70)} (${number(count)})`)));
  pick.value = chosen;
  pick.parentElement.hidden = known.length < 2 && !chosen;
}
function showCounts(counts) {
  for (const label of $$(".chip", filters.kinds)) {
    const count = counts.kind.get($("input", label).value) || 0;
    $(".n", label).textContent = number(count);
    label.classList.toggle("none-left", !count);
  }
  if (!filters.isOpen()) return; // hundreds of options that nobody sees
  const titles = new Map(documents.map((d) => [d.id, d.title]));
  const counted = (key, keys, label) => fillPick(key, keys.map((value) => [value, label(value), counts[key].get(value) || 0]));
  counted("precision", PRECISIONS.filter((key) => counts.precision.has(key)), (key) => say(`known-to-${key}`));
  counted("language", [...counts.language.keys()].sort(), nameOf);
  counted("collection", [...counts.collection.keys()].filter(Boolean).sort(), (key) => key);
  counted("source", [...counts.source].sort((a, b) => b[1] - a[1]).slice(0, 300).map(([key]) => key), (key) => titles.get(key) || key);
}
function showOutcome(text) {
  const parts = [];
  if (isFiltered()) {
    const clear = make("button", { type: "button" }, say("clear"));
    clear.addEventListener("click", () => { Object.assign(view, { q: "", kind: new Set(), precision: "", language: "", collection: "", source: "", from: null, to: null }); full = firstLook(); showFilters(); changed(); });
    parts.push(text, clear);
  }
  if (isLive) {
    const query = parameters();
    const links = make("span", { class: "exports" }, say("download"), " ");
    for (const [format, label] of [["csv", "CSV"], ["json", "JSON"], ["ics", "iCalendar"], ["timelinejs", "TimelineJS"], ["timeml", "TimeML"], ["html", say("one-file")]]) {
      const asked = new URLSearchParams(query); asked.set("format", format);
      links.append(make("a", { href: `${root}api/export?${asked}`, download: true }, label), " ");
    }
    parts.push(links);
  }
  filters.outcome.replaceChildren(...parts);
}
