import assert from "node:assert/strict";
import { test } from "node:test";
import { kept } from "./password_rules.js";

test("a good password keeps every rule", () => {
  assert.deepEqual(kept("Rạch-Gốc 25"), new Set(["length", "lower", "upper", "digit", "special"]));
});

test("each rule is ticked off by itself", () => {
  assert.deepEqual(kept(""), new Set());
  assert.deepEqual(kept("đ"), new Set(["lower"]));
  assert.deepEqual(kept("Đ"), new Set(["upper"]));
  assert.deepEqual(kept("12345678"), new Set(["length", "digit"]));
  assert.deepEqual(kept("        "), new Set(["length"]));
  assert.deepEqual(kept("_"), new Set(["special"]));
});

test("letters are counted as a reader counts them", () => {
  assert.equal(kept("😀".repeat(7)).has("length"), false);
  assert.equal(kept("😀".repeat(8)).has("length"), true);
});
