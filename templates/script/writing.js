/* Only where a server listens: uploads, corrections, retries. */
function reveal() {
  if (!isLive) return;
  for (const part of $$(".live[hidden]")) part.hidden = false;
}
async function upload(files) {
  const line = $("#progress");
  line.hidden = false;
  let done = 0;
  const problems = [];
  for (const file of files) {
    line.textContent = say("sending", { name: file.name, done: done + 1, all: files.length });
    try {
      const answer = await fetch(`${root}api/upload?name=${encodeURIComponent(file.name)}&modified=${file.lastModified}`, { method: "POST", body: file, headers: { "Content-Type": "application/octet-stream" } });
      if (!answer.ok) problems.push(`${file.name}: ${(await answer.json().catch(() => ({}))).detail || say("refused")}`);
    } catch { problems.push(`${file.name}: ${say("not-sent")}`); }
    done += 1;
  }
  line.textContent = problems.length ? problems.join("; ") : say("sent", { n: done });
}
function wireUploads() {
  document.body.dataset.drop = say("drop");
  let depth = 0;
  const carries = (event) => [...(event.dataTransfer?.types || [])].includes("Files");
  addEventListener("dragenter", (event) => { if (carries(event)) { depth += 1; document.body.classList.add("dropping"); event.preventDefault(); } });
  addEventListener("dragover", (event) => { if (carries(event)) event.preventDefault(); });
  addEventListener("dragleave", (event) => { if (carries(event)) { depth -= 1; if (depth <= 0) document.body.classList.remove("dropping"); } });
  addEventListener("drop", (event) => { if (!carries(event)) return; event.preventDefault(); depth = 0; document.body.classList.remove("dropping"); upload([...event.dataTransfer.files]); });
  document.addEventListener("change", (event) => { if (event.target.id === "upload") upload([...event.target.files]); });
}
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.classList.contains("retry")) {
    event.preventDefault();
    const done = await send("api/retry", { ids: form.dataset.retry ? [form.dataset.retry] : null });
    $("span", form).textContent = done.ok ? say("being-retried") : done.text;
  } else if (form.classList.contains("redate")) {
    event.preventDefault();
    redate(form, form.elements.date.value);
  }
});
document.addEventListener("click", (event) => { const undo = event.target.closest("[data-undo]"); if (undo) redate(undo.form, null); });
async function redate(form, value) {
  const done = await send(`api/documents/${form.dataset.document}/redate`, { date: value });
  $("span", form).textContent = done.ok ? say("saved") : done.text;
}
