"""Who is spoken to: a body hailed ("anh giám đốc Sở Giáo dục nghe rõ …"), to whom "anh", "các đồng
chí" behind it speak, ahead of who has the floor.
"""

from __future__ import annotations

from transcription.extraction import lexicon as lx
from transcription.extraction.mentions.mention import CLASS, UNIT, YOU, Mention
from transcription.extraction.mentions.mention_lists import MentionReader
from transcription.extraction.phrases import phrases

_HAILING = phrases("hailing")
_CALLS = _HAILING.first_words | {"nè"}
_BACK = 10


def hailed_in(reader: MentionReader, start: int, end: int) -> list[Mention]:
    """The bodies hailed in words [start, end), in order."""
    words = reader.words
    found: list[Mention] = []
    if _CALLS.isdisjoint(words[start:end]):
        return found
    for i in range(start + 1, end):
        if words[i] == "nè" or words[i] in _CALLS and _HAILING.at(words, i):
            named = _named_before(reader, start, i)
            pointed = words[i] == "nè" and named is not None and _is_commune(reader, named)
            if named is not None and not pointed:  # "tam giang nè cái đôi vàm nè" only lists them
                found.append(named)
    return found


def _is_commune(reader: MentionReader, named: Mention) -> bool:
    unit = reader.names.roster.unit(named.code) if named.code else None
    return unit is None or unit.kind in ("commune", "ward")


def is_hailed(words: list[str], i: int) -> bool:
    """Is the body that ends before word `i` only hailed there?"""
    size = _HAILING.at(words, i)
    called = words[i : i + 1] == ["nè"] and not lx.VERBS.at(words, i + 1)
    return called or size > 1 or bool(size and not lx.VERBS.at(words, i))


def _named_before(reader: MentionReader, start: int, i: int) -> Mention | None:
    for place in range(max(start, i - _BACK), i):
        named = reader.read(place, addressed=reader.words[place] in reader.matcher.bare_words)
        if named is None or named.kind == YOU or named.end < i or named.start + 1 >= i:
            continue
        if named.end == i or named.kind == CLASS:  # "mấy xã ven biển | chú ý giúp tôi"
            return named._replace(end=i) if named.kind != UNIT or named.code else None
    return None
