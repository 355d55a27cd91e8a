/* Begin: what a page from disk can do at once, and more where a server answers. */
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
  addEventListener("resize", later(120, () => { chart.width = 0; drawBand(); drawLanes(); }));
  addEventListener("hashchange", () => { if (location.hash.includes("=")) { readAddress(); showFilters(); press(); changed({ isFirst: true, isReordered: true }); } });
}
findServer();
