// The catalogue for scripts: the same words as the pages. Plain English in, the reader's language out.
// `await words()` once in a page module, then `_("Raise the hand")`, `_("Remove {name}", { name })`.

/** @type {Record<string, string>} */
let catalogue = {};
/** @type {Promise<void> | null} */
let loading = null;

/** Load the catalogue named by <html data-words>; again it is free. A failed load leaves the English sentences. */
export function words() {
  loading ??= load();
  return loading;
}

async function load() {
  const url = document.documentElement.dataset.words;
  if (!url) return;
  const answer = await fetch(url);
  if (answer.ok) catalogue = await answer.json();
}

/**
 * The sentence in the reader's language, `{name}` filled from `values`.
 * @param {string} msgid
 * @param {Record<string, string | number>} [values]
 */
export function _(msgid, values = {}) {
  const text = catalogue[msgid] || msgid;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
