"""Access tokens: LiveKit's HS256 JWTs in, webhook signatures out.

A refused token is one exception with a status and a text for the client; it never tells which part
of a signature was wrong.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Any

import jwt

from server.media.permissions import Permission, permission_from_grants

LEEWAY_SECONDS = 60
"""Clock difference between the minting machine and ours (livekit-api allows the same)."""


class TokenRefused(Exception):
    """Why a token opens nothing: HTTP status (401 not valid, 403 not allowed) and text."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status, self.text = status, text


@dataclass(frozen=True)
class Claims:
    """A verified token. `not_before` is seconds since the epoch, 0 when absent."""

    identity: str
    name: str
    metadata: str
    attributes: dict[str, str]
    video: dict[str, Any]
    not_before: float

    @property
    def room(self) -> str:
        room = self.video.get("room")
        return room if isinstance(room, str) else ""

    @property
    def permission(self) -> Permission:
        return permission_from_grants(self.video)

    def grants(self, name: str) -> bool:
        """Whether an action grant such as `roomAdmin` is given."""
        return self.video.get(name) is True


class TokenVerifier:
    """Verifies tokens of one key."""

    def __init__(self, key: str, secret: str) -> None:
        self._key, self._secret = key, secret

    def verify(self, token: str) -> Claims:
        """Claims of a token that is ours and valid now; raises TokenRefused(401)."""
        if not token:
            raise TokenRefused(401, "no access token")
        try:
            raw = jwt.decode(
                token,
                self._secret,
                algorithms=["HS256"],
                issuer=self._key,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp"], "verify_iat": False},
            )
        except jwt.ExpiredSignatureError:
            raise TokenRefused(401, "access token has expired") from None
        except jwt.PyJWTError:
            raise TokenRefused(401, "invalid access token") from None
        return _claims(raw)

    def verify_join(self, token: str) -> Claims:
        """Like verify, for a token that must open a room: 403 without roomJoin, room, identity."""
        claims = self.verify(token)
        if not claims.grants("roomJoin") or not claims.room or not claims.identity:
            raise TokenRefused(403, "access token does not allow joining a room")
        return claims

    def sign_body(self, body: bytes, now: float) -> str:
        """Authorization of a webhook: a JWT of five minutes that holds the body's SHA-256."""
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        claims = {"iss": self._key, "nbf": int(now), "exp": int(now) + 300, "sha256": digest}
        return jwt.encode(claims, self._secret, algorithm="HS256")


def _claims(raw: dict[str, Any]) -> Claims:
    video, attributes = raw.get("video"), raw.get("attributes")
    if not isinstance(video, dict):
        video = {}
    if not isinstance(attributes, dict):
        attributes = {}
    return Claims(
        identity=str(raw.get("sub") or ""),
        name=str(raw.get("name") or ""),
        metadata=str(raw.get("metadata") or ""),
        attributes={str(k): str(v) for k, v in attributes.items()},
        video=video,
        not_before=float(raw.get("nbf") or 0),
    )
