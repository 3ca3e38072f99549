// Hearing the words of a candidate or a directive: `[data-listen]` buttons, and the line that moves over the lanes.
import { onSpan, toggleSpan } from "../speech/player.js";
import { _, words } from "../ui/words.js";

document.addEventListener("click", (event) => {
  const source = event.target instanceof Element ? event.target.closest("[data-listen]") : null;
  if (source instanceof HTMLElement) hear(source);
});
onSpan((playing, atMs) => {
  for (const button of document.querySelectorAll("[data-listen]")) {
    if (!(button instanceof HTMLElement)) continue;
    const on = playing !== null && playing.track === Number(button.dataset.track) && playing.from === Number(button.dataset.from);
    button.setAttribute("aria-pressed", String(on));
  }
  marker(playing ? atMs : null);
});

/** @param {HTMLElement} source carries data-track, data-from, data-to */
async function hear(source) {
  const { track, from, to } = source.dataset;
  try {
    await toggleSpan(Number(track), Number(from), Number(to));
  } catch {
    await words();
    source.title = _("The sound cannot be played just now.");
    source.setAttribute("data-failed", "");
  }
}

/**
 * Move the line over the lanes, where the page has one.
 * @param {number | null} ms
 */
function marker(ms) {
  const line = document.querySelector("[data-head]");
  const lanes = line?.closest("svg");
  if (!(line instanceof SVGLineElement) || !lanes) return;
  line.toggleAttribute("hidden", ms === null);
  if (ms === null) return;
  const from = Number(lanes.dataset.from);
  const to = Number(lanes.dataset.to);
  const x = String(Math.min(900, Math.max(0, ((ms - from) * 900) / Math.max(to - from, 1))));
  line.setAttribute("x1", x);
  line.setAttribute("x2", x);
}
