/* Few sources are told apart by colour: the fullest six have one each, what is left shares another. */
const FEW_SOURCES = 8, HUES = 6;
let hues = null; // document → 1…6, or 0; null where the sources are too many, or one
function takeHues() {
  hues = null;
  if (!hasData || !start.complete || documents.length < 2 || documents.length > FEW_SOURCES) return;
  const held = new Map(documents.map((doc) => [doc, 0]));
  for (const e of events) held.set(e.doc, held.get(e.doc) + 1);
  const fullest = [...held].sort((a, b) => b[1] - a[1]);
  hues = new Map(fullest.map(([doc], at) => [doc, at < HUES ? at + 1 : 0]));
}
const hueOf = (e) => (hues ? hues.get(e.doc) : null);
const hueClass = (hue) => (hue === null ? "" : ` hue-${hue}`);

/* What the colours mean; each is also the way to its source alone. */
function drawLegend() {
  chart.legend.hidden = !hues;
  if (!hues) return;
  const had = document.activeElement?.dataset?.source;
  chart.legend.replaceChildren(...[...hues].map(([doc, hue]) => {
    const button = make("button", { type: "button", class: `key${hueClass(hue)}`, "data-source": doc.id, title: doc.title, "aria-pressed": String(view.source === doc.id) },
      make("i", { class: "swatch" }), make("bdi", {}, doc.title), make("span", { class: "n" }, number(result.counts.source?.get(doc.id) || 0)));
    button.addEventListener("click", () => { view.source = view.source === doc.id ? "" : doc.id; changed(); });
    return button;
  }));
  if (had) $(`[data-source="${CSS.escape(had)}"]`, chart.legend)?.focus();
}
