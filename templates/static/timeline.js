/* The page comes alive: overview, lanes, filters, live news. Without this script everything can still be read.
   A classic script without a framework, because a page opened from disk may load neither modules nor data by fetch. */
"use strict";
(() => {
const html = document.documentElement;
const root = html.dataset.root;
const $ = (query, at = document) => at.querySelector(query);
const $$ = (query, at = document) => [...at.querySelectorAll(query)];
const clamp = (value, low, high) => Math.max(low, Math.min(high, value));
const number = (n) => n.toLocaleString("en");
const plural = (n, word) => `${number(n)} ${word}${n === 1 ? "" : "s"}`;

function make(tag, attributes = {}, ...children) {
  const space = make.svg.has(tag) ? "http://www.w3.org/2000/svg" : "http://www.w3.org/1999/xhtml";
  const made = document.createElementNS(space, tag.replace("svg-", ""));
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}
make.svg = new Set(["svg", "svg-a", "g", "rect", "line", "path", "circle", "text", "defs", "linearGradient", "stop", "pattern"]);
const later = (wait, run) => { let timer; return (...more) => { clearTimeout(timer); timer = setTimeout(run, wait, ...more); }; };
const keep = (key, value) => { try { if (value === undefined) return localStorage.getItem(key); localStorage.setItem(key, value); } catch { /* no storage from disk */ } return null; };

/* ---- Time: seconds since 0001-01-01, as in the data; JavaScript's Date knows the same proleptic calendar. ---- */
const DAY = 86400, EPOCH = 62135596800;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const date = (s) => new Date(clamp(s - EPOCH, -8.64e12, 8.64e12) * 1000);
const seconds = (year, month = 0, day = 1, hour = 0) => {
  const made = new Date(0);
  made.setUTCFullYear(year, month, day);
  made.setUTCHours(hour);
  return made.getTime() / 1000 + EPOCH;
};
const sayYear = (year) => (year <= 0 ? `${1 - year} BC` : String(year));
const sayDay = (s) => { const d = date(s); return `${d.getUTCDate()} ${MONTHS[d.getUTCMonth()]} ${sayYear(d.getUTCFullYear())}`; };
const sayEdge = (s, span) => { const d = date(s); return span > 6 * 366 * DAY ? sayYear(d.getUTCFullYear()) : span > 200 * DAY ? `${MONTHS[d.getUTCMonth()]} ${sayYear(d.getUTCFullYear())}` : sayDay(s); };
const pad = (n, width = 2) => String(Math.abs(n)).padStart(width, "0");
const iso = (s) => {
  const d = date(s), y = d.getUTCFullYear();
  const day = `${y < 0 ? "-" : ""}${pad(y, 4)}-${pad(d.getUTCMonth() + 1)}-${pad(d.getUTCDate())}`;
  return s % DAY ? `${day}T${pad(d.getUTCHours())}:${pad(d.getUTCMinutes())}` : day;
};
const parse = (text) => {
  const found = /^(-?\d{4,6})(?:-(\d\d))?(?:-(\d\d))?(?:T(\d\d):(\d\d))?$/.exec(text || "");
  if (!found) return null;
  return seconds(+found[1], found[2] ? found[2] - 1 : 0, found[3] ? +found[3] : 1, found[4] ? +found[4] : 0) + (found[5] ? found[5] * 60 : 0);
};

/* An axis in pieces: silences are a narrow break, and where events crowd the scale is larger. */
const BREAK = 26;
class Axis {
  constructor(segments, width) {
    const gaps = segments.slice(1).map(([begin], at) => (begin > segments[at][1] ? BREAK : 0));
    const room = Math.max(40, width - gaps.reduce((sum, gap) => sum + gap, 0));
    const total = segments.reduce((sum, [, , weight]) => sum + weight, 0) || 1;
    const least = Math.min(18, room / segments.length);
    const wide = segments.map(([, , weight]) => Math.max(least, (room * weight) / total));
    const squeeze = room / wide.reduce((sum, w) => sum + w, 0);
    let x = 0;
    this.width = width;
    this.pieces = segments.map(([begin, end, weight], at) => {
      const piece = { begin, end, weight, x, width: wide[at] * squeeze };
      x += piece.width + (gaps[at] || 0);
      return piece;
    });
  }
  x(t) {
    for (const p of this.pieces) {
      if (t < p.begin) return p.x - BREAK / 2;
      if (t <= p.end) return p.x + (p.width * (t - p.begin)) / (p.end - p.begin || 1);
    }
    return this.width;
  }
  t(x) {
    for (const p of this.pieces) {
      if (x < p.x) return p.begin;
      if (x <= p.x + p.width) return p.begin + ((p.end - p.begin) * (x - p.x)) / p.width;
    }
    return this.pieces.at(-1).end;
  }
  within([from, to], width) {
    const inside = this.pieces.filter((p) => p.end > from && p.begin < to).map((p) => {
      const begin = Math.max(p.begin, from), end = Math.min(p.end, to);
      return [begin, end, (p.weight * (end - begin)) / (p.end - p.begin)];
    });
    return new Axis(inside.length ? inside : [[from, to, 1]], width);
  }
  get from() { return this.pieces[0].begin; }
  get to() { return this.pieces.at(-1).end; }
}

/* Ticks: the finest unit whose labels have room. */
const STEPS = [["h", 1], ["h", 6], ["d", 1], ["d", 2], ["d", 7], ["m", 1], ["m", 3], ["y", 1], ["y", 2], ["y", 5], ["y", 10], ["y", 20], ["y", 50], ["y", 100], ["y", 200], ["y", 500], ["y", 1000], ["y", 5000]];
const LENGTH = { h: 3600, d: DAY, m: 30.44 * DAY, y: 365.25 * DAY };
function ticks(axis) {
  const found = [];
  let lastX = -100;
  for (const [at, p] of axis.pieces.entries()) {
    const perPixel = (p.end - p.begin) / p.width;
    const [unit, step] = STEPS.find(([u, n]) => (LENGTH[u] * n) / perPixel >= 62) || STEPS.at(-1);
    const first = date(p.begin);
    let y = first.getUTCFullYear(), m = first.getUTCMonth(), d = first.getUTCDate();
    let t = unit === "y" ? seconds(Math.ceil(y / step) * step) : unit === "m" ? seconds(y, Math.ceil(m / step) * step)
      : unit === "d" ? seconds(y, m, d) : seconds(y, m, d, 0);
    const before = found.length;
    for (let guard = 0; t < p.end && guard < 200; guard += 1) {
      const when = date(t), x = axis.x(t);
      y = when.getUTCFullYear(); m = when.getUTCMonth(); d = when.getUTCDate();
      if (t >= p.begin && x - lastX > 46 && x < axis.width - 36 && (axis.pieces.length === 1 || p.width > 70)) {
        const isMajor = unit === "y" ? false : unit === "m" ? m === 0 : unit === "d" ? d <= step && m === 0 : when.getUTCHours() === 0;
        const year = found.length === before ? ` ${sayYear(y)}` : ""; // the first label of a piece says its year
        const label = unit === "y" ? sayYear(y) : unit === "m" ? (m ? MONTHS[m] + year : sayYear(y))
          : unit === "d" || !when.getUTCHours() ? `${d} ${MONTHS[m]}${year}` : `${pad(when.getUTCHours())}:00`;
        found.push({ x, label, isMajor });
        lastX = x + (label.length > 6 ? 30 : 0);
      }
      t = unit === "y" ? seconds(y + step) : unit === "m" ? seconds(y, m + step) : unit === "d" ? t + step * DAY : t + step * 3600;
    }
    const isApart = !at || p.begin > axis.pieces[at - 1].end;
    if (found.length === before && isApart && p.x - lastX > 40) {
      const label = (axis.pieces.length > 1 && p.width < 90) || p.end - p.begin > 300 * DAY ? sayYear(first.getUTCFullYear()) : sayDay(p.begin);
      found.push({ x: Math.min(p.x, axis.width - 34), label, isMajor: axis.pieces.length > 1 });
      lastX = p.x + Math.max(0, label.length * 8 - 36);
    }
  }
  return found;
}
function drawTicks(into, axis, top, height, labelY) {
  for (const tick of ticks(axis)) {
    into.append(make("line", { class: "tick", x1: tick.x, x2: tick.x, y1: top, y2: top + height }));
    into.append(make("text", { x: tick.x + 3, y: labelY, class: tick.isMajor ? "major" : null }, tick.label));
  }
  axis.pieces.slice(1).forEach((p, at) => {
    if (p.begin === axis.pieces[at].end) { // nothing is left out here, but the scale changes
      into.append(make("line", { class: "rescale", x1: p.x, x2: p.x, y1: top, y2: top + height }));
      return;
    }
    const x = p.x - BREAK / 2;
    into.append(make("path", { class: "break", d: `M${x - 4} ${top + height + 5}l3 -10M${x + 1} ${top + height + 5}l3 -10` }));
  });
}

/* ---- What the page begins with. ---- */
const SHAPES = ["moment", "stretch", "open", "vague"];
const PRECISION = { second: "day", minute: "day", hour: "day", "part of day": "day", day: "day", week: "week", weekend: "week", month: "month", season: "month", quarter: "month", half: "month", year: "year" };
const PRECISIONS = [["day", "a day or finer"], ["week", "a week"], ["month", "months"], ["year", "a year"], ["longer", "decades and more"]];
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
    for (const [id, begin, end, sort, shape, soft, unit, doc, said, when, text, at] of table.events) {
      const its = documents[places[doc]];
      events.push({ id, begin, end, sort, shape, soft, unit: PRECISION[unit] || "longer", doc: its, said, when, text, at, low: `${text}\n${its.title}`.toLowerCase() });
    }
  }
  events.sort((a, b) => a.sort - b.sort);
  hasData = true;
}
function loadData(source, version, then) {
  if (!source) return;
  self.timelineData = [];
  const script = make("script", { src: `${root}${source}${version ? `?v=${version}` : ""}` });
  script.onload = () => { takeTables(self.timelineData); self.timelineData = []; script.remove(); then(); };
  script.onerror = () => script.remove();
  document.head.append(script);
}

