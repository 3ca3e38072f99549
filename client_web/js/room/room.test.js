import assert from "node:assert/strict";
import { test } from "node:test";
import { litBars } from "./devices.js";
import { OPEN_SOUNDS, layout, pictureOf, wanted } from "./layout.js";
import { microphone, now } from "./mine.js";
import { clock, meetingClock, spokenAt, timerAt } from "./timer.js";

function state(count, { holder = null, meeting = "live", absent = [] } = {}) {
  const seats = new Map([[100, { id: 100, code: "UBT", kind: "centre", presence: "in" }]]);
  for (let id = 1; id <= count; id += 1) seats.set(id, { id, code: `c${id}`, kind: "unit", presence: absent.includes(id) ? "expected" : "in" });
  return { version: 1, skew_ms: 0, seats, meeting: { state: meeting, turns: holder ? [{ seat: holder }] : [] } };
}

const track = (seat, kind, more = {}) => ({ identity: `c${seat}/1/x`, sid: `${seat}${kind}${more.source ?? ""}`, kind, source: kind === "audio" ? "microphone" : "camera", seat, muted: false, ...more });

test("who has the floor is large, else the centre", () => {
  assert.equal(layout(state(3), 0, 2).large, 100);
  assert.equal(layout(state(3, { holder: 3 }), 0, 2).large, 3);
});

test("64 seats make eight pages of eight that wrap round", () => {
  const all = state(64);
  assert.deepEqual([layout(all, 0, null).pages, layout(all, 0, null).thumbs.length], [8, 8]);
  assert.deepEqual(layout(all, 8, null).thumbs, layout(all, 0, null).thumbs);
  assert.deepEqual(layout(all, -1, null).thumbs, [57, 58, 59, 60, 61, 62, 63, 64]);
});

test("thumbnails leave out who is large, oneself, and who is not there", () => {
  assert.deepEqual(layout(state(5, { holder: 1, absent: [4] }), 0, 2).thumbs, [3, 5]);
});

test("subscribed are the shown pictures and every open sound", () => {
  const tracks = [1, 2, 3, 4].flatMap((seat) => [track(seat, "audio"), track(seat, "video")]).concat(track(100, "video"));
  const shown = layout(state(4, { holder: 1, absent: [3] }), 0, 2);
  assert.deepEqual([...wanted(tracks, shown, false)].sort(), ["100video", "1audio", "1video", "2audio", "3audio", "4audio", "4video"]);
  assert.deepEqual([...wanted(tracks, shown, true)].sort(), ["1audio", "2audio", "3audio", "4audio"]);
});

test("no more than twelve sounds", () => {
  const tracks = Array.from({ length: 20 }, (_, n) => track(n + 1, "audio"));
  assert.equal(wanted(tracks, layout(state(20), 0, null), false).size, OPEN_SOUNDS);
});

test("a shared screen goes before a camera, an open camera before a closed one", () => {
  const closed = track(1, "video", { muted: true, sid: "a" });
  const open = track(1, "video", { sid: "b" });
  const screen = track(1, "video", { source: "screen_share", sid: "c" });
  assert.equal(pictureOf([closed, open], 1).sid, "b");
  assert.equal(pictureOf([closed, open, screen], 1).sid, "c");
  assert.equal(pictureOf([closed], 1).sid, "a");
  assert.equal(pictureOf([open, track(1, "video", { sid: "d", role: "chair" })], 1).sid, "d");
  assert.equal(pictureOf([open], 2), null);
});

const turn = { seat: 1, granted_ms: 0, soft_s: 270, hard_s: 300, away: false };

test("the timer runs down, warns in words, then counts over", () => {
  assert.deepEqual(timerAt(turn, 0), { text: "05:00", kind: "", percent: 0, word: "", minutes: 5 });
  assert.deepEqual(timerAt(turn, 222_000), { text: "01:18", kind: "", percent: 74, word: "", minutes: 5 });
  assert.equal(timerAt(turn, 270_000).kind, "soft");
  assert.equal(timerAt(turn, 270_000).word, "nearly over");
  assert.deepEqual(timerAt(turn, 336_000), { text: "−00:36", kind: "hard", percent: 100, word: "over time", minutes: 5 });
});

test("the timer speaks once at half, thirty seconds and zero", () => {
  const heard = [];
  for (let at = 0; at <= 310_000; at += 250) {
    const words = spokenAt(turn, at - 250, at);
    if (words) heard.push([at / 1000, words]);
  }
  assert.deepEqual(heard, [[150, "Half the time is over"], [270, "Thirty seconds left"], [300, "The time is over"]]);
});

test("clocks", () => {
  assert.equal(clock(78), "01:18");
  assert.equal(clock(3723), "1:02:03");
  assert.equal(meetingClock(4_472_000), "01:14:32");
  assert.equal(meetingClock(-5), "00:00:00");
});

const facts = (more = {}) => ({ state: state(1, { meeting: more.meeting ?? "live" }), seat: { presence: "in" }, invited: false, maySpeak: false, open: false, closedByChair: false, inside: true, minutes: 5, ...more });

test("what I must do now is one sentence and at most one button", () => {
  assert.equal(now(facts({ meeting: "lobby" })).title, "You are in the waiting room");
  assert.equal(now(facts()).button, "");
  assert.deepEqual([now(facts({ invited: true, maySpeak: true })).alert, now(facts({ invited: true, maySpeak: true })).button], [true, "open"]);
  assert.equal(now(facts({ invited: true, maySpeak: true, open: true })).button, "close");
  assert.equal(now(facts({ maySpeak: true })).button, "open");
  assert.equal(now(facts({ closedByChair: true })).title, "The chair has closed your microphone");
  assert.equal(now(facts({ inside: false })).title, "Entering the room");
  assert.equal(now(facts({ seat: { presence: "out" }, inside: false })).title, "The chair has sent this seat out");
});

test("the microphone is said to be open, closed or locked", () => {
  assert.equal(microphone(facts({ open: true, maySpeak: true })).title, "The microphone is open");
  assert.equal(microphone(facts({ maySpeak: true })).title, "The microphone is closed");
  assert.equal(microphone(facts()).title, "The microphone is locked");
});

test("loudness lights bars between silence and full scale", () => {
  const samples = (level) => new Float32Array(100).fill(level);
  assert.equal(litBars(samples(0), 24), 0);
  assert.equal(litBars(samples(1), 24), 24);
  const speech = litBars(samples(0.05), 24);
  assert.ok(speech > 8 && speech < 20, String(speech));
});
