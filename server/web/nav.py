"""Who is looking, for the frame of a page: name, post, unit, and the places in the bar."""

from __future__ import annotations

from dataclasses import dataclass

from server.domain.directives import UNIT_ROLES
from server.domain.offices import PositionRole
from server.services.accounts import Viewer

OFFICE_ROLES = {
    PositionRole.LEADER,
    PositionRole.OFFICE_HEAD,
    PositionRole.OFFICE_SECRETARY,
    PositionRole.AUDITOR,
}

WORK_OF = (("xã ", "Work of the commune"), ("phường ", "Work of the ward"))
WORK_OF_OTHERS = "Work of the unit"


@dataclass(frozen=True)
class Place:
    """One place in the bar; `label` is a msgid."""

    href: str
    label: str
    icon: str
    current: bool


@dataclass(frozen=True)
class Me:
    """The viewer as templates see him or her; `work` names the unit's work, a msgid."""

    account_id: int
    name: str
    title: str
    unit: str
    roles: frozenset[str]
    work: str
    nav: tuple[Place, ...]


def me_of(viewer: Viewer, path: str) -> Me:
    """The viewer's frame at `path`."""
    roles = {post.role for post in viewer.posts}
    work = work_of(viewer.unit)
    places = [("/", "Today", "sun")]
    if roles & OFFICE_ROLES:
        places += [
            ("/conferences", "Conferences", "video"),
            ("/directives", "Directives", "clipboard-list"),
        ]
    else:
        if roles & set(UNIT_ROLES):
            places.append(("/work", work, "clipboard-list"))
        places.append(("/conferences", "Conferences", "video"))
    return Me(
        account_id=viewer.account_id,
        name=viewer.name,
        title=viewer.title,
        unit=viewer.unit,
        roles=frozenset(role.value for role in roles),
        work=work,
        nav=tuple(
            Place(href, label, icon, path == href or (href != "/" and path.startswith(href + "/")))
            for href, label, icon in places
        ),
    )


def work_of(unit: str) -> str:
    """What a unit's work is called, by its short name: a commune says "Việc của xã"."""
    return next((words for start, words in WORK_OF if unit.startswith(start)), WORK_OF_OTHERS)
