// The room: wires the live socket, the media room and the widgets. Decides nothing that a module of room/ could decide.
import { act, Refusal } from "../protocol/acts.js";
import { LiveLink, liveUrl } from "../protocol/live.js";
import { currentTurn, inSession, isHere, isOver, seatOfIdentity, turnOf, units } from "../protocol/state.js";
import { choose, chosen } from "../room/devices.js";
import { layout, wanted } from "../room/layout.js";
import { Media } from "../room/media.js";
import { microphone, now as nowOf } from "../room/mine.js";
import { Roster } from "../room/roster.js";
import { Stage } from "../room/stage.js";
import { Strip } from "../room/strip.js";
import { Tile } from "../room/tile.js";
import { clock, meetingClock, spokenAt } from "../room/timer.js";
import { rowsOf, stageOf, tileOf } from "../room/view.js";
import { ask } from "../ui/dialog.js";
import { el, icon } from "../ui/dom.js";
import { _, words } from "../ui/words.js";

const TICK_MS = 250;
const bar = need("room");
const id = bar.dataset.conference ?? "";
const base = `/conferences/${id}`;
const me = { seat: bar.dataset.seat ? Number(bar.dataset.seat) : null, role: bar.dataset.role ?? "", may: (bar.dataset.may ?? "").split(" ").filter(Boolean) };

/** @type {import("../protocol/state.js").State | null} */
let state = null;
let page = 0;
let audioOnly = Boolean(chosen().audioOnly);
let entering = false;
let wasOpen = false;
let closedByChair = false;
let lastTick = 0;
/** @type {"" | "replaced" | "removed" | "failed"} */
let stopped = "";

await words();
const stage = new Stage(need("floor"));
const strip = new Strip(need("strip"), (step) => {
  page += step;
  draw();
});
const search = document.getElementById("search");
const roster = new Roster(need("roster"), search instanceof HTMLInputElement ? search : null, onSeat);
const chairTile = maybeTile("chair-tile");
const selfTile = maybeTile("self-tile");
const media = new Media({
  changed: draw,
  link: (link) => {
    bar.dataset.media = link;
    draw();
  },
  quality: (quality) => {
    bar.dataset.quality = quality;
    draw();
  },
  ended: (reason) => {
    stopped = reason;
    draw();
  },
  silent: (blocked) => {
    need("silent").hidden = !blocked;
  },
}, need("sounds"));
const live = new LiveLink(liveUrl(location, id), {
  onState: (next) => {
    state = next;
    draw();
    follow();
  },
  onLink: (up) => {
    bar.dataset.link = up ? "up" : "down";
    draw();
  },
  onSignedOut: () => location.reload(),
});

/** @param {string} name */
function need(name) {
  const found = document.getElementById(name);
  if (!found) throw new Error(`the page lacks #${name}`);
  return found;
}

/** @param {string} name */
function maybeTile(name) {
  const box = document.getElementById(name);
  return box ? new Tile(box) : null;
}

/** Enter when let in, leave when over. */
async function follow() {
  if (!state || me.seat === null) return;
  const mine = state.seats.get(me.seat);
  if (isOver(state)) return media.close();
  if (!inSession(state) || !mine || media.inside || entering || stopped) return;
  entering = true;
  try {
    if (!isHere(mine)) await act(`${base}/knock`, { seat: me.seat });
    await media.enter(() => act(`${base}/token`, { seat: me.seat }));
  } catch (error) {
    refused(error);
  } finally {
    entering = false;
  }
}

/** @param {unknown} error */
function refused(error) {
  if (error instanceof Refusal && error.code === "notice_required") return location.assign(`${base}/door`);
  if (error instanceof Refusal && error.code === "signed_out") return location.reload();
  if (error instanceof Refusal && error.status && error.code !== "not_admitted") return trouble(error.message);
  setTimeout(follow, 2000);
}

