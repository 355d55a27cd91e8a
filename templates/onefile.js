// The one thing this file's script does: hide what does not hold the words typed.
"use strict";
(() => {
  const find = document.getElementById("find");
  if (!find) return;
  find.parentElement.hidden = false;
  const cards = [...document.querySelectorAll(".event")].map((li) => [li, li.textContent.toLowerCase()]);
  find.addEventListener("input", () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const [li, text] of cards) li.hidden = !words.every((word) => text.includes(word));
    for (const part of document.querySelectorAll(".list .day, .list .month, .list .year")) part.hidden = !part.querySelector(".event:not([hidden])");
    for (const gap of document.querySelectorAll("p.gap")) gap.hidden = words.length > 0;
  });
})();
