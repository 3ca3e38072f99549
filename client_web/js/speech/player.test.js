import assert from "node:assert/strict";
import { test } from "node:test";

import { spanUrl } from "./player.js";

test("a stretch is asked for a little wider than it is", () => {
  assert.deepEqual(spanUrl({ track: 7, from: 12_345.6, to: 15_000.2 }), {
    start: 12_045,
    url: "/tracks/7/audio?from_ms=12045&to_ms=15301",
  });
});

test("the beginning of the meeting is not asked for before it", () => {
  assert.equal(spanUrl({ track: 7, from: 100, to: 900 }).url, "/tracks/7/audio?from_ms=0&to_ms=1200");
});

test("more than ten minutes are never asked for at once", () => {
  assert.equal(spanUrl({ track: 1, from: 1_000_000, to: 9_000_000 }).url, "/tracks/1/audio?from_ms=999700&to_ms=1599700");
});