/** @param {string} text */
function trouble(text) {
  const box = need("trouble");
  box.hidden = !text;
  box.replaceChildren(icon("triangle-alert"), el("p", {}, text), closer(box));
}

/** @param {HTMLElement} box */
function closer(box) {
  const button = el("button", { class: "btn small", type: "button" }, _("Close"));
  button.addEventListener("click", () => {
    box.hidden = true;
  });
  return button;
}

/**
 * Send an act; what came of it is told by the live socket, a refusal here.
 * @param {string} name
 * @param {object} [body]
 */
async function send(name, body = {}) {
  try {
    const answer = await act(`${base}/${name}`, body);
    trouble(answer.media === false ? _("Stored. The media server does not answer; rights are set as soon as it is back.") : "");
  } catch (error) {
    trouble(error instanceof Refusal && error.message ? error.message : _("Not done: no connection. Try again."));
  }
}

/**
 * @param {string} name
 * @param {number} seat
 */
async function onSeat(name, seat) {
  const known = state?.seats.get(seat);
  if (!known) return;
  if (name === "remove" && !(await ask({
    title: _("Send {seat} out of the meeting?", { seat: known.name }), text: _("It cannot come back by itself."),
    safe: _("Let it stay"), danger: _("Send out"),
  }))) return;
  await send(name, { seat });
}

const buttons = /** @type {Record<string, () => unknown>} */ ({
  start: () => send("start"),
  lobby: () => send("open_lobby"),
  end: async () => {
    const n = state ? units(state).length : 0;
    if (await ask({
      title: _("End the conference for all {n} seats?", { n }), text: _("Recording stops; everybody leaves the room. It cannot be started again."),
      safe: _("Go on meeting"), danger: _("End the conference"),
    })) await send("end");
  },
  finish: () => send("take_back"),
  "mute-all": () => send("mute_all"),
  mic: () => toggleMicrophone(),
  camera: () => media.setCamera(!media.cameraOpen),
  audio: () => {
    audioOnly = !audioOnly;
    choose({ audioOnly });
    draw();
  },
  leave: async () => {
    live.close();
    await media.close();
    location.assign(base);
  },
  page: () => {
    page += 1;
    draw();
  },
  silent: () => media.play(),
});

function toggleMicrophone() {
  closedByChair = false;
  wasOpen = false;
  return media.setMicrophone(!media.microphoneOpen);
}

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-do]") : null;
  const name = button instanceof HTMLElement ? button.dataset.do ?? "" : "";
  if (name in buttons) buttons[name]();
});

/** Draw everything from what is known; cheap enough to do at every change. */
function draw() {
  if (!state) return;
  const known = state;
  const seatOf = (/** @type {string} */ identity) => seatOfIdentity(known, identity)?.id ?? null;
  const tracks = media.tracks(seatOf);
  const shown = layout(known, page, me.seat);
  page = shown.page;
  media.subscribe(wanted(tracks, shown, audioOnly));
  const room = {
    tracks, picture: (/** @type {string} */ sid) => media.picture(sid), own: media.cameraOpen || !media.inside ? media.camera : null,
    seat: me.seat, role: me.role, may: me.may, audioOnly,
  };
  drawPictures(known, room, shown);
  roster.show(rowsOf(known, room));
  drawBar(known);
  drawMine(known);
  drawConsole(known);
}

/**
 * @param {import("../protocol/state.js").State} known
 * @param {import("../room/view.js").Room} room
 * @param {import("../room/layout.js").Layout} shown
 */
function drawPictures(known, room, shown) {
  const large = shown.large === null ? undefined : known.seats.get(shown.large);
  const centre = shown.centre === null ? undefined : known.seats.get(shown.centre);
  const corner = centre && centre.id !== shown.large ? tileOf(known, room, centre, true) : null;
  stage.show({ ...stageOf(known, room, large), chair: corner });
  if (chairTile) {
    chairTile.box.hidden = !corner;
    if (corner) chairTile.show(corner);
  }
  const mine = me.seat === null ? undefined : known.seats.get(me.seat);
  if (selfTile) {
    selfTile.box.hidden = !mine || mine.id === shown.large;
    if (mine && mine.id !== shown.large) selfTile.show(tileOf(known, room, mine, true));
  }
  strip.show(shown.thumbs.flatMap((seat) => {
    const found = known.seats.get(seat);
    return found ? [{ seat, shown: tileOf(known, room, found, false) }] : [];
  }), shown.page, shown.pages);
}

