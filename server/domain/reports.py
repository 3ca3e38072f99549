"""Reports of units: when a result is complete, and which files may prove it.

A file is known by its content, never by its name. Pure: bytes in, a media type or an error out.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

from server.domain.errors import UserError

MAX_FILE_BYTES: Final = 25 * 1024 * 1024
MAX_FILES: Final = 10
PDF: Final = "application/pdf"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PNG: Final = "image/png"
JPEG: Final = "image/jpeg"
SUFFIXES: Final = {PDF: ".pdf", DOCX: ".docx", XLSX: ".xlsx", PNG: ".png", JPEG: ".jpg"}
ZIP_MAGIC: Final = b"PK\x03\x04"
_DAY: Final = re.compile(r"(?:ngày )?(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?")
_MAGIC: Final = ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG))


def media_type_of(head: bytes, members: Collection[str]) -> str | None:
    """The media type by content; None when we do not take it. `head` is the first bytes, `members`
    the names inside when the file is a ZIP. Documents with macros are not taken.
    """
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if not head.startswith(ZIP_MAGIC) or "[Content_Types].xml" not in members:
        return None
    if any(name.lower().endswith("vbaproject.bin") for name in members):
        return None
    if "word/document.xml" in members:
        return DOCX
    return XLSX if "xl/workbook.xml" in members else None


def file_name(name: str, media_type: str) -> str:
    """A stored file's name: the last path part without control characters, with the suffix that
    its content has.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(letter for letter in last if letter.isprintable()).strip(" .") or "tep"
    suffix = SUFFIXES[media_type]
    same = (suffix, ".jpeg") if media_type == JPEG else (suffix,)
    return clean[-200:] if clean.lower().endswith(same) else clean[:190] + suffix


def split_number(text: str) -> tuple[str | None, str | None]:
    """Number and symbol of a document: `214/BC-UBND` → ("214", "BC-UBND"); without a stroke all is
    the number.
    """
    number, _, symbol = text.strip().partition("/")
    return number.strip() or None, symbol.strip() or None


def read_day(words: str, today: date) -> date | None:
    """The day of a document as typed: `15/9/2025`, `15/9` (the last such day), `hôm nay`, `hôm
    qua`. None for anything else.
    """
    said = {"hôm nay": today, "hôm qua": today - timedelta(days=1)}.get(words.strip().casefold())
    found = _DAY.fullmatch(words.strip())
    if said is not None or found is None:
        return said
    day, month, year = (int(part) if part else None for part in found.groups())
    for tried in (year,) if year else (today.year, today.year - 1):
        try:
            read = date(tried or 0, month or 0, day or 0)
        except ValueError:
            continue
        if year or read <= today:
            return read
    return None


def guard_result(text: str, number: str | None, has_day: bool, files: int, none: bool) -> None:
    """A result needs words, and a numbered and dated document, or a file, or "không có văn bản"
    said on purpose.
    """
    if not text.strip() or not ((number and has_day) or files or none):
        raise UserError("result_missing")