/* ---- The view: filters and range, all of it in the address. ---- */
const view = { q: "", kind: new Set(), precision: "", language: "", collection: "", source: "", from: null, to: null, by: "event" };
const isFiltered = () => Boolean(view.q || view.kind.size || view.precision || view.language || view.collection || view.source || view.from !== null);
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
  if (sought.some((term) => !e.low.includes(term))) found |= 1;
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
  const shown = [], inBand = [];
  for (const e of events) {
    const missed = misses(e, sought);
    if (!missed) shown.push(e);
    if (!(missed & ~64)) inBand.push(e);
    if (!(missed & ~2)) add(counts.kind, SHAPES[e.shape]);
    if (!(missed & ~4)) add(counts.precision, e.unit);
    if (!(missed & ~8)) add(counts.language, e.doc.language);
    if (!(missed & ~16)) { add(counts.collection, e.doc.collection); for (let up = e.doc.collection; up.includes("/");) { up = up.slice(0, up.lastIndexOf("/")); add(counts.collection, up); } }
    if (!(missed & ~32)) add(counts.source, e.doc.id);
  }
  return { shown, inBand, counts };
}

/* ---- The overview band. ---- */
let full = null, bandAxis = null, result = { shown: [], inBand: [], counts: {} };
const BAND = 74, BAND_ALL = 94;
let chart = null, isAllAsked = false;
function axisOf() { return start.axes[view.by] || start.axes.event; }
function unitLength(unit) { return unit === "day" ? DAY : unit === "month" ? 30.44 * DAY : 365.25 * DAY; }
function columns(axis, times) {
  const found = new Map();
  for (const [t, count] of times) {
    const x = axis.x(t);
    if (x < 0 || x > axis.width) continue;
    const column = Math.floor(x / 3);
    found.set(column, (found.get(column) || 0) + count);
  }
  return found;
}
/* Bins that are wide on the axis are drawn as wide as they are: a month is no moment. */
function drawBins(into, axis, bins, unit, height) {
  const length = unitLength(unit), wide = axis.pieces.some((p) => (length * p.width) / (p.end - p.begin) > 4);
  const inside = bins.filter(([t]) => t + length > axis.from && t < axis.to);
  if (!wide) { const held = columns(axis, inside.map(([t, n]) => [t + length / 2, n])); drawColumns(into, held, Math.max(4, ...held.values()), height, "bar"); return; }
  const highest = Math.max(4, ...inside.map(([, n]) => n));
  for (const [t, count] of inside) {
    const when = date(t + DAY / 2), y = when.getUTCFullYear(), m = when.getUTCMonth();
    const end = unit === "day" ? t + DAY : unit === "month" ? seconds(y, m + 1) : seconds(y + 1);
    const x0 = axis.x(Math.max(t, axis.from)), x1 = axis.x(Math.min(end, axis.to)), tall = Math.max(2, (height * count) / highest);
    into.append(make("rect", { class: "bar", x: x0, y: height - tall, width: Math.max(1.5, x1 - x0 - 1), height: tall }));
  }
}
function drawColumns(into, held, highest, height, kind) {
  for (const [column, count] of held) {
    const tall = Math.max(2, (height * count) / highest);
    into.append(make("rect", { class: kind, x: column * 3, y: height - tall, width: 2.2, height: tall }));
  }
}
function drawBand() {
  const width = chart.band.clientWidth || 600;
  const facts = axisOf();
  bandAxis = new Axis(facts.segments, width);
  const picture = make("svg", { width, height: BAND_ALL, viewBox: `0 0 ${width} ${BAND_ALL}`, "aria-hidden": "true" });
  const isCounted = hasData && start.complete;
  const all = isCounted ? columns(bandAxis, events.map((e) => [clock(e), 1])) : new Map();
  drawTicks(picture, bandAxis, 0, BAND, BAND + 15);
  const highest = Math.max(4, ...all.values()); // one event alone is no peak
  const others = hasData && view.by !== undefined && isFiltered() && start.complete;
  if (isCounted) drawColumns(picture, all, highest, BAND, others ? "bar dim" : "bar");
  else drawBins(picture, bandAxis, facts.bins, facts.unit, BAND);
  if (others) drawColumns(picture, columns(bandAxis, result.inBand.map((e) => [clock(e), 1])), highest, BAND, "bar");
  picture.append(make("line", { class: "base", x1: 0, x2: width, y1: BAND, y2: BAND }));
  chart.bandPicture.replaceChildren(picture);
  drawBrush();
}
function windowShown() { return view.from !== null ? [view.from, view.to] : full; }
/* Where to look first: nine of ten events, or on a crowded timeline the last hundred before the newest document. */
const CROWD = 400, LAST = 110;
function firstLook() {
  const focus = [...axisOf().focus];
  if (!hasData || !start.complete) return focus;
  const chosen = isFiltered() ? result.inBand : events;
  if (chosen.length <= CROWD) return isFiltered() ? [axisOf().segments[0][0], axisOf().segments.at(-1)[1]] : focus;
  const newest = chosen.reduce((latest, e) => Math.max(latest, e.doc.day ?? -Infinity), -Infinity);
  const to = Number.isFinite(newest) ? newest + DAY : focus[1];
  const times = chosen.map(clock).filter((t) => t < to).sort((a, b) => a - b);
  return times.length ? [Math.min(times[Math.max(0, times.length - LAST)], to - 7 * DAY), to] : focus;
}
function drawBrush() {
  const [from, to] = windowShown();
  const a = clamp(bandAxis.x(from), 0, bandAxis.width), b = clamp(bandAxis.x(to), 0, bandAxis.width);
  const isWide = a <= 1 && b >= bandAxis.width - 1;
  const layer = chart.brush;
  layer.setAttribute("width", bandAxis.width);
  layer.setAttribute("viewBox", `0 0 ${bandAxis.width} ${BAND_ALL}`);
  const [left, right, low, high] = layer.children;
  left.setAttribute("width", Math.max(0, a)); right.setAttribute("x", b); right.setAttribute("width", Math.max(0, bandAxis.width - b));
  [[low, a, from, "From"], [high, b, to, "To"]].forEach(([grip, x, t, name]) => {
    grip.setAttribute("x", clamp(x - (grip === low ? 8 : 0), 0, bandAxis.width - 8));
    grip.setAttribute("aria-valuenow", Math.round((1000 * x) / bandAxis.width));
    grip.setAttribute("aria-valuetext", `${name} ${sayDay(t)}`);
  });
  layer.classList.toggle("whole", isWide);
  layer.classList.toggle("chosen", view.from !== null);
}
function setRange(from, to, { isRough = false } = {}) {
  const whole = bandAxis;
  if (from > to) [from, to] = [to, from];
  const least = DAY / 4;
  if (to - from < least) { const middle = (from + to) / 2; from = middle - least / 2; to = middle + least / 2; }
  from = Math.max(from, whole.from); to = Math.min(to, whole.to);
  if (to - from > DAY * 4) { from = Math.floor(from / DAY) * DAY; to = Math.ceil(to / DAY) * DAY; } else { from = Math.floor(from / 60) * 60; to = Math.ceil(to / 60) * 60; }
  const isAll = from <= whole.from && to >= whole.to;
  view.from = isAll ? null : from; view.to = isAll ? null : to;
  isAllAsked = isAll;
  if (isAll) full = [whole.from, whole.to];
  drawBrush(); drawLanes();
  if (isRough) settle(); else changed();
}
const settle = later(220, () => changed());

