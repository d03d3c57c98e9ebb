// What arrives for the reader is told as it comes: the list of what waits is then fetched anew. Without script there is a link.
const kinds = ["message", "opened", "translation", "file", "overdue", "ending", "operation", "hit"];
const arrivals = new EventSource("/events");
for (const kind of kinds) {
  arrivals.addEventListener(kind, () => document.body.dispatchEvent(new Event("arrived")));
}
addEventListener("pagehide", () => arrivals.close());
