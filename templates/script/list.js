/* The list: what is hidden of it, put in another order, or fetched. */
let original = null, asking = null;
const key = (id, doc) => `${id}|${doc}`;
const documentOf = (li) => (/documents\/([0-9a-f]+)/.exec($(".source a", li)?.getAttribute("href") || "") || [])[1] || "";
function keepOriginal() { if (!original && list) original = [...list.childNodes]; }
function restore() { if (original && list.firstChild !== original[0]) list.replaceChildren(...original); }
function showWhole(shown) {
  const wanted = new Set(shown.map((e) => key(e.id, e.doc.id))), filtered = isFiltered();
  for (const li of $$(".event", list)) li.hidden = filtered && !wanted.has(key(li.dataset.id, documentOf(li)));
  for (const section of [...$$(".day", list), ...$$(".month", list), ...$$(".year", list)]) section.hidden = !$(".event:not([hidden])", section);
  for (const gap of $$("p.gap", list)) gap.hidden = filtered;
  let none = $(".none", list);
  if (!shown.length && filtered) { if (!none) list.append(make("p", { class: "none" }, say("no-match"))); } else if (none) none.remove();
}
function reorder() {
  // By the documents' dates: the same cards under other headings.
  restore();
  if (view.by === "event") return;
  const days = new Map(events.map((e) => [key(e.id, e.doc.id), e.doc.day]));
  const cards = $$(".event", list).map((li) => [days.get(key(li.dataset.id, documentOf(li))) ?? -Infinity, li]);
  cards.sort((a, b) => a[0] - b[0]);
  const pieces = [];
  let year = null, lastDay = null, into = null;
  for (const [day, li] of cards) {
    const y = Number.isFinite(day) ? date(day).getUTCFullYear() : say("not-dated");
    if (y !== year) { into = make("section", { class: "year" }, make("h2", {}, typeof y === "number" ? sayYear(y) : y)); pieces.push(into); year = y; lastDay = null; }
    if (day !== lastDay) { into.append(make("section", { class: "day" }, make("h3", { class: "reported" }, Number.isFinite(day) ? say("reported-on", { day: sayDay(day) }) : say("no-date")), make("ol", { class: "events" }))); lastDay = day; }
    into.lastChild.lastChild.append(li.cloneNode(true));
  }
  list.replaceChildren(...pieces);
}
async function ask(address, { isMore = false } = {}) {
  if (asking) asking.abort();
  asking = new AbortController();
  list.classList.add("busy");
  try {
    const answer = await fetch(address, { signal: asking.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = $("#list", page);
    if (!found) throw new Error("no list");
    $(".more-button", list)?.remove();
    const incoming = [...found.children].map((node) => document.adoptNode(node));
    if (isMore) list.append(...incoming); else list.replaceChildren(...incoming);
    if (found.dataset.more) {
      const more = make("p", { class: "around more-button" }, make("button", { type: "button" }, say("more")));
      $("button", more).addEventListener("click", () => ask(`${root}${found.dataset.more}`, { isMore: true }));
      list.append(more);
    }
    decorate();
  } catch (error) {
    if (error.name !== "AbortError") list.replaceChildren(make("p", { class: "none" }, say("no-answer")));
  } finally { list.classList.remove("busy"); }
}
function showHits(shown, from = 0) {
  const items = shown.slice(from, from + 200).map((e) => make("li", {}, make("span", { class: "date" }, e.when), make("a", { href: hrefOf(e) }, e.text)));
  if (!from) list.replaceChildren(make("ol", { class: "hits" }));
  $(".hits", list).append(...items);
  $(".more-button", list)?.remove();
  if (!shown.length) list.replaceChildren(make("p", { class: "none" }, say("no-match")));
  if (shown.length > from + 200) {
    const more = make("p", { class: "around more-button" }, make("button", { type: "button" }, say("more-of", { n: shown.length - from - 200 })));
    $("button", more).addEventListener("click", () => showHits(shown, from + 200));
    list.append(more);
  }
}
const fetchLanes = later(160, async () => {
  if (!isLive || start.complete || !chart) return;
  const query = parameters();
  const [from, to] = windowShown();
  query.set("from", iso(from)); query.set("to", iso(to));
  try {
    const answer = await fetch(`${root}api/lanes?${query}`);
    const table = await answer.json();
    if (table.events.length) { takeTables([table]); hasData = false; laneEvents = events; } else laneEvents = [];
  } catch { laneEvents = []; }
  drawLanes();
});
function changed({ isReordered = false, isFirst = false } = {}) {
  if (!isFirst) writeAddress();
  if (start.complete && hasData) {
    result = sift();
    showCounts(result.counts);
    if (view.from === null && !isAllAsked) full = firstLook();
  }
  if (!isFirst || isFiltered() || hasData) { if (!full) full = firstLook(); drawBand(); drawLanes(); }
  keepOriginal();
  const isActive = isFiltered() || view.by === "reported";
  if (start.complete && hasData) {
    if (isWhole() && !$(".periods", list)) {
      if (isReordered || (isFirst && view.by === "reported")) reorder();
      showWhole(result.shown);
      decorate();
    } else if (!isActive) restore();
    else if (isLive) ask(`${root}search?${parameters()}`);
    else showHits(view.by === "reported" ? [...result.shown].sort((a, b) => clock(a) - clock(b)) : result.shown);
    showOutcome(say("matching", { n: events.length, shown: result.shown.length }));
  } else if (!start.complete) {
    if (isLive) { fetchLanes(); if (isActive) ask(`${root}search?${parametersHere()}`); else restore(); }
    else restore();
    showOutcome("");
  }
  showDays();
}
function parametersHere() {
  const query = parameters();
  if (start.key && !query.has("from")) { query.set("from", iso(bandAxis.from)); query.set("to", iso(bandAxis.to)); }
  return query;
}
function showDays() {
  if (document.activeElement !== filters.days[0] && document.activeElement !== filters.days[1]) {
    filters.days[0].value = view.from === null ? "" : iso(view.from).slice(0, 10);
    filters.days[1].value = view.to === null ? "" : iso(Math.ceil(view.to / DAY) * DAY - DAY);
  }
}