function wireBand() {
  const layer = chart.brush;
  let from = null, grabbed = null, moved = false;
  const at = (event) => bandAxis.t(clamp(event.clientX - chart.band.getBoundingClientRect().left, 0, bandAxis.width));
  layer.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    grabbed = event.target.classList.contains("grip") ? event.target.dataset.edge : null;
    from = at(event); moved = false;
    layer.setPointerCapture(event.pointerId);
  });
  layer.addEventListener("pointermove", (event) => {
    if (from === null) { hoverBand(event); return; }
    const to = at(event);
    if (Math.abs(bandAxis.x(to) - bandAxis.x(from)) > 3) moved = true;
    if (!moved) return;
    const shown = windowShown();
    if (grabbed === "low") setRange(to, shown[1], { isRough: true });
    else if (grabbed === "high") setRange(shown[0], to, { isRough: true });
    else setRange(from, to, { isRough: true });
  });
  const end = () => { if (from !== null && !moved && !grabbed) clearRange(); from = null; grabbed = null; };
  layer.addEventListener("pointerup", end);
  layer.addEventListener("pointercancel", end);
  layer.addEventListener("pointerleave", hideTip);
  for (const grip of $$(".grip", layer)) {
    grip.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -8, ArrowRight: 8, PageDown: -40, PageUp: 40, Home: -1e6, End: 1e6 }[event.key];
      if (!step) return;
      event.preventDefault();
      const shown = windowShown();
      const moving = grip.dataset.edge === "low" ? 0 : 1;
      const t = bandAxis.t(clamp(bandAxis.x(shown[moving]) + step, 0, bandAxis.width));
      if (moving ? t <= shown[0] : t >= shown[1]) return;
      setRange(moving ? shown[0] : t, moving ? t : shown[1], { isRough: true });
    });
  }
}
function hoverBand(event) {
  const x = event.clientX - chart.band.getBoundingClientRect().left;
  const low = bandAxis.t(x - 6), high = bandAxis.t(x + 6);
  const count = axisOf().bins.reduce((sum, [t, n]) => (t >= low - unitLength(axisOf().unit) / 2 && t < high ? sum + n : sum), 0);
  if (count) showTip(x, BAND + 6, make("b", {}, sayDay((low + high) / 2)), `about ${plural(count, "event")} here; drag to look closer`);
  else hideTip();
}
function clearRange() { isAllAsked = false; view.from = view.to = null; full = firstLook(); drawBrush(); drawLanes(); changed(); }

