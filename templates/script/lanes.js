/* Lanes: each event drawn as exactly as it is known, as many as can be told apart. */
const MOST_MARKS = 420, MOST_ROWS = 26, LANES_TOP = 10, FADE = 34, FEW_MARKS = 36, FEW_ROWS = 12, WORDY_ROWS = 22, LABELS = [520, 340, 210];
let laneAxis = null, laneEvents = [], same = new Map(), rowHeight = 15;
function drawn(e) {
  const t = view.by === "reported" && e.doc.day !== null ? [e.doc.day, e.doc.day + DAY] : [e.begin, e.end];
  let [begin, end] = t;
  if ((begin ?? end) === null) return null;
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
  chart.lanes.hidden = isOut; chart.tools.hidden = isOut; chart.lens.toggleAttribute("hidden", isOut);
  if (filters) filters.form.hidden = isOut;
  if (isOut) return;
  const width = wide();
  laneAxis = bandAxis.within(windowShown(), width);
  const [from, to] = [laneAxis.from, laneAxis.to];
  const seen = [];
  for (const e of laneSource()) {
    if (view.by === "event" && e.end !== null && e.end <= from) continue;
    if (view.by === "event" && e.sort >= to + DAY) break; // they come in time order
    const place = drawn(e);
    if (!place || place.begin >= to || place.end <= from || !laneAxis.pieces.some((p) => place.begin < p.end && place.end > p.begin)) continue;
    seen.push([e, place]);
    if (seen.length > 60000) break;
  }
  const isMany = seen.length > MOST_MARKS || (!start.complete && !seen.length);
  const focused = document.activeElement && chart.lanes.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  const picture = isMany ? drawDense(seen, width) : drawMarks(seen, width);
  chart.lanes.replaceChildren(picture);
  if (focused) { const again = $(`a[data-id="${CSS.escape(focused)}"]`, picture); if (again) again.focus({ preventScroll: true }); }
  const begin = sayEdge(from, to - from), end = sayEdge(to - 1, to - from);
  const within = seen.filter(([e]) => clock(e) >= from && clock(e) < to).length; // as the list counts them
  chart.say.replaceChildren(make("b", {}, begin === end ? begin : `${begin} – ${end}`), ...saidOf(within, seen.length - within, isMany, picture.dropped, isCrowded(seen)));
}
function saidOf(count, reaching, isMany, dropped, isOneDay) {
  const parts = start.complete && hasData ? [say("events", { n: count })] : [];
  if (parts.length && reaching) parts.push(say("reaching", { n: reaching }));
  if (isMany) parts.push(say(isOneDay ? "crowded-day" : "zoom-in"));
  else if (dropped) parts.push(say("not-drawn", { n: dropped }));
  return parts.map((part) => ` · ${part}`);
}
/* So many on one day that no zoom tells them apart. */
function isCrowded(seen) {
  const days = new Map();
  for (const [, p] of seen) { const day = Math.floor(p.begin / DAY); days.set(day, (days.get(day) || 0) + 1); }
  return Math.max(0, ...days.values()) > MOST_MARKS && days.size <= 7;
}
function drawDense(seen, width) {
  const height = 110, picture = make("svg", { width, height: height + 22, viewBox: `0 0 ${width} ${height + 22}`, role: "img", "aria-label": say("too-many", { n: seen.length }) });
  drawTicks(picture, laneAxis, 0, height, height + 15);
  if (start.complete) {
    const held = columns(laneAxis, seen.map(([e]) => e));
    drawColumns(picture, held, highestOf(held), height, "bar", 16);
    const highest = highestOf(held);
    for (const [x, { count, wide: across }] of held) // where a bar has room for its number
      if (across >= 9 * number(count).length) picture.append(make("text", { x: x + across / 2, y: height - Math.max(2, ((height - 16) * count) / highest) - 4, "text-anchor": "middle" }, number(count)));
  } else drawBins(picture, laneAxis, axisOf().bins, axisOf().unit, height, 6);
  picture.append(make("line", { class: "base", x1: 0, x2: width, y1: height, y2: height }));
  return picture;
}
/* A day is a dot until there is so much room that its hours can be told apart; many on a day stand side by side. */
const DOT = 12, HOURS = 240;
function spread(marks) {
  const days = new Map();
  for (const mark of marks) {
    const { e, p, x0, x1 } = mark;
    if (e.unit !== "day" || SHAPES[e.shape] !== "moment" || p.openBegin || p.openEnd || x1 - x0 < 9 || x1 - x0 > HOURS) continue;
    if (!days.has(p.begin)) days.set(p.begin, []);
    days.get(p.begin).push(mark);
  }
  for (const same of days.values()) {
    const { x0, x1 } = same[0], across = Math.min(Math.max(1, Math.floor((x1 - x0 - 4) / DOT)), Math.ceil(same.length / 4));
    same.forEach((mark, at) => {
      mark.x0 = (x0 + x1) / 2 + ((at % across) - (across - 1) / 2) * DOT - 4;
      mark.x1 = mark.x0 + 8;
      mark.isDot = true;
    });
  }
}
/* What covers the whole window tells nothing within it: said once instead of drawn a hundred times. */
function apart(seen, width) {
  const all = seen.map(([e, p]) => {
    const x1 = laneAxis.x(Math.min(p.end, laneAxis.to)), x0 = p.openBegin ? Math.max(0, x1 - FADE) : laneAxis.x(Math.max(p.begin, laneAxis.from));
    return { e, p, x0, x1: Math.max(x1, x0), isDot: x1 - x0 < 9, label: "", row: 0 };
  });
  spread(all);
  const covering = all.filter(({ x0, x1 }) => x0 <= 1 && x1 >= width - 1);
  if (covering.length <= 3) return [all, 0];
  return [all.filter((mark) => !covering.includes(mark)), covering.length];
}
/* Many of the very same stretch are one bar that says how many: "9 × 2012". */
const SAME = 3;
function bundled(marks) {
  const found = new Map();
  for (const mark of marks) {
    const { e, p } = mark, name = mark.isDot ? e.id : `${p.begin} ${p.openEnd || p.end} ${p.openBegin} ${e.shape} ${e.soft} ${hueOf(e)}`;
    if (found.has(name)) found.get(name).push(mark); else found.set(name, [mark]);
  }
  // What is open was so at least until the last that says so.
  return [...found.values()].flatMap((same) => (same.length < SAME ? same : [{ ...same[0], x1: Math.max(...same.map(({ x1 }) => x1)), same: same.map(({ e }) => e) }]));
}
/* Each mark gets the first row with room for it, and for its words where there are few. */
function pack(marks, width, mostRows, longest) {
  const rows = [];
  let dropped = 0;
  for (const mark of marks) {
    const tail = mark.p.openEnd ? mark.x1 + FADE : mark.isDot ? mark.x0 + 11 : mark.x1 + 5;
    let low = mark.x0, high = tail;
    const right = width - tail - 8, left = low - 8;
    mark.label = mark.same ? say("same", { n: mark.same.length, when: mark.e.when }) : longest ? labelOf(mark.e, Math.min(longest, Math.max(left, right))) : "";
    if (mark.same && widthOf(mark.label) > Math.max(left, right, mark.x1 - mark.x0 - 16)) mark.label = say("so-many", { n: mark.same.length });
    if (mark.label) {
      const wide = widthOf(mark.label) + 8;
      mark.isInside = Boolean(mark.same) && wide + 8 < mark.x1 - mark.x0;
      mark.isBefore = !mark.isInside && wide > right + 8;
      if (mark.isBefore && wide > left + 8) mark.label = "";
      else if (mark.isBefore) low -= wide; else if (!mark.isInside) high += wide;
    }
    let row = rows.findIndex((taken) => taken.every(([from, to]) => high <= from || low >= to));
    if (row < 0) row = rows.length;
    mark.row = row < mostRows ? row : -1;
    if (mark.row < 0) dropped += mark.same?.length ?? 1; else (rows[row] ||= []).push([low, high]);
  }
  return { rows: rows.length, dropped };
}
function drawMarks(seen, width) {
  const [all, covering] = apart(seen, width), body = make("g"), found = all.length > FEW_MARKS ? bundled(all) : all, marks = found.length < all.length ? found : all;
  // The exact come first, then what begins within the window; what only reaches into it takes the room that is left.
  marks.sort((a, b) => b.isDot - a.isDot || (a.p.begin < laneAxis.from) - (b.p.begin < laneAxis.from) || a.x0 - b.x0);
  // Words as long as there is room for them.
  const lengths = all.length <= FEW_MARKS && width > 500 ? LABELS : [];
  let packed = null;
  for (const longest of lengths) if (!packed || packed.dropped) packed = pack(marks, width, FEW_ROWS, longest);
  if (!packed || packed.dropped) packed = pack(marks, width, marks === all ? MOST_ROWS : WORDY_ROWS, 0);
  same = new Map(marks.filter((mark) => mark.same).map((mark) => [mark.e.id, mark.same]));
  rowHeight = packed.rows <= FEW_ROWS ? 17 : same.size ? 15 : packed.rows <= 18 ? 14 : 11;
  let top = LANES_TOP;
  if (covering) {
    body.append(make("text", { x: 6, y: top + 9 }, say("all-along", { n: covering })));
    body.append(make("rect", { class: "m-hollow", x: 0, y: top + 14, width, height: 6, rx: 1 }));
    top += 28;
  }
  for (const mark of marks) if (mark.row >= 0) body.append(drawMark(mark, top + mark.row * rowHeight + rowHeight / 2));
  const height = Math.max(top + packed.rows * rowHeight + 8, 64);
  if (!marks.length && !covering && hasData) body.append(make("text", { x: width / 2, y: height / 2 + 4, "text-anchor": "middle" }, say("none-here")));
  const picture = make("svg", { width, height: height + 22, viewBox: `0 0 ${width} ${height + 22}`, role: "group", "aria-label": say("drawn-in-time", { n: seen.length }) });
  picture.append(definitions());
  drawTicks(picture, laneAxis, 0, height, height + 15);
  picture.append(make("line", { class: "base", x1: 0, x2: width, y1: height, y2: height }), body);
  picture.dropped = packed.dropped;
  $("a", body)?.setAttribute("tabindex", "0");
  return picture;
}
