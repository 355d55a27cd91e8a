/* A document: a mention explains itself. */
function wireDocument() {
  const text = $(".text");
  if (!text) return;
  const both = (link, isOn) => {
    const note = link && $(link.getAttribute("href"));
    if (!note) return;
    link.classList.toggle("on", isOn); note.classList.toggle("on", isOn);
    if (isOn) { const side = $(".notes"); if (getComputedStyle(side).position === "sticky") side.scrollTop = note.offsetTop - side.offsetTop - side.clientHeight / 3; }
  };
  let tip = null, of = null;
  const show = (link) => {
    both(link, true);
    const note = $(link.getAttribute("href"));
    if (!note || getComputedStyle($(".notes")).position === "sticky") return;
    tip?.remove();
    tip = make("div", { class: "tip", role: "tooltip" }, make("b", {}, $("b", note).textContent), $("p", note).textContent);
    document.body.append(tip);
    of = link;
    const box = link.getBoundingClientRect();
    tip.style.left = `${clamp(box.left + scrollX, 8, scrollX + innerWidth - tip.offsetWidth - 8)}px`;
    tip.style.top = `${box.bottom + scrollY + 8}px`;
  };
  // The pointer may leave one mention while the focus is on another.
  const hideIt = (link) => { both(link, false); if (link === of) { tip?.remove(); tip = null; } };
  for (const [on, off] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
    text.addEventListener(on, (event) => { const link = event.target.closest(".m"); if (link) show(link); });
    text.addEventListener(off, (event) => { const link = event.target.closest(".m"); if (link) hideIt(link); });
  }
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") { tip?.remove(); tip = null; } });
}
