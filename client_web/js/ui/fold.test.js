import assert from "node:assert/strict";
import { test } from "node:test";
import { fit, fold } from "./fold.js";

test("folding drops case and diacritics and keeps the letters", () => {
  assert.equal(fold("  Đầm   Dơi "), "dam doi");
  assert.equal(fold("Ủy ban nhân dân xã Năm Căn"), "uy ban nhan dan xa nam can");
});

test("composed and decomposed diacritics are the same words", () => {
  assert.equal(fold("xã Đất Mũi".normalize("NFD")), fold("xã Đất Mũi".normalize("NFC")));
});

test("a whole name fits better than a beginning, a beginning better than a later word", () => {
  assert.equal(fit("tan tien", ["Tân Tiến"]), 3);
  assert.equal(fit("tan", ["Tân Tiến"]), 2);
  assert.equal(fit("tien", ["Tân Tiến"]), 1);
  assert.equal(fit("ien", ["Tân Tiến"]), 0);
});

test("nothing typed fits everything", () => {
  assert.equal(fit("", ["Tân Tiến"]), 1);
});
