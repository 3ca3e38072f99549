"""The cleaned text of a task for the draft directive: capitals, digits, no filled pauses.

Offered beside the verbatim words, never in their place. The deadline is not repeated in it: it has
its own field, which the secretary may change.
"""

from __future__ import annotations

from transcription.extraction.mentions import names as nm
from transcription.extraction.mentions.mention import UNIT
from transcription.extraction.mentions.mention_lists import MentionReader
from transcription.text.vi_normalize import lowered
from transcription.text.vi_numbers import SPOKEN, number_at, read_small

_PAUSES = frozenset(("ờ", "ừ", "ừm", "à", "ơ", "ạ"))
_NO_SPACE_BEFORE = frozenset(",.;:?!)%/")
_NO_SPACE_AFTER = frozenset("(/")


def title_of(reader: MentionReader, start: int, end: int) -> str:
    """Cleaned text of tokens [start, end)."""
    return _capital(" ".join(_pieces(reader, start, end)))


def title_with_topic(
    reader: MentionReader, topic: tuple[int, int] | None, start: int, end: int
) -> str:
    """ "Về đề án chuyển đổi số: hoàn thiện"."""
    task = _pieces(reader, start, end)
    if topic is None:
        return _capital(" ".join(task))
    about = _pieces(reader, *topic)
    return _capital(" ".join(about) + (": " + " ".join(task) if task else ""))


def _capital(text: str) -> str:
    for sign in _NO_SPACE_BEFORE:
        text = text.replace(" " + sign, sign)
    for sign in _NO_SPACE_AFTER:
        text = text.replace(sign + " ", sign)
    return text[:1].upper() + text[1:]


def _pieces(reader: MentionReader, start: int, end: int) -> list[str]:
    words, tokens = reader.words, reader.tokens
    pieces: list[str] = []
    opening = frozenset() if reader.cased else reader.opening
    i = start
    while i < end:
        word = words[i]
        if word in _PAUSES or word[0] == "\n":
            i += 1
            continue
        unit = word in opening and reader.names.kinds[word] & (nm.NAMED | nm.POST)
        named = reader.read(i) if unit else None
        if named is not None and named.kind == UNIT and named.code and named.end <= end:
            pieces.append(reader.official(named.code, word))
            i = named.end
            continue
        number = number_at(words, i) if word in SPOKEN else None
        if number is not None and number[1] <= end:
            value = number[0]
            year = words[i - 1 : i] == ["năm"] or value < 1000
            pieces.append(str(value) if year else f"{value:,}".replace(",", "."))
            i = number[1]
            continue
        if word == "phẩy" and pieces and pieces[-1].isdigit():
            tenths = read_small(words, i + 1, 1000)
            if tenths is not None and tenths[1] <= end:  # "ba phẩy năm" → "3,5"
                pieces[-1] += f",{tenths[0]}"
                i = tenths[1]
                continue
        if (
            word == "phần"
            and words[i + 1 : i + 2] == ["trăm"]
            and pieces
            and pieces[-1][-1:].isdigit()
        ):
            pieces[-1] += "%"
            i += 2
            continue
        token = tokens[i]
        if not (words[i - 1] == word and pieces and i > start + 1 and token.word):
            raw = reader.text[token.start : token.end]
            misheard = raw != word and token.word and lowered(raw) != word
            pieces.append(word if misheard else raw)
        i += 1
    return pieces
