"""Known phrases found where a recogniser misheard them ("ũy bang nhân dân", "yêu cậu").

Phrases are kept by the rough keys of their syllables; what fits is then weighed syllable by
syllable. Looked up only where no phrase stands as it is spelt: that is the caller's to see to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from transcription.text.vi_likeness import UNLIKE, distance, rough_key

Words = Sequence[str]
Phrase = tuple[str, ...]

_LONG = 3
MOST_OF_ONE = 0.9  # of one syllable: two small slips, or one vowel and a tone
_MOST_A_SYLLABLE = 0.3  # over a phrase of three and more
_MOST_WHERE_EXPECTED = 0.45


@dataclass(frozen=True, slots=True)
class Heard:
    """`phrase` as it should be spelt, standing at words [start, start + len(phrase))."""

    start: int
    phrase: Phrase
    cost: float
    touched: int  # syllables that differ

    @property
    def end(self) -> int:
        return self.start + len(self.phrase)


class HeardPhrases:
    """Phrases of two syllables and more, looked up by sound. Holds no state. `most`: how far one
    syllable may be off; `more` has phrases with another bound."""

    def __init__(
        self,
        phrases: Iterable[Sequence[str]],
        most: float = MOST_OF_ONE,
        more: Iterable[tuple[Sequence[str], float]] = (),
    ) -> None:
        self._root: _Node = _Node()
        for phrase in phrases:
            self._plant(tuple(phrase), most)
        for phrase, bound in more:
            self._plant(tuple(phrase), bound)
        self.first_keys = frozenset(self._root.then)
        self.second_keys = {key: frozenset(node.then) for key, node in self._root.then.items()}

    def _plant(self, phrase: Phrase, most: float) -> None:
        if len(phrase) < 2:
            return
        node = self._root
        for word in phrase:
            node = node.then.setdefault(rough_key(word), _Node())
        if all(known != phrase for known, _ in node.ends):
            node.ends.append((phrase, most))

    def at(
        self, words: Words, i: int, *, keys: Words | None = None, expected: bool = False
    ) -> Heard | None:
        """The longest phrase that plainly sounds like what stands at `i`; of equals the nearest.
        `expected`: such a phrase is looked for there, so a pair may be misheard in both. `keys`:
        the rough keys of the words, when the caller has them."""
        if i >= len(words):
            return None
        node = self._root.then.get(keys[i] if keys else rough_key(words[i]))
        best: Heard | None = None
        place = i + 1
        while node is not None and place < len(words):
            node = node.then.get(keys[place] if keys else rough_key(words[place]))
            place += 1
            if node is not None and node.ends:
                best = _nearest(words, i, node.ends, expected) or best
        return best


def _nearest(
    words: Words, i: int, ends: Sequence[tuple[Phrase, float]], expected: bool
) -> Heard | None:
    found: Heard | None = None
    for phrase, most in ends:
        heard = _weighed(words, i, phrase, most)
        if (found is None or heard.cost < found.cost) and _is_plain(heard, expected):
            found = heard
    return found


class _Node:
    """What may come next by its rough key, and the phrases that end here with their bounds."""

    __slots__ = ("ends", "then")

    def __init__(self) -> None:
        self.then: dict[str, _Node] = {}
        self.ends: list[tuple[Phrase, float]] = []


def _weighed(words: Words, i: int, phrase: Phrase, most: float) -> Heard:
    total, touched = 0.0, 0
    for n, word in enumerate(phrase):
        if words[i + n] != word:
            cost = distance(words[i + n], word)
            total += cost if cost <= most else UNLIKE
            touched += 1
    return Heard(i, phrase, total, touched)


def _is_plain(heard: Heard, expected: bool) -> bool:
    size = len(heard.phrase)
    if size < _LONG and not expected:
        return heard.touched <= 1 and heard.cost < UNLIKE
    most = _MOST_WHERE_EXPECTED if expected else _MOST_A_SYLLABLE
    return heard.cost <= max(most * size, MOST_OF_ONE) and heard.cost < UNLIKE
