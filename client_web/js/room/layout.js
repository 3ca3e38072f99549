// What the room shows, and so what it subscribes to. Pure: from the state and the page of thumbnails to names of places.
import { currentTurn, isHere, units } from "../protocol/state.js";

export const PER_PAGE = 8;
export const OPEN_SOUNDS = 12;

/**
 * @typedef {object} Layout
 * @property {number | null} large the seat that is large: who has the floor, else the centre
 * @property {number | null} centre the chair's seat, shown small when it isn't large
 * @property {number[]} thumbs
 * @property {number} page
 * @property {number} pages
 */

/**
 * Thumbnails: seats in the room first, in the official order; who is large or at the centre is not shown twice.
 * @param {import("../protocol/state.js").State} state
 * @param {number} page wanted, from 0; it wraps round
 * @param {number | null} own the viewer's seat
 * @param {number} [perPage]
 * @returns {Layout}
 */
export function layout(state, page, own, perPage = PER_PAGE) {
  const centre = [...state.seats.values()].find((seat) => seat.kind === "centre")?.id ?? null;
  const turn = currentTurn(state);
  const large = turn ? turn.seat : centre;
  const here = units(state).filter((seat) => isHere(seat) && seat.id !== large && seat.id !== own);
  const pages = Math.max(1, Math.ceil(here.length / perPage));
  const at = ((page % pages) + pages) % pages;
  const thumbs = here.slice(at * perPage, (at + 1) * perPage).map((seat) => seat.id);
  return { large, centre, thumbs, page: at, pages };
}

/**
 * @typedef {{ identity: string, sid: string, kind: "audio" | "video", source: string, seat: number | null, muted: boolean, role?: string }} Track
 */

/**
 * The tracks to subscribe to: every open microphone (at most OPEN_SOUNDS), and pictures of the seats that are shown, one
 * camera a seat. `audioOnly` leaves the pictures out.
 * @param {Track[]} tracks of others
 * @param {Layout} shown
 * @param {boolean} audioOnly
 * @returns {Set<string>} sids
 */
export function wanted(tracks, shown, audioOnly) {
  const sids = new Set();
  let sounds = 0;
  for (const track of tracks) {
    if (track.kind === "audio" && sounds < OPEN_SOUNDS) {
      sids.add(track.sid);
      sounds += 1;
    }
  }
  if (audioOnly) return sids;
  for (const seat of new Set([shown.large, shown.centre, ...shown.thumbs])) {
    const picture = pictureOf(tracks, seat);
    if (picture) sids.add(picture.sid);
  }
  return sids;
}

/**
 * The picture of a seat: its shared screen, else the chair's camera, else the first that is on.
 * @param {Track[]} tracks
 * @param {number | null} seat
 */
export function pictureOf(tracks, seat) {
  const own = tracks.filter((track) => track.kind === "video" && track.seat === seat);
  const on = own.filter((track) => !track.muted);
  return on.find((track) => track.source === "screen_share") ?? on.find((track) => track.role === "chair") ?? on[0] ?? own[0] ?? null;
}
