// The day's page stays true while it lies open: the next conference is asked for again, so that the button to join appears
// by itself when the waiting room opens. Only that part is exchanged, and never under somebody's focus.

const EVERY_MS = 15_000;

/** The part that is kept fresh. */
const part = () => document.querySelector("[data-next]");

async function refresh() {
  const shown = part();
  if (document.hidden || !shown || shown.contains(document.activeElement)) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-next]");
  if (!fresh || fresh.getAttribute("data-next") === shown.getAttribute("data-next")) return;
  shown.setAttribute("data-next", fresh.getAttribute("data-next") ?? "");
  shown.replaceChildren(...fresh.childNodes);
}

setInterval(refresh, EVERY_MS);
document.addEventListener("visibilitychange", refresh);

export {};
