// The running conference as the server tells it, and how messages change it. Pure: no document, no socket.

/** @typedef {{ seat: number, granted_ms: number, soft_s: number, hard_s: number, away: boolean }} Turn */
/**
 * @typedef {object} Meeting
 * @property {number} id
 * @property {string} title
 * @property {string} state draft, scheduled, lobby, live, paused, ended, …
 * @property {string} strategy
 * @property {boolean} may_unmute
 * @property {number} starts_ms
 * @property {number | null} clock_zero_ms
 * @property {Turn[]} turns
 * @property {boolean} recording
 * @property {boolean} media whether the media server answers the application
 */
/**
 * @typedef {object} Seat
 * @property {number} id
 * @property {string} code
 * @property {string} name
 * @property {string} short
 * @property {string} kind centre, unit
 * @property {string} presence expected, waiting, in, away, left, out
 * @property {number | null} away_ms
 */
/** @typedef {{ version: number, meeting: Meeting, seats: Map<number, Seat>, skew_ms: number }} State */
/**
 * @typedef {{ type: "state", version: number, now_ms: number, meeting: Meeting, seats: Seat[] }} Whole
 * @typedef {{ type: "delta", from: number, version: number, now_ms: number, meeting: Meeting, seats: Seat[], gone: number[] }} Delta
 */

/**
 * The state after a message; null when something was missed and the whole must be asked for.
 * @param {State | null} state
 * @param {Whole | Delta} message
 * @param {number} now this machine's clock, ms
 * @returns {State | null}
 */
export function apply(state, message, now) {
  const skew_ms = message.now_ms - now;
  if (message.type === "state") {
    return { version: message.version, meeting: message.meeting, seats: byId(message.seats), skew_ms };
  }
  if (!state || state.version !== message.from) return null;
  const seats = new Map(state.seats);
  for (const id of message.gone) seats.delete(id);
  for (const seat of message.seats) seats.set(seat.id, seat);
  return { version: message.version, meeting: message.meeting, seats, skew_ms };
}

/** @param {Seat[]} seats in the official order, which a Map keeps */
function byId(seats) {
  return new Map(seats.map((seat) => [seat.id, seat]));
}

/**
 * The invited seats in the official order, the centre left out.
 * @param {State} state
 */
export function units(state) {
  return [...state.seats.values()].filter((seat) => seat.kind !== "centre");
}

/** @param {Seat} seat */
export function isHere(seat) {
  return seat.presence === "in" || seat.presence === "away";
}

/** @param {State} state */
export function inSession(state) {
  return state.meeting.state === "live" || state.meeting.state === "paused";
}

/** @param {State} state */
export function isOver(state) {
  return ["ended", "minuted", "concluded", "cancelled"].includes(state.meeting.state);
}

/**
 * The latest turn: who is large.
 * @param {State} state
 * @returns {Turn | null}
 */
export function currentTurn(state) {
  return state.meeting.turns.at(-1) ?? null;
}

/**
 * The turn of one seat.
 * @param {State} state
 * @param {number | null} seat
 */
export function turnOf(state, seat) {
  return state.meeting.turns.find((turn) => turn.seat === seat) ?? null;
}

/**
 * The seat of a participant, by the first part of its identity (`unit-code/account/device`).
 * @param {State} state
 * @param {string} identity
 */
export function seatOfIdentity(state, identity) {
  const code = identity.split("/")[0];
  for (const seat of state.seats.values()) if (seat.code === code) return seat;
  return null;
}
