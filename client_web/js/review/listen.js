// Hearing a span of the recording: `[data-listen]` buttons with data-track, data-from, data-to (ms of the meeting clock).
// One sound at a time; pressing again stops it.

const FORMAT = { from: "from_ms", to: "to_ms" };

/** @type {HTMLAudioElement | null} */
let playing = null;
/** @type {HTMLElement | null} */
let button = null;

/**
 * Play a span, or stop it when it plays.
 * @param {HTMLElement} source carries data-track, data-from, data-to
 * @param {(ms: number | null) => void} [at] told the place on the meeting clock, null at the end
 */
export function listen(source, at = () => {}) {
  const same = button === source && playing && !playing.paused;
  stop();
  if (same) return;
  const from = Number(source.dataset.from);
  const url = new URL(`/tracks/${source.dataset.track}/audio`, location.href);
  url.searchParams.set(FORMAT.from, String(from));
  url.searchParams.set(FORMAT.to, source.dataset.to ?? "");
  const audio = new Audio(url.href);
  playing = audio;
  button = source;
  source.setAttribute("aria-pressed", "true");
  audio.addEventListener("timeupdate", () => at(from + audio.currentTime * 1000));
  for (const name of ["ended", "error", "pause"]) {
    audio.addEventListener(name, () => {
      source.removeAttribute("aria-pressed");
      at(null);
    });
  }
  audio.play().catch(() => source.removeAttribute("aria-pressed"));
}

/** Stop what plays. */
export function stop() {
  playing?.pause();
  playing = null;
}

document.addEventListener("click", (event) => {
  const source = event.target instanceof Element ? event.target.closest("[data-listen]") : null;
  if (source instanceof HTMLElement) listen(source, marker);
});

/**
 * Move the line over the lanes, where the page has one.
 * @param {number | null} ms
 */
function marker(ms) {
  const line = document.querySelector("[data-head]");
  const lanes = line?.closest("svg");
  if (!(line instanceof SVGLineElement) || !lanes) return;
  const from = Number(lanes.dataset.from);
  const to = Number(lanes.dataset.to);
  line.toggleAttribute("hidden", ms === null);
  if (ms === null) return;
  const x = String(Math.min(900, ((ms - from) * 900) / Math.max(to - from, 1)));
  line.setAttribute("x1", x);
  line.setAttribute("x2", x);
}
