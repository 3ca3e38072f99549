import assert from "node:assert/strict";
import test from "node:test";
import { draftIn, valuesOf } from "./draft.js";

/** @returns {any} */
function storage(full = false) {
  const kept = new Map();
  return {
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => {
      if (full) throw new Error("quota");
      kept.set(key, value);
    },
    removeItem: (/** @type {string} */ key) => kept.delete(key),
  };
}

test("visible fields are kept, hidden ones and files are not", () => {
  const fields = [
    { name: "text", type: "textarea", value: "Đã rà soát" },
    { name: "no_document", type: "checkbox", value: "1", checked: true },
    { name: "csrf", type: "hidden", value: "x" },
    { name: "upload", type: "file", value: "C:\\a" },
    { name: "", type: "text", value: "y" },
  ];
  assert.deepEqual(valuesOf(fields), { text: "Đã rà soát", no_document: true });
});

test("a draft comes back and can be forgotten", () => {
  const draft = draftIn(storage(), "k");
  assert.equal(draft.read(), null);
  assert.equal(draft.keep({ text: "a" }), true);
  assert.deepEqual(draft.read(), { text: "a" });
  draft.forget();
  assert.equal(draft.read(), null);
});

test("a full storage is no error", () => {
  assert.equal(draftIn(storage(true), "k").keep({ text: "a" }), false);
});
