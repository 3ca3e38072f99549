// The live socket of a conference: keeps itself connected, keeps the state whole. Never touches the document.
import { apply } from "./state.js";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
/** The server's close code when the session has ended: opening again would be refused. */
const SIGNED_OUT = 4401;

/** @typedef {{ onState: (state: import("./state.js").State) => void, onLink: (up: boolean) => void, onSignedOut: () => void }} Handlers */

/**
 * The socket's address on this page's server.
 * @param {{ protocol: string, host: string }} place
 * @param {string | number} id of the conference
 */
export function liveUrl(place, id) {
  return `${place.protocol === "https:" ? "wss" : "ws"}://${place.host}/conferences/${id}/live`;
}

export class LiveLink {
  /**
   * @param {string} url
   * @param {Handlers} handlers
   * @param {(url: string) => WebSocket} [dial]
   */
  constructor(url, handlers, dial = (address) => new WebSocket(address)) {
    this.url = url;
    this.handlers = handlers;
    this.dial = dial;
    /** @type {import("./state.js").State | null} */
    this.state = null;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.pause = FIRST_PAUSE_MS;
    this.ended = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  open() {
    if (this.ended) return;
    const socket = this.dial(this.url);
    this.socket = socket;
    socket.onmessage = (event) => this.take(String(event.data));
    socket.onclose = (event) => this.lost(event.code);
  }

  close() {
    this.ended = true;
    clearTimeout(this.timer);
    this.socket?.close();
  }

  /** @param {string} text */
  take(text) {
    const message = JSON.parse(text);
    if (message.type !== "state" && message.type !== "delta") return;
    const state = apply(this.state, message, Date.now());
    if (state === null) {
      this.socket?.send(JSON.stringify({ type: "whole" }));
      return;
    }
    this.pause = FIRST_PAUSE_MS;
    const up = this.state === null || message.type === "state";
    this.state = state;
    if (up) this.handlers.onLink(true);
    this.handlers.onState(state);
  }

  /** @param {number} code */
  lost(code) {
    if (this.ended) return;
    this.handlers.onLink(false);
    if (code === SIGNED_OUT) {
      this.ended = true;
      return this.handlers.onSignedOut();
    }
    this.timer = setTimeout(() => this.open(), this.pause);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE_MS);
  }
}
