import assert from "node:assert/strict";
import { test } from "node:test";
import { apply, currentTurn, inSession, isOver, seatOfIdentity, turnOf, units } from "./state.js";

const seat = (id, code, presence = "in", kind = "unit") => ({ id, code, name: `Xã ${code}`, short: code, kind, presence, away_ms: null });
const meeting = (more = {}) => ({ id: 1, title: "Giao ban", state: "live", strategy: "moderated", may_unmute: true, starts_ms: 0, clock_zero_ms: 0, turns: [], recording: false, media: true, ...more });
const whole = (version = 5) => ({ type: "state", version, now_ms: 2000, meeting: meeting(), seats: [seat(1, "UBT", "in", "centre"), seat(2, "32152"), seat(3, "32191", "expected")] });
const delta = (from, version, more = {}) => ({ type: "delta", from, version, now_ms: 3000, meeting: meeting(), seats: [], gone: [], ...more });

test("the whole is taken as it is, with the difference of the clocks", () => {
  const state = apply(null, whole(), 500);
  assert.equal(state.version, 5);
  assert.equal(state.skew_ms, 1500);
  assert.deepEqual(units(state).map((one) => one.code), ["32152", "32191"]);
});

test("a delta that follows changes only what it names", () => {
  const first = apply(null, whole(), 0);
  const next = apply(first, delta(5, 7, { seats: [seat(3, "32191", "in")], meeting: meeting({ turns: [{ seat: 3 }] }) }), 0);
  assert.equal(next.version, 7);
  assert.equal(next.seats.get(3).presence, "in");
  assert.equal(first.seats.get(3).presence, "expected");
  assert.equal(currentTurn(next).seat, 3);
  assert.equal(turnOf(next, 2), null);
  assert.deepEqual([...next.seats.keys()], [1, 2, 3]);
});

test("a seat that is gone is gone", () => {
  const next = apply(apply(null, whole(), 0), delta(5, 6, { gone: [2] }), 0);
  assert.equal(next.seats.has(2), false);
});

test("a delta that does not follow asks for the whole", () => {
  assert.equal(apply(apply(null, whole(), 0), delta(6, 7), 0), null);
  assert.equal(apply(null, delta(5, 6), 0), null);
});

test("a participant belongs to the seat of its identity's first part", () => {
  const state = apply(null, whole(), 0);
  assert.equal(seatOfIdentity(state, "32152/7/abc").id, 2);
  assert.equal(seatOfIdentity(state, "recorder/2"), null);
});

test("states of a meeting", () => {
  const at = (name) => apply(null, { ...whole(), meeting: meeting({ state: name }) }, 0);
  assert.deepEqual(["live", "paused"].map((name) => inSession(at(name))), [true, true]);
  assert.equal(inSession(at("lobby")), false);
  assert.equal(isOver(at("ended")), true);
  assert.equal(isOver(at("live")), false);
});
