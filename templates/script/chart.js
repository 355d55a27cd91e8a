/* The overview put together: what is shown and how to move it, the band, the lanes, the colours. */
function buildChart() {
  const button = (label, title, run, more = {}) => { const made = make("button", { type: "button", title, "aria-label": title, ...more }, label); made.addEventListener("click", run); return made; };
  const band = make("div", { class: "chart band-chart" }), bandPicture = make("div"), lanes = make("div", { class: "chart lanes" });
  const edges = ["low", "high"].map((edge) => make("rect", { class: "grip", "data-edge": edge, width: GRIP, height: 26, y: (BAND_TOP + BAND) / 2 - 13, rx: 2, role: "slider", tabindex: 0, "aria-label": say(edge === "low" ? "begin-shown" : "end-shown"), "aria-valuemin": 0, "aria-valuemax": 1000 }));
  const brush = make("svg", { class: "brush", height: BAND_ALL, role: "group", "aria-label": say("part-shown") },
    make("rect", { class: "out", x: 0, y: BAND_TOP, height: BAND - BAND_TOP }), make("rect", { class: "out", y: BAND_TOP, height: BAND - BAND_TOP }),
    make("line", { class: "edge", y1: BAND_TOP, y2: BAND }), make("line", { class: "edge", y1: BAND_TOP, y2: BAND }), ...edges);
  band.append(bandPicture, brush);
  const lens = make("svg", { class: "lens", height: 12, preserveAspectRatio: "none", "aria-hidden": "true" }, make("path"));
  const said = make("span", { class: "say grow" });
  const tip = make("div", { class: "tip", role: "tooltip", hidden: true });
  const clocks = make("div", { class: "segmented", role: "group", "aria-label": say("order-by") });
  for (const by of ["event", "reported"]) {
    const label = say(`by-${by}`);
    clocks.append(button(label, label, () => { view.by = by; view.from = view.to = null; full = firstLook(); press(); changed({ isReordered: true }); }, { "data-by": by }));
  }
  const tools = make("div", { class: "tools" }, said, make("span", { class: "zoom" },
    button("−", say("zoom-out"), () => zoom(2), { "aria-keyshortcuts": "[" }), " ", button("+", say("zoom-closer"), () => zoom(0.5), { "aria-keyshortcuts": "]" }), " ", button(say("all"), say("show-all"), showAll)));
  if (start.axes.reported) tools.prepend(clocks);
  const legend = make("div", { class: "legend", role: "group", "aria-label": say("sources"), hidden: true });
  chart = { band, bandPicture, brush, lens, lanes, legend, say: said, tip, clocks, tools };
  overview.replaceChildren(tools, band, lens, lanes, legend, tip);
  wireBand(); wireLanes(); press();
}
function showAll() {
  isAllAsked = true;
  full = [bandAxis.from, bandAxis.to];
  view.from = view.to = null;
  drawBrush(); drawLanes(); changed();
}
const press = () => $$("button", chart.clocks).forEach((b) => b.setAttribute("aria-pressed", String(b.dataset.by === view.by)));
