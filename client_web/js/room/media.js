// The media room: connecting, publishing one's camera and microphone, subscribing to what is wanted. Wraps livekit-client;
// decides nothing of the meeting and touches no element but those it is given.
import {
  ConnectionQuality, DisconnectReason, Room, RoomEvent, Track, createLocalAudioTrack, createLocalVideoTrack,
} from "/lib/livekit-client.esm.mjs";

// One layer for everybody: half a megabit a picture lets an old PC decode ten of them.
const CAMERA = { width: 640, height: 360, frameRate: 20 };
const CAMERA_ENCODING = { maxBitrate: 500_000, maxFramerate: 20 };
const AGAIN_MS = [1000, 2000, 4000, 8000];

/**
 * @typedef {object} Handlers
 * @property {() => void} changed tracks, participants or rights changed: look again
 * @property {(link: "connecting" | "up" | "reconnecting" | "down") => void} link
 * @property {(quality: "good" | "poor" | "lost") => void} quality
 * @property {(reason: "replaced" | "removed" | "failed") => void} ended the room will not come back by itself
 * @property {(blocked: boolean) => void} silent the browser plays no sound until it is clicked
 */

export class Media {
  /**
   * @param {Handlers} handlers
   * @param {HTMLElement} sounds where audio elements live
   */
  constructor(handlers, sounds) {
    this.handlers = handlers;
    this.sounds = sounds;
    this.room = new Room({
      adaptiveStream: false,
      dynacast: false,
      stopLocalTrackOnUnpublish: false,
      disconnectOnPageLeave: true,
      publishDefaults: {
        simulcast: false, videoCodec: "vp8", videoEncoding: CAMERA_ENCODING, dtx: true, red: false, stopMicTrackOnMute: false,
      },
    });
    /** @type {import("/lib/livekit-client.esm.mjs").LocalVideoTrack | null} */
    this.camera = null;
    /** @type {import("/lib/livekit-client.esm.mjs").LocalAudioTrack | null} */
    this.microphone = null;
    this.wishes = { camera: true, microphone: false };
    /** @type {Promise<void>} */
    this.busy = Promise.resolve();
    this.follow();
  }

  follow() {
    const { room, handlers } = this;
    const changed = () => handlers.changed();
    for (const event of [
      RoomEvent.ParticipantConnected, RoomEvent.ParticipantDisconnected, RoomEvent.TrackPublished, RoomEvent.TrackUnpublished,
      RoomEvent.TrackMuted, RoomEvent.TrackUnmuted, RoomEvent.LocalTrackPublished, RoomEvent.LocalTrackUnpublished,
    ]) room.on(event, changed);
    room.on(RoomEvent.TrackMuted, (publication, participant) => {
      // Closed, by oneself or by the chair: it opens again only by one's own act.
      if (participant === room.localParticipant && publication.source === Track.Source.Microphone) this.wishes.microphone = false;
    });
    room.on(RoomEvent.TrackSubscribed, (track) => {
      if (track.kind === Track.Kind.Audio) this.sounds.append(track.attach());
      changed();
    });
    room.on(RoomEvent.TrackUnsubscribed, (track) => {
      for (const element of track.detach()) if (element.parentElement === this.sounds) element.remove();
      changed();
    });
    room.on(RoomEvent.ParticipantPermissionsChanged, (_, participant) => {
      if (participant === room.localParticipant) this.obey();
      changed();
    });
    room.on(RoomEvent.ConnectionQualityChanged, (quality, participant) => {
      if (participant === room.localParticipant) handlers.quality(qualityOf(quality));
    });
    room.on(RoomEvent.AudioPlaybackStatusChanged, () => handlers.silent(!room.canPlaybackAudio));
    room.on(RoomEvent.SignalReconnecting, () => handlers.link("reconnecting"));
    room.on(RoomEvent.Reconnecting, () => handlers.link("reconnecting"));
    room.on(RoomEvent.Reconnected, () => handlers.link("up"));
    room.on(RoomEvent.Disconnected, (reason) => this.lost(reason));
  }

  /**
   * Enter the room; `access` is asked anew for every try.
   * @param {() => Promise<{ url: string, token: string }>} access
   */
  async enter(access) {
    this.access = access;
    this.leaving = false;
    this.handlers.link("connecting");
    const { url, token } = await access();
    await this.room.connect(url, token, { autoSubscribe: false, maxRetries: 2 });
    this.handlers.link("up");
    this.handlers.silent(!this.room.canPlaybackAudio);
    this.obey();
    this.handlers.changed();
  }

  /** Leave for good, and give the devices back. */
  async close() {
    if (this.leaving && !this.inside) return;
    this.leaving = true;
    await this.room.disconnect();
    this.camera?.stop();
    this.microphone?.stop();
    this.camera = this.microphone = null;
    this.handlers.changed();
  }

  get inside() {
    return this.room.state === "connected" || this.room.state === "reconnecting" || this.room.state === "signalReconnecting";
  }

