import assert from "node:assert/strict";
import test from "node:test";
import { draftIn, fill, forgetDrafts, valuesOf } from "./draft.js";

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
    key: (/** @type {number} */ n) => [...kept.keys()][n] ?? null,
    get length() {
      return kept.size;
    },
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

/** A form as the review has it: words, a tick, a choice of units, the ticks of a group's units. */
function form() {
  const option = (/** @type {string} */ value, selected = false) => ({ value, selected });
  const leads = { name: "leads", type: "select-multiple", value: "", options: [option("u1", true), option("u2"), option("g3")] };
  return [
    { name: "title", type: "textarea", value: "Rà soát" },
    { name: "past_ok", type: "checkbox", value: "1", checked: false },
    { name: "deadline_kind", type: "select-one", value: "", options: [option("", true), option("none")] },
    leads,
    { name: "in", type: "checkbox", value: "3:10", checked: true },
    { name: "in", type: "checkbox", value: "3:11", checked: true },
    { name: "version", type: "hidden", value: "4" },
  ];
}

test("a whole form goes into a draft and comes back into a fresh one", () => {
  const typed = form();
  typed[0].value = "Rà soát hộ nghèo";
  typed[1].checked = true;
  typed[2].value = "none";
  for (const option of typed[3].options ?? []) option.selected = option.value !== "u1";
  typed[5].checked = false;
  const draft = valuesOf(typed);
  assert.deepEqual(draft, { title: "Rà soát hộ nghèo", past_ok: true, deadline_kind: "none", leads: ["u2", "g3"], in: ["3:10"] });
  const fresh = form();
  const changed = fill(fresh, JSON.parse(JSON.stringify(draft)));
  assert.deepEqual(valuesOf(fresh), draft);
  assert.deepEqual(changed.map((field) => field.name), ["title", "past_ok", "deadline_kind", "leads", "in"]);
  assert.deepEqual(fill(fresh, draft), []);
  assert.equal(fresh[6].value, "4");
});

test("what a draft does not know and a form no longer has is left alone", () => {
  const fields = form();
  assert.deepEqual(fill(fields, { gone: "x", version: "1" }), []);
  assert.deepEqual(valuesOf(fields), valuesOf(form()));
});

test("drafts of one thing are forgotten, but for the one in hand", () => {
  const store = storage();
  for (const key of ["review/7:1", "review/7:2", "review/70:1"]) draftIn(store, key).keep({ title: "x" });
  forgetDrafts(store, "review/7:", "review/7:2");
  assert.equal(draftIn(store, "review/7:1").read(), null);
  assert.deepEqual(draftIn(store, "review/7:2").read(), { title: "x" });
  forgetDrafts(store, "review/7:");
  assert.equal(draftIn(store, "review/7:2").read(), null);
  assert.deepEqual(draftIn(store, "review/70:1").read(), { title: "x" });
});
