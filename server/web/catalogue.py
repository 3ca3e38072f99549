"""Words for people: catalogues read from `server/locale/<language>/*.po` at start.

One .po file per area, so that each area keeps its own words; they are merged here. The msgid is
plain English with `{name}` placeholders; error sentences have the msgid `error:<code>`. Nothing is
compiled: the files are small.
"""

from __future__ import annotations

import logging
from pathlib import Path

from aiohttp import web
from babel.messages.pofile import read_po

log = logging.getLogger("giaoban.web")
LOCALE = Path(__file__).parent.parent / "locale"
DEFAULT = "vi"


class Catalogues:
    """All languages' words. A missing word falls back to its msgid (a test finds those)."""

    def __init__(self, root: Path = LOCALE) -> None:
        self.words: dict[str, dict[str, str]] = {}
        for folder in sorted(path for path in root.iterdir() if path.is_dir()):
            self.words[folder.name] = read_folder(folder)

    def translate(self, language: str, msgid: str, **params: object) -> str:
        """The sentence in `language`, placeholders filled."""
        text = self.words.get(language, {}).get(msgid) or msgid
        return text.format(**params) if params else text


CATALOGUES: web.AppKey[Catalogues] = web.AppKey("catalogues", Catalogues)


def read_folder(folder: Path) -> dict[str, str]:
    """Merged msgid → translation of a language's files. Of a word translated twice, differently,
    the first is taken and the log says so: a clash of words must not keep the house closed (a test
    finds it before).
    """
    words: dict[str, str] = {}
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=folder.name):
                if not message.id or not message.string:
                    continue
                key, text = str(message.id), str(message.string)
                if words.setdefault(key, text) != text:
                    log.warning("%s: %r is translated twice, differently", path.name, key)
    return words