/** @param {import("../protocol/state.js").State} known */
function drawBar(known) {
  const here = units(known).filter((seat) => isHere(seat) || seat.presence === "waiting").length;
  need("count").replaceChildren(el("b", {}, here), _("/{n} seats", { n: units(known).length }));
  const rec = need("rec");
  const recording = known.meeting.recording && inSession(known);
  rec.className = recording ? "rec" : "rec off";
  rec.dataset.words = recording ? _("Being recorded") : inSession(known) ? _("Recording not running yet") : isOver(known) ? _("Recording has stopped") : _("Recorded when it begins");
  const link = bar.dataset.link === "down" ? ["wifi-off", _("Connection to the server lost, trying again")]
    : bar.dataset.media === "reconnecting" || bar.dataset.media === "down" ? ["wifi-off", _("Pictures and sound lost, trying again")]
      : bar.dataset.quality === "poor" ? ["wifi", _("Weak network")] : bar.dataset.quality === "lost" ? ["wifi-off", _("No network")]
        : media.inside ? ["wifi", _("Good network")] : ["wifi", ""];
  need("link").replaceChildren(icon(link[0]), ` ${link[1]}`);
  need("link").classList.toggle("late-t", link[0] === "wifi-off");
}

/** @param {import("../protocol/state.js").State} known */
function drawMine(known) {
  const seat = me.seat === null ? null : known.seats.get(me.seat) ?? null;
  const turn = turnOf(known, me.seat);
  const open = media.microphoneOpen;
  if (wasOpen && !open) closedByChair = true;
  if (open) closedByChair = false;
  wasOpen = open;
  const facts = {
    state: known, seat, invited: Boolean(turn), maySpeak: media.may("microphone"), open, closedByChair, inside: media.inside,
    minutes: turn ? Math.round(turn.hard_s / 60) : 0,
  };
  const said = isOver(known) ? overWords() : stopped ? stoppedWords() : nowOf(facts);
  const box = document.getElementById("say");
  if (box) {
    const key = JSON.stringify([said.title, said.text]);
    box.hidden = me.may.includes("start") && !inSession(known) && !isOver(known) && !stopped;
    box.dataset.base ??= box.className;
    box.className = `${box.dataset.base} ${said.look}`.trim();
    box.setAttribute("role", said.alert ? "alert" : "status");
    if (box.dataset.key !== key) {
      box.dataset.key = key;
      box.replaceChildren(el("b", {}, _(said.title)), el("p", {}, _(said.text)), isOver(known) ? el("a", { href: base }, _("See the conference")) : "");
    }
  }
  const mic = document.getElementById("mic");
  if (mic) {
    const is = microphone(facts);
    mic.replaceChildren(icon(is.glyph), el("span", {}, el("b", {}, _(is.title)), el("small", {}, _(is.text))));
    mic.classList.toggle("open", open);
  }
  const speak = document.getElementById("speak");
  if (speak instanceof HTMLButtonElement) {
    speak.hidden = !said.button;
    speak.classList.toggle("go", said.button === "open" && facts.invited);
    speak.replaceChildren(icon(said.button === "close" ? "mic-off" : "mic"), said.button === "close" ? _("Close the microphone") : facts.invited ? _("Open the microphone and speak") : _("Open the microphone"));
  }
}

function overWords() {
  return { title: "The conference has ended", text: "Thank you. You may close this page.", look: "wait", alert: false, button: "" };
}

