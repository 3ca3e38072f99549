// What is typed, kept in this browser: text, dates, choices and ticks of one form under one key. Pure over a Storage and over
// anything that looks like a form's fields; never a password.

/** @typedef {Record<string, string | boolean | string[]>} Draft */
/** @typedef {{ value: string, selected: boolean }} OptionLike */
/** @typedef {{ name: string, type: string, value: string, checked?: boolean, options?: Iterable<OptionLike> }} FieldLike */

const NEVER = ["hidden", "file", "password", "submit", "button"];
const PREFIX = "giaoban.draft:";

/**
 * The values of a form's visible fields. Of a select with several choices and of boxes that share a name: the list of the chosen.
 * @param {Iterable<FieldLike>} fields
 * @returns {Draft}
 */
export function valuesOf(fields) {
  /** @type {Draft} */
  const out = {};
  for (const [name, group] of named(fields)) {
    const [field] = group;
    if (field.type === "select-multiple") out[name] = [...(field.options ?? [])].filter((option) => option.selected).map((option) => option.value);
    else if (group.length > 1) out[name] = group.filter((box) => box.checked).map((box) => box.value);
    else out[name] = field.type === "checkbox" ? Boolean(field.checked) : field.value;
  }
  return out;
}

/**
 * Put a draft back into the fields; returns those that changed. What the form no longer has is left out.
 * @template {FieldLike} F
 * @param {Iterable<F>} fields
 * @param {Draft} draft
 * @returns {F[]}
 */
export function fill(fields, draft) {
  /** @type {F[]} */
  const changed = [];
  for (const [name, group] of named(fields)) {
    if (name in draft) changed.push(...group.filter((field) => put(field, draft[name])));
  }
  return changed;
}

/**
 * @param {FieldLike} field
 * @param {string | boolean | string[]} value
 * @returns {boolean} whether the field holds something else now
 */
function put(field, value) {
  const before = JSON.stringify(valuesOf([field]));
  if (field.type === "select-multiple") {
    for (const option of field.options ?? []) option.selected = Array.isArray(value) && value.includes(option.value);
  } else if (field.type === "checkbox") field.checked = Array.isArray(value) ? value.includes(field.value) : Boolean(value);
  else field.value = String(value);
  return JSON.stringify(valuesOf([field])) !== before;
}

/**
 * @template {FieldLike} F
 * @param {Iterable<F>} fields
 * @returns {Map<string, F[]>} the visible fields by name
 */
function named(fields) {
  /** @type {Map<string, F[]>} */
  const groups = new Map();
  for (const field of fields) {
    if (field.name && !NEVER.includes(field.type)) groups.set(field.name, [...(groups.get(field.name) ?? []), field]);
  }
  return groups;
}

/**
 * A draft in `storage` under `key`; a full or forbidden storage is no draft.
 * @param {Storage} storage
 * @param {string} key
 */
export function draftIn(storage, key) {
  const name = PREFIX + key;
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

/**
 * Forget every draft whose key begins with `start`, but for one.
 * @param {Storage} storage
 * @param {string} start
 * @param {string} [but]
 */
export function forgetDrafts(storage, start, but) {
  const names = Array.from({ length: storage.length }, (_none, n) => storage.key(n) ?? "");
  for (const name of names) {
    if (name.startsWith(PREFIX + start) && name !== PREFIX + (but ?? "")) storage.removeItem(name);
  }
}

/**
 * The fields of a form, as this module reads them.
 * @param {HTMLFormElement} form
 */
export function fieldsOf(form) {
  return /** @type {(HTMLElement & FieldLike)[]} */ ([...form.elements].filter((field) => "value" in field && "type" in field));
}
