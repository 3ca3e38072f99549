"""Requests written as a list: "Xã X kiến nghị: UBND tỉnh bố trí vốn; Sở Y cấp phép …".

The words of asking stand once, before the colon; each item names its own body or, where the heading
named one, asks the same.
"""

from __future__ import annotations

from transcription.extraction import lexicon as lx
from transcription.extraction.clauses import item_at
from transcription.extraction.mentions.mention import Mention
from transcription.extraction.phrases import phrases
from transcription.extraction.requests import askers
from transcription.extraction.scene import CHAIRS, Scene

_HEADINGS = phrases("headings")
_MARKED = 2
_HEADING_WORDS = 12
_MARKS = frozenset("- – + • * \n ( ) . , :".split(" ")) | {"\n"}


def note_list(scene: Scene) -> None:
    """Does this sentence open a list of requests, or end one?"""
    speaking = scene.speaking
    opened = _list_opened(scene)
    if opened is not None:
        speaking.listing, speaking.list_to = True, opened
    elif speaking.listing and not is_item(scene):
        speaking.listing, speaking.list_to = False, ()


def is_item(scene: Scene) -> bool:
    """Is the sentence an item of the list that was opened before?"""
    speaking = scene.speaking
    if not (speaking.listing or speaking.asked):
        return False
    sentence, tokens = scene.sentence, scene.reader.tokens
    if not speaking.listing:
        # "… kiến nghị Sở A làm …; Sở B sớm thẩm định": a date would rather make a demand of it
        dated = any(d.strength >= _MARKED for d in scene.deadlines)
        semicolon = sentence.start > 0 and tokens[sentence.start - 1].low == ";"
        return semicolon and not dated
    colon = sentence.start > 0 and tokens[sentence.start - 1].low == ":"
    return sentence.joined or colon or item_at(tokens, sentence.start) > sentence.start


def item_place(scene: Scene) -> int:
    """Where the item's words begin, behind its mark."""
    place = max(item_at(scene.reader.tokens, scene.sentence.start), scene.sentence.start)
    while place < scene.sentence.end and scene.reader.words[place] in _MARKS:
        place += 1
    return place


def behind_mark(scene: Scene, i: int) -> int:
    """Index behind "(1)" or a bullet that follows a colon at `i`."""
    return item_at(scene.reader.tokens, i) if scene.reader.words[i - 1] == ":" else i


def only_heads(scene: Scene, span: tuple[int, int]) -> bool:
    """ "đề nghị một số nội dung như sau": no request itself, its list follows."""
    words, end = scene.reader.words, scene.sentence.end
    heads = _HEADINGS.before(words, span[1]) and words[end : end + 1] == [":"] and span[1] == end
    return bool(heads) and lx.VERBS.inside(words, span[0], span[1]) is None


def _list_opened(scene: Scene) -> tuple[Mention, ...] | None:
    """The bodies named before the colon of "… kiến nghị …:"; None when no list is opened."""
    words, start, end = scene.reader.words, scene.sentence.start, scene.sentence.end
    stop = min(end + 1, len(words))
    if ":" not in words[start:stop] or scene.speaker_role in CHAIRS:
        return None
    for colon in (k for k in range(start + 1, stop) if words[k] == ":"):
        for i in range(colon - 1, max(colon - _HEADING_WORDS, start) - 1, -1):
            size = lx.REQUEST_VERBS.at(words, i) if words[i] in ("kiến", "đề") else 0
            if size and _asks_here(scene, i, colon):
                to, after = askers.targets(scene, askers.target_place(scene, i + size))
                return to if after == colon else ()
    return None


def _asks_here(scene: Scene, i: int, colon: int) -> bool:
    """ "đề nghị …:" is the chair's too, unless a unit speaks."""
    words = scene.reader.words
    spoken = scene.speaker_role == "unit" or scene.speaking.introduced
    if askers.is_told_to_ask(scene, i) or lx.NOT_REQUEST_AFTER.before(words, i):
        return False
    return words[i] == "kiến" or spoken or askers.speaks_of_itself(scene, i)
