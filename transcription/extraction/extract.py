"""From what was said to candidate tasks and requests: the one way in.

Each passage is read in `reading`; here they are put together and given stable keys. Pure: the
input holds everything, the result is the same for the same input.
"""

from __future__ import annotations

from datetime import date

from transcription.contract.candidates import (
    ExtractionInput,
    ExtractionResult,
    InputFloor,
    InputLane,
    InputSegment,
    WorkCalendar,
)
from transcription.contract.roster import Roster
from transcription.extraction.keys import with_keys
from transcription.extraction.mentions.names import names_of
from transcription.extraction.passages import Passage, passages_of
from transcription.extraction.reading import PassageReading, Reading
from transcription.text.vi_time_words import Reference


class Extractor:
    """Made once for a roster; reads any number of passages."""

    def __init__(self, held_on: date, roster: Roster, calendar: WorkCalendar | None = None) -> None:
        self._reference = Reference(held_on, calendar or WorkCalendar())
        self._names = names_of(roster)

    def at(self, held_on: date) -> Extractor:
        """The same roster, another meeting's day."""
        other = object.__new__(Extractor)
        other._names = self._names
        other._reference = Reference(held_on, self._reference.calendar)
        return other

    def read(self, passage: Passage) -> Reading:
        return PassageReading(self._names, self._reference, passage).read()


def extract(given: ExtractionInput) -> ExtractionResult:
    """All candidates of a conference, each kind in the order of the lanes and of time."""
    extractor = Extractor(given.held_on, given.roster, given.calendar)
    readings = [extractor.read(passage) for passage in passages_of(given)]
    return ExtractionResult(
        with_keys(given.conference, [task for reading in readings for task in reading.tasks]),
        with_keys(given.conference, [item for reading in readings for item in reading.requests]),
    )


def extract_text(
    text: str,
    held_on: date,
    roster: Roster,
    floor: str | None = None,
    speaker_role: str | None = None,
    calendar: WorkCalendar | None = None,
) -> ExtractionResult:
    """Candidates of a plain text; evidence is in code points. `floor`: code of the unit that has
    the floor; `speaker_role`: chair, co_chair, secretary, unit, or None when unknown."""
    passage = text_passage(text, floor, speaker_role)
    reading = Extractor(held_on, roster, calendar).read(passage)
    return ExtractionResult(tuple(reading.tasks), tuple(reading.requests))


def text_passage(text: str, floor: str | None, speaker_role: str | None) -> Passage:
    lane = InputLane(
        "text", floor if speaker_role == "unit" else None, speaker_role,
        (InputSegment(None, 0, len(text), text),),
    )  # fmt: skip
    turn = (InputFloor(0, None, floor),) if floor else ()
    given = ExtractionInput(date(2000, 1, 1), (lane,), floor=turn)
    return next(passages_of(given))
