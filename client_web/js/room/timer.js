// The floor's timer: what it shows at an instant, and what it says aloud. Pure.

/** @typedef {{ text: string, kind: "" | "soft" | "hard", percent: number, word: string, minutes: number }} Shown */

/**
 * @param {import("../protocol/state.js").Turn} turn
 * @param {number} now the server's clock, ms
 * @returns {Shown} `word` is a msgid, `minutes` the whole turn
 */
export function timerAt(turn, now) {
  const used = Math.max(0, Math.floor((now - turn.granted_ms) / 1000));
  const left = turn.hard_s - used;
  const percent = Math.min(100, Math.round((used / turn.hard_s) * 100));
  const minutes = Math.round((turn.hard_s / 60) * 10) / 10;
  if (left < 0) return { text: `−${clock(-left)}`, kind: "hard", percent: 100, word: "over time", minutes };
  const kind = used >= turn.soft_s ? "soft" : "";
  return { text: clock(left), kind, percent, word: kind ? "nearly over" : "", minutes };
}

/**
 * What is said once at half time, thirty seconds and zero: a msgid, or "" between those.
 * @param {import("../protocol/state.js").Turn} turn
 * @param {number} before the server's clock at the last look, ms
 * @param {number} now
 */
export function spokenAt(turn, before, now) {
  const marks = /** @type {[number, string][]} */ ([
    [turn.hard_s, "The time is over"], [turn.hard_s - 30, "Thirty seconds left"], [turn.hard_s / 2, "Half the time is over"],
  ]);
  for (const [second, words] of marks) {
    const at = turn.granted_ms + second * 1000;
    if (second > 0 && before < at && at <= now) return words;
  }
  return "";
}

/**
 * Seconds as 01:18, or 1:02:03 from an hour on.
 * @param {number} seconds
 */
export function clock(seconds) {
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${two(minutes)}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/**
 * Milliseconds of the meeting clock as 01:12:34.
 * @param {number} ms
 */
export function meetingClock(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  return `${two(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}
