"""Numbers in addresses and forms: an id, or nothing. No longer than a row id can be."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from multidict import MultiDictProxy

from server.domain.errors import UserError

DIGITS = 18

FormData = MultiDictProxy[Any]


class FieldErrors(dict[str, str]):
    """Sentences by field; a field without one has '' (templates ask for every field)."""

    def __missing__(self, field: str) -> str:
        return ""


def id_or_none(value: object) -> int | None:
    """The id that the text names; None for anything else."""
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS else None


def path_id(request: web.Request) -> int:
    """The id in the address; `not_found` for what cannot be one."""
    found = id_or_none(request.match_info["id"])
    if found is None:
        raise UserError("not_found")
    return found


def query_id(request: web.Request, name: str) -> int | None:
    """An id of the query string."""
    return id_or_none(request.query.get(name, ""))


def form_id(data: FormData, name: str) -> int:
    """An id of a form; 0, which no row has, for anything else."""
    return id_or_none(data.get(name, "")) or 0


def form_texts(data: FormData, name: str) -> list[str]:
    """Every value of a field that occurs many times, without empty ones."""
    return [str(value) for value in data.getall(name, []) if value]