/* ---- Lanes: each event drawn as exactly as it is known. ---- */
const ROW = 15, MOST_MARKS = 420, MOST_ROWS = 18, LANES_TOP = 8, FADE = 34;
let laneAxis = null, laneEvents = [];
function drawn(e, axis) {
  const t = view.by === "reported" && e.doc.day !== null ? [e.doc.day, e.doc.day + DAY] : [e.begin, e.end];
  const known = (t[0] ?? t[1]) !== null;
  if (!known) return null;
  let begin = t[0], end = t[1];
  const openBegin = begin === null, openEnd = end === null;
  if (openEnd) end = Math.max(e.doc.day === null ? begin : e.doc.day + DAY, begin + DAY);
  if (openBegin) begin = end - DAY;
  return { begin, end, openBegin, openEnd };
}
function laneSource() { return start.complete ? result.inBand : laneEvents; }
function drawLanes() {
  if (!chart) return;
  // What is neither here nor to be asked for cannot be drawn, nor searched.
  const isOut = !start.complete && !isLive;
  chart.lanes.hidden = isOut; chart.tools.hidden = isOut;
  if (filters) filters.form.hidden = isOut;
  if (isOut) return;
  const width = chart.lanes.clientWidth || 600;
  laneAxis = bandAxis.within(windowShown(), width);
  const [from, to] = [laneAxis.from, laneAxis.to];
  const seen = [];
  for (const e of laneSource()) {
    const place = drawn(e, laneAxis);
    if (!place || place.begin > to || place.end < from || !laneAxis.pieces.some((p) => place.begin < p.end && place.end > p.begin)) continue;
    seen.push([e, place]);
    if (seen.length > 60000) break;
  }
  const isMany = seen.length > MOST_MARKS || (!start.complete && !seen.length);
  const focused = document.activeElement && chart.lanes.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  const picture = isMany ? drawDense(seen, width) : drawMarks(seen, width);
  chart.lanes.replaceChildren(picture);
  if (focused) { const again = $(`a[data-id="${CSS.escape(focused)}"]`, picture); if (again) again.focus({ preventScroll: true }); }
  const count = start.complete ? plural(seen.length, "event") : "";
  const begin = sayEdge(from, to - from), end = sayEdge(to - 1, to - from);
  chart.say.textContent = `${begin === end ? begin : `${begin} – ${end}`}${count ? ` · ${count}` : ""}${isMany ? " · zoom in to see them one by one" : picture.dropped ? `, ${number(seen.length - picture.dropped)} of them drawn` : ""}`;
}
function drawDense(seen, width) {
  const height = 92, picture = make("svg", { width, height: height + 22, viewBox: `0 0 ${width} ${height + 22}`, role: "img", "aria-label": `${number(seen.length)} events, too many to draw one by one; zoom in` });
  drawTicks(picture, laneAxis, 0, height, height + 15);
  if (start.complete) {
    const held = columns(laneAxis, seen.map(([e]) => [clock(e), 1]));
    drawColumns(picture, held, Math.max(4, ...held.values()), height, "bar");
  } else drawBins(picture, laneAxis, axisOf().bins, axisOf().unit, height);
  picture.append(make("line", { class: "base", x1: 0, x2: width, y1: height, y2: height }));
  return picture;
}
function lanesBySource(seen) {
  const sources = new Map();
  for (const pair of seen) { const key = pair[0].doc.id; if (!sources.has(key)) sources.set(key, []); sources.get(key).push(pair); }
  if (sources.size < 2 || sources.size > 6) return [[null, seen]];
  return [...sources.values()].map((pairs) => [pairs[0][0].doc.title, pairs]);
}
function drawMarks(seen, width) {
  const body = make("g"), rows = [];
  let top = LANES_TOP, dropped = 0;
  for (const [name, pairs] of lanesBySource(seen)) {
    if (name) { rows.push(make("text", { class: "lane-name", x: 0, y: top + 10 }, name.length > 60 ? `${name.slice(0, 58)}…` : name)); top += 16; }
    const ends = [];
    const all = pairs.map(([e, p]) => { const x1 = laneAxis.x(Math.min(p.end, laneAxis.to)), x0 = p.openBegin ? Math.max(0, x1 - FADE) : laneAxis.x(Math.max(p.begin, laneAxis.from)); return [e, p, x0, Math.max(x1, x0)]; });
    // What covers the whole window tells nothing within it: said once instead of drawn a hundred times.
    const covering = all.filter(([, , x0, x1]) => x0 <= 1 && x1 >= width - 1), isCovered = covering.length > 3;
    const shaped = isCovered ? all.filter((mark) => !covering.includes(mark)) : all;
    if (isCovered) {
      body.append(make("text", { x: 0, y: top + 9 }, `${number(covering.length)} statements hold for all of this time`));
      body.append(make("rect", { class: "m-hollow", x: 0, y: top + 14, width, height: 6, rx: 1 }));
      top += 26;
    }
    // What begins within the window comes first; what only reaches into it takes the room that is left.
    shaped.sort((a, b) => (a[1].begin < laneAxis.from) - (b[1].begin < laneAxis.from) || a[2] - b[2]);
    for (const [e, p, x0, x1] of shaped) {
      const isDot = x1 - x0 < 9, reach = isDot ? x0 + 11 : x1 + (p.openEnd ? FADE : 5);
      let row = ends.findIndex((taken) => taken.every(([low, high]) => reach <= low || x0 >= high));
      if (row < 0) row = ends.length;
      if (row >= MOST_ROWS) { dropped += 1; continue; }
      (ends[row] ||= []).push([x0, reach]);
      body.append(drawMark(e, p, x0, x1, top + row * ROW + ROW / 2, isDot));
    }
    top += Math.max(1, ends.length) * ROW + 6;
  }
  const height = Math.max(top, 46);
  const picture = make("svg", { width, height: height + 22, viewBox: `0 0 ${width} ${height + 22}`, role: "group", "aria-label": `${plural(seen.length, "event")}, drawn in time; arrow keys move between them` });
  picture.append(definitions());
  drawTicks(picture, laneAxis, 0, height, height + 15);
  picture.append(make("line", { class: "base", x1: 0, x2: width, y1: height, y2: height }), body, ...rows);
  picture.dropped = dropped;
  const first = $("a", body);
  if (first) first.setAttribute("tabindex", "0");
  return picture;
}
function definitions() {
  const fade = (id, x1, x2) => make("linearGradient", { id, x1, x2, y1: 0, y2: 0 }, make("stop", { offset: 0, class: "stop-data" }), make("stop", { offset: 1, class: "stop-fade" }));
  const both = make("linearGradient", { id: "soft-both" }, make("stop", { offset: 0, class: "stop-fade" }), make("stop", { offset: 0.35, class: "stop-data" }), make("stop", { offset: 0.65, class: "stop-data" }), make("stop", { offset: 1, class: "stop-fade" }));
  const hatch = make("pattern", { id: "hatch", width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(30)" }, make("rect", { width: 2, height: 5, class: "m-shape" }));
  return make("defs", {}, fade("fade-end", 0, 1), fade("fade-begin", 1, 0), both, hatch);
}
function drawMark(e, p, x0, x1, y, isDot) {
  const label = `${e.when}: ${e.text.length > 140 ? `${e.text.slice(0, 138)}…` : e.text}`;
  const mark = make("svg-a", { href: `${root}${e.doc.href}`, "data-id": e.id, tabindex: "-1", "aria-label": label });
  mark.append(make("rect", { class: "m-halo", x: x0 - 5, y: y - ROW / 2, width: Math.max(x1 - x0, 6) + 10, height: ROW, rx: 3 }));
  const name = SHAPES[e.shape], bar = (x, w, more) => make("rect", { x, y: y - 4, width: Math.max(w, 3), height: 8, rx: 1, ...more });
  if (view.by === "reported" || (isDot && !p.openBegin && !p.openEnd)) {
    const middle = isDot ? (x0 + x1) / 2 : x0 + 4;
    if (name === "vague") mark.append(make("circle", { cx: middle, cy: y, r: 4, fill: "url(#hatch)", class: "m-line" }));
    else if (e.unit === "day") mark.append(make("circle", { cx: middle, cy: y, r: 4, class: "m-shape" }));
    else mark.append(bar(middle - 4, 8, { class: "m-hollow" }));
  } else if (name === "vague") {
    mark.append(bar(x0, x1 - x0, { fill: "url(#hatch)" }));
  } else if (p.openEnd || p.openBegin) {
    if (p.openEnd) {
      mark.append(bar(x0, x1 - x0, { class: "m-shape" }), bar(x1, Math.min(FADE, laneAxis.width - x1), { fill: "url(#fade-end)" }));
    } else mark.append(bar(x0, x1 - x0, { fill: "url(#fade-begin)" }));
    const edge = p.openEnd ? x0 : x1;
    mark.append(make("line", { class: "m-line", x1: edge, x2: edge, y1: y - 6, y2: y + 6 }));
  } else if (e.soft) {
    mark.append(bar(x0, x1 - x0, { fill: `url(#${e.soft === 3 ? "soft-both" : e.soft === 1 ? "fade-begin" : "fade-end"})` }));
  } else {
    mark.append(bar(x0, x1 - x0, { class: name === "moment" && e.unit !== "day" ? "m-hollow" : "m-shape" }));
  }
  return mark;
}
const byId = (id) => laneSource().find((e) => e.id === id);
function showTip(x, y, ...content) {
  chart.tip.replaceChildren(...content);
  chart.tip.hidden = false;
  const wide = chart.tip.offsetWidth, all = overview.clientWidth;
  chart.tip.style.left = `${clamp(x - wide / 2, 0, Math.max(0, all - wide))}px`;
  chart.tip.style.top = `${y}px`;
}
const hideTip = () => { if (chart) chart.tip.hidden = true; };
function tipFor(link) {
  const e = byId(link.dataset.id);
  if (!e) return;
  const box = link.getBoundingClientRect(), frame = overview.getBoundingClientRect();
  const text = e.text.length > 220 ? `${e.text.slice(0, 218)}…` : e.text;
  showTip((box.left + box.right) / 2 - frame.left, box.bottom - frame.top + 6, make("b", {}, e.when), text, make("br"), make("i", {}, `“${e.said}” · ${e.doc.title}`));
}
function go(e) {
  const here = list && $$(`.event[data-id="${CSS.escape(e.id)}"]`, list).find((li) => !li.hidden);
  if (here) { choose(here); return; }
  location.href = `${root}${e.doc.href}#e-${e.id}`;
}
function wireLanes() {
  const lanes = chart.lanes, fingers = new Map();
  let from = null, moved = false, spread = 0;
  const at = (event) => clamp(event.clientX - lanes.getBoundingClientRect().left, 0, laneAxis.width);
  lanes.addEventListener("pointerover", (event) => { const link = event.target.closest("a"); if (link && from === null) tipFor(link); else hideTip(); });
  lanes.addEventListener("focusin", (event) => { const link = event.target.closest("a"); if (link) tipFor(link); });
  lanes.addEventListener("focusout", hideTip);
  lanes.addEventListener("pointerleave", hideTip);
  lanes.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (moved) event.preventDefault();
    else if (link) { event.preventDefault(); const e = byId(link.dataset.id); if (e) go(e); }
  });
  lanes.addEventListener("dragstart", (event) => event.preventDefault());
  lanes.addEventListener("pointerdown", (event) => { fingers.set(event.pointerId, at(event)); from = { x: at(event), u0: bandAxis.x(windowShown()[0]), u1: bandAxis.x(windowShown()[1]) }; moved = false; spread = 0; });
  addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId) || from === null) return;
    fingers.set(event.pointerId, at(event));
    if (fingers.size === 2) {
      const [a, b] = [...fingers.values()], now = Math.abs(a - b);
      if (spread && now) zoom(spread / now, (a + b) / 2 / laneAxis.width);
      spread = now; moved = true; return;
    }
    const by = at(event) - from.x;
    if (Math.abs(by) > 4) { moved = true; lanes.classList.add("dragging"); hideTip(); }
    if (!moved) return;
    const shift = (-by / laneAxis.width) * (from.u1 - from.u0);
    pan(from.u0, from.u1, shift);
  });
  const end = (event) => { fingers.delete(event.pointerId); if (!fingers.size) { from = null; lanes.classList.remove("dragging"); setTimeout(() => { moved = false; }, 0); } };
  addEventListener("pointerup", end);
  addEventListener("pointercancel", end);
  lanes.addEventListener("wheel", (event) => {
    const isSideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (isSideways) { event.preventDefault(); const [a, b] = windowShown().map((t) => bandAxis.x(t)); pan(a, b, (event.deltaX / laneAxis.width) * (b - a)); return; }
    // A page that scrolls must go on scrolling: the wheel zooms once the reader works in the chart, or with a pinch.
    if (!event.ctrlKey && !event.metaKey && !chart.lanes.contains(document.activeElement)) return;
    event.preventDefault();
    zoom(Math.exp(clamp(event.deltaY, -60, 60) / 180), at(event) / laneAxis.width);
  }, { passive: false });
  lanes.addEventListener("keydown", (event) => {
    const links = $$("a", lanes), now = links.indexOf(document.activeElement);
    const next = { ArrowRight: now + 1, ArrowDown: now + 1, ArrowLeft: now - 1, ArrowUp: now - 1, Home: 0, End: links.length - 1 }[event.key];
    if (event.key === "+" || event.key === "=") { zoom(0.6); event.preventDefault(); }
    if (event.key === "-") { zoom(1 / 0.6); event.preventDefault(); }
    if (event.key === "Escape") hideTip();
    if (next === undefined || !links.length) return;
    event.preventDefault();
    const target = links[clamp(next, 0, links.length - 1)];
    links.forEach((link) => link.setAttribute("tabindex", link === target ? "0" : "-1"));
    target.focus();
  });
}
function pan(a, b, by) {
  by = clamp(by, -a, bandAxis.width - b);
  setRange(bandAxis.t(a + by), bandAxis.t(b + by), { isRough: true });
}
function zoom(factor, around = 0.5) {
  const [from, to] = windowShown(), axis = laneAxis;
  const a = bandAxis.x(from), b = bandAxis.x(to);
  const pivot = bandAxis.x(axis.t(around * axis.width));
  const low = pivot - (pivot - a) * factor, high = pivot + (b - pivot) * factor;
  const inOne = bandAxis.pieces.find((p) => from >= p.begin && to <= p.end);
  if (inOne && factor < 1) { // inside one piece work in time: pixels of the band are too coarse for hours
    const middle = axis.t(around * axis.width);
    setRange(middle - (middle - from) * factor, middle + (to - middle) * factor, { isRough: true });
  } else if (inOne && factor > 1 && (to - from) * factor < inOne.end - inOne.begin) {
    const middle = axis.t(around * axis.width);
    setRange(Math.max(inOne.begin, middle - (middle - from) * factor), Math.min(inOne.end, middle + (to - middle) * factor), { isRough: true });
  } else setRange(bandAxis.t(clamp(low, 0, bandAxis.width)), bandAxis.t(clamp(high, 0, bandAxis.width)), { isRough: true });
}

