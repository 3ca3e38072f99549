"""What the recorder keeps on disk until web has it, in a form that survives a kill at any moment.

    spool/<conference>/conference.json          alive_ms, written every second
    spool/<conference>/gap-*.json               a gap that web has not heard of
    spool/<conference>/<hash of track key>/track.json
    spool/<conference>/<hash>/00000.ogg, 00000.json   one chunk and its times

A chunk's `.json` is written when a stretch of sound begins and every second after; `closed` is set,
with size and hash, once the file is complete. Nothing here talks to web or knows LiveKit.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from transcription.contract.reading import (
    ContractError,
    Fields,
    fields_from_text,
    json_from_stretches,
)
from transcription.contract.recording import GapReport
from transcription.digest import sha256_of
from transcription.recorder.chunk_file import sync_file
from transcription.recorder.ogg import whole_part
from transcription.voiced import Voiced, fit_to_length, length_of

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TrackNote:
    """A track as noted on disk. `track` and `base_seq` (the number of our chunk 0 at web) are known
    once web has answered; `chunks` counts those begun here; `ended`: no more will come."""

    conference: int
    track_key: str
    identity: str
    start_ms: int
    chunks: int = 0
    ended: bool = False
    track: int | None = None
    base_seq: int | None = None


@dataclass(frozen=True, slots=True)
class ChunkNote:
    """A chunk's times, as noted beside it. `bytes` and `sha256` are given once it is closed."""

    index: int
    start_ms: int
    length_ms: int
    voiced: Voiced
    closed: bool = False
    bytes: int = 0
    sha256: str = ""

    @property
    def end_ms(self) -> int:
        """Where the next chunk begins."""
        return self.start_ms + self.length_ms


class TrackFolder:
    """One track's folder in the spool."""

    def __init__(self, path: Path, note: TrackNote) -> None:
        self.path = path
        self.note = note

    def keep(self, note: TrackNote) -> None:
        """Writes a changed note."""
        self.note = note
        write_json(
            self.path / "track.json",
            {
                "conference": note.conference,
                "track_key": note.track_key,
                "identity": note.identity,
                "start_ms": note.start_ms,
                "chunks": note.chunks,
                "ended": note.ended,
                "track": note.track,
                "base_seq": note.base_seq,
            },
        )

    def sound_path(self, index: int) -> Path:
        """The Ogg file of a chunk."""
        return self.path / f"{index:05d}.ogg"

    def begin_chunk(self, chunk: ChunkNote) -> None:
        """Takes the next chunk number, on disk before the first octet of its file. The note comes
        first: a number without a note would leave a hole in the track after a kill."""
        assert chunk.index == self.note.chunks
        self.keep_chunk(chunk)
        self.keep(replace(self.note, chunks=chunk.index + 1))

    def keep_opened(self, track: int, next_seq: int) -> None:
        """Notes the id that web gave the track, and which number our chunk 0 has there."""
        self.keep(replace(self.note, track=track, base_seq=next_seq))

    def keep_ended(self, ended: bool) -> None:
        """Notes that no more will come, or that the track goes on after all."""
        if self.note.ended != ended:
            self.keep(replace(self.note, ended=ended))

    def keep_chunk(self, chunk: ChunkNote) -> None:
        """Writes a chunk's times."""
        write_json(
            self.path / f"{chunk.index:05d}.json",
            {
                "index": chunk.index,
                "start_ms": chunk.start_ms,
                "length_ms": chunk.length_ms,
                "voiced": json_from_stretches(chunk.voiced),
                "closed": chunk.closed,
                "bytes": chunk.bytes,
                "sha256": chunk.sha256,
            },
        )

    def close_chunk(self, chunk: ChunkNote) -> ChunkNote:
        """Notes a complete file: it may be sent from now on."""
        path = self.sound_path(chunk.index)
        closed = replace(chunk, closed=True, bytes=path.stat().st_size, sha256=sha256_of(path))
        self.keep_chunk(closed)
        return closed

    def chunks(self) -> tuple[ChunkNote, ...]:
        """The chunks that are still here, in order."""
        found = []
        for path in sorted(self.path.glob("[0-9]*.json")):
            try:
                found.append(_chunk_from(fields_from_text(path.read_bytes())))
            except ContractError as error:
                log.error("the note %s is unreadable (%s); its sound stays on disk", path, error)
        return tuple(found)

    def drop_chunk(self, index: int) -> None:
        """Removes a chunk that web has."""
        self.sound_path(index).unlink(missing_ok=True)
        (self.path / f"{index:05d}.json").unlink(missing_ok=True)

    def remove(self) -> None:
        """Removes the folder of a track that web has whole."""
        shutil.rmtree(self.path)


