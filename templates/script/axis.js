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
  piece(t) { return this.pieces.find((p) => t >= p.begin && t < p.end); }
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

/* Ticks: the finest unit whose labels have room. Where the scale changes the axis says anew where it stands. */
const STEPS = [["h", 1], ["h", 6], ["d", 1], ["d", 2], ["d", 7], ["m", 1], ["m", 3], ["y", 1], ["y", 2], ["y", 5], ["y", 10], ["y", 20], ["y", 50], ["y", 100], ["y", 200], ["y", 500], ["y", 1000], ["y", 5000]];
const LENGTH = { h: 3600, d: DAY, m: 30.44 * DAY, y: 365.25 * DAY };
const room = (label, isMajor) => label.length * (isMajor ? 8 : 6.8) + 10; // bold is wider
function ticks(axis) {
  const found = [];
  let free = -100; // from where a label may begin
  axis.pieces.forEach((p, at) => {
    const limit = at + 1 < axis.pieces.length ? axis.pieces[at + 1].x : axis.width + 4;
    const [unit, step] = STEPS.find(([u, n]) => (LENGTH[u] * n * p.width) / (p.end - p.begin) >= 62) || STEPS.at(-1);
    const before = found.length, isLong = axis.pieces.length === 1 || p.width > 70;
    const put = (x, label, isMajor) => {
      const textX = Math.min(x, axis.width - room(label, isMajor) + 6); // the last label keeps within the axis
      if (textX < free) return;
      found.push({ x, textX, label, isMajor });
      free = textX + room(label, isMajor);
    };
    if (at && p.width >= 24) put(p.x, sayBegin(p, unit), true);
    for (const t of isLong ? steps(p, unit, step) : []) {
      const when = date(t), y = when.getUTCFullYear(), m = when.getUTCMonth(), d = when.getUTCDate(), x = axis.x(t);
      const year = found.length === before ? ` ${sayYear(y)}` : ""; // the first label of a piece says its year
      const label = unit === "y" ? sayYear(y) : unit === "m" ? (m ? MONTHS[m] + year : sayYear(y))
        : unit === "d" || !when.getUTCHours() ? `${d} ${MONTHS[m]}${year}` : `${pad(when.getUTCHours())}:00`;
      const isMajor = unit === "m" ? m === 0 : unit === "d" ? d <= step && m === 0 : unit === "h" && when.getUTCHours() === 0;
      if (x + room(label, isMajor) <= limit) put(x, label, isMajor);
    }
    if (found.length === before && !at) put(p.x, sayBegin(p, isLong ? "d" : "y"), axis.pieces.length > 1);
  });
  return found;
}
function* steps(p, unit, step) {
  const first = date(p.begin), year = first.getUTCFullYear(), month = first.getUTCMonth();
  for (let n = 0; n < 200; n += 1) {
    const t = unit === "y" ? seconds((Math.ceil(year / step) + n) * step) : unit === "m" ? seconds(year, (Math.ceil(month / step) + n) * step)
      : seconds(year, month, first.getUTCDate()) + n * step * LENGTH[unit];
    if (t >= p.end) return;
    if (t >= p.begin) yield t;
  }
}
function sayBegin(p, unit) {
  const first = date(p.begin), year = sayYear(first.getUTCFullYear());
  const span = p.end - p.begin, isMonth = first.getUTCDate() === 1;
  if ((first.getUTCMonth() === 0 && isMonth) || span > 6 * 366 * DAY) return year;
  return isMonth || (unit !== "d" && span > 120 * DAY) ? `${MONTHS[first.getUTCMonth()]} ${year}` : sayDay(p.begin);
}
function drawTicks(into, axis, top, height, labelY) {
  for (const tick of ticks(axis)) {
    into.append(make("line", { class: "tick", x1: tick.x, x2: tick.x, y1: top, y2: top + height }));
    into.append(make("text", { x: tick.textX + 3, y: labelY, class: tick.isMajor ? "major" : null }, tick.label));
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
