// A seat's picture and plate (the markup of macros/seats.html). Keeps its video element while the track stays the same.
import { el, icon } from "../ui/dom.js";

/**
 * @typedef {object} Shown
 * @property {string} name
 * @property {string} glyph a drawing before the name, or ""
 * @property {string} look further classes: has-floor, chairseat
 * @property {string} note words instead of the picture: connection lost, audio only
 * @property {number | null} away since when, ms: the seconds are counted beside the note
 * @property {any} track a track of livekit-client, or null
 */

export class Tile {
  /** @param {HTMLElement} box the element with class `seat` (or `floor`) */
  constructor(box) {
    this.box = box;
    this.base = box.className;
    this.video = el("video", { autoplay: true, playsinline: true, muted: true, "aria-hidden": "true" });
    this.video.muted = true;
    /** @type {any} */
    this.track = null;
  }

  /** @param {Shown} shown */
  show(shown) {
    this.picture(shown.note ? null : shown.track);
    this.box.className = [this.base, shown.look, shown.note ? "gone" : "", this.track ? "" : "dark"].filter(Boolean).join(" ");
    const parts = [];
    if (shown.note) parts.push(el("span", { class: "note" }, shown.note, " ", shown.away === null ? null : el("span", { "data-away": shown.away })));
    if (shown.name) parts.push(el("span", { class: "plate" }, shown.glyph ? icon(shown.glyph) : null, shown.name));
    for (const old of this.box.querySelectorAll(":scope > .note, :scope > .plate")) old.remove();
    this.box.append(...parts);
  }

  /** @param {any} track */
  picture(track) {
    if (track === this.track) return;
    if (this.track) this.track.detach(this.video);
    this.track = track;
    if (track) {
      track.attach(this.video);
      this.video.muted = true;
      if (!this.video.isConnected) this.box.prepend(this.video);
    } else this.video.remove();
  }
}
