/* Marks: a day a dot, a month or year a bar, an open end fading, a vague one hatched. */
let pen = null;
function widthOf(text) {
  if (!pen) { pen = document.createElement("canvas").getContext("2d"); pen.font = `12px ${getComputedStyle(document.body).fontFamily}`; }
  return pen.measureText(text).width;
}
/* The part of a sentence that says it, as on its card: two dates in one sentence would else read the same. */
const clauseOf = (e) => e.text.slice(e.clause || 0).replace(/\s+/g, " ").trim();
function labelOf(e, most) {
  if (most < 60) return "";
  let text = cut(clauseOf(e).replace(/^[\s“”"'«»–—-]+/, ""), 100);
  while (text.length > 4 && widthOf(text) > most) text = cut(text, text.length - 1);
  return `\u2068${text}\u2069`; // its own direction, whatever that is
}
/* The fades and the hatching, for each colour that is drawn. */
function definitions() {
  const found = make("defs");
  for (const hue of hues ? new Set(hues.values()) : [null]) {
    const of = hueClass(hue), name = hue ?? "x";
    const stops = (...shares) => shares.map(([offset, opacity]) => make("stop", { offset, class: `stop${of}`, "stop-opacity": opacity }));
    const fade = (id, ...shares) => make("linearGradient", { id: `${id}-${name}`, x1: 0, x2: 1, y1: 0, y2: 0 }, ...stops(...shares));
    found.append(fade("fade-end", [0, 1], [1, 0.08]), fade("fade-begin", [0, 0.08], [1, 1]), fade("soft-both", [0, 0.08], [0.35, 1], [0.65, 1], [1, 0.08]),
      make("pattern", { id: `hatch-${name}`, width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(30)" }, make("rect", { width: 2.2, height: 5, class: `m-shape${of}` })));
  }
  return found;
}
function drawMark({ e, p, x0, x1, isDot, label, isBefore, isInside, same: all }, y) {
  const hue = hueOf(e), of = hueClass(hue), thick = all ? Math.min(6.5, rowHeight / 2 - 1) : rowHeight > 12 ? 4 : 3.4, thin = all ? thick : thick - 1.2;
  const paint = (id) => ({ class: "m-soft", fill: `url(#${id}-${hue ?? "x"})` });
  const mark = make("svg-a", { href: hrefOf(e), "data-id": e.id, tabindex: "-1", "aria-label": `${all ? say("same", { n: all.length, when: e.when }) : e.when}: ${cut(clauseOf(e), 140)}`, class: of.trim() || null });
  mark.append(make("rect", { class: "m-halo", x: x0 - 5, y: y - rowHeight / 2, width: Math.max(x1 - x0, 6) + 10, height: rowHeight, rx: 3 }));
  const name = SHAPES[e.shape], bar = (x, w, more, half = thick) => make("rect", { x, y: y - half, width: Math.max(w, 3), height: 2 * half, rx: 1, ...more });
  const isPoint = view.by === "reported" || (isDot && !p.openBegin && !p.openEnd);
  if (isPoint) {
    const middle = isDot ? (x0 + x1) / 2 : x0 + 4;
    if (name === "vague") mark.append(bar(middle - 5, 10, paint("hatch")));
    else if (e.unit === "day") mark.append(make("circle", { cx: middle, cy: y, r: thick, class: "m-shape" }));
    else mark.append(bar(middle - thick, 2 * thick, { class: "m-hollow" }));
  } else if (name === "vague") {
    mark.append(bar(x0, x1 - x0, paint("hatch")));
  } else if (p.openEnd || p.openBegin) {
    if (p.openEnd) mark.append(bar(x0, x1 - x0, { class: "m-shape" }, thin), bar(x1, Math.min(FADE, laneAxis.width - x1), paint("fade-end"), thin));
    else mark.append(bar(x0, x1 - x0, paint("fade-begin"), thin));
    const edge = p.openEnd ? x0 : x1;
    mark.append(make("line", { class: "m-line", x1: edge, x2: edge, y1: y - thick - 2, y2: y + thick + 2 }));
  } else if (e.soft) {
    mark.append(bar(x0, x1 - x0, paint(e.soft === 3 ? "soft-both" : e.soft === 1 ? "fade-begin" : "fade-end"), thin));
  } else {
    mark.append(name === "moment" && e.unit !== "day" ? bar(x0, x1 - x0, { class: "m-hollow" }) : bar(x0, x1 - x0, { class: "m-shape" }, thin));
  }
  if (label) {
    if (isInside && name === "vague") mark.append(make("rect", { class: "m-back", x: x0 + 2, y: y - thick, width: widthOf(label) + 8, height: 2 * thick }));
    const after = isInside ? x0 + 6 : p.openEnd ? x1 + FADE + 6 : isDot ? x0 + 13 : x1 + 6;
    mark.append(make("text", { class: isInside && name !== "vague" ? `m-label on-${name === "moment" && !e.soft ? "hollow" : "solid"}` : "m-label", x: isBefore ? x0 - 8 : after, y: y + 4, "text-anchor": isBefore ? "end" : null }, label));
  }
  return mark;
}
