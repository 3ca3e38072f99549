// What I must do now, in one sentence and one button; and the state of my microphone in words. Pure choice, then drawing.

/** @typedef {import("../protocol/state.js").State} State */
/**
 * @typedef {object} Facts
 * @property {State} state
 * @property {import("../protocol/state.js").Seat | null} seat mine
 * @property {boolean} invited my seat has the floor
 * @property {boolean} maySpeak my microphone is allowed
 * @property {boolean} open my microphone is open
 * @property {boolean} closedByChair it was open and the chair closed it
 * @property {boolean} inside connected to the media room
 * @property {number} minutes of my turn
 */
/**
 * @typedef {object} Now
 * @property {string} title msgid
 * @property {string} text msgid
 * @property {"" | "turn" | "wait"} look
 * @property {boolean} alert spoken at once
 * @property {"" | "open" | "close"} button what the large button does
 */

/**
 * What the viewer must do now.
 * @param {Facts} facts
 * @returns {Now}
 */
export function now(facts) {
  const { state, seat } = facts;
  if (state.meeting.state === "scheduled" || state.meeting.state === "draft") {
    return say("The waiting room is not open yet", "This page goes on by itself when it opens.", "wait");
  }
  if (state.meeting.state === "lobby") {
    return say("You are in the waiting room", "The meeting begins when the chair starts it; stay on this page.", "wait");
  }
  if (seat?.presence === "out") return say("The chair has sent this seat out", "Call the meeting's secretary.", "wait");
  if (!facts.inside) return say("Entering the room", "Pictures and sound come in a moment.", "wait");
  if (facts.invited) {
    if (facts.open) return say("It is your turn: everybody hears you", "Close the microphone when you have finished.", "turn", "close");
    return { ...say("The chair invites your seat to speak", "Press the green button to open the microphone.", "turn", "open"), alert: true };
  }
  if (facts.open) return say("Everybody hears you", "Close the microphone when you have finished.", "turn", "close");
  if (facts.closedByChair) return say("The chair has closed your microphone", "Wait until you are invited again.", "");
  if (facts.maySpeak) return say("You are listening", "You may open the microphone and speak.", "", "open");
  return say("You are listening", "The microphone opens only when the chair invites you.", "");
}

/**
 * @param {string} title
 * @param {string} text
 * @param {"" | "turn" | "wait"} look
 * @param {"" | "open" | "close"} [button]
 * @returns {Now}
 */
function say(title, text, look, button = "") {
  return { title, text, look, alert: false, button };
}

/**
 * The microphone in words.
 * @param {Facts} facts
 * @returns {{ glyph: string, title: string, text: string }} msgids
 */
export function microphone(facts) {
  if (facts.open) return { glyph: "mic", title: "The microphone is open", text: "Everybody hears this room" };
  if (facts.maySpeak) return { glyph: "mic-off", title: "The microphone is closed", text: "Nobody hears this room" };
  return { glyph: "mic-off", title: "The microphone is locked", text: "Nobody hears this room" };
}
