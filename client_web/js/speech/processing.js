// Keeps the processing part of a page fresh while it moves. Wires, decides nothing.

const EVERY_MS = 3000;

/** @param {HTMLElement} part */
function follow(part) {
  const url = part.dataset.processing;
  if (!url || part.dataset.moving === undefined) return;
  setTimeout(async () => {
    const fresh = document.hidden ? null : await fetched(url);
    if (!fresh) return follow(part);
    part.replaceWith(fresh);
    follow(fresh);
  }, EVERY_MS);
}

/**
 * The part as it is now; null when it cannot be had just now (the next try comes by itself).
 * @param {string} url
 */
async function fetched(url) {
  try {
    const answer = await fetch(url);
    if (!answer.ok) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const part = page.querySelector("[data-processing]");
    return part instanceof HTMLElement ? part : null;
  } catch {
    return null;
  }
}

for (const part of document.querySelectorAll("[data-processing]")) {
  if (part instanceof HTMLElement) follow(part);
}
