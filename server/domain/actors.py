"""Who acts: the account that clicked with the posts it holds now, or a program.

A right always comes from a post (tenure), never from the person; history keeps the tenure that
gave it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from server.domain.offices import PositionRole, TenureKind


@dataclass(frozen=True)
class Caller:
    """What a request knows about who calls, before storage is asked: an account or an agent, one
    of them.
    """

    account_id: int | None = None
    agent: str | None = None
    request_id: str = ""

    def __post_init__(self) -> None:
        if (self.account_id is None) == (self.agent is None):
            raise ValueError("a caller is an account or an agent")


@dataclass(frozen=True)
class Post:
    """One open tenure: the position, its unit and what it may do."""

    tenure_id: int
    position_id: int
    unit_id: int
    unit_path: str
    role: PositionRole
    kind: TenureKind
    title: str
    rank: int = 100


@dataclass(frozen=True)
class Actor:
    """A caller with the posts that are open at this instant, loaded inside the transaction that
    uses them.
    """

    account_id: int | None
    agent: str | None
    name: str
    request_id: str = ""
    posts: tuple[Post, ...] = field(default=())

    def post_with(self, *roles: PositionRole) -> Post | None:
        """The first post that has one of `roles`, in the order of `roles` (put the narrowest
        first).
        """
        for role in roles:
            for post in self.posts:
                if post.role is role:
                    return post
        return None

    def post_in(self, unit_id: int, *roles: PositionRole) -> Post | None:
        """A post in that very unit with one of `roles` (any role when none is named)."""
        for post in self.posts:
            if post.unit_id == unit_id and (not roles or post.role in roles):
                return post
        return None

    @property
    def unit_ids(self) -> frozenset[int]:
        """Units in which this person holds a post."""
        return frozenset(post.unit_id for post in self.posts)
