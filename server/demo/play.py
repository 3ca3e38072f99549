"""The demo, played: seed, schedule, meet, speak, end, wait for the machine, compare.

Started by `giaoban serve --demo` beside a running installation whose home is the demo's own. With
`--check` the last line is one JSON object, and the exit status is 0 only if every task of the
script was found with its lead and date, and none was invented.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta

from server import settings as settings_module
from server.clock import utc_now
from server.demo.cast import CAST, CHAIR, COMMUNES, PASSWORD, SECRETARY, as_account, invite_cast
from server.demo.past import play_past
from server.demo.script import CHAIR as CENTRE
from server.demo.script import FINANCE, TURNS, VOICES, expected
from server.demo.seats import Seat
from server.demo.visitor import Refused, Visitor
from server.demo.voices import Samples, Speaker, VoicesMissing
from server.domain.actors import Caller
from server.domain.processing import Stage
from server.domain.review import CandidateKind, CandidateState, CandidateUnitRole
from server.services import meetings_pages, processing
from server.services.context import ZONE, Context
from server.settings import Settings
from server.storage import review as review_rows
from server.storage.engine import Database
from server.storage.files import FileStore
from server.storage.models import CandidateUnit, Conference, Unit
from server.storage.models import Seat as SeatRow

PAUSE_S = 0.8
RECORDER_S = 30.0
MACHINE_S = 300.0
LOOK_EVERY_S = 0.5


@dataclass(frozen=True)
class Result:
    """What `--check` prints."""

    tasks_expected: int
    tasks_found: int
    lead_right: int
    deadline_right: int
    invented: int
    seconds: float

    @property
    def whole(self) -> bool:
        """Everything found, nothing invented."""
        found = self.tasks_found == self.lead_right == self.deadline_right == self.tasks_expected
        return found and self.invented == 0


def main(argv: Sequence[str]) -> int:
    """`giaoban demo [--check]`, beside a running installation."""
    parser = argparse.ArgumentParser(prog="giaoban demo", description=__doc__)
    parser.add_argument("--check", action="store_true", help="print one JSON line, judge by it")
    options = parser.parse_args(argv)
    # The SDK reports every removal of a seat as an error of its connection: here they are the end.
    logging.getLogger("livekit").setLevel(logging.CRITICAL)
    settings = settings_module.load()
    database = Database(settings.database_url)
    try:
        demo = Demo(settings, database)
        result = asyncio.run(demo.play())
    except (Refused, VoicesMissing) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    finally:
        database.close()
    if options.check:
        print(json.dumps(asdict(result)), flush=True)
        return 0 if result.whole else 1
    demo.tell_end(result)
    return 0


class Demo:
    """One demo conference."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings, self.database = settings, database
        self.began = time.monotonic()
        self.conference = ""
        self.ids: dict[str, int] = {}

    async def play(self) -> Result:
        """All of it, with a line on the terminal for each step."""
        self._say("making the cast and what happened before")
        self.ids = await asyncio.to_thread(self._seed)
        speaker = Speaker()
        spoken = [speaker.say(turn.text, VOICES[turn.seat]) for turn in TURNS]
        async with AsyncExitStack() as stack:
            people: dict[str, Visitor] = {}
            for player in (CHAIR, SECRETARY, *COMMUNES):
                visitor = Visitor(self.settings.web_url, player.login)
                people[player.login] = await stack.enter_async_context(visitor)
                await visitor.sign_in(PASSWORD)
            self.conference = await self._schedule(people[SECRETARY.login])
            await self._meet(people, spoken)
        ended = time.monotonic()
        await self._wait_for_the_machine()
        self._say(f"candidates shown {time.monotonic() - ended:.1f} s after the last word")
        return await asyncio.to_thread(self._compare)

    def tell_end(self, result: Result) -> None:
        """Where to go on, and as whom."""
        url = self.settings.web_url
        print(
            f"\n{result.tasks_found} of {result.tasks_expected} tasks found,"
            f" {result.invented} invented. Review them: {url}{self.conference}/review"
            f"\nSign in with the password “{PASSWORD}” as:"
        )
        for player in CAST:
            print(f"  {player.login:<6} {player.name}, {player.title}")
        print("Ctrl-C stops everything.", flush=True)

    def _context(self, now: datetime | None = None) -> Context:
        files = FileStore(self.settings.files)
        return Context(self.database, files, Caller(agent="setup"), now or utc_now())

    def _seed(self) -> dict[str, int]:
        ctx = self._context()
        ids = invite_cast(replace(ctx, now=ctx.now - timedelta(days=60)))
        with self.database.read() as session:
            played = session.query(Conference.id).first() is not None
        if not played:
            play_past(ctx, ids)
        return ids

    async def _schedule(self, secretary: Visitor) -> str:
        """All 64 and the Finance department, in ten minutes; the chair opens earlier."""
        choices = await asyncio.to_thread(
            meetings_pages.form_choices, as_account(self._context(), self.ids[SECRETARY.login])
        )
        with self.database.read() as session:
            finance = session.query(Unit.id).filter_by(code=FINANCE).scalar()
        everybody = max(
            (value for value in choices.members if value.startswith("group:")),
            key=lambda value: len(choices.members[value]),
        )
        starts = (utc_now() + timedelta(minutes=10)).astimezone(ZONE)
        chair = next(one.value for one in choices.chairs if CHAIR.title in one.label)
        path = await secretary.post_form(
            "/conferences/new",
            {
                "title": "Hội nghị giao ban trực tuyến với 64 xã, phường",
                "place": "Phòng họp số 1",
                "day": starts.date().isoformat(),
                "hour": starts.strftime("%H:%M"),
                "minutes": "150",
                "host": choices.hosts[0].value,
                "chair": chair,
                "secretaries": choices.own_secretary,
                "units": [everybody, finance],
                "turn": "300",
                "classified": "no",
            },
        )
        self._say(f"scheduled: {self.settings.web_url}{path}")
        await secretary.act(f"{path}/open_lobby")
        return path

    async def _meet(self, people: dict[str, Visitor], spoken: list[Samples]) -> None:
        """Everybody in, the script spoken, the conference ended by the chair."""
        chair = people[CHAIR.login]
        await chair.look(self.conference)
        await chair.act(f"{self.conference}/start")
        async with AsyncExitStack() as stack:
            seats = {CENTRE: await stack.enter_async_context(await self._seat(chair))}
            for player in COMMUNES:
                seat = await self._seat(people[player.login])
                seats[player.unit] = await stack.enter_async_context(seat)
            await seats[CENTRE].open_microphone()
            self._say(f"{len(seats)} seats are in the room; waiting for the recorder")
            try:
                recording = chair.wait_for_recording(self.conference)
                await asyncio.wait_for(recording, RECORDER_S)
            except TimeoutError:
                raise Refused(f"the recorder did not write within {RECORDER_S:g} s") from None
            await self._speak(chair, seats, spoken)
            await chair.act(f"{self.conference}/end")
            self._say("the chair has ended the conference")

    async def _seat(self, visitor: Visitor) -> Seat:
        return Seat(*await visitor.enter(self.conference))

    async def _speak(self, chair: Visitor, seats: dict[str, Seat], spoken: list[Samples]) -> None:
        floor = CENTRE
        seat_ids = await asyncio.to_thread(self._seat_ids)
        for number, (turn, samples) in enumerate(zip(TURNS, spoken, strict=True), 1):
            if turn.seat != floor:
                if floor != CENTRE:
                    await chair.act(f"{self.conference}/take_back")
                    await seats[floor].close_microphone()
                if turn.seat != CENTRE:
                    await chair.act(f"{self.conference}/grant", {"seat": seat_ids[turn.seat]})
                    await seats[turn.seat].open_microphone()
                floor = turn.seat
            self._say(f"{number:2}/{len(TURNS)} {'[task] ' if turn.task else ''}{turn.text}")
            await seats[turn.seat].speak(samples, PAUSE_S)

    def _seat_ids(self) -> dict[str, int]:
        """Seat of each invited unit, by the unit's code."""
        key = int(self.conference.rsplit("/", 1)[1])
        with self.database.read() as session:
            rows = session.query(Unit.code, SeatRow.id).filter(
                SeatRow.unit_id == Unit.id, SeatRow.conference_id == key
            )
            return {str(row[0]): int(row[1]) for row in rows}

    async def _wait_for_the_machine(self) -> None:
        """Tell each step of the machine until it is through; `Refused` when it fails or hangs."""
        key = int(self.conference.rsplit("/", 1)[1])
        said = ""
        deadline = time.monotonic() + MACHINE_S
        while time.monotonic() < deadline:
            ctx = as_account(self._context(), self.ids[SECRETARY.login])
            state = await asyncio.to_thread(processing.processing_of, ctx, key)
            text = state.stage.value
            if state.stage is Stage.TRANSCRIBING:
                text += f" {state.percent} %"
            if text != said:
                self._say(text)
                said = text
            if state.stage is Stage.READY:
                return
            if state.stage is Stage.FAILED:
                raise Refused(f"the machine failed: {state.failed}")
            await asyncio.sleep(LOOK_EVERY_S)
        raise Refused(f"the machine was not through after {MACHINE_S:g} s (last: {said})")

    def _compare(self) -> Result:
        key = int(self.conference.rsplit("/", 1)[1])
        with self.database.read() as session:
            conference = session.get_one(Conference, key)
            held_on = (conference.clock_zero_at or conference.starts_at).astimezone(ZONE).date()
            rows = [
                row
                for row in review_rows.candidates_of(session, key)
                if row.kind is CandidateKind.TASK and row.state is CandidateState.OPEN
            ]
            units = review_rows.units_of(session, [row.id for row in rows])
            names = {int(row[0]): str(row[1]) for row in session.query(Unit.id, Unit.name)}
            found = [(_lead(units[row.id], names), row.due_on) for row in rows]
        return judge(expected(held_on), found, time.monotonic() - self.began)

    def _say(self, text: str) -> None:
        print(f"demo {time.monotonic() - self.began:6.1f} s  {text}", file=sys.stderr, flush=True)


