/* The view: filters and range, all of it in the address. */
const view = { q: "", kind: new Set(), precision: "", language: "", collection: "", source: "", from: null, to: null, by: "event" };
const isFiltered = () => isSifted() || view.from !== null;
/* Something but the stretch of time is chosen: then what is not stands dimmed in the band. */
const isSifted = () => Boolean(view.q || view.kind.size || view.precision || view.language || view.collection || view.source);
const clock = (e) => (view.by === "reported" ? e.doc.day ?? e.sort : e.sort);
function parameters() {
  const found = new URLSearchParams();
  if (view.q) found.set("q", view.q);
  for (const kind of view.kind) found.append("kind", kind);
  for (const key of ["precision", "language", "collection", "source"]) if (view[key]) found.set(key, view[key]);
  if (view.from !== null) { found.set("from", iso(view.from)); found.set("to", iso(view.to)); }
  if (view.by !== "event") found.set("by", view.by);
  return found;
}
function readAddress() {
  const from = location.hash.includes("=") ? location.hash.slice(1) : location.search.slice(1);
  const given = new URLSearchParams(from);
  view.q = given.get("q") || "";
  view.kind = new Set(given.getAll("kind").filter((kind) => SHAPES.includes(kind)));
  for (const key of ["precision", "language", "collection", "source"]) view[key] = given.get(key) || "";
  view.from = parse(given.get("from")); view.to = parse(given.get("to"));
  if (view.from === null || view.to === null || view.to <= view.from) view.from = view.to = null;
  view.by = given.get("by") === "reported" ? "reported" : "event";
}
function writeAddress() {
  const said = parameters().toString();
  const next = said ? `#${said}` : location.pathname;
  try { history.replaceState(null, "", next); } catch { if (said) location.hash = said; }
}

/* A term is a word or a "phrase"; all of them must be there. */
const terms = (q) => [...q.toLowerCase().matchAll(/"([^"]+)"|(\S+)/g)].map((m) => (m[1] || m[2]).replace(/\*$/, "")).filter(Boolean);
function misses(e, sought) {
  let found = 0;
  if (sought.some((term) => !lowOf(e).includes(term))) found |= 1;
  if (view.kind.size && !view.kind.has(SHAPES[e.shape])) found |= 2;
  if (view.precision && e.unit !== view.precision) found |= 4;
  if (view.language && e.doc.language !== view.language) found |= 8;
  if (view.collection && e.doc.collection !== view.collection && !e.doc.collection.startsWith(`${view.collection}/`)) found |= 16;
  if (view.source && e.doc.id !== view.source) found |= 32;
  if (view.from !== null) { const t = clock(e); if (t < view.from || t >= view.to) found |= 64; }
  return found;
}
function sift() {
  const sought = terms(view.q);
  const counts = { kind: new Map(), precision: new Map(), language: new Map(), collection: new Map(), source: new Map() };
  const add = (map, key) => map.set(key, (map.get(key) || 0) + 1);
  // What nobody sees is not counted: the picks are folded away, and the legend is there for few sources only.
  const shown = [], inBand = [], isCounted = Boolean(hues || filters?.isOpen());
  for (const e of events) {
    const missed = misses(e, sought);
    if (!missed) shown.push(e);
    if (!(missed & ~64)) inBand.push(e);
    if (!(missed & ~2)) add(counts.kind, SHAPES[e.shape]);
    if (!(missed & ~4)) add(counts.precision, e.unit);
    if (!isCounted) continue;
    if (!(missed & ~8)) add(counts.language, e.doc.language);
    if (!(missed & ~16)) { add(counts.collection, e.doc.collection); for (let up = e.doc.collection; up.includes("/");) { up = up.slice(0, up.lastIndexOf("/")); add(counts.collection, up); } }
    if (!(missed & ~32)) add(counts.source, e.doc.id);
  }
  return { shown, inBand, counts };
}