function stoppedWords() {
  const title = stopped === "replaced" ? "This meeting is open in another window of this computer" : "This seat is no longer in the room";
  const text = stopped === "replaced" ? "Go on there, or reload this page to meet here." : "Reload this page to try again, or call the meeting's secretary.";
  return { title, text, look: "wait", alert: true, button: "" };
}

/** @param {import("../protocol/state.js").State} known */
function drawConsole(known) {
  const turn = currentTurn(known);
  const holder = turn ? known.seats.get(turn.seat) : null;
  const shows = /** @type {Record<string, boolean>} */ ({
    lobby: known.meeting.state === "scheduled" && me.may.includes("open_lobby"),
    start: ["scheduled", "lobby"].includes(known.meeting.state) && me.may.includes("start"),
    finish: Boolean(holder) && known.meeting.state === "live" && me.may.includes("take_back"),
    "mute-all": known.meeting.state === "live" && me.may.includes("mute_all"),
    end: inSession(known) && me.may.includes("end"),
    mic: media.inside,
    camera: media.inside,
  });
  for (const button of document.querySelectorAll("[data-do]")) {
    const name = button instanceof HTMLElement ? button.dataset.do ?? "" : "";
    if (name in shows && button.id !== "speak" && button instanceof HTMLElement) button.hidden = !shows[name];
  }
  const finish = document.querySelector("[data-do=finish] span");
  if (finish && holder) finish.textContent = _("End the turn: {seat}", { seat: holder.name });
  toggle("mic", media.microphoneOpen, "mic", "mic-off", _("Microphone open (M)"), _("Microphone closed (M)"));
  toggle("camera", media.cameraOpen, "video", "video-off", _("Camera on (V)"), _("Camera off (V)"));
  for (const button of document.querySelectorAll("[data-do=audio]")) {
    button.setAttribute("aria-pressed", String(audioOnly));
    button.classList.toggle("on", audioOnly);
  }
}

/**
 * @param {string} name
 * @param {boolean} on
 * @param {string} glyphOn
 * @param {string} glyphOff
 * @param {string} wordsOn
 * @param {string} wordsOff
 */
function toggle(name, on, glyphOn, glyphOff, wordsOn, wordsOff) {
  for (const button of document.querySelectorAll(`[data-do=${name}]`)) {
    if (button.id === "speak") continue;
    button.classList.toggle("on", on);
    button.classList.toggle("off", !on);
    if (button.classList.contains("icon")) button.setAttribute("aria-label", on ? wordsOn : wordsOff);
    button.querySelector("svg")?.replaceWith(icon(on ? glyphOn : glyphOff));
  }
}

/** The clocks: the meeting's, the turn's, the hour. */
function tick() {
  if (!state) return;
  const at = Date.now() + state.skew_ms;
  const turn = currentTurn(state);
  stage.tick(inSession(state) ? turn : null, at);
  const spoken = turn && lastTick ? spokenAt(turn, lastTick, at) : "";
  if (spoken) need("spoken").textContent = _(spoken);
  lastTick = at;
  const rec = need("rec");
  const zero = state.meeting.clock_zero_ms;
  const since = zero !== null && inSession(state) ? ` ${meetingClock(at - zero)}` : "";
  const text = `${rec.dataset.words ?? ""}${since}`;
  if (rec.textContent !== text) rec.textContent = text;
  const hour = new Date(at).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
  if (need("hour").textContent !== hour) need("hour").textContent = hour;
  for (const note of document.querySelectorAll("[data-away]")) {
    if (note instanceof HTMLElement) note.textContent = clock(Math.floor((at - Number(note.dataset.away)) / 1000));
  }
}

live.open();
setInterval(tick, TICK_MS);
if (me.seat !== null) {
  const failed = await media.prepare(chosen());
  if (failed.length) trouble(failed.includes("microphone") ? _("The microphone cannot be used. Check that no other program has it, then reload this page.") : _("The camera cannot be used; you can still listen and speak."));
  await media.obey();
  draw();
}
