"""Rights by role, for everybody: a right comes from a post, never from a person.

What one may *see* stays in each area, beside the objects. This module only answers whether a post
gives a right, and refuses in words that say whose job it is.
"""

from __future__ import annotations

from server.domain.actors import Actor, Post
from server.domain.errors import UserError
from server.domain.offices import PositionRole

OFFICE = (PositionRole.OFFICE_SECRETARY, PositionRole.OFFICE_HEAD)
UNIT = (PositionRole.UNIT_OFFICER, PositionRole.UNIT_HEAD)
# See everything of every conference and directive (auditors: no recording, no transcript).
SEES_ALL = (*OFFICE, PositionRole.LEADER, PositionRole.AUDITOR)


def require(actor: Actor, *roles: PositionRole) -> Post:
    """The post that gives the right, the narrowest first in `roles`; else `forbidden` naming
    the roles.
    """
    post = actor.post_with(*roles)
    if post is None:
        raise forbidden(*roles)
    return post


def require_in(actor: Actor, unit_id: int, *roles: PositionRole) -> Post:
    """The post in that very unit that gives the right; else `forbidden`."""
    for role in roles:
        post = actor.post_in(unit_id, role)
        if post is not None:
            return post
    raise forbidden(*roles)


def forbidden(*roles: PositionRole) -> UserError:
    """The refusal that says whose job it is (`role`: the roles, for the catalogue)."""
    return UserError("forbidden", role=" ".join(role.value for role in roles))


def may(actor: Actor, *roles: PositionRole) -> bool:
    """Whether some post of the actor has one of `roles` (pages show only such buttons)."""
    return actor.post_with(*roles) is not None


def is_program(actor: Actor, *agents: str) -> bool:
    """Whether a program acts, of those named (`setup`, `scheduler`, `media`, `worker:…`)."""
    return actor.agent is not None and actor.agent.partition(":")[0] in agents
