/* Live: one stream a browser, passed on to its other tabs; none while nobody looks. */
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
  line.hidden = !waiting && !said.again;
  if (waiting || said.again) {
    const left = said.seconds_left;
    line.textContent = [...(waiting ? [say("reading", { n: said.documents.done }), say("to-go", { n: waiting })] : [say("again", { n: said.again })]), said.rate ? say("a-second", { rate: said.rate >= 10 ? Math.round(said.rate) : said.rate }) : "",
      left ? say(left < 90 ? "seconds-left" : "minutes-left", { n: left < 90 ? Math.round(left) : Math.round(left / 60) }) : ""].filter(Boolean).join(", ");
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
  button.textContent = added > 0 ? say("new-events", { n: added }) : say(document.body.classList.contains("document") ? "read-again" : "has-changed");
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
