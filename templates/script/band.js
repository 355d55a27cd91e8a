/* The overview band: how many events when, over the whole span; by source where those are few. */
let full = null, bandAxis = null, result = { shown: [], inBand: [], counts: {} };
const BAND = 74, BAND_ALL = 94, BAND_TOP = 14, COLUMN = 4, GRIP = 8;
let chart = null, isAllAsked = false;
function axisOf() { return start.axes[view.by] || start.axes.event; }
function unitLength(unit) { return unit === "day" ? DAY : unit === "month" ? 30.44 * DAY : 365.25 * DAY; }

/* Events counted by column of the picture, a tally for each colour; a column is a day wide where a day has room. */
function columns(axis, chosen) {
  const found = new Map();
  for (const e of chosen) addTo(found, axis, clock(e), hueOf(e), 1);
  return found;
}
function addTo(found, axis, t, hue, count) {
  const p = axis.piece(t);
  if (!p) return;
  const day = (DAY * p.width) / (p.end - p.begin);
  let x = p.x + (p.width * (t - p.begin)) / (p.end - p.begin), wide = COLUMN - 0.8;
  if (day > 2 * COLUMN) { x = axis.x(Math.max(p.begin, Math.floor(t / DAY) * DAY)); wide = Math.min(day, p.x + p.width - x) - 1; }
  else x = Math.min(Math.floor(x / COLUMN), Math.floor(axis.width / COLUMN) - 1) * COLUMN;
  let column = found.get(x);
  if (!column) found.set(x, column = { count: 0, wide, hues: new Map() });
  column.count += count;
  column.hues.set(hue, (column.hues.get(hue) || 0) + count);
}
const highestOf = (held) => { let most = 4; for (const { count } of held.values()) most = Math.max(most, count); return most; }; // one event alone is no peak
/* All bars of a colour are one path: hundreds of elements would cost more than everything else. */
function drawColumns(into, held, highest, height, kind, top = 0) {
  const paths = new Map();
  for (const [x, { count, wide, hues: tallies }] of held) {
    const tall = Math.max(2, ((height - top) * count) / highest);
    let y = height;
    for (const [hue, n] of [...tallies].sort((a, b) => a[0] - b[0])) {
      const part = (tall * n) / count;
      paths.set(hue, `${paths.get(hue) || ""}M${x.toFixed(1)} ${y.toFixed(1)}h${wide.toFixed(1)}v${(-part).toFixed(1)}h${(-wide).toFixed(1)}z`);
      y -= part;
    }
  }
  for (const [hue, d] of paths) into.append(make("path", { class: `${kind}${kind === "bar" ? hueClass(hue) : ""}`, d }));
}
/* What the highest bar holds: without it no height means anything. */
function drawPeak(into, held, highest) {
  const peak = [...held].find(([, { count }]) => count === highest);
  if (!peak) return;
  const x = peak[0] + peak[1].wide / 2, edge = 4 * String(highest).length;
  into.append(make("text", { class: "peak", x: clamp(x, edge, bandAxis.width - edge), y: BAND_TOP - 4, "text-anchor": "middle" }, number(highest)));
}
/* Bins that are wide on the axis are drawn as wide as they are: a month is no moment. */
function drawBins(into, axis, bins, unit, height, top = 0) {
  const length = unitLength(unit), wide = axis.pieces.some((p) => (length * p.width) / (p.end - p.begin) > 4);
  const inside = bins.filter(([t]) => t + length > axis.from && t < axis.to);
  if (!wide) {
    const held = new Map();
    for (const [t, n] of inside) addTo(held, axis, t + length / 2, null, n);
    drawColumns(into, held, highestOf(held), height, "bar", top);
    return;
  }
  const highest = inside.reduce((most, [, n]) => Math.max(most, n), 4);
  let d = "";
  for (const [t, count] of inside) {
    const when = date(t + DAY / 2), y = when.getUTCFullYear(), m = when.getUTCMonth();
    const end = unit === "day" ? t + DAY : unit === "month" ? seconds(y, m + 1) : seconds(y + 1);
    const x0 = axis.x(Math.max(t, axis.from)), x1 = axis.x(Math.min(end, axis.to)), tall = Math.max(2, ((height - top) * count) / highest);
    const across = Math.max(1.5, x1 - x0 - 1);
    d += `M${x0.toFixed(1)} ${height}h${across.toFixed(1)}v${(-tall).toFixed(1)}h${(-across).toFixed(1)}z`;
  }
  into.append(make("path", { class: "bar", d }));
}
/* The columns of everything stay the same while a reader filters. */
let counted = null;
function allColumns() {
  const key = `${bandAxis.width} ${view.by} ${JSON.stringify(axisOf().segments)}`;
  if (counted?.key !== key || counted.events !== events) counted = { key, events, all: columns(bandAxis, events) };
  return counted.all;
}
/* Measured once and when the window changes: to ask in the midst of a change makes the browser lay the page out anew. */
const wide = () => { chart.width ||= chart.band.clientWidth || 600; return chart.width; };
function drawBand() {
  const width = wide();
  const facts = axisOf();
  bandAxis = new Axis(facts.segments, width);
  const picture = make("svg", { width, height: BAND_ALL, viewBox: `0 0 ${width} ${BAND_ALL}`, "aria-hidden": "true" });
  drawTicks(picture, bandAxis, BAND_TOP, BAND - BAND_TOP, BAND + 15);
  if (hasData && start.complete) {
    const all = allColumns(), highest = highestOf(all);
    drawColumns(picture, all, highest, BAND, isSifted() ? "bar dim" : "bar", BAND_TOP);
    if (isSifted()) drawColumns(picture, columns(bandAxis, result.inBand), highest, BAND, "bar", BAND_TOP);
    drawPeak(picture, all, highest);
  } else drawBins(picture, bandAxis, facts.bins, facts.unit, BAND, BAND_TOP);
  picture.append(make("line", { class: "base", x1: 0, x2: width, y1: BAND, y2: BAND }));
  chart.bandPicture.replaceChildren(picture);
  drawLegend();
  drawBrush();
}
function windowShown() { return view.from !== null ? [view.from, view.to] : full; }
/* Where to look first: nine of ten events, or on a crowded timeline its last busy hundred before the newest document;
   busy is what takes no more than some times the shortest stretch that holds as many. */
const CROWD = 400, LAST = 110, BUSY = 2;
function firstLook() {
  const focus = [...axisOf().focus];
  if (!hasData || !start.complete) return focus;
  const chosen = isFiltered() ? result.inBand : events, whole = [axisOf().segments[0][0], axisOf().segments.at(-1)[1]];
  if (whole[1] - whole[0] <= 31 * DAY) return whole;
  if (chosen.length <= CROWD) return isFiltered() ? whole : focus;
  const newest = chosen.reduce((latest, e) => Math.max(latest, e.doc.day ?? -Infinity), -Infinity);
  const last = Number.isFinite(newest) ? newest + DAY : focus[1];
  const times = chosen.map(clock).filter((t) => t < last).sort((a, b) => a - b);
  if (times.length <= LAST) return focus;
  const length = (at) => Math.max(7 * DAY, times[at] - times[at - LAST]);
  let shortest = Infinity;
  for (let at = LAST; at < times.length; at += 1) shortest = Math.min(shortest, length(at));
  let at = times.length - 1;
  while (length(at) > BUSY * shortest) at -= 1;
  const to = at === times.length - 1 ? last : Math.min(last, Math.ceil((times[at] + 1) / DAY) * DAY);
  return [Math.min(times[at - LAST], to - 7 * DAY), to];
}
