// Plays a stretch of a recording: one sound at a time, from ms to ms of the meeting clock. Knows tracks and times, no page.

const PAD_MS = 300;
const LONGEST_MS = 10 * 60 * 1000;

/** @typedef {{ track: number, from: number, to: number }} Span */
/** @typedef {(playing: Span | null, atMs: number) => void} Listener */

/** @type {HTMLAudioElement | null} */
let sound = null;
/** @type {Span | null} */
let current = null;
/** Where the file of `current` begins on the meeting clock. */
let beginsAt = 0;
/** @type {Set<Listener>} */
const listeners = new Set();

/**
 * The address of a stretch, a little wider than asked so that no first syllable is cut.
 * @param {Span} span
 */
export function spanUrl({ track, from, to }) {
  const start = Math.max(0, Math.floor(from) - PAD_MS);
  const end = Math.min(Math.ceil(to) + PAD_MS, start + LONGEST_MS);
  return { start, url: `/tracks/${track}/audio?from_ms=${start}&to_ms=${end}` };
}

/**
 * Play [fromMs, toMs) of a track; what plays now stops. Resolves once it plays, rejects when it cannot.
 * @param {number} trackId
 * @param {number} fromMs
 * @param {number} toMs
 */
export async function playSpan(trackId, fromMs, toMs) {
  stopSpan();
  const span = { track: trackId, from: fromMs, to: toMs };
  const { start, url } = spanUrl(span);
  const audio = element();
  audio.src = url;
  current = span;
  beginsAt = start;
  tell();
  try {
    await audio.play();
  } catch (error) {
    // Another stretch took its place before it began: no fault.
    if (current !== span) return;
    stopSpan();
    throw error;
  }
}

/** Stop; nothing happens when nothing plays. */
export function stopSpan() {
  if (!sound || !current) return;
  current = null;
  sound.pause();
  sound.removeAttribute("src");
  tell();
}

/**
 * Play, or stop when it is this stretch that plays: one key does both.
 * @param {number} trackId
 * @param {number} fromMs
 * @param {number} toMs
 */
export async function toggleSpan(trackId, fromMs, toMs) {
  if (current && current.track === trackId && current.from === fromMs && current.to === toMs) return stopSpan();
  await playSpan(trackId, fromMs, toMs);
}

/**
 * Be told what plays (null: nothing) and at which ms of the meeting clock; returns how to end that.
 * @param {Listener} listener
 */
export function onSpan(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function element() {
  if (!sound) {
    sound = new Audio();
    sound.addEventListener("ended", stopSpan);
    sound.addEventListener("timeupdate", tell);
  }
  return sound;
}

function tell() {
  const atMs = sound && current ? beginsAt + sound.currentTime * 1000 : 0;
  for (const listener of listeners) listener(current, atMs);
}

/**
 * Every `[data-play]` in `root` (data-track, data-from, data-to) plays its stretch, and shows that it does.
 * @param {ParentNode & EventTarget} root
 */
export function playButtons(root) {
  root.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-play]") : null;
    if (!(button instanceof HTMLElement)) return;
    const { track, from, to } = numbers(button);
    toggleSpan(track, from, to).catch(() => button.setAttribute("data-failed", ""));
  });
  onSpan((playing) => {
    for (const button of root.querySelectorAll("[data-play]")) {
      if (!(button instanceof HTMLElement)) continue;
      const { track, from, to } = numbers(button);
      const on = playing !== null && playing.track === track && playing.from === from && playing.to === to;
      button.setAttribute("aria-pressed", String(on));
    }
  });
}

/** @param {HTMLElement} button */
function numbers(button) {
  return { track: Number(button.dataset.track), from: Number(button.dataset.from), to: Number(button.dataset.to) };
}
