"""Uploading a file, and fetching one.

The file is written, synced and named by its hash before its row commits, so that no row ever
points at nothing.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from server.domain.errors import UserError
from server.domain.permissions import OFFICE, UNIT, require
from server.domain.reports import MAX_FILE_BYTES, ZIP_MAGIC, file_name, media_type_of
from server.services.context import Context
from server.storage.attachments import add_attachment, load_attachment, stored_path
from server.storage.models import Attachment


@dataclass(frozen=True)
class FileInfo:
    """An uploaded file as pages show it; `size` in bytes."""

    id: int
    name: str
    size: int
    media_type: str


@dataclass(frozen=True)
class StoredFile:
    """A file to send: its place and what it is."""

    path: Path
    name: str
    media_type: str


def upload_file(ctx: Context, name: str, data: bytes) -> FileInfo:
    """Keep a file; it belongs to its uploader until a report takes it.

    Raises `upload_too_large` (25 MiB) and `upload_type` (by content: pdf, docx, xlsx, png, jpg).
    """
    if len(data) > MAX_FILE_BYTES:
        raise UserError("upload_too_large", limit=f"{MAX_FILE_BYTES // 1024**2} MB")
    with ctx.read() as (_, actor):
        require(actor, *UNIT, *OFFICE)
    media_type = media_type_of(data[:16], member_names(data))
    if media_type is None:
        suffix = name.rpartition(".")[2] if "." in name else name
        raise UserError("upload_type", type=suffix[:20])
    sha256 = hashlib.sha256(data).hexdigest()
    path = stored_path(sha256)
    if not ctx.files.path(path).is_file():
        ctx.files.put(path, data)
    with ctx.write() as (session, actor):
        row = add_attachment(
            session,
            actor,
            ctx.now,
            sha256=sha256,
            size=len(data),
            name=file_name(name, media_type),
            media_type=media_type,
        )
        return info(row)


def fetch_file(ctx: Context, attachment_id: int) -> StoredFile:
    """Where a file lies, for whoever may see what it belongs to; else `not_found`."""
    with ctx.read() as (session, actor):
        row = load_attachment(session, actor, attachment_id)
        return StoredFile(ctx.files.path(row.path), row.name, row.media_type)


def files_named(ctx: Context, attachment_ids: Sequence[int]) -> tuple[FileInfo, ...]:
    """What a form's files are, for a form that is shown again; those one may not fetch are left
    out.
    """
    found = []
    with ctx.read() as (session, actor):
        for key in attachment_ids:
            try:
                found.append(info(load_attachment(session, actor, key)))
            except UserError:
                continue
    return tuple(found)


def info(row: Attachment) -> FileInfo:
    """A row as pages show it."""
    return FileInfo(row.id, row.name, row.bytes, row.media_type)


def member_names(data: bytes) -> frozenset[str]:
    """The names inside a ZIP; nothing for other files or a broken one."""
    if not data.startswith(ZIP_MAGIC):
        return frozenset()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return frozenset(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return frozenset()
