// How long a person looked at something: visible time only, in whole seconds. Pure; the page says when.

/**
 * A stopwatch; `now` in ms.
 * @param {number} now
 */
export function stopwatch(now) {
  let sum = 0;
  let since = /** @type {number | null} */ (now);
  return {
    /** @param {number} at */
    pause(at) {
      if (since !== null) sum += at - since;
      since = null;
    },
    /** @param {number} at */
    resume(at) {
      since ??= at;
    },
    /** @param {number} at */
    seconds(at) {
      return Math.round((sum + (since === null ? 0 : at - since)) / 1000);
    },
  };
}