function buildChart() {
  const button = (label, title, run, more = {}) => { const made = make("button", { type: "button", title, "aria-label": title, ...more }, label); made.addEventListener("click", run); return made; };
  const band = make("div", { class: "chart band-chart" }), bandPicture = make("div"), lanes = make("div", { class: "chart lanes" });
  const brush = make("svg", { class: "brush", height: BAND_ALL, role: "group", "aria-label": "The part of time that is shown" },
    make("rect", { class: "out", x: 0, y: 0, height: BAND }), make("rect", { class: "out", y: 0, height: BAND }),
    ...["low", "high"].map((edge) => make("rect", { class: "grip", "data-edge": edge, width: 8, height: 26, y: BAND / 2 - 13, rx: 2, role: "slider", tabindex: 0, "aria-label": edge === "low" ? "Begin of the part shown" : "End of the part shown", "aria-valuemin": 0, "aria-valuemax": 1000 })));
  band.append(bandPicture, brush);
  const say = make("span", { class: "say grow" });
  const tip = make("div", { class: "tip", role: "tooltip", hidden: true });
  const clocks = make("div", { class: "segmented", role: "group", "aria-label": "Order by" });
  for (const [by, label] of [["event", "When it happened"], ["reported", "When it was reported"]]) {
    clocks.append(button(label, label, () => { view.by = by; view.from = view.to = null; full = firstLook(); press(); changed({ isReordered: true }); }, { "data-by": by }));
  }
  const tools = make("div", { class: "tools" }, say, make("span", { class: "zoom" },
    button("−", "Zoom out", () => zoom(1 / 0.5), { "aria-keyshortcuts": "[" }), " ", button("+", "Zoom in", () => zoom(0.5), { "aria-keyshortcuts": "]" }), " ", button("All", "Show all of time", () => { isAllAsked = true; full = [bandAxis.from, bandAxis.to]; view.from = view.to = null; drawBrush(); drawLanes(); changed(); })));
  if (start.axes.reported) tools.prepend(clocks);
  chart = { band, bandPicture, brush, lanes, say, tip, clocks, tools };
  overview.replaceChildren(band, lanes, tools, tip);
  wireBand(); wireLanes(); press();
}
const press = () => $$("button", chart.clocks).forEach((b) => b.setAttribute("aria-pressed", String(b.dataset.by === view.by)));

