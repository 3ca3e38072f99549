"""The sentence of an error in the reader's language.

The sentence stands in the catalogue under `error:<code>`. Its values are words of the catalogue
themselves where one exists (`object:conference`, `state:conference.live`, `role:leader`). Where a
value that the sentence names is missing, its plainer sister `error:<code>.plain` is used.
"""

from __future__ import annotations

import string
from datetime import date, datetime

from aiohttp import web

from server.domain.errors import GiaoBanError
from server.services.context import ZONE
from server.web.catalogue import CATALOGUES, DEFAULT, Catalogues
from server.web.keys import SETTINGS

# Values that are several words of the catalogue at once.
LISTS = {"role": " hoặc ", "rules": ", "}
# A word that may be missing must still read as Vietnamese.
STAND_IN = {"object": "object:?", "action": "action:?", "state": "state:?"}


def error_text(request: web.Request, error: GiaoBanError) -> str:
    """The whole sentence, every value filled, beginning with a capital."""
    sentence = _filled(request, error)
    return sentence[:1].upper() + sentence[1:]


def _filled(request: web.Request, error: GiaoBanError) -> str:
    catalogues = request.config_dict[CATALOGUES]
    words = {name: _word(catalogues, error, name) for name in error.params}
    words.setdefault("phone", request.config_dict[SETTINGS].duty_phone)
    words.setdefault("contact", catalogues.translate(DEFAULT, "contact:office"))
    words = {name: word for name, word in words.items() if word}
    for msgid in (f"error:{error.code}", f"error:{error.code}.plain"):
        sentence = catalogues.translate(DEFAULT, msgid)
        if sentence != msgid and fields_of(sentence) <= set(words):
            return sentence.format(**words)
    sentence = catalogues.translate(DEFAULT, f"error:{error.code}")
    blanks = dict.fromkeys(fields_of(sentence), "") | words
    return " ".join(sentence.format(**blanks).split())


def fields_of(sentence: str) -> set[str]:
    """The values that a sentence names."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def _word(catalogues: Catalogues, error: GiaoBanError, name: str) -> str:
    value = error.params[name]
    if isinstance(value, datetime):
        return value.astimezone(ZONE).strftime("%H:%M %d/%m/%Y")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    text = str(value)
    if name in LISTS:
        group = "rule" if name == "rules" else name
        return LISTS[name].join(
            catalogues.translate(DEFAULT, f"{group}:{part}").removeprefix(f"{group}:")
            for part in text.split()
        )
    kind = error.params.get("object", "")
    for msgid in (f"{name}:{kind}.{text}", f"{name}:{text}"):
        found = catalogues.translate(DEFAULT, msgid)
        if found != msgid:
            return found
    return catalogues.translate(DEFAULT, STAND_IN[name]) if name in STAND_IN else text
