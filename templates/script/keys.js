/* Moving by keyboard. */
function choose(li) {
  $(".event.current")?.classList.remove("current");
  li.classList.add("current");
  li.setAttribute("tabindex", "-1");
  li.focus({ preventScroll: true });
  const quiet = matchMedia("(prefers-reduced-motion: reduce)").matches;
  li.scrollIntoView({ block: "center", behavior: quiet ? "auto" : "smooth" });
  $$(".lanes a.on").forEach((link) => link.classList.remove("on"));
  $(`.lanes a[data-id="${CSS.escape(li.dataset.id || "")}"]`)?.classList.add("on");
}
function step(by) {
  const cards = $$(".event, .hits li, .text .m").filter((li) => li.getClientRects().length);
  if (!cards.length) return;
  const now = cards.findIndex((li) => li.classList.contains("current") || li === document.activeElement);
  const inView = cards.findIndex((li) => li.getBoundingClientRect().top > 90);
  const next = now >= 0 ? now + by : by > 0 ? Math.max(0, inView) : Math.max(0, inView - 1);
  const li = cards[clamp(next, 0, cards.length - 1)];
  if (li.classList.contains("m")) { li.focus(); li.scrollIntoView({ block: "center" }); } else choose(li);
}
const KEYS = [["/", "key-search"], ["j  k", "key-next"], ["[  ]", "key-zoom"], ["← →", "key-marks"], ["Esc", "key-close"], ["?", "key-help"]];
function help() {
  let dialog = $("#help");
  if (!dialog) {
    const box = make("input", { type: "checkbox", id: "keys-on" });
    box.checked = keep("timeline-keys") !== "off";
    box.addEventListener("change", () => keep("timeline-keys", box.checked ? "on" : "off"));
    dialog = make("dialog", { id: "help", "aria-labelledby": "help-title" }, make("h2", { id: "help-title" }, say("keys")),
      make("dl", {}, ...KEYS.map(([keys, does]) => make("div", {}, make("dt", {}, ...keys.split("  ").flatMap((one) => [make("kbd", {}, one), " "])), make("dd", {}, say(does))))),
      make("form", { method: "dialog" }, make("label", {}, box, " ", say("single-keys")), make("button", {}, say("close"))));
    document.body.append(dialog);
  }
  dialog.showModal();
}
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, select, textarea, dialog");
  if (event.key === "Escape" && typing === filters?.find) { filters.find.blur(); return; }
  if (typing || event.ctrlKey || event.metaKey || event.altKey || keep("timeline-keys") === "off") return;
  const run = { "/": () => filters?.find.focus(), j: () => step(1), k: () => step(-1), "[": () => chart && zoom(2), "]": () => chart && zoom(0.5), "?": help }[event.key];
  if (run) { event.preventDefault(); run(); }
});
