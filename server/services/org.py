"""Units and people of the province: importing the roster, listing it, giving somebody a post."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files as package_files

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain.accounts import AccountState, LinkPurpose, Locale, login_key, login_problem
from server.domain.actors import Actor, Post
from server.domain.audit import AuditEvent, Outcome
from server.domain.errors import UserError
from server.domain.offices import DEFAULT_TITLES, RANKS, PositionRole, TenureKind
from server.domain.org import IN_FORCE, UnitEntry, UnitKind, entries_of_files
from server.domain.permissions import is_program, require
from server.services.context import Context
from server.services.links import issue_link
from server.storage import org as rows
from server.storage.audit import log_event
from server.storage.history import actor_columns, record
from server.storage.models import Account, Position, Tenure, Unit, UnitGroup
from transcription.contract.roster import RosterUnit
from transcription.text import groups_for

SHIPPED = ("departments.csv", "camau_units.csv")


@dataclass(frozen=True)
class Imported:
    """What an import came to."""

    made: int
    changed: int
    same: int


@dataclass(frozen=True)
class UnitLine:
    """A unit in a list or a picker."""

    id: int
    code: str
    kind: UnitKind
    name: str
    short_name: str
    aliases: tuple[str, ...]
    parent_id: int | None
    path: str


@dataclass(frozen=True)
class GroupLine:
    """A group with its active units in the official order."""

    id: int
    code: str
    name: str
    phrases: tuple[str, ...]
    unit_ids: tuple[int, ...]


@dataclass(frozen=True)
class NewUser:
    """A person who was given an account, and the path of the link that lets him or her in."""

    account_id: int
    login: str
    title: str
    link: str


def import_units(ctx: Context, departments_csv: str, communes_csv: str) -> Imported:
    """Import both files of the roster; see `import_unit_files`."""
    return import_unit_files(ctx, zip(SHIPPED, (departments_csv, communes_csv), strict=True))


def import_shipped_units(ctx: Context) -> Imported:
    """On a first start, import the roster that is shipped with the worker; later nothing."""
    with ctx.read() as (session, _actor):
        if rows.province_unit(session) is not None:
            return Imported(0, 0, 0)
    folder = package_files("transcription") / "data"
    texts = [(name, (folder / name).read_text("utf-8")) for name in SHIPPED]
    return import_unit_files(ctx, texts)


def import_unit_files(ctx: Context, files: Iterable[tuple[str, str]]) -> Imported:
    """Bring units to what (name, text) files say: known codes are updated, new ones made, none is
    ended. All or nothing: `import_rows` names every wrong line. Also makes the groups.
    """
    entries = entries_of_files(files)
    with ctx.write() as (session, actor):
        post = None if is_program(actor, "setup") else require(actor, PositionRole.ADMINISTRATOR)
        made, changed = _store_entries(ctx, session, actor, post, entries)
        _store_groups(session, ctx.today)
        if made or changed:
            log_event(
                session,
                AuditEvent.UNITS_IMPORTED,
                Outcome.DONE,
                actor=actor,
                now=ctx.now,
                post=post,
                made=made,
                changed=changed,
            )
        return Imported(made, changed, len(entries) - made - changed)


def _store_entries(
    ctx: Context, session: Session, actor: Actor, post: Post | None, entries: Sequence[UnitEntry]
) -> tuple[int, int]:
    known = rows.units_by_code(session, [entry.code for entry in entries])
    top = rows.province_unit(session)
    made = changed = 0
    for entry in sorted(entries, key=lambda item: item.kind is not UnitKind.PROVINCE):
        unit = known.get(entry.code)
        if unit is not None:
            changed += _update_unit(ctx, session, actor, post, unit, entry)
            continue
        if top is None and entry.kind is not UnitKind.PROVINCE:
            raise UserError("invalid_field", field="units", problem="no_province")
        unit = Unit(
            code=entry.code,
            kind=entry.kind,
            name=entry.name,
            short_name=entry.short_name,
            aliases=list(entry.aliases),
            parent_id=top.id if top else None,
            path="",
            active_from_on=IN_FORCE,
            sort=entry.sort,
        )
        session.add(unit)
        session.flush()
        unit.path = f"{top.path if top else '/'}{unit.id}/"
        top = top or unit
        made += 1
    return made, changed


def _update_unit(
    ctx: Context,
    session: Session,
    actor: Actor,
    post: Post | None,
    unit: Unit,
    entry: UnitEntry,
) -> int:
    wanted = {
        "kind": entry.kind,
        "name": entry.name,
        "short_name": entry.short_name,
        "aliases": list(entry.aliases),
        "sort": entry.sort,
    }
    old = {name: getattr(unit, name) for name in wanted}
    if old == wanted:
        return 0
    differing = [name for name in wanted if old[name] != wanted[name]]
    for name in differing:
        setattr(unit, name, wanted[name])
    unit.version += 1
    record(
        session,
        ("unit", unit.id),
        "edit",
        actor=actor,
        now=ctx.now,
        post=post,
        data={name: [old[name], wanted[name]] for name in differing},
    )
    return 1


def _store_groups(session: Session, today: date) -> None:
    """The classes of units said aloud, as the extraction's own rules name and count them."""
    known = {group.code: group for group in rows.groups_in_order(session)}
    units = rows.active_units(session, today)
    for group in groups_for([RosterUnit(u.code, u.kind.value, u.name) for u in units]):
        row = known.get(group.code)
        if row is None:
            row = UnitGroup(code=group.code)
            session.add(row)
        row.name = group.name
        row.phrases, row.kinds = list(group.phrases), list(group.kinds)