/* ---- Filters. ---- */
let filters = null;
const MEANING = { moment: "One day, month, year or other unit", stretch: "From somewhere to somewhere", open: "One end is not said", vague: "Near its anchor; no more is known" };
function buildFilters() {
  const find = make("input", { type: "search", id: "find", placeholder: "Search the statements", "aria-label": "Search the statements", autocomplete: "off", "aria-keyshortcuts": "/" });
  const kinds = make("fieldset", {}, make("legend", { class: "visually-hidden" }, "Kind"));
  for (const kind of SHAPES) {
    const box = make("input", { type: "checkbox", value: kind });
    box.addEventListener("change", () => { if (box.checked) view.kind.add(kind); else view.kind.delete(kind); changed(); });
    kinds.append(make("label", { class: "chip", title: MEANING[kind] }, box, make("i", { class: `glyph ${kind} to-day` }), kind, make("span", { class: "n" })));
  }
  const rest = make("div", { class: "rest" }), picks = {};
  for (const [key, label] of [["precision", "Known to"], ["source", "Source"], ["collection", "Folder"], ["language", "Language"]]) {
    picks[key] = make("select", {});
    picks[key].addEventListener("change", () => { view[key] = picks[key].value; changed(); });
    rest.append(make("label", { "data-for": key }, label, picks[key]));
  }
  const days = ["from", "to"].map((edge) => { const input = make("input", { type: "text", placeholder: "2025-11-06", size: 12, inputmode: "text" }); input.addEventListener("change", () => typeRange()); rest.append(make("label", {}, edge === "from" ? "From" : "To", input)); return input; });
  const outcome = make("p", { class: "outcome", role: "status" });
  filters = { form: make("form", { class: "filters", role: "search" }, make("span", { class: "find" }, find), kinds, make("details", {}, make("summary", {}, "More filters"), rest)), find, kinds, picks, days, outcome };
  filters.form.addEventListener("submit", (event) => event.preventDefault());
  $("details", filters.form).addEventListener("toggle", () => { if (start.complete && hasData) showCounts(result.counts); });
  find.addEventListener("input", later(start.complete ? 60 : 250, () => { view.q = find.value.trim(); changed(); }));
  overview.after(filters.form, outcome);
  if (!start.complete) showWhatIsKnown();
  showFilters();
}
function typeRange() {
  const [from, to] = filters.days.map((input) => parse(input.value.trim()));
  if (from === null && to === null) { clearRange(); return; }
  const end = to === null ? bandAxis.to : /^-?\d{4,6}$/.test(filters.days[1].value.trim()) ? seconds(date(to).getUTCFullYear() + 1) : to + DAY;
  setRange(from ?? bandAxis.from, end);
}
function showFilters() {
  filters.find.value = view.q;
  $$("input", filters.kinds).forEach((box) => { box.checked = view.kind.has(box.value); });
  filters.days[0].value = view.from === null ? "" : iso(view.from).slice(0, 16);
  filters.days[1].value = view.to === null ? "" : iso(view.to - (view.to % DAY ? 0 : DAY));
  if (!start.complete) for (const [key, pick] of Object.entries(filters.picks)) pick.value = view[key];
  if (view.precision || view.source || view.collection || view.language) $("details", filters.form).open = true;
}
const LANGUAGES = (() => { try { return new Intl.DisplayNames("en", { type: "language" }); } catch { return null; } })();
const nameOf = (code) => { try { return (LANGUAGES && code && LANGUAGES.of(code)) || code || "not known"; } catch { return code; } };
/* Where the events are too many to be here: kinds are counted by the server, sources and folders are typed. */
function showWhatIsKnown() {
  for (const label of $$(".chip", filters.kinds)) {
    const count = (start.kinds || {})[$("input", label).value];
    $(".n", label).textContent = count === undefined ? "" : number(count);
  }
  filters.picks.precision.replaceChildren(make("option", { value: "" }, "any"), ...PRECISIONS.map(([value, label]) => make("option", { value }, label)));
  filters.picks.precision.value = view.precision;
  for (const key of ["source", "collection", "language"]) {
    const input = make("input", { type: "text", size: key === "language" ? 3 : 16, value: view[key], placeholder: { source: "part of a title or path", collection: "press/2024", language: "en" }[key] });
    input.addEventListener("change", () => { view[key] = input.value.trim(); changed(); });
    filters.picks[key].replaceWith(input);
    filters.picks[key] = input;
  }
}
function showCounts(counts) {
  for (const label of $$(".chip", filters.kinds)) {
    const count = counts.kind.get($("input", label).value) || 0;
    $(".n", label).textContent = number(count);
    label.classList.toggle("none-left", !count);
  }
  if (!$("details", filters.form).open) return; // hundreds of options that nobody sees
  const titles = new Map(documents.map((d) => [d.id, d.title]));
  const options = {
    precision: PRECISIONS.filter(([key]) => counts.precision.has(key) || view.precision === key).map(([key, label]) => [key, label]),
    language: [...counts.language.keys()].sort().map((key) => [key, nameOf(key)]),
    collection: [...counts.collection.keys()].filter(Boolean).sort().map((key) => [key, key]),
    source: [...counts.source.entries()].sort((a, b) => b[1] - a[1]).slice(0, 300).map(([key]) => [key, titles.get(key) || key]),
  };
  for (const [key, pick] of Object.entries(filters.picks)) {
    const known = options[key];
    if (view[key] && !known.some(([value]) => value === view[key])) known.push([view[key], titles.get(view[key]) || view[key]]);
    pick.replaceChildren(make("option", { value: "" }, "any"), ...known.map(([value, label]) => make("option", { value }, `${label.slice(0, 70)} (${number(counts[key].get(value) || 0)})`)));
    pick.value = view[key];
    pick.parentElement.hidden = known.length < 2 && !view[key];
  }
}
function showOutcome(text) {
  const parts = [];
  if (isFiltered()) {
    const clear = make("button", { type: "button" }, "Clear filters");
    clear.addEventListener("click", () => { Object.assign(view, { q: "", kind: new Set(), precision: "", language: "", collection: "", source: "", from: null, to: null }); full = firstLook(); showFilters(); changed(); });
    parts.push(text, clear);
  }
  if (isLive) {
    const query = parameters();
    const links = make("span", { class: "exports" }, "Download ");
    for (const [format, label] of [["csv", "CSV"], ["json", "JSON"], ["ics", "iCalendar"], ["timelinejs", "TimelineJS"], ["html", "one file"]]) {
      const asked = new URLSearchParams(query); asked.set("format", format);
      links.append(make("a", { href: `${root}api/export?${asked}`, download: true }, label), " ");
    }
    parts.push(links);
  }
  filters.outcome.replaceChildren(...parts);
}

