"""`python -m transcription extract`: the tasks and requests in a text, or in a stream of texts.

Reads files and standard streams around the pure rules of `transcription.extraction`; the shapes
printed are the contract of design §8. What is wrong goes to standard error with what to do.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from transcription.contract.candidates import COORDINATING, FROM, LEAD, TO, Candidate, CandidateUnit
from transcription.contract.roster import Roster
from transcription.extraction.extract import Extractor, text_passage
from transcription.extraction.reading import Reading
from transcription.extraction.requests.answers import answers
from transcription.extraction.rulebook import rule_of
from transcription.text.unit_matcher import UnitMatcher
from transcription.text.vi_units import RosterError, roster_from_csv

DATA = Path(__file__).resolve().parent.parent / "data"
ROLES = ("chair", "co_chair", "secretary", "unit")
FIRST_YEAR, LAST_YEAR = 1950, 2150
MAX_BYTES = 4 * 1024 * 1024


class BadInput(ValueError):
    """What the caller must mend; the text says how."""


def main(argv: Sequence[str]) -> int:
    """0 when read; 2 when the arguments or the plain input are unusable (the reason on stderr)."""
    arguments = _parser().parse_args(list(argv))
    try:
        roster = _roster(arguments.units)
        if arguments.jsonl:
            return _stream(arguments, roster)
        return _plain(arguments, roster)
    except BadInput as error:
        print(f"extract: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader has gone; nothing more to say to it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m transcription extract",
        description="Tasks (or requests) found in a Vietnamese text, as JSON.",
    )
    parser.add_argument("file", nargs="?", metavar="FILE", help="else standard input, UTF-8")
    parser.add_argument("--held-on", metavar="YYYY-MM-DD", help="day that deadlines count from")
    parser.add_argument("--units", metavar="FILE.csv", help="roster; default: the shipped ones")
    parser.add_argument("--requests", action="store_true", help="print the requests instead")
    parser.add_argument("--jsonl", action="store_true", help="one JSON object a line in and out")
    parser.add_argument("--floor", metavar="UNIT", help="code or name of who has the floor")
    parser.add_argument("--speaker-role", choices=ROLES, help="who speaks")
    parser.add_argument("--explain", action="store_true", help="say which rules fired and why not")
    return parser


def _roster(path: str | None) -> Roster:
    paths = [Path(path)] if path else [DATA / "departments.csv", DATA / "camau_units.csv"]
    try:
        return roster_from_csv(*(each.read_text("utf-8") for each in paths))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"cannot read the roster: {error}; give a UTF-8 CSV file") from error
    except RosterError as error:
        raise BadInput(f"{path}: {error}; use the columns of transcription/data/") from error


def _held_on(value: object) -> date:
    if not value:
        raise BadInput("held_on is missing: give the meeting's day as YYYY-MM-DD (--held-on)")
    try:
        day = date.fromisoformat(str(value))
    except ValueError as error:
        raise BadInput(f"held_on {value!r} is no day: write it as YYYY-MM-DD") from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadInput(f"held_on {value!r} is no meeting's day: {FIRST_YEAR} to {LAST_YEAR}")
    return day


def _decoded(raw: bytes) -> str:
    if len(raw) > MAX_BYTES:
        raise BadInput(f"longer than {MAX_BYTES // 1024 // 1024} MiB: split the text")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(f"not UTF-8 text (byte {error.start}): convert it first") from error
    if "\x00" in text:
        raise BadInput("holds NUL characters: this is no text")
    return text


# --- one text ------------------------------------------------------------------------------------


def _plain(arguments: argparse.Namespace, roster: Roster) -> int:
    held_on = _held_on(arguments.held_on)
    text = _decoded(_read_all(arguments.file))
    asked = _Asked(text, held_on, arguments.floor, arguments.speaker_role)
    reading = _Reader(roster).read(asked)
    if arguments.explain:
        print("\n".join(_explained(reading)))
        return 0
    shown: list[dict[str, Any]]
    if arguments.requests:
        shown = [request_json(item, roster) for item in reading.requests]
    else:
        shown = [task_json(item, roster) for item in reading.tasks]
    print(json.dumps(shown, ensure_ascii=False, indent=2))
    return 0


def _read_all(path: str | None) -> bytes:
    if path is None:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        with open(path, "rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise BadInput(f"cannot read {path}: {error.strerror}") from error


def _explained(reading: Reading) -> list[str]:
    """A line for each passage in the order of the text, and under it the rules that fired."""
    said: list[tuple[int, list[str]]] = []
    for item in (*reading.tasks, *reading.requests):
        place = f"{item.quote_start}-{item.quote_end}"
        lines = [f"{item.kind} {item.confidence:.2f} at {place}: {item.quote}"]
        said.append((item.quote_start, lines + [_rule_line(reason) for reason in item.reasons]))
    for refused in reading.not_taken:
        place = f"{refused.quote_start}-{refused.quote_end}"
        line = f"not taken: {refused.reason}: {refused.quote} (at {place})"
        said.append((refused.quote_start, [line, _rule_line(refused.reason)]))
    return [line for _, lines in sorted(said, key=lambda entry: entry[0]) for line in lines]


def _rule_line(reason: str) -> str:
    rule = rule_of(reason)
    return f"    {reason}: {rule.about}" if rule is not None else f"    {reason}"


# --- a stream ------------------------------------------------------------------------------------


def _stream(arguments: argparse.Namespace, roster: Roster) -> int:
    reader = _Reader(roster)
    if arguments.file is None:
        _lines(sys.stdin.buffer, reader, roster)
        return 0
    try:
        with open(arguments.file, "rb") as source:
            _lines(source, reader, roster)
    except OSError as error:
        raise BadInput(f"cannot read {arguments.file}: {error.strerror}") from error
    return 0


def _lines(source: BinaryIO, reader: _Reader, roster: Roster) -> None:
    for raw in _bounded_lines(source):
        answer = _answer(raw, reader, roster)
        try:
            said = json.dumps(answer, ensure_ascii=False)
            said.encode("utf-8")
        except UnicodeEncodeError:  # an id with half a character: written with escapes
            said = json.dumps(answer)
        print(said, flush=True)


def _bounded_lines(source: BinaryIO) -> Iterator[bytes]:
    """Lines; of one that is too long only as much as shows that it is."""
    while raw := source.readline(MAX_BYTES + 2):
        if len(raw) > MAX_BYTES and not raw.endswith(b"\n"):
            while (rest := source.readline(MAX_BYTES)) and not rest.endswith(b"\n"):
                pass
        yield raw


def _answer(raw: bytes, reader: _Reader, roster: Roster) -> dict[str, Any]:
    """The line's result, or `{"id", "error"}`."""
    item_id: object = None
    try:
        line = _json_object(_decoded(raw))
        item_id = line.get("id")
        reading = reader.read(_asked(line))
    except BadInput as error:
        return {"id": item_id, "error": str(error)}
    except Exception as error:  # a fault of ours costs one line, never the stream
        print(f"extract: line {item_id!r}: {error!r}", file=sys.stderr)
        return {"id": item_id, "error": f"this text cannot be read: {type(error).__name__}"}
    tasks = [task_json(item, roster) for item in reading.tasks]
    for answer in answers(reading.tasks, reading.requests, roster):
        tasks[answer.task]["answers"] = answer.request
    return {
        "id": item_id,
        "tasks": tasks,
        "requests": [request_json(item, roster) for item in reading.requests],
    }


