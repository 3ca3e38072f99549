// The door: preview and level of the chosen devices, the notice as a gate, knocking. Then the room's own page takes over.
import { act, Refusal } from "../protocol/acts.js";
import { LiveLink, liveUrl } from "../protocol/live.js";
import { isOver } from "../protocol/state.js";
import { choose, chosen, litBars } from "../room/devices.js";
import { el, icon } from "../ui/dom.js";
import { _, words } from "../ui/words.js";

const BARS = 24;
const SILENT_AFTER_MS = 4000;
const OPEN = ["lobby", "live", "paused"];

/** @param {HTMLFormElement} gate */
async function door(gate) {
  await words();
  const id = gate.dataset.conference ?? "";
  const go = /** @type {HTMLButtonElement} */ (document.getElementById("go"));
  const known = /** @type {HTMLInputElement} */ (document.getElementById("known"));
  const audioOnly = /** @type {HTMLInputElement} */ (document.getElementById("audio-only"));
  let state = gate.dataset.state ?? "";
  audioOnly.checked = Boolean(chosen().audioOnly);
  audioOnly.addEventListener("change", () => choose({ audioOnly: audioOnly.checked }));
  known.addEventListener("change", () => refuse(""));
  gate.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!OPEN.includes(state)) return refuse(_("The waiting room is not open yet. Try the devices now; this page goes on by itself when it opens."));
    go.setAttribute("aria-busy", "true");
    try {
      await act(`/conferences/${id}/knock`, { seat: Number(gate.dataset.seat), notice: gate.dataset.notice });
      location.assign(`/conferences/${id}/room`);
    } catch (error) {
      go.removeAttribute("aria-busy");
      refuse(error instanceof Refusal && error.message ? error.message : _("Not done: no connection. Try again."));
    }
  });
  new LiveLink(liveUrl(location, id), {
    onState: (told) => {
      if (isOver(told)) return location.reload();
      state = told.meeting.state;
      const open = OPEN.includes(state);
      need("not-yet").hidden = open;
      need("state").textContent = _(`door:${state}`);
      go.textContent = state === "lobby" ? _("Go into the waiting room") : _("Go into the meeting");
    },
    onLink: () => {},
    onSignedOut: () => location.reload(),
  }).open();
  await devices();
}

/** @param {string} text */
function refuse(text) {
  const box = need("refusal");
  box.hidden = !text;
  box.replaceChildren(icon("circle-alert"), el("span", {}, text));
}

/** @param {string} id */
function need(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page lacks #${id}`);
  return found;
}

/** Preview and level, and the two choices. */
async function devices() {
  const cameras = /** @type {HTMLSelectElement} */ (need("camera"));
  const microphones = /** @type {HTMLSelectElement} */ (need("microphone"));
  if (!navigator.mediaDevices) {
    return tell(_("This address gives a browser neither camera nor microphone."), _("Open the system at its https address."));
  }
  const preview = new Preview(need("preview"));
  const level = new Level(need("level"), need("heard"));
  await preview.show(chosen().camera);
  await level.listen(chosen().microphone);
  await list();
  navigator.mediaDevices.addEventListener("devicechange", list);
  cameras.addEventListener("change", async () => {
    choose({ camera: cameras.value });
    await preview.show(cameras.value);
  });
  microphones.addEventListener("change", async () => {
    choose({ microphone: microphones.value });
    await level.listen(microphones.value);
  });

  async function list() {
    const all = await navigator.mediaDevices.enumerateDevices();
    fill(cameras, all.filter((device) => device.kind === "videoinput"), chosen().camera, _("No camera"));
    fill(microphones, all.filter((device) => device.kind === "audioinput"), chosen().microphone, _("No microphone"));
    if (!preview.stream && !level.stream) tell(_("Neither camera nor microphone can be used."), _("Allow them in the browser's address bar, and check that no other program has them."));
    else if (!level.stream) tell(_("The microphone cannot be used."), _("Choose another one, or check that no other program has it."));
    else if (!preview.stream) tell(_("The camera cannot be used."), _("You can still meet with sound."));
    else tell("", "");
  }
}

/**
 * @param {HTMLSelectElement} select
 * @param {MediaDeviceInfo[]} list
 * @param {string | undefined} wanted
 * @param {string} none
 */
function fill(select, list, wanted, none) {
  const options = list.map((device, index) => el("option", { value: device.deviceId, selected: device.deviceId === wanted }, device.label || `${index + 1}`));
  select.replaceChildren(...(options.length ? options : [el("option", { value: "" }, none)]));
  select.disabled = !options.length;
}

/**
 * @param {string} strong
 * @param {string} text
 */
function tell(strong, text) {
  const box = need("device-trouble");
  box.hidden = !strong;
  box.replaceChildren(icon("circle-alert"), el("p", {}, el("b", {}, strong), ` ${text}`));
}

class Preview {
  /** @param {HTMLElement} box */
  constructor(box) {
    this.box = box;
    this.video = el("video", { autoplay: true, playsinline: true, "aria-label": _("My own picture") });
    this.video.muted = true;
    /** @type {MediaStream | null} */
    this.stream = null;
  }

  /** @param {string | undefined} device */
  async show(device) {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = await open({ video: { ...(device ? { deviceId: { exact: device } } : {}), width: 640, height: 360 } }, { video: true });
    this.video.srcObject = this.stream;
    need("no-picture").hidden = Boolean(this.stream);
    need("no-picture").textContent = _("No picture");
    if (this.stream) this.box.prepend(this.video);
    else this.video.remove();
  }
}

class Level {
  /**
   * @param {HTMLElement} meter
   * @param {HTMLElement} word
   */
  constructor(meter, word) {
    this.meter = meter;
    this.word = word;
    this.bars = [...meter.querySelectorAll(".bars i")];
    /** @type {MediaStream | null} */
    this.stream = null;
    this.heardAt = 0;
    this.frame = 0;
    /** @type {AudioContext | null} */
    this.context = null;
  }

  /** @param {string | undefined} device */
  async listen(device) {
    cancelAnimationFrame(this.frame);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    await this.context?.close();
    this.context = null;
    this.stream = await open({ audio: device ? { deviceId: { exact: device } } : true }, { audio: true });
    if (!this.stream) return this.show(0);
    this.context = new AudioContext();
    const analyser = this.context.createAnalyser();
    analyser.fftSize = 1024;
    this.context.createMediaStreamSource(this.stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const look = () => {
      analyser.getFloatTimeDomainData(samples);
      this.show(litBars(samples, BARS));
      this.frame = requestAnimationFrame(look);
    };
    look();
  }

  /** @param {number} lit */
  show(lit) {
    this.bars.forEach((bar, index) => bar.classList.toggle("on", index < lit));
    const now = performance.now();
    if (lit > 3) this.heardAt = now;
    const heard = this.heardAt > 0 && now - this.heardAt < SILENT_AFTER_MS;
    const words = heard ? _("Sound is heard") : _("Silent");
    if (this.word.textContent !== words) this.word.textContent = words;
    this.word.className = heard ? "ok-t" : "late-t";
    this.meter.setAttribute("aria-valuenow", String(lit));
  }
}

/**
 * The wanted device, else any of its kind, else none.
 * @param {MediaStreamConstraints} wanted
 * @param {MediaStreamConstraints} any
 */
async function open(wanted, any) {
  const get = (/** @type {MediaStreamConstraints} */ constraints) => navigator.mediaDevices.getUserMedia(constraints);
  return get(wanted).catch(() => get(any)).catch(() => null);
}

const form = document.getElementById("enter");
if (form instanceof HTMLFormElement) await door(form);
