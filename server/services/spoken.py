"""The words around a piece of evidence, cut where it begins and ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from server.storage.models import Evidence
from server.storage.review import Spoken, spoken_between

CONTEXT_MS = 60_000


@dataclass(frozen=True)
class EvidencePiece:
    """Words on the meeting clock; `track_id` None: text, not sound."""

    track_id: int | None
    start_ms: int
    end_ms: int
    quote: str


@dataclass(frozen=True)
class Turn:
    """A segment beside the candidate; `parts`: (text, part of the evidence or not)."""

    seat: str
    track_id: int
    start_ms: int
    end_ms: int
    parts: tuple[tuple[str, bool], ...]
    outside: bool


def turns_around(
    session: Session, conference_id: int, start_ms: int, evidence: Sequence[Evidence]
) -> tuple[Turn, ...]:
    """What was said from a minute before the evidence (else `start_ms`) to a minute after it."""
    start = min((piece.start_ms for piece in evidence), default=start_ms)
    end = max((piece.end_ms for piece in evidence), default=start_ms)
    spoken = spoken_between(session, conference_id, start - CONTEXT_MS, end + CONTEXT_MS)
    return tuple(
        Turn(
            item.seat,
            item.track_id,
            item.start_ms,
            item.end_ms,
            marked_parts(item, evidence),
            outside=item.end_ms <= start or item.start_ms >= end,
        )
        for item in spoken
    )


def marked_parts(
    item: Spoken, evidence: Sequence[Evidence | EvidencePiece]
) -> tuple[tuple[str, bool], ...]:
    """The segment's text cut where the evidence begins and ends: by the quote where it is found,
    else by the times of the words, else whole.
    """
    for piece in evidence:
        overlaps = piece.start_ms < item.end_ms and piece.end_ms > item.start_ms
        if piece.track_id != item.track_id or not overlaps:
            continue
        text, quote = item.text.strip(), piece.quote.strip()
        at = text.casefold().find(quote.casefold())
        if quote and at >= 0:
            cuts = (text[:at], text[at : at + len(quote)], text[at + len(quote) :])
            return tuple((part, n == 1) for n, part in enumerate(cuts) if part)
        if not item.words or text.casefold() in quote.casefold():
            return ((text, True),)
        return _by_words(item, piece)
    return ((item.text.strip(), False),)


def _by_words(item: Spoken, piece: Evidence | EvidencePiece) -> tuple[tuple[str, bool], ...]:
    parts: list[tuple[str, bool]] = []
    for word, start_ms, *_ in item.words:
        inside = piece.start_ms <= start_ms < piece.end_ms
        if parts and parts[-1][1] is inside:
            parts[-1] = (f"{parts[-1][0]} {str(word).strip()}", inside)
        else:
            parts.append((str(word).strip(), inside))
    return tuple(
        (text if n == len(parts) - 1 else text + " ", inside)
        for n, (text, inside) in enumerate(parts)
    )
