// Matching as people type: no case, no diacritics, đ as d, blanks as one. Pure; tested by fold.test.js.

/** @param {string} text */
export function fold(text) {
  return text.toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/\p{M}/gu, "").replace(/\s+/g, " ").trim();
}

/**
 * How well `typed` fits one of `names`: 3 a whole name, 2 its beginning, 1 the beginning of a word in it, 0 not at all.
 * @param {string} typed
 * @param {string[]} names
 */
export function fit(typed, names) {
  const wanted = fold(typed);
  if (!wanted) return 1;
  let best = 0;
  for (const name of names.map(fold)) {
    if (name === wanted) return 3;
    if (name.startsWith(wanted)) best = Math.max(best, 2);
    else if (name.includes(` ${wanted}`)) best = Math.max(best, 1);
  }
  return best;
}
