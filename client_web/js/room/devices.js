// Which camera and microphone this machine uses in meetings; kept in the browser, chosen at the door.

const STORED = "giaoban.devices";

/** @typedef {{ camera?: string, microphone?: string, audioOnly?: boolean }} Chosen */

/** @returns {Chosen} */
export function chosen() {
  try {
    return JSON.parse(localStorage.getItem(STORED) ?? "{}");
  } catch {
    return {};
  }
}

/** @param {Chosen} more */
export function choose(more) {
  localStorage.setItem(STORED, JSON.stringify({ ...chosen(), ...more }));
}

/**
 * The loudness of samples as lit bars: 0 for silence, `bars` for full scale. Speech lies between -50 and -10 dB.
 * @param {Float32Array} samples −1 … 1
 * @param {number} bars
 */
export function litBars(samples, bars) {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const rms = Math.sqrt(sum / Math.max(1, samples.length));
  const db = 20 * Math.log10(Math.max(rms, 1e-6));
  return Math.max(0, Math.min(bars, Math.round(((db + 60) / 55) * bars)));
}
