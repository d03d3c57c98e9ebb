// Brings a file part by part and goes on after a broken line; without it the form sends the file whole.
const PART_BYTES = 1024 * 1024;
const WAITS_MS = [1000, 3000, 10000, 30000];
const form = document.getElementById("upload");
const bar = document.getElementById("upload-progress");
const said = document.getElementById("upload-said");
const csrf = form?.elements.csrf.value;

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const asked = (to, options) =>
  fetch(to, { ...options, credentials: "same-origin", redirect: "error", headers: { "comity-csrf": csrf, ...options.headers } });

// Where it goes: to a file of that name and size that broke off before, else to a new one.
async function begun(file) {
  for (const one of document.querySelectorAll("[data-coming]")) {
    if (one.dataset.name === file.name && Number(one.dataset.size) === file.size) return `/files/${one.dataset.coming}`;
  }
  const told = new URLSearchParams({ csrf, name: file.name, type: file.type, size: String(file.size) });
  const answer = await asked(said.dataset.begin, { method: "POST", body: told });
  return answer.ok ? answer.headers.get("location") : null;
}

async function offsetOf(to) {
  const answer = await asked(`${to}/progress`, { method: "GET" });
  return answer.ok ? Number(answer.headers.get("upload-offset")) : null;
}

async function bring(file, to) {
  let offset = await offsetOf(to);
  let broken = 0;
  while (offset !== null && offset < file.size) {
    try {
      const part = file.slice(offset, offset + PART_BYTES);
      const headers = { "upload-offset": String(offset), "content-type": "application/offset+octet-stream" };
      const answer = await asked(to, { method: "PATCH", body: part, headers });
      if (!answer.ok && answer.status !== 409 && answer.status < 500) return false;
      offset = answer.ok ? Number(answer.headers.get("upload-offset")) : await offsetOf(to);
      broken = answer.ok ? 0 : broken + 1;
      bar.value = (100 * offset) / file.size;
      said.textContent = `${Math.floor(bar.value)} %`;
    } catch {
      broken += 1;
    }
    if (broken) {
      if (broken > WAITS_MS.length) return false;
      said.textContent = said.dataset.broken;
      await wait(WAITS_MS[broken - 1]);
      try { offset = await offsetOf(to); } catch { /* still no line: tried again */ }
    }
  }
  return offset !== null;
}

form?.addEventListener("submit", async (event) => {
  const file = form.elements.file.files[0];
  if (!file) return;
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  bar.hidden = false;
  let to = null;
  try { to = await begun(file); } catch { /* no line: the browser says so */ }
  if (to === null) return form.submit(); // why it is refused is said on a page
  if (!(await bring(file, to))) {
    said.textContent = said.dataset.failed;
    button.disabled = false;
    return;
  }
  said.textContent = said.dataset.done;
  location.assign(`${location.pathname}#files`);
  location.reload();
});