/* ---- The list. ---- */
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
  if (!shown.length && filtered) { if (!none) list.append(make("p", { class: "none" }, "No event matches. Clear a filter to see more.")); } else if (none) none.remove();
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
    const y = Number.isFinite(day) ? date(day).getUTCFullYear() : "Not dated";
    if (y !== year) { into = make("section", { class: "year" }, make("h2", {}, typeof y === "number" ? sayYear(y) : y)); pieces.push(into); year = y; lastDay = null; }
    if (day !== lastDay) { into.append(make("section", { class: "day" }, make("h3", { class: "reported" }, Number.isFinite(day) ? `Reported ${sayDay(day)}` : "No date of its own"), make("ol", { class: "events" }))); lastDay = day; }
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
      const more = make("p", { class: "around more-button" }, make("button", { type: "button" }, "More"));
      $("button", more).addEventListener("click", () => ask(`${root}${found.dataset.more}`, { isMore: true }));
      list.append(more);
    }
    decorate();
  } catch (error) {
    if (error.name !== "AbortError") list.replaceChildren(make("p", { class: "none" }, "The server does not answer. Is `timeline up` still running?"));
  } finally { list.classList.remove("busy"); }
}
function showHits(shown, from = 0) {
  const items = shown.slice(from, from + 200).map((e) => make("li", {}, make("span", { class: "date" }, e.when), make("a", { href: `${root}${e.doc.href}#e-${e.id}` }, e.text)));
  if (!from) list.replaceChildren(make("ol", { class: "hits" }));
  $(".hits", list).append(...items);
  $(".more-button", list)?.remove();
  if (!shown.length) list.replaceChildren(make("p", { class: "none" }, "No event matches. Clear a filter to see more."));
  if (shown.length > from + 200) {
    const more = make("p", { class: "around more-button" }, make("button", { type: "button" }, `More (${number(shown.length - from - 200)})`));
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
    showOutcome(`${number(result.shown.length)} of ${plural(events.length, "event")}`);
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

/* Cards: citation, permanent link, hiding. */
function decorate() {
  for (const more of $$(".event .more:not(.done)")) {
    more.classList.add("done");
    const cite = make("button", { type: "button", class: "cite" }, "Copy as citation");
    more.append(cite);
    if (isLive) more.append(make("button", { type: "button", class: "hide" }, "Hide"));
  }
}
function citation(li) {
  const text = (query) => ($(query, li)?.textContent || "").replace(/\s+/g, " ").trim();
  const whole = $(".more .quote", li) ? text(".more .quote") : text(".quote");
  const address = new URL($(".source a", li).getAttribute("href"), location.href).href;
  return `“${whole}” — ${text(".source")} [${text(".date")}]. ${address}`;
}
async function copy(button, said) {
  const before = button.textContent;
  try { await navigator.clipboard.writeText(said); button.textContent = "Copied"; } catch {
    const area = make("textarea", { class: "visually-hidden" }); area.value = said; document.body.append(area); area.select();
    button.textContent = document.execCommand("copy") ? "Copied" : "Could not be copied"; area.remove();
  }
  setTimeout(() => { button.textContent = before; }, 1600);
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  const li = button?.closest(".event");
  if (!li) return;
  if (button.classList.contains("cite")) copy(button, citation(li));
  if (button.classList.contains("hide")) hide(button, li);
});
async function hide(button, li) {
  const isBack = li.classList.contains("taken-off");
  const done = await send(`api/events/${li.dataset.id}/${isBack ? "show" : "hide"}`);
  if (!done.ok) { button.textContent = done.text; return; }
  li.classList.toggle("taken-off", !isBack);
  button.textContent = isBack ? "Hide" : "Hidden: put it back";
}
async function send(path, body = null) {
  try {
    const answer = await fetch(root + path, { method: "POST", headers: { "Content-Type": "application/json" }, body: body && JSON.stringify(body) });
    const said = await answer.json().catch(() => ({}));
    return { ok: answer.ok, text: said.detail || (answer.ok ? "Done" : "That did not work"), said };
  } catch { return { ok: false, text: "The server does not answer" }; }
}

/* ---- Moving by keyboard. ---- */
function choose(li) {
  $(".event.current")?.classList.remove("current");
  li.classList.add("current");
  li.setAttribute("tabindex", "-1");
  li.focus({ preventScroll: true });
  const quiet = matchMedia("(prefers-reduced-motion: reduce)").matches;
  li.scrollIntoView({ block: "center", behavior: quiet ? "auto" : "smooth" });
  $$(".lanes a.on").forEach((link) => link.classList.remove("on"));
  $(`.lanes a[data-id="${CSS.escape(li.dataset.id || "")}"]`)?.classList.add("on");
}
function step(by) {
  const cards = $$(".event, .hits li, .text .m").filter((li) => li.getClientRects().length);
  if (!cards.length) return;
  const now = cards.findIndex((li) => li.classList.contains("current") || li === document.activeElement);
  const inView = cards.findIndex((li) => li.getBoundingClientRect().top > 90);
  const next = now >= 0 ? now + by : by > 0 ? Math.max(0, inView) : Math.max(0, inView - 1);
  const li = cards[clamp(next, 0, cards.length - 1)];
  if (li.classList.contains("m")) { li.focus(); li.scrollIntoView({ block: "center" }); } else choose(li);
}
const KEYS = [["/", "search"], ["j  k", "next, previous event"], ["[  ]", "zoom out, in"], ["← →", "move between marks, once one has the focus"], ["Esc", "close"], ["?", "this help"]];
function help() {
  let dialog = $("#help");
  if (!dialog) {
    const box = make("input", { type: "checkbox", id: "keys-on" });
    box.checked = keep("timeline-keys") !== "off";
    box.addEventListener("change", () => keep("timeline-keys", box.checked ? "on" : "off"));
    dialog = make("dialog", { id: "help", "aria-labelledby": "help-title" }, make("h2", { id: "help-title" }, "Keys"),
      make("dl", {}, ...KEYS.map(([keys, does]) => make("div", {}, make("dt", {}, ...keys.split("  ").flatMap((one) => [make("kbd", {}, one), " "])), make("dd", {}, does)))),
      make("form", { method: "dialog" }, make("label", {}, box, " Use single keys"), make("button", {}, "Close")));
    document.body.append(dialog);
  }
  dialog.showModal();
}
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, select, textarea, dialog");
  if (event.key === "Escape" && typing === filters?.find) { filters.find.blur(); return; }
  if (typing || event.ctrlKey || event.metaKey || event.altKey || keep("timeline-keys") === "off") return;
  const run = { "/": () => filters?.find.focus(), j: () => step(1), k: () => step(-1), "[": () => chart && zoom(2), "]": () => chart && zoom(0.5), "?": help }[event.key];
  if (run) { event.preventDefault(); run(); }
});

/* ---- Documents: a mention explains itself. ---- */
function wireDocument() {
  const text = $(".text");
  if (!text) return;
  const both = (link, isOn) => {
    const note = link && $(link.getAttribute("href"));
    if (!note) return;
    link.classList.toggle("on", isOn); note.classList.toggle("on", isOn);
    if (isOn) { const side = $(".notes"); if (getComputedStyle(side).position === "sticky") side.scrollTop = note.offsetTop - side.offsetTop - side.clientHeight / 3; }
  };
  let tip = null;
  const show = (link) => {
    both(link, true);
    const note = $(link.getAttribute("href"));
    if (!note || getComputedStyle($(".notes")).position === "sticky") return;
    tip?.remove();
    tip = make("div", { class: "tip", role: "tooltip" }, make("b", {}, $("b", note).textContent), $("p", note).textContent);
    document.body.append(tip);
    const box = link.getBoundingClientRect();
    tip.style.left = `${clamp(box.left + scrollX, 8, scrollX + innerWidth - tip.offsetWidth - 8)}px`;
    tip.style.top = `${box.bottom + scrollY + 8}px`;
  };
  const hideIt = (link) => { both(link, false); tip?.remove(); tip = null; };
  for (const [on, off] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
    text.addEventListener(on, (event) => { const link = event.target.closest(".m"); if (link) show(link); });
    text.addEventListener(off, (event) => { const link = event.target.closest(".m"); if (link) hideIt(link); });
  }
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") { tip?.remove(); tip = null; } });
}

/* ---- Live: one stream a browser, passed on to its other tabs; none while nobody looks. ---- */
let known = null, stopStream = null, lastCheck = 0, checkCost = 0, pending = null;
const channel = "BroadcastChannel" in self && location.protocol.startsWith("http") ? new BroadcastChannel("timeline") : null;
function openStream() {
  const source = new EventSource(`${root}api/stream`);
  source.onmessage = (message) => { const said = JSON.parse(message.data); channel?.postMessage(said); told(said); };
  return source;
}
function stream() {
  if (document.hidden || stopStream) return;
  if (!navigator.locks) { const source = openStream(); stopStream = () => source.close(); return; }
  const waiting = new AbortController();
  let release = null;
  stopStream = () => { waiting.abort(); release?.(); };
  navigator.locks.request(`timeline-stream ${location.host}`, { signal: waiting.signal }, () => {
    if (waiting.signal.aborted) return null;
    const source = openStream();
    return new Promise((done) => { release = () => { source.close(); done(); }; });
  }).catch(() => { /* given up while waiting: another tab tells us */ });
}
document.addEventListener("visibilitychange", async () => {
  if (!isLive) return;
  if (document.hidden) { stopStream?.(); stopStream = null; return; }
  stream();
  try { told(await (await fetch(`${root}changes.json`, { cache: "no-cache" })).json()); } catch { /* told later */ }
});
addEventListener("pagehide", () => { stopStream?.(); stopStream = null; });
if (channel) channel.onmessage = (message) => { if (isLive) told(message.data); };

