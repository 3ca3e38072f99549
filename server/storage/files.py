"""The file store: recordings and attachments under the home folder.

A file is written beside its place, synced, then renamed: whoever sees a path in a row can read the
whole file.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from pathlib import Path


class FileStore:
    """Files under one root folder; paths in rows are relative to it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, relative: str) -> Path:
        """The absolute place of a stored file; refuses paths that leave the root."""
        path = (self.root / relative).resolve()
        if not path.is_relative_to(self.root.resolve()):
            raise ValueError(f"path leaves the store: {relative!r}")
        return path

    def put(self, relative: str, data: bytes) -> str:
        """Store `data` whole; returns its SHA-256 in hex."""
        target = self.path(relative)
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
        sync_folder(target.parent)
        return hashlib.sha256(data).hexdigest()

    def append(self, relative: str, offset: int, data: bytes) -> int:
        """Write `data` at `offset` of a growing file (made when missing); returns the new length,
        synced.
        """
        target = self.path(relative)
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("r+b" if target.exists() else "w+b") as file:
            file.seek(offset)
            file.write(data)
            file.truncate()
            file.flush()
            os.fsync(file.fileno())
        return offset + len(data)

    def finish(self, part: str, relative: str) -> None:
        """Give a completed part its final name."""
        target = self.path(relative)
        target.parent.mkdir(parents=True, exist_ok=True)
        self.path(part).replace(target)
        sync_folder(target.parent)

    def sha256(self, relative: str) -> str:
        """SHA-256 of a stored file, hex."""
        with self.path(relative).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def remove(self, relative: str) -> None:
        """Remove a file; a missing one is fine."""
        self.path(relative).unlink(missing_ok=True)

    def free_bytes(self) -> int:
        """Free space where the store lies."""
        self.root.mkdir(parents=True, exist_ok=True)
        return shutil.disk_usage(self.root).free


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` durable."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
