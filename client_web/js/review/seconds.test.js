import assert from "node:assert/strict";
import test from "node:test";
import { stopwatch } from "./seconds.js";

test("only visible time counts", () => {
  const watch = stopwatch(1000);
  watch.pause(4000);
  watch.pause(9000);
  watch.resume(10000);
  watch.resume(11000);
  assert.equal(watch.seconds(12400), 5);
});
