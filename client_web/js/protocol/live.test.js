import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { LiveLink, liveUrl } from "./live.js";

class FakeSocket {
  constructor(url) {
    this.url = url;
    this.sent = [];
    FakeSocket.all.push(this);
  }
  send(text) { this.sent.push(JSON.parse(text)); }
  close(code = 1006) { this.onclose?.({ code }); }
  tell(message) { this.onmessage({ data: JSON.stringify(message) }); }
}

const meeting = { turns: [] };
const whole = (version) => ({ type: "state", version, now_ms: 0, meeting, seats: [] });
const delta = (from, version) => ({ type: "delta", from, version, now_ms: 0, meeting, seats: [], gone: [] });

function link() {
  FakeSocket.all = [];
  const told = { states: [], links: [], signedOut: 0 };
  const live = new LiveLink("ws://x/live", { onState: (state) => told.states.push(state.version), onLink: (up) => told.links.push(up), onSignedOut: () => { told.signedOut += 1; } }, (url) => new FakeSocket(url));
  live.open();
  return { live, told };
}

test("the socket is on the page's own server", () => {
  assert.equal(liveUrl({ protocol: "https:", host: "a.vn" }, 3), "wss://a.vn/conferences/3/live");
  assert.equal(liveUrl({ protocol: "http:", host: "localhost:8080" }, 3), "ws://localhost:8080/conferences/3/live");
});

test("a missed version asks for the whole and goes on from it", () => {
  const { told } = link();
  const [socket] = FakeSocket.all;
  socket.tell(whole(1));
  socket.tell(delta(1, 2));
  socket.tell(delta(4, 5));
  assert.deepEqual(socket.sent, [{ type: "whole" }]);
  socket.tell(whole(5));
  assert.deepEqual(told.states, [1, 2, 5]);
});

test("a lost socket is opened again, slower each time, until closed", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const { live, told } = link();
    FakeSocket.all[0].close();
    assert.deepEqual(told.links, [false]);
    mock.timers.tick(500);
    assert.equal(FakeSocket.all.length, 2);
    FakeSocket.all[1].close();
    mock.timers.tick(999);
    assert.equal(FakeSocket.all.length, 2);
    mock.timers.tick(1);
    assert.equal(FakeSocket.all.length, 3);
    FakeSocket.all[2].tell(whole(9));
    assert.deepEqual(told.links, [false, false, true]);
    live.close();
    mock.timers.tick(60_000);
    assert.equal(FakeSocket.all.length, 3);
  } finally {
    mock.timers.reset();
  }
});

test("a socket closed because the session ended says so and is not opened again", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const { told } = link();
    FakeSocket.all[0].close(4401);
    mock.timers.tick(60_000);
    assert.deepEqual([told.signedOut, told.links, FakeSocket.all.length], [1, [false], 1]);
  } finally {
    mock.timers.reset();
  }
});

test("messages of unknown types are left alone", () => {
  const { told } = link();
  FakeSocket.all[0].tell({ type: "weather" });
  assert.deepEqual(told.states, []);
});