def _json_object(text: str) -> dict[str, Any]:
    if not text.strip():
        raise BadInput('empty line: a line is {"id", "text", "held_on"}')
    try:
        line = json.loads(text.removeprefix("\ufeff"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"no JSON: {error}") from error
    if not isinstance(line, dict):
        raise BadInput('no JSON object: a line is {"id", "text", "held_on"}')
    return line


def _no_number(said: str) -> None:
    raise ValueError(f"{said} is no JSON number")


@dataclass(frozen=True, slots=True)
class _Asked:
    text: str
    held_on: date
    floor: str | None
    speaker_role: str | None


def _asked(line: dict[str, Any]) -> _Asked:
    text, role, floor = line.get("text"), line.get("speaker_role"), line.get("floor")
    if not isinstance(text, str):
        raise BadInput("text is missing: give it as a string")
    if not text.strip():
        raise BadInput("text is empty: nothing to read")
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        raise BadInput("text holds halves of characters (lone surrogates): write it as UTF-8")
    if role is not None and role not in ROLES:
        raise BadInput(f"speaker_role {role!r} is unknown: one of {', '.join(ROLES)}")
    if floor is not None and not isinstance(floor, str):
        raise BadInput("floor is the code or the name of a unit, as a string")
    return _Asked(text, _held_on(line.get("held_on")), floor, role)


class _Reader:
    """The extractor of one roster, for any meeting's day."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._matcher = UnitMatcher(roster)
        self._extractor = Extractor(date(2000, 1, 1), roster)

    def read(self, asked: _Asked) -> Reading:
        if not asked.text.strip():
            return Reading()
        floor = self._floor(asked.floor)
        passage = text_passage(asked.text, floor, asked.speaker_role)
        return self._extractor.at(asked.held_on).read(passage)

    def _floor(self, said: str | None) -> str | None:
        """The code of the floor's unit; a name the roster does not know is no floor."""
        if said is None or self._roster.unit(said) is not None:
            return said
        return self._matcher.match(said).code


# --- the printed shapes --------------------------------------------------------------------------


def task_json(item: Candidate, roster: Roster) -> dict[str, Any]:
    """A task as design §8 prints it; `class` is the group code of a class lead, else null;
    `answers` (of a stream's line) is the place of the request it answers, else null."""
    deadline = item.deadline
    groups = [unit.group for unit in item.of_role(LEAD) if unit.group]
    return {
        "lead": [_name(unit, roster) for unit in item.of_role(LEAD)],
        "coordinating": [_name(unit, roster) for unit in item.of_role(COORDINATING)],
        "task": item.task,
        "deadline": deadline.due_on.isoformat() if deadline.due_on else None,
        "deadline_time": deadline.due_time,
        "deadline_text": deadline.phrase,
        "deadline_kind": deadline.kind,
        "precision": deadline.precision,
        "class": groups[0] if len(groups) == 1 else (groups or None),
        "quote": item.quote,
        "quote_start": item.quote_start,
        "quote_end": item.quote_end,
        "kind": item.kind,
        "confidence": item.confidence,
        "reasons": list(item.reasons),
        "title": item.title,
        "answers": None,
    }


def request_json(item: Candidate, roster: Roster) -> dict[str, Any]:
    """A request as design §8 prints it; `from` is null when nobody is known to ask."""
    senders = [_name(unit, roster) for unit in item.of_role(FROM)]
    return {
        "from": senders[0] if senders else None,
        "to": [_name(unit, roster) for unit in item.of_role(TO)],
        "request": item.task,
        "quote": item.quote,
        "quote_start": item.quote_start,
        "quote_end": item.quote_end,
        "confidence": item.confidence,
        "reasons": list(item.reasons),
    }


def _name(unit: CandidateUnit, roster: Roster) -> str:
    """The official name of a unit of the roster, else the body as it was said."""
    known = roster.unit(unit.code) if unit.code else None
    return known.name if known is not None else unit.phrase