def list_units(ctx: Context, kinds: Iterable[UnitKind] = ()) -> tuple[UnitLine, ...]:
    """Active units in the official order; all kinds when none is named."""
    with ctx.read() as (session, _actor):
        return tuple(
            unit_line_of_row(unit) for unit in rows.active_units(session, ctx.today, kinds)
        )


def list_groups(ctx: Context) -> tuple[GroupLine, ...]:
    """Groups of units, each with its active members."""
    with ctx.read() as (session, _actor):
        return tuple(
            GroupLine(
                group.id,
                group.code,
                group.name,
                tuple(group.phrases),
                tuple(unit.id for unit in rows.members_of_group(session, group, ctx.today)),
            )
            for group in rows.groups_in_order(session)
        )


def unit_line_of_row(unit: Unit) -> UnitLine:
    """A unit as lists show it."""
    return UnitLine(
        unit.id,
        unit.code,
        unit.kind,
        unit.name,
        unit.short_name,
        tuple(unit.aliases),
        unit.parent_id,
        unit.path,
    )


def add_user(
    ctx: Context, login: str, *, name: str, unit_code: str, role: PositionRole, title: str = ""
) -> NewUser:
    """Make an account, the position (when missing) and the tenure in one, with a first link.

    Administrator or setup only. `invalid_field` for a login that is taken or malformed, an empty
    name, an unknown unit, a position of another role or one that somebody holds.
    """
    with ctx.write() as (session, actor):
        post = None if is_program(actor, "setup") else require(actor, PositionRole.ADMINISTRATOR)
        if problem := login_problem(login):
            raise UserError("invalid_field", field="login", problem=problem)
        if not name.strip():
            raise UserError("invalid_field", field="name", problem="empty")
        unit = rows.units_by_code(session, [unit_code]).get(unit_code)
        if unit is None:
            raise UserError("invalid_field", field="unit", problem="unknown")
        key = login_key(login)
        if session.scalar(sa.select(Account.id).where(Account.login_key == key)) is not None:
            raise UserError("invalid_field", field="login", problem="taken")
        position = _vacant_position(session, unit, role, title.strip())
        account = _make_account(ctx, session, actor, post, login.strip(), name.strip())
        begin_tenure(ctx, session, actor, post, position, account)
        link = issue_link(ctx, session, actor, account, LinkPurpose.FIRST_SIGN_IN, post)
        return NewUser(account.id, account.login, position.title, link)


def _vacant_position(session: Session, unit: Unit, role: PositionRole, title: str) -> Position:
    """The position of that title; without a title the first free "<usual title> 2, 3 …"."""
    base, number = title or DEFAULT_TITLES[role], 1
    while True:
        wanted = base if number == 1 else f"{base} {number}"
        position = rows.position_of_title(session, unit.id, wanted)
        if position is None:
            position = Position(unit_id=unit.id, title=wanted, role=role, rank=RANKS[role])
            session.add(position)
            session.flush()
            return position
        held = rows.holder_of(session, position.id) is not None
        if not held and position.role is role:
            return position
        if title:
            problem = "held" if held else "other_role"
            raise UserError("invalid_field", field="position", problem=problem)
        number += 1


def _make_account(
    ctx: Context, session: Session, actor: Actor, post: Post | None, login: str, name: str
) -> Account:
    account = Account(
        login=login,
        login_key=login_key(login),
        display_name=name,
        state=AccountState.INVITED,
        locale=Locale.VI,
        created_at=ctx.now,
    )
    session.add(account)
    session.flush()
    subject = ("account", account.id)
    record(session, subject, "make", actor=actor, now=ctx.now, post=post, new=account.state.value)
    log_event(
        session,
        AuditEvent.ACCOUNT_MADE,
        Outcome.DONE,
        actor=actor,
        now=ctx.now,
        subject=subject,
        post=post,
        login=login,
    )
    return account


def begin_tenure(
    ctx: Context,
    session: Session,
    actor: Actor,
    post: Post | None,
    position: Position,
    account: Account,
) -> Tenure:
    """Let `account` hold `position` from now on."""
    tenure = Tenure(
        position_id=position.id,
        account_id=account.id,
        kind=TenureKind.HOLDER,
        from_at=ctx.now,
        **actor_columns(actor, post),
    )
    session.add(tenure)
    session.flush()
    record(
        session,
        ("tenure", tenure.id),
        "begin",
        actor=actor,
        now=ctx.now,
        post=post,
        parent=("account", account.id),
        data={"position": position.id},
    )
    log_event(
        session,
        AuditEvent.TENURE_BEGUN,
        Outcome.DONE,
        actor=actor,
        now=ctx.now,
        subject=("account", account.id),
        post=post,
        position=position.id,
        role=position.role.value,
    )
    return tenure
