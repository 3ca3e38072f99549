"""What a participant may do: pure rules over LiveKit's permission.

An empty list of sources means every source (LiveKit's rule): who may publish nothing has
`can_publish` false.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from livekit.protocol import models

SOURCES: dict[str, int] = {
    "camera": models.TrackSource.CAMERA,
    "microphone": models.TrackSource.MICROPHONE,
    "screen_share": models.TrackSource.SCREEN_SHARE,
    "screen_share_audio": models.TrackSource.SCREEN_SHARE_AUDIO,
}
"""Source names as tokens write them."""


@dataclass(frozen=True)
class Permission:
    """Rights of one participant; `sources` holds models.TrackSource numbers, empty = every one."""

    can_subscribe: bool = True
    can_publish: bool = True
    can_publish_data: bool = True
    sources: frozenset[int] = field(default_factory=frozenset)
    hidden: bool = False
    recorder: bool = False
    can_update_metadata: bool = False

    def may_publish(self, source: int) -> bool:
        """Whether a track of this source may be published."""
        return self.can_publish and (not self.sources or source in self.sources)


def permission_from_grants(video: dict[str, Any]) -> Permission:
    """Permission of a token's `video` claim; absent publish and subscribe rights are given."""
    names = video.get("canPublishSources") or []
    return Permission(
        can_subscribe=_allowed(video, "canSubscribe", True),
        can_publish=_allowed(video, "canPublish", True),
        can_publish_data=_allowed(video, "canPublishData", True),
        sources=frozenset(SOURCES.get(str(n).lower(), -1) for n in names),
        hidden=_allowed(video, "hidden", False),
        recorder=_allowed(video, "recorder", False),
        can_update_metadata=_allowed(video, "canUpdateOwnMetadata", False),
    )


def permission_from_proto(message: Any) -> Permission:
    """Permission of a models.ParticipantPermission, whole: an unset field is a right not given."""
    return Permission(
        can_subscribe=message.can_subscribe,
        can_publish=message.can_publish,
        can_publish_data=message.can_publish_data,
        sources=frozenset(message.can_publish_sources),
        hidden=message.hidden,
        recorder=message.recorder,
        can_update_metadata=message.can_update_metadata,
    )


def proto_from_permission(permission: Permission) -> Any:
    """models.ParticipantPermission, as clients are told it."""
    return models.ParticipantPermission(
        can_subscribe=permission.can_subscribe,
        can_publish=permission.can_publish,
        can_publish_data=permission.can_publish_data,
        can_publish_sources=_known(permission.sources),
        hidden=permission.hidden,
        recorder=permission.recorder,
        can_update_metadata=permission.can_update_metadata,
    )


def _allowed(video: dict[str, Any], name: str, default: bool) -> bool:
    value = video.get(name)
    return default if value is None else value is True


def _known(sources: frozenset[int]) -> list[Any]:
    return sorted(s for s in sources if s >= 0)
