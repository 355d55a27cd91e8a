/* What the page begins with, and the rows of events beside it. */
const SHAPES = ["moment", "stretch", "open", "vague"];
const PRECISION = { second: "day", minute: "day", hour: "day", "part of day": "day", day: "day", week: "week", weekend: "week", month: "month", season: "month", quarter: "month", half: "month", year: "year" };
const PRECISIONS = ["day", "week", "month", "year", "longer"];
let start = null, events = [], documents = [], hasData = false, isLive = false;
const list = $("#list"), overview = $("#overview");
const isWhole = () => Boolean(list && list.classList.contains("whole"));

function readStart() {
  const block = $("#start");
  start = block ? JSON.parse(block.textContent) : null;
}
function takeTables(tables) {
  const known = new Map();
  documents = []; events = [];
  for (const table of tables) {
    const places = table.documents.map(([id, title, path, day, language, collection, href]) => {
      if (!known.has(id)) known.set(id, documents.push({ id, title, path, day, language, collection, href }) - 1);
      return known.get(id);
    });
    for (const [id, begin, end, sort, shape, soft, unit, doc, said, when, text, at, clause] of table.events)
      events.push({ id, begin, end, sort, shape, soft, unit: PRECISION[unit] || "longer", doc: documents[places[doc]], said, when, text, at, clause });
  }
  events.sort((a, b) => a.sort - b.sort);
  hasData = true;
  takeHues();
}
/* What is searched of an event; made when somebody searches. */
const lowOf = (e) => (e.low ??= `${e.text}\n${e.doc.title}`.toLowerCase());
/* An event's place in its document, whose text may go on over several pages. */
function hrefOf(e) {
  const part = Math.floor(e.at / PART_CHARS);
  return `${root}${part ? e.doc.href.replace(/\.html$/, `.${part + 1}.html`) : e.doc.href}#e-${e.id}`;
}
function loadData(source, version, then) {
  if (!source) return;
  self.timelineData = [];
  const script = make("script", { src: `${root}${source}${version ? `?v=${version}` : ""}` });
  // Taken in one turn and drawn in the next: a reader who scrolls meanwhile must not be held up.
  script.onload = () => { takeTables(self.timelineData); self.timelineData = []; script.remove(); setTimeout(then); };
  script.onerror = () => script.remove();
  document.head.append(script);
}
