/* The brush: which part of time is shown, and how it is moved. */
function drawBrush() {
  const [from, to] = windowShown();
  const a = clamp(bandAxis.x(from), 0, bandAxis.width), b = clamp(bandAxis.x(to), 0, bandAxis.width);
  const isWide = a <= 1 && b >= bandAxis.width - 1;
  const layer = chart.brush;
  layer.setAttribute("width", bandAxis.width);
  layer.setAttribute("viewBox", `0 0 ${bandAxis.width} ${BAND_ALL}`);
  const [left, right, first, last, low, high] = layer.children;
  left.setAttribute("width", Math.max(0, a)); right.setAttribute("x", b); right.setAttribute("width", Math.max(0, bandAxis.width - b));
  // The grips stand outside what they bound, so that a narrow part is not covered by them.
  [[low, first, a, from, "from-day", a - GRIP], [high, last, b, to - 1, "to-day", b]].forEach(([grip, line, x, t, words, left]) => {
    line.setAttribute("x1", x); line.setAttribute("x2", x);
    grip.setAttribute("x", clamp(left, 0, bandAxis.width - GRIP));
    grip.setAttribute("aria-valuenow", Math.round((1000 * x) / bandAxis.width));
    grip.setAttribute("aria-valuetext", say(words, { day: sayDay(t) }));
  });
  layer.classList.toggle("whole", isWide);
  chart.lens.setAttribute("viewBox", `0 0 ${bandAxis.width} 12`);
  chart.lens.firstChild.setAttribute("d", `M${a} 0H${Math.max(b, a + 1)}L${bandAxis.width} 12H0z`);
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
  if (count) showTip(x, chart.band.offsetTop + BAND + 6, make("b", {}, sayDay((low + high) / 2)), say("about-here", { n: count }));
  else hideTip();
}
function clearRange() { isAllAsked = false; view.from = view.to = null; full = firstLook(); drawBrush(); drawLanes(); changed(); }

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
