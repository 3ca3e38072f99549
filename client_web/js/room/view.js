// From state and tracks to what tiles and rows show. Pure but for the words.
import { currentTurn, inSession, isHere, isOver, turnOf, units } from "../protocol/state.js";
import { pictureOf } from "./layout.js";
import { _ } from "../ui/words.js";

/** @typedef {import("../protocol/state.js").State} State */
/** @typedef {import("../protocol/state.js").Seat} Seat */
/** @typedef {import("./layout.js").Track} Track */

/**
 * @typedef {object} Room what the page knows beside the state
 * @property {Track[]} tracks of others
 * @property {(sid: string) => any} picture
 * @property {any} own my camera's track, or null
 * @property {number | null} seat mine
 * @property {string} role mine in this meeting, or ""
 * @property {string[]} may acts
 * @property {boolean} audioOnly
 */

/**
 * A seat as a tile.
 * @param {State} state
 * @param {Room} room
 * @param {Seat} seat
 * @param {boolean} whole the name with "xã"
 * @returns {import("./tile.js").Shown}
 */
export function tileOf(state, room, seat, whole) {
  // At the centre several sit: its picture is the chair's, also for the secretary beside.
  const mine = seat.id === room.seat && (seat.kind !== "centre" || room.role === "chair");
  const picture = pictureOf(room.tracks, seat.id);
  const shows = picture && !picture.muted ? picture : null;
  const own = seat.id === room.seat && (!shows || (mine && shows.source !== "screen_share"));
  const track = own ? room.own : shows ? room.picture(shows.sid) : null;
  const speaking = Boolean(turnOf(state, seat.id));
  const glyph = speaking ? "mic" : seat.kind === "centre" ? "gavel" : hasSound(room.tracks, seat.id) ? "mic" : "";
  const name = seat.kind === "centre" ? _("Chair") : whole ? seat.name : seat.short;
  return {
    name: mine ? _("{name} (us)", { name }) : name,
    glyph,
    look: [speaking ? "has-floor" : "", seat.kind === "centre" ? "chairseat" : ""].filter(Boolean).join(" "),
    note: seat.presence === "away" ? _("Connection lost") : "",
    away: seat.presence === "away" ? seat.away_ms : null,
    track: room.audioOnly && !own ? null : track,
  };
}

/**
 * The large picture and its two lines.
 * @param {State} state
 * @param {Room} room
 * @param {Seat | undefined} seat
 */
export function stageOf(state, room, seat) {
  const nobody = { name: state.meeting.title, line: "", track: null, note: "", away: null };
  if (isOver(state)) return { ...nobody, line: _("The conference has ended") };
  if (!seat) return nobody;
  const tile = tileOf(state, room, seat, true);
  const turn = currentTurn(state);
  const line = !inSession(state) ? _("The conference has not begun") : turn?.seat !== seat.id ? _("Nobody has been invited to speak") : seat.id === room.seat ? _("it is our turn") : _("has the floor");
  const audio = room.audioOnly && seat.id !== room.seat ? _("Sound only") : "";
  return { name: seat.kind === "centre" ? _("Chair") : seat.name, line, track: tile.track, note: tile.note || audio, away: tile.away };
}

/**
 * The rows of the roster.
 * @param {State} state
 * @param {Room} room
 * @returns {import("./roster.js").Row[]}
 */
export function rowsOf(state, room) {
  return units(state).map((seat) => {
    const turn = turnOf(state, seat.id);
    const sound = hasSound(room.tracks, seat.id);
    const here = isHere(seat);
    const glyph = seat.presence === "away" ? "wifi-off" : !here ? "video-off" : turn || sound ? "mic" : "mic-off";
    return {
      seat: seat.id,
      name: seat.name,
      short: seat.short,
      glyph,
      look: turn || sound ? "on" : seat.presence === "waiting" || seat.presence === "away" ? "up" : here ? "" : "off",
      words: turn ? _("has the floor") : sound ? _("microphone open") : _(`presence:${seat.presence}`),
      acts: actsOn(state, room, seat, Boolean(turn), sound),
    };
  });
}

/**
 * @param {State} state
 * @param {Room} room
 * @param {Seat} seat
 * @param {boolean} holds
 * @param {boolean} sound
 */
function actsOn(state, room, seat, holds, sound) {
  if (state.meeting.state !== "live") return [];
  const acts = [];
  if (holds && room.may.includes("take_back")) acts.push({ name: "take_back", words: "End the turn", primary: true });
  if (!holds && seat.presence === "in" && room.may.includes("grant")) acts.push({ name: "grant", words: "Invite", primary: true });
  if (sound && room.may.includes("mute")) acts.push({ name: "mute", words: "Mute", primary: true });
  if (seat.presence !== "out" && isHere(seat) && room.may.includes("remove")) acts.push({ name: "remove", words: "Send out", danger: true });
  return acts;
}

/**
 * Whether a seat has an open microphone.
 * @param {Track[]} tracks
 * @param {number} seat
 */
export function hasSound(tracks, seat) {
  return tracks.some((track) => track.kind === "audio" && track.seat === seat && !track.muted);
}
