"""Webhooks in: a media server's signed event as one of our values.

Checks the signature over the body; knows nothing of conferences or storage.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from livekit import api
from livekit.protocol import models

from server.domain.errors import CallerError
from server.rtc.tokens import MediaAccess


@dataclass(frozen=True)
class MediaEvent:
    """One event of a media room. `reason` is LiveKit's disconnect reason by name; `at` has whole
    seconds only; `kind` is LiveKit's name of the event.
    """

    id: str
    kind: str
    room: str
    identity: str
    sid: str
    reason: str
    at: datetime


def receive(media: MediaAccess, body: bytes, authorization: str) -> MediaEvent:
    """The event of a request; `token_invalid` when it isn't signed for this body,
    `bad_request` when the signed body is no event.
    """
    receiver = api.WebhookReceiver(api.TokenVerifier(media.key, media.secret))
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise CallerError("bad_request", detail="not UTF-8") from None
    try:
        event = receiver.receive(text, authorization.removeprefix("Bearer ").strip())
    except Exception:  # The library raises bare exceptions of many kinds: all mean "not signed".
        raise CallerError("token_invalid") from None
    return MediaEvent(
        id=event.id,
        kind=event.event,
        room=event.room.name,
        identity=event.participant.identity,
        sid=event.participant.sid,
        reason=models.DisconnectReason.Name(event.participant.disconnect_reason),
        at=datetime.fromtimestamp(event.created_at, UTC),
    )
