/* Lanes under the pointer, the fingers and the keys. */
const TOLD = 4; // of many statements of one stretch, when it is pointed at
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
  const all = same.get(e.id);
  const said = all ? [...all.slice(0, TOLD).map((one) => make("p", {}, cut(clauseOf(one), 110))), all.length > TOLD ? make("i", {}, say("and-more", { n: all.length - TOLD })) : ""]
    : [cut(clauseOf(e), 220), make("br"), make("i", {}, `“${e.said}” · ${e.doc.title}`)];
  showTip((box.left + box.right) / 2 - frame.left, box.bottom - frame.top + 6, make("b", {}, all ? say("same", { n: all.length, when: e.when }) : e.when), ...said);
}
function go(e) {
  const here = list && $$(`.event[data-id="${CSS.escape(e.id)}"]`, list).find((li) => !li.hidden);
  if (here) { choose(here); return; }
  if (same.has(e.id) && start.complete) { const { begin, end } = drawn(e); setRange(begin, end); return; }
  location.href = hrefOf(e);
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
