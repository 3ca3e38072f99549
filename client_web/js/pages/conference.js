// One conference's page: when the live socket tells of a change, the part marked [data-live] is fetched again.
import { LiveLink, liveUrl } from "../protocol/live.js";

const PAUSE_MS = 700;
const part = document.querySelector("[data-live]");
if (part instanceof HTMLElement) follow(part.dataset.live ?? "");

/** @param {string} id */
function follow(id) {
  let timer = 0;
  let first = true;
  const link = new LiveLink(liveUrl(location, id), {
    onState: () => {
      if (first) first = false;
      else {
        clearTimeout(timer);
        timer = window.setTimeout(refresh, PAUSE_MS);
      }
    },
    onLink: () => {},
    onSignedOut: () => location.reload(),
  });
  link.open();
}

async function refresh() {
  if (document.querySelector("dialog[open]")) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-live]");
  const old = document.querySelector("[data-live]");
  if (!fresh || !old) return;
  if (fresh.getAttribute("data-state") !== old.getAttribute("data-state")) location.reload();
  else old.replaceWith(fresh);
}
