"""The voiced map of a chunk: which stretches of the meeting clock its file holds, end to end.

Pure. A chunk of five minutes in which 40 s were spoken is a file of 40 s; everything that goes from
a second of the file to the meeting clock, or back, goes through here.
"""

from __future__ import annotations

from collections.abc import Iterable

from transcription.contract.reading import Stretch

Voiced = tuple[Stretch, ...]


def length_of(voiced: Iterable[Stretch]) -> int:
    """Milliseconds of sound, which is the length of the file."""
    return sum(end - start for start, end in voiced)


def meeting_ms(voiced: Voiced, file_ms: int) -> int:
    """The meeting time of a moment of the file; the end of the file is the end of the last stretch.
    At a seam between two stretches the later one begins."""
    before = 0
    for start, end in voiced:
        if file_ms < before + (end - start):
            return start + max(0, file_ms - before)
        before += end - start
    return voiced[-1][1] if voiced else 0


def file_ms(voiced: Voiced, at_ms: int) -> int:
    """The moment of the file at a meeting time; within silence, the seam that follows."""
    before = 0
    for start, end in voiced:
        if at_ms < end:
            return before + max(0, at_ms - start)
        before += end - start
    return before


def cut_at_length(voiced: Voiced, file_length_ms: int) -> Voiced:
    """The map of a file of which only the first `file_length_ms` are there."""
    left = file_length_ms
    kept: list[Stretch] = []
    for start, end in voiced:
        if left <= 0:
            break
        kept.append((start, min(end, start + left)))
        left -= end - start
    return tuple(kept)


def fit_to_length(voiced: Voiced, file_length_ms: int) -> Voiced:
    """The map of a file whose map was written a moment before its last page: cut when the file is
    shorter, the last stretch lengthened when it is longer."""
    surplus = file_length_ms - length_of(voiced)
    if surplus <= 0 or not voiced:
        return cut_at_length(voiced, file_length_ms)
    start, end = voiced[-1]
    return (*voiced[:-1], (start, end + surplus))


def join_touching(stretches: Iterable[Stretch]) -> Voiced:
    """The same time in as few stretches as possible: those that touch become one."""
    joined: list[Stretch] = []
    for start, end in stretches:
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)
