// What is typed, kept in this browser: text, dates and ticks of one form under one key. Pure over a Storage; never a password.

/** @typedef {Record<string, string | boolean>} Draft */

/**
 * The values of a form's visible fields.
 * @param {Iterable<{ name: string, type: string, value: string, checked?: boolean }>} fields
 * @returns {Draft}
 */
export function valuesOf(fields) {
  /** @type {Draft} */
  const out = {};
  for (const field of fields) {
    if (!field.name || ["hidden", "file", "password", "submit"].includes(field.type)) continue;
    out[field.name] = field.type === "checkbox" ? Boolean(field.checked) : field.value;
  }
  return out;
}

/**
 * A draft in `storage` under `key`; a full or forbidden storage is no draft.
 * @param {Storage} storage
 * @param {string} key
 */
export function draftIn(storage, key) {
  const name = `giaoban.draft:${key}`;
  return {
    /** @param {Draft} values */
    keep(values) {
      try {
        storage.setItem(name, JSON.stringify(values));
        return true;
      } catch {
        return false;
      }
    },
    /** @returns {Draft | null} */
    read() {
      try {
        return JSON.parse(storage.getItem(name) ?? "null");
      } catch {
        return null;
      }
    },
    forget() {
      storage.removeItem(name);
    },
  };
}