function told(said) {
  showProgress(said);
  const isNew = known && said.pages !== known.pages;
  known = said;
  if (isNew) check();
}
function showProgress(said) {
  const line = $("#progress"), waiting = said.documents.queued + said.documents.working;
  line.hidden = !waiting;
  if (waiting) {
    const left = said.seconds_left;
    line.textContent = `Reading: ${plural(said.documents.done, "document")} done, ${number(waiting)} to go${said.rate ? `, ${said.rate >= 10 ? number(Math.round(said.rate)) : said.rate} a second` : ""}${left ? `, about ${left < 90 ? plural(left, "second") : plural(Math.round(left / 60), "minute")} left` : ""}.`;
  }
  const notices = $("#notices");
  if (said.notices && notices) { const now = said.notices.join("\n"); if (notices.dataset.said !== now && (now || notices.dataset.said)) { notices.dataset.said = now; notices.replaceChildren(...said.notices.map((text) => make("p", {}, text))); } }
  for (const box of $$("#tallies [data-count]")) { const count = box.dataset.count === "events" ? said.events : said.documents[box.dataset.count]; if (count !== undefined) box.textContent = number(count); }
}
function check() {
  if (pending) return;
  // At once, then not before ten times what the last look cost: a large page in a burst must not keep a reader's machine busy.
  const wait = Math.max(0, Math.max(200, 10 * checkCost) - (Date.now() - lastCheck));
  pending = setTimeout(async () => {
    pending = null;
    const began = Date.now();
    try {
      const answer = await fetch(location.pathname + location.search, { cache: "no-cache" });
      if (answer.ok) compare(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch { /* the next change tries again */ }
    lastCheck = Date.now(); checkCost = lastCheck - began;
  }, wait);
}
const idsOf = (page) => new Set($$("#list .event", page).map((li) => li.dataset.id));
let fresh = null;
function compare(page) {
  const now = Number($("#dek", page)?.dataset.events || 0), was = Number($("#dek")?.dataset.events || 0);
  const here = isWhole() ? new Set((original || [...list.childNodes]).flatMap((node) => (node.querySelectorAll ? $$(".event", node) : [])).map((li) => li.dataset.id)) : null;
  const there = idsOf(page);
  let added = here && $("#list.whole", page) && !$("#list .periods", page) ? [...there].filter((id) => !here.has(id)).length : now - was;
  const isOther = $("main", page)?.textContent !== pristine;
  if (!isOther) return;
  fresh = page;
  if (document.body.classList.contains("status") || (document.body.classList.contains("failures") && !document.activeElement?.closest("form")) || (list && !was && now)) { swap(); return; }
  const button = $("#news");
  button.hidden = false;
  button.textContent = added > 0 ? plural(added, "new event") : document.body.classList.contains("document") ? "This document was read again" : "The timeline has changed";
}
let pristine = $("main")?.textContent;
function swap() {
  if (!fresh) return;
  const page = fresh;
  fresh = null;
  $("#news").hidden = true;
  const before = list ? idsOf(document) : new Set();
  const anchor = $$(".event").find((li) => li.getBoundingClientRect().bottom > 60);
  const top = anchor?.getBoundingClientRect().top;
  pristine = $("main", page).textContent;
  const isSimple = !list || !start || !$("#start", page);
  if (isSimple) { if (list && $("#start", page)) { location.reload(); return; } $("main").replaceChildren(...[...$("main", page).childNodes].map((n) => document.adoptNode(n))); reveal(); wireDocument(); return; }
  $("#dek").replaceWith(document.adoptNode($("#dek", page)));
  $("#start")?.remove();
  overview.before(document.adoptNode($("#start", page)));
  const incoming = $("#list", page);
  list.className = incoming.className; list.dataset.source = incoming.dataset.source;
  original = [...incoming.childNodes].map((node) => document.adoptNode(node));
  list.replaceChildren(...original);
  for (const li of $$(".event", list)) if (!before.has(li.dataset.id)) li.classList.add("fresh");
  readStart();
  if (view.from === null) full = firstLook();
  decorate();
  const settleScroll = () => { const again = anchor && $(`.event[data-id="${CSS.escape(anchor.dataset.id)}"]`, list); if (again && top !== undefined) scrollBy(0, again.getBoundingClientRect().top - top); };
  if (start.complete && list.dataset.source) loadData(list.dataset.source, known?.pages, () => { changed({ isReordered: true, isFirst: true }); settleScroll(); });
  else changed({ isFirst: true });
  settleScroll();
}
$("#news")?.addEventListener("click", swap);

/* ---- Only where a server listens: uploads, corrections, retries. ---- */
function reveal() {
  if (!isLive) return;
  for (const part of $$(".live[hidden]")) part.hidden = false;
}
async function upload(files) {
  const line = $("#progress");
  line.hidden = false;
  let done = 0;
  const problems = [];
  for (const file of files) {
    line.textContent = `Sending ${file.name} (${done + 1} of ${files.length})`;
    try {
      const answer = await fetch(`${root}api/upload?name=${encodeURIComponent(file.name)}`, { method: "POST", body: file, headers: { "Content-Type": "application/octet-stream" } });
      if (!answer.ok) problems.push(`${file.name}: ${(await answer.json().catch(() => ({}))).detail || "refused"}`);
    } catch { problems.push(`${file.name}: it could not be sent (a folder cannot be)`); }
    done += 1;
  }
  line.textContent = problems.length ? problems.join("; ") : `${plural(done, "file")} put into the watched folder.`;
}
function wireUploads() {
  let depth = 0;
  const carries = (event) => [...(event.dataTransfer?.types || [])].includes("Files");
  addEventListener("dragenter", (event) => { if (carries(event)) { depth += 1; document.body.classList.add("dropping"); event.preventDefault(); } });
  addEventListener("dragover", (event) => { if (carries(event)) event.preventDefault(); });
  addEventListener("dragleave", (event) => { if (carries(event)) { depth -= 1; if (depth <= 0) document.body.classList.remove("dropping"); } });
  addEventListener("drop", (event) => { if (!carries(event)) return; event.preventDefault(); depth = 0; document.body.classList.remove("dropping"); upload([...event.dataTransfer.files]); });
  document.addEventListener("change", (event) => { if (event.target.id === "upload") upload([...event.target.files]); });
}
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.classList.contains("retry")) {
    event.preventDefault();
    const done = await send("api/retry", { ids: form.dataset.retry ? [form.dataset.retry] : null });
    $("span", form).textContent = done.ok ? "Being tried again" : done.text;
  } else if (form.classList.contains("redate")) {
    event.preventDefault();
    redate(form, form.elements.date.value);
  }
});
document.addEventListener("click", (event) => { const undo = event.target.closest("[data-undo]"); if (undo) redate(undo.form, null); });
async function redate(form, value) {
  const done = await send(`api/documents/${form.dataset.document}/redate`, { date: value });
  $("span", form).textContent = done.ok ? "Saved; its relative dates are being worked out anew" : done.text;
}
async function findServer() {
  if (!location.protocol.startsWith("http")) return;
  try {
    const answer = await fetch(`${root}api/status`, { headers: { Accept: "application/json" } });
    if (!answer.ok || !(answer.headers.get("content-type") || "").includes("json")) return;
    const said = await answer.json();
    if (!said.documents) return;
    isLive = true;
    document.body.classList.add("served");
    known = { pages: said.pages };
    showProgress(said);
    reveal(); wireUploads(); decorate(); stream();
    chart?.brush.classList.remove("still");
    if (start) changed({ isFirst: true });
  } catch { /* a copy of the site, not the server itself */ }
}

/* ---- Begin. ---- */
for (const part of $$(".script[hidden]")) part.hidden = false;
$("#help-button")?.addEventListener("click", help);
readStart();
readAddress();
wireDocument();
decorate();
if (start && overview && start.axes.event) {
  buildChart();
  full = view.from !== null ? null : [...axisOf().focus];
  full = full || [axisOf().segments[0][0], axisOf().segments.at(-1)[1]];
  buildFilters();
  drawBand(); drawLanes();
  chart.brush.classList.toggle("still", !start.complete);
  if (start.complete && list.dataset.source) requestAnimationFrame(() => loadData(list.dataset.source, "", () => { if (view.from === null) full = firstLook(); changed({ isFirst: true }); }));
  addEventListener("resize", later(120, () => { drawBand(); drawLanes(); }));
  addEventListener("hashchange", () => { if (location.hash.includes("=")) { readAddress(); showFilters(); press(); changed({ isFirst: true, isReordered: true }); } });
}
findServer();
})();
