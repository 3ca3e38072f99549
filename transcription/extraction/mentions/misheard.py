"""The words that the rules read, where a recogniser misheard them: "yêu cậu", "ũy bang", "sã".

Only what the rules look words up by is set right; the tokens keep their places in the text, so a
quote is always cut out as it was given. What is spelt as a known phrase stays as it is. A phrase of
two syllables and more is known by its sound; a single syllable only by what stands beside it: a
head by the name behind it, "giao" by a plain addressee. Units' names are the matcher's to judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from transcription.extraction import lexicon as lx
from transcription.extraction.mentions import body_words as bw
from transcription.extraction.mentions.names import Names
from transcription.extraction.phrases import FOLDER, phrases
from transcription.text.vi_heard import Heard, HeardPhrases
from transcription.text.vi_heard_times import HeardTimes
from transcription.text.vi_likeness import distance, rough_key
from transcription.text.vi_phrases import Phrases, text_phrases
from transcription.text.vi_tokens import Token, is_cased, lows

_TRIGGERS = ("give", "must", "urgent", "told", "leads", "cooperate")
_OTHERS = (
    "titles", "honorifics", "class_openers", "class_nouns", "body_heads", "known_bodies", "verbs",
    "after_deadline", "upward", "request_verbs", "future", "by_plan", "done", "withdrawn",
    "meeting", "closers", "praise", "complaint", "rule", "warning", "self",
)  # fmt: skip
_IN_TEXT = ("deadline_markers", "within", "authorities")
# Too near to other everyday words to be known by sound.
_NOT_BY_SOUND = frozenset(("cho tôi", "tất cả", "cùng với", "là thì"))


def _long(names: Iterable[Phrases]) -> list[list[str]]:
    """The phrases of lists that may be known by sound."""
    return [
        phrase.split()
        for known in names
        for phrase in known.phrases
        if " " in phrase and phrase not in _NOT_BY_SOUND and phrase.replace(" ", "").isalpha()
    ]


_TRIGGER_PHRASES = [tuple(words) for words in _long(phrases(name) for name in _TRIGGERS)]
_IS_TRIGGER = frozenset(
    [*_TRIGGER_PHRASES, *(tuple(words) for words in _long([phrases("request_verbs")]))]
)
# Of one syllable: a trigger may have two slips, other words one; what is said of nothing but a
# deadline may be far off.
_HEARD = HeardPhrases(
    _TRIGGER_PHRASES,
    most=0.65,
    more=[
        *((phrase, 0.9) for phrase in (("chậm", "nhất"), ("muộn", "nhất"), ("trễ", "nhất"))),
        *((words, 0.42) for words in _long(phrases(name) for name in _OTHERS)),
        *((words, 0.42) for words in _long(text_phrases(name) for name in _IN_TEXT)),
        # pairs like "hay là" are too near to others
        *((words, 0.42) for words in _long([phrases("hedge")]) if len(words) > 2),
    ],
)
_RIGHT = tuple(
    phrase
    for known in (
        phrases("never_misheard"),
        *(phrases(file.stem) for file in sorted(FOLDER.glob("*.txt"))),
        *(text_phrases(name) for name in (*_IN_TEXT, "corrections", "events")),
    )
    for phrase in known.phrases
    if " " in phrase
)
_HEADS = (("xã", 0.8), ("phường", 0.8))
_WARD = 0.8  # behind "các xã"
_ALONE = 0.45  # how far "giao", "phải", "cần" may be off
# Pairs of which both syllables may be misheard, each a little.
_GIVING = HeardPhrases(
    (("yêu", "cầu"), ("đề", "nghị"), ("phân", "công"), ("giao", "cho"), ("chỉ", "đạo")), _ALONE
)
_MODALS = HeardPhrases(
    (("cần", "phải"), ("khẩn", "trương"), ("chủ", "trì"), ("nhanh", "chóng")), _ALONE
)
# Before a commune's head or name a body of it may be far off.
_AUTHORITIES = HeardPhrases((phrase.split() for phrase in text_phrases("authorities").phrases), 0.9)
_OPENS_GIVING = frozenset(("giao", "yêu", "đề", "phân"))
_SINGLES = (
    "xã", "phường", "giao", "phải", "cần", "yêu", "tôi", "mong", "các", "anh", "xin", "tỉnh",
)  # fmt: skip
_SINGLE_KEYS = (
    frozenset(rough_key(word) for word in _SINGLES)
    | _GIVING.first_keys
    | _MODALS.first_keys
    | _AUTHORITIES.first_keys
)
_PLAIN = frozenset(("xã", "phường", "giao", "phải", "sở", "tôi", "mong", "các", "anh"))
_LIKE_XIN = frozenset(("sin", "xinh", "xing"))
_LIKE_TINH = frozenset(("tĩnh", "tịnh", "tỉn", "tinh"))
_LESS_SURE, _LEAST = 0.06, 0.05


def less_sure(confidence: float, reasons: Sequence[str]) -> float:
    """The confidence of a demand whose trigger words were set right."""
    return round(max(confidence - _LESS_SURE * len(reasons), _LEAST), 2)


@lru_cache(maxsize=8)
def _right_words(spelt: Phrases) -> Phrases:
    """All that is right as it is spelt: the rules' phrases and the roster's names."""
    return Phrases((*_RIGHT, *spelt.phrases))


@lru_cache(maxsize=8)
def _single_keys(bodies: frozenset[str]) -> frozenset[str]:
    return _SINGLE_KEYS | bodies


class Misheard:
    """Tokens as the rules read them; `heard` has the triggers set right, by their first token."""

    def __init__(self, names: Names, tokens: Sequence[Token]) -> None:
        self._names = names
        self._right = _right_words(names.matcher.spelt)
        self._words = lows(list(tokens))
        self._fixed: set[int] = set()  # tokens spelt as a known phrase
        self.heard: dict[int, str] = {}
        self.tokens = list(tokens)
        if is_cased(tokens):  # written by a person, not heard
            return
        given = list(self._words)
        keys = [rough_key(word) for word in given]
        self._phrases(keys)
        for i in HeardTimes(self._words, keys).touched:
            self.heard.setdefault(i, "deadline")
        single = _single_keys(names.matcher.heard_keys)
        for i in range(len(keys) - 2, -1, -1):  # from behind: what follows is right by then
            if keys[i] in single and i not in self._fixed and self._words[i] not in _PLAIN:
                self._alone(i)
        for i, (said, word) in enumerate(zip(given, self._words, strict=True)):
            if said != word:
                self.tokens[i] = tokens[i]._replace(low=word)

    def reasons(self, start: int, end: int) -> tuple[str, ...]:
        """ "misheard.giao" … for the triggers set right in tokens [start, end)."""
        if not self.heard:
            return ()
        named = [f"misheard.{self.heard[i]}" for i in range(start, end) if i in self.heard]
        return tuple(dict.fromkeys(named))

    def _phrases(self, keys: Sequence[str]) -> None:
        words, known = self._words, self._right
        openings, seconds, last = known.openings, _HEARD.second_keys, len(words) - 1
        done = 0
        for i, (word, key) in enumerate(zip(words, keys, strict=True)):
            if i < done:
                continue
            behind = openings.get(word, ())
            opens = "" in behind or (i < last and words[i + 1] in behind)
            right = known.at(words, i) if opens else 0
            following = seconds.get(key)
            likely = following is not None and i < last and keys[i + 1] in following
            heard = _HEARD.at(words, i, keys=keys) if likely else None
            if heard is not None and len(heard.phrase) > right and not self._cuts(heard):
                self._set(heard)
                done = heard.end
            elif right:
                self._fixed.update(range(i, i + right))
                done = i + right

    def _cuts(self, heard: Heard) -> bool:
        """Does a phrase that is spelt right begin inside and go on behind it?"""
        inside = range(heard.start + 1, heard.end)
        return heard.touched > 0 and any(
            self._right.at(self._words, i) > heard.end - i for i in inside
        )

    def _set(self, heard: Heard) -> None:
        self._fixed.update(range(heard.start, heard.end))
        if not heard.touched:
            return
        if heard.phrase in _IS_TRIGGER:
            self.heard[heard.start] = "_".join(heard.phrase)
        self._words[heard.start : heard.end] = heard.phrase

    # --- single syllables --------------------------------------------------------------------

    def _alone(self, i: int) -> None:
        word = self._words[i]
        head = self._head(i, word)
        if head:
            self._words[i] = head
        elif self._authority(i) or self._pair(i):
            return
        elif word == "yêu" and self._addressed(i + 1):  # its second syllable was lost
            self._words[i], self.heard[i] = "giao", "yêu_cầu"
        elif distance(word, "tôi") <= _ALONE and self._words[i + 1] in _OPENS_GIVING:
            self._words[i] = "tôi"
        else:
            known = self._asking(i, word) or self._modal(i, word)
            if known:
                self._words[i] = self.heard[i] = known

    def _head(self, i: int, word: str) -> str:
        """ "sã" before a commune's name, "sơ" before "nội vụ", "cạc" before "sở", "ành" before a
        post."""
        matcher = self._names.matcher
        if 0 < distance(word, "các") <= _ALONE and bw.CLASS_NOUNS.at(self._words, i + 1):
            return "các"
        before = self._words[max(i - 2, 0) : i]
        if before in (["các", "xã"], ["mươi", "xã"]) and 0 < distance(word, "phường") <= _WARD:
            return "phường"
        if 0 < distance(word, "anh") <= _ALONE and bw.TITLES.at(self._words, i + 1) > 1:
            return "anh"
        for head, most in _HEADS:
            if word != head and distance(word, head) <= most:
                return head if matcher.commune_heard(self._words, i + 1) else ""
        body = matcher.body_heard(self._words, i)
        return body[0] if body and body[0] != word else ""

    def _authority(self, i: int) -> bool:
        """ "ổy bân nhân dân" before "xã", "phường" or a commune's name."""
        heard = _AUTHORITIES.at(self._words, i, expected=True)
        if heard is None or not heard.touched or heard.end >= len(self._words):
            return False
        divided = self._words[heard.end] in ("xã", "phường")
        if divided or self._names.matcher.commune_heard(self._words, heard.end):
            self._set(heard)
            return True
        return False

    def _addressed(self, i: int) -> bool:
        """Does a plain addressee stand at `i`: a headed unit, a post, a class?"""
        words = self._words
        place = i + (words[i : i + 1] in (["cho"], ["ngay"]))
        if bw.HONORIFICS.at(words, place) or bw.TITLES.at(words, place):
            return True
        opener = bw.CLASS_OPENERS.at(words, place)
        if opener and bw.CLASS_NOUNS.at(words, place + opener):
            return True
        return self._names.matcher.at(words, place) is not None

    def _pair(self, i: int) -> bool:
        """Two syllables both misheard: "đệ nghì" before an addressee, "cầng phãi" before an act."""
        words = self._words
        for known, stands in ((_GIVING, self._addressed), (_MODALS, self._acts)):
            heard = known.at(words, i, expected=True)
            if heard is not None and heard.touched and stands(heard.end):
                self._set(heard)
                return True
        return False

    def _acts(self, i: int) -> bool:
        return bool(lx.VERBS.at(self._words, i) or lx.URGENT.at(self._words, i))

    def _asking(self, i: int, word: str) -> str:
        """ "dao", "mon" before a plain addressee: giao, mong."""
        if word in _LIKE_XIN and self._addressed(i + 1):
            return "xin"
        if word in _LIKE_TINH and (lx.REQUEST_VERBS.before(self._words, i) or self._begs(i)):
            return "tỉnh"
        known = next((k for k in ("giao", "mong") if 0 < distance(word, k) <= _ALONE), "")
        above = known == "mong" and self._words[i + 1] in ("tỉnh", "ủy", "lãnh", "trung")
        return known if known and (above or self._addressed(i + 1)) else ""

    def _begs(self, i: int) -> bool:
        return self._words[i - 1] in ("xin", "nhờ", *_LIKE_XIN) and i > 0

    def _modal(self, i: int, word: str) -> str:
        """ "phãi", "cầng" before an act: phải, cần."""
        known = next((k for k in ("phải", "cần") if 0 < distance(word, k) <= _ALONE), "")
        acts = self._acts(i + 1) or self._words[i + 1] == "có"
        return known if known and i and acts else ""