def _lead(units: Sequence[CandidateUnit], names: dict[int, str]) -> str:
    """The one lead of a candidate by its full name; '' where there is none, or more than one."""
    leads = [unit for unit in units if unit.role is CandidateUnitRole.LEAD]
    if len(leads) != 1 or leads[0].unit_id is None:
        return ""
    return names[leads[0].unit_id]


def judge(
    wanted: Sequence[tuple[str, date]],
    found: Sequence[tuple[str, date | None]],
    seconds: float,
) -> Result:
    """Pair what was wanted with what was found, best pairs first: lead and date, lead, date."""
    left, open_ = list(found), list(wanted)
    pairs: list[tuple[tuple[str, date], tuple[str, date | None]]] = []
    rules: tuple[Callable[[tuple[str, date], tuple[str, date | None]], bool], ...] = (
        lambda want, got: want == got,
        lambda want, got: want[0] == got[0],
        lambda want, got: want[1] == got[1],
    )
    for fits in rules:
        for want in list(open_):
            got = next((one for one in left if fits(want, one)), None)
            if got is not None:
                pairs.append((want, got))
                open_.remove(want)
                left.remove(got)
    return Result(
        tasks_expected=len(wanted),
        tasks_found=len(pairs),
        lead_right=sum(want[0] == got[0] for want, got in pairs),
        deadline_right=sum(want[1] == got[1] for want, got in pairs),
        invented=len(left),
        seconds=round(seconds, 1),
    )