class Spool:
    """All that waits on this machine. One object a folder: writer and uploader see one note."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._folders: dict[Path, TrackFolder] = {}
        path.mkdir(parents=True, exist_ok=True, mode=0o700)

    def conferences(self) -> tuple[int, ...]:
        """Conferences that left something here."""
        names = (entry.name for entry in self.path.iterdir() if entry.is_dir())
        return tuple(sorted(int(name) for name in names if name.isascii() and name.isdigit()))

    def tracks(self, conference: int) -> Iterator[TrackFolder]:
        """The tracks of a conference that are still here."""
        for path in sorted(self._of(conference).glob("*/track.json")):
            try:
                yield self._folder(path.parent)
            except ContractError as error:
                log.error("the note %s is unreadable (%s); its sound stays on disk", path, error)

    def open_track(self, note: TrackNote) -> TrackFolder:
        """The folder of a track: made, or found with what it holds (same conference and key)."""
        name = hashlib.sha256(note.track_key.encode()).hexdigest()[:24]
        path = self._of(note.conference) / name
        if (path / "track.json").exists():
            folder = self._folder(path)
            folder.keep_ended(False)
            return folder
        path.mkdir(parents=True, exist_ok=True)
        folder = self._folders[path] = TrackFolder(path, note)
        folder.keep(note)
        return folder

    def alive_ms(self, conference: int) -> int | None:
        """When a recorder last wrote for this conference; None if it left no word."""
        try:
            fields = fields_from_text((self._of(conference) / "conference.json").read_bytes())
            return fields.whole("alive_ms")
        except (OSError, ContractError):
            return None

    def keep_alive(self, conference: int, alive_ms: int) -> None:
        """Notes that this conference was being recorded at that time."""
        folder = self._of(conference)
        folder.mkdir(parents=True, exist_ok=True)
        write_json(folder / "conference.json", {"alive_ms": alive_ms})

    def keep_gap(self, gap: GapReport) -> None:
        """Notes a gap that web is to hear of."""
        folder = self._of(gap.conference)
        folder.mkdir(parents=True, exist_ok=True)
        write_json(folder / f"gap-{gap.start_ms}-{gap.track}-{gap.reason}.json", gap.to_json())

    def gaps(self, conference: int) -> tuple[tuple[Path, GapReport], ...]:
        """Gaps that web has not heard of, each with the note to remove afterwards."""
        found = []
        for path in sorted(self._of(conference).glob("gap-*.json")):
            try:
                found.append((path, GapReport.parse(fields_from_text(path.read_bytes()))))
            except ContractError as error:
                log.error("the note %s is unreadable (%s)", path, error)
        return tuple(found)

    def forget(self, conference: int) -> None:
        """Removes a conference's folder once no track is left in it; else does nothing."""
        folder = self._of(conference)
        if folder.is_dir() and not any(entry.is_dir() for entry in folder.iterdir()):
            shutil.rmtree(folder)

    def free_bytes(self) -> int:
        """Free space where the spool lies."""
        return shutil.disk_usage(self.path).free

    def set_aside(self, folder: TrackFolder, index: int) -> Path:
        """Moves the damaged file of a chunk out of the way, for an operator to look at."""
        target = self.path / "damaged" / f"{folder.path.name}-{index:05d}.ogg"
        target.parent.mkdir(exist_ok=True)
        folder.sound_path(index).replace(target)
        folder.drop_chunk(index)
        return target

    def _folder(self, path: Path) -> TrackFolder:
        folder = self._folders.get(path)
        if folder is None:
            note = _track_from(fields_from_text((path / "track.json").read_bytes()))
            folder = self._folders[path] = TrackFolder(path, note)
        return folder

    def _of(self, conference: int) -> Path:
        return self.path / str(conference)


@dataclass(frozen=True, slots=True)
class Broken:
    """What a kill left of one conference: where its sound ends."""

    conference: int
    ends_ms: tuple[int, ...]


def mend(spool: Spool) -> tuple[Broken, ...]:
    """After a start: every unfinished file is cut at its last whole page and closed.

    Returns, for each conference, the ends of those files. A file without a whole page is removed;
    its number stays taken by the next chunk.
    """
    found = []
    for conference in spool.conferences():
        ends: list[int] = []
        for folder in spool.tracks(conference):
            ends += [_mend_chunk(folder, chunk) for chunk in folder.chunks() if not chunk.closed]
        found.append(Broken(conference, tuple(ends)))
    return tuple(found)


def _mend_chunk(folder: TrackFolder, chunk: ChunkNote) -> int:
    path = folder.sound_path(chunk.index)
    data = path.read_bytes() if path.exists() else b""
    part = whole_part(data)
    if part.bytes == 0:
        folder.drop_chunk(chunk.index)
        folder.keep(replace(folder.note, chunks=chunk.index))
        log.warning("an unfinished chunk of %s held nothing yet", folder.note.track_key)
        return chunk.start_ms
    os.truncate(path, part.bytes)
    sync_file(path)
    voiced = fit_to_length(chunk.voiced, part.length_ms)
    cut = part.length_ms < length_of(chunk.voiced)
    end_ms = voiced[-1][1] if cut else max(chunk.end_ms, voiced[-1][1])
    folder.close_chunk(replace(chunk, length_ms=end_ms - chunk.start_ms, voiced=voiced))
    log.warning(
        "chunk %d of %s was unfinished: %d ms of sound kept",
        chunk.index,
        folder.note.track_key,
        part.length_ms,
    )
    return end_ms


def write_json(path: Path, data: dict[str, object]) -> None:
    """Writes a note so that a kill leaves the old or the new one, never half of it."""
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    beside.replace(path)


def _track_from(fields: Fields) -> TrackNote:
    return TrackNote(
        fields.whole("conference"),
        fields.text("track_key"),
        fields.text("identity"),
        fields.whole("start_ms"),
        fields.whole("chunks"),
        fields.truth("ended"),
        fields.whole_or_none("track"),
        fields.whole_or_none("base_seq"),
    )


def _chunk_from(fields: Fields) -> ChunkNote:
    return ChunkNote(
        fields.whole("index"),
        fields.whole("start_ms"),
        fields.whole("length_ms"),
        fields.stretches("voiced"),
        fields.truth("closed"),
        fields.whole("bytes"),
        fields.text("sha256"),
    )
