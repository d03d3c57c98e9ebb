// The keys of the console: / looks up, g and a letter goes, j and k move through rows, ? shows them all. Its words stand in the page.

const WAIT_AFTER_G_MS = 1500;
let goingUntil = 0;

/** Whether what has the focus takes letters itself. */
function typing(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.closest("input, textarea, select, [role=textbox]") !== null);
}

function shown(element) {
  return element.checkVisibility?.() ?? element.getClientRects().length > 0;
}

/** To the lookup box of this page, or to the page that has one. */
function lookUp() {
  const box = [...document.querySelectorAll("[data-lookup]")].find(shown);
  if (box) {
    box.focus();
    box.select?.();
    return true;
  }
  const page = document.querySelector('nav a[href="/lookup"]');
  if (page) location.assign(page.href);
  return page !== null;
}

/** To the page that has this letter in the navigation. */
function go(letter) {
  const page = [...document.querySelectorAll("nav a[data-letter]")].find((one) => one.dataset.letter === letter);
  if (page) location.assign(page.href);
  return page !== undefined;
}

function rows() {
  return [...document.querySelectorAll("main table.rows > tbody > tr")].filter(shown);
}

/** `by` rows down (or up): the focus goes with it, so that Enter opens and a reader hears it. */
function move(by) {
  const every = rows();
  if (every.length === 0) return false;
  const here = every.findIndex((row) => row.hasAttribute("data-here") || row.contains(document.activeElement));
  const next = every[Math.min(every.length - 1, Math.max(0, here < 0 ? (by > 0 ? 0 : every.length - 1) : here + by))];
  for (const row of every) row.removeAttribute("data-here");
  next.setAttribute("data-here", "");
  const target = next.querySelector("a[href], button, input") ?? next;
  if (target === next) next.tabIndex = -1;
  target.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function showKeys() {
  const dialog = document.getElementById("keys");
  if (!dialog) return false;
  if (dialog.open) dialog.close();
  else dialog.showModal();
  return true;
}

const KEYS = {
  "/": lookUp,
  "?": showKeys,
  "؟": showKeys, // the same key on an Arabic keyboard
  j: () => move(1),
  k: () => move(-1),
  g: () => {
    goingUntil = Date.now() + WAIT_AFTER_G_MS;
    return true;
  },
};

/** The letter that is printed on a key, whatever script the keyboard writes. */
function letter(event) {
  if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
  const byPlace = /^Key([A-Z])$/.exec(event.code);
  return byPlace && !KEYS[event.key] ? byPlace[1].toLowerCase() : event.key;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
  if (typing(event.target)) return;
  const open = document.querySelector("dialog[open]");
  if (open && event.key !== "?" && event.key !== "؟") return;
  const key = letter(event);
  const going = Date.now() < goingUntil;
  goingUntil = 0;
  const done = going ? go(key) : KEYS[key]?.();
  if (done) event.preventDefault();
});

// The row that was reached by mouse or Tab is the one from which j and k go on.
document.addEventListener("focusin", (event) => {
  for (const row of rows()) if (!row.contains(event.target)) row.removeAttribute("data-here");
});

// After a form in error: to the summary, which is read out.
document.querySelector("main .errors")?.focus();