  /** @param {DisconnectReason | undefined} reason */
  lost(reason) {
    this.handlers.changed();
    if (this.leaving) return;
    if (reason === DisconnectReason.DUPLICATE_IDENTITY) return this.handlers.ended("replaced");
    if (reason === DisconnectReason.PARTICIPANT_REMOVED || reason === DisconnectReason.ROOM_DELETED) return this.handlers.ended("removed");
    this.handlers.link("down");
    this.again(0);
  }

  /** @param {number} tries */
  again(tries) {
    const pause = AGAIN_MS[Math.min(tries, AGAIN_MS.length - 1)];
    setTimeout(async () => {
      if (this.leaving || this.inside || !this.access) return;
      try {
        await this.enter(this.access);
      } catch (error) {
        if (error instanceof Error && "status" in error && error.status) return this.handlers.ended("failed");
        this.handlers.link("down");
        this.again(tries + 1);
      }
    }, pause);
  }

  /** @param {string} source camera or microphone */
  may(source) {
    const rights = this.room.localParticipant.permissions;
    if (!rights?.canPublish) return false;
    const number = source === "camera" ? 1 : 2;
    return !rights.canPublishSources.length || rights.canPublishSources.some((allowed) => Number(allowed) === number);
  }

  get microphoneOpen() {
    const mine = this.room.localParticipant.getTrackPublication(Track.Source.Microphone);
    return Boolean(mine && !mine.isMuted);
  }

  get cameraOpen() {
    const mine = this.room.localParticipant.getTrackPublication(Track.Source.Camera);
    return Boolean(mine && !mine.isMuted);
  }

  /**
   * Prepare the devices once, so that publishing after an invitation is one negotiation.
   * @param {{ camera?: string, microphone?: string }} chosen device ids
   * @returns {Promise<string[]>} which devices could not be had: camera, microphone
   */
  async prepare(chosen) {
    const failed = [];
    this.camera = await createLocalVideoTrack({ deviceId: chosen.camera || undefined, resolution: CAMERA }).catch(() => null);
    this.microphone = await createLocalAudioTrack({
      deviceId: chosen.microphone || undefined, echoCancellation: true, noiseSuppression: true, autoGainControl: true,
    }).catch(() => null);
    if (!this.camera) failed.push("camera");
    if (!this.microphone) failed.push("microphone");
    return failed;
  }

  /** @param {boolean} on */
  setMicrophone(on) {
    this.wishes.microphone = on;
    return this.obey();
  }

  /** @param {boolean} on */
  setCamera(on) {
    this.wishes.camera = on;
    return this.obey();
  }

  /** Publish or mute what is wished and allowed, one step after the other. */
  obey() {
    this.busy = this.busy.then(() => this.step()).catch(() => {}).then(() => this.handlers.changed());
    return this.busy;
  }

  async step() {
    if (!this.inside) return;
    if (!this.may("microphone")) this.wishes.microphone = false;
    await this.settle(Track.Source.Camera, this.camera, this.wishes.camera && this.may("camera"));
    await this.settle(Track.Source.Microphone, this.microphone, this.wishes.microphone);
  }

  /**
   * @param {Track.Source} source
   * @param {import("/lib/livekit-client.esm.mjs").LocalTrack | null} track
   * @param {boolean} on
   */
  async settle(source, track, on) {
    const published = this.room.localParticipant.getTrackPublication(source);
    if (published?.track) {
      if (on && published.isMuted) await published.track.unmute();
      if (!on && !published.isMuted) await published.track.mute();
    } else if (on && track) {
      if (track.isMuted) await track.unmute();
      await this.room.localParticipant.publishTrack(track, { source });
    }
  }

  /**
   * Tracks of others, as the layout reads them.
   * @param {(identity: string) => number | null} seatOf
   * @returns {import("./layout.js").Track[]}
   */
  tracks(seatOf) {
    const found = [];
    for (const participant of this.room.remoteParticipants.values()) {
      const seat = seatOf(participant.identity);
      for (const publication of participant.trackPublications.values()) {
        found.push({
          identity: participant.identity, sid: publication.trackSid, kind: /** @type {"audio" | "video"} */ (publication.kind),
          source: publication.source, seat, muted: publication.isMuted, role: participant.attributes.role ?? "",
        });
      }
    }
    return found;
  }

  /** @param {Set<string>} sids */
  subscribe(sids) {
    for (const participant of this.room.remoteParticipants.values()) {
      for (const publication of participant.trackPublications.values()) {
        const on = sids.has(publication.trackSid);
        if (publication.isDesired !== on) publication.setSubscribed(on);
      }
    }
  }

  /**
   * The picture of a subscribed track.
   * @param {string} sid
   */
  picture(sid) {
    for (const participant of this.room.remoteParticipants.values()) {
      const track = participant.trackPublications.get(sid)?.track;
      if (track) return track;
    }
    return null;
  }

  play() {
    return this.room.startAudio();
  }
}

/** @param {ConnectionQuality} quality */
function qualityOf(quality) {
  if (quality === ConnectionQuality.Lost) return "lost";
  return quality === ConnectionQuality.Poor ? "poor" : "good";
}
