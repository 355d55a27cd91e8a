/* Cards: citation, permanent link, hiding. */
function decorate() {
  for (const more of $$(".event .more:not(.done)")) {
    more.classList.add("done");
    const cite = make("button", { type: "button", class: "cite" }, say("cite"));
    more.append(cite);
    if (isLive) more.append(make("button", { type: "button", class: "hide" }, say("hide")));
  }
}
function citation(li) {
  const text = (query) => ($(query, li)?.textContent || "").replace(/\s+/g, " ").trim();
  const whole = $(".more .quote", li) ? text(".more .quote") : text(".quote");
  const address = new URL($(".source a", li).getAttribute("href"), location.href).href;
  return `“${whole}” — ${text(".source")} [${text(".date")}]. ${address}`;
}
async function copy(button, said) {
  const before = button.textContent;
  try { await navigator.clipboard.writeText(said); button.textContent = say("copied"); } catch {
    const area = make("textarea", { class: "visually-hidden" }); area.value = said; document.body.append(area); area.select();
    button.textContent = document.execCommand("copy") ? say("copied") : say("not-copied"); area.remove();
  }
  setTimeout(() => { button.textContent = before; }, 1600);
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  const li = button?.closest(".event");
  if (!li) return;
  if (button.classList.contains("cite")) copy(button, citation(li));
  if (button.classList.contains("hide")) hide(button, li);
});
async function hide(button, li) {
  const isBack = li.classList.contains("taken-off");
  const done = await send(`api/events/${li.dataset.id}/${isBack ? "show" : "hide"}`);
  if (!done.ok) { button.textContent = done.text; return; }
  li.classList.toggle("taken-off", !isBack);
  button.textContent = say(isBack ? "hide" : "put-back");
}
async function send(path, body = null) {
  try {
    const answer = await fetch(root + path, { method: "POST", headers: { "Content-Type": "application/json" }, body: body && JSON.stringify(body) });
    const said = await answer.json().catch(() => ({}));
    return { ok: answer.ok, text: said.detail || (answer.ok ? say("done") : say("did-not-work")), said };
  } catch { return { ok: false, text: say("no-answer-short") }; }
}
