"""Known phrases found where a recogniser misheard them ("ũy bang nhân dân", "yêu cậu").

Phrases are kept by the rough keys of their syllables; what fits is then weighed syllable by
syllable. Looked up only where no phrase stands as it is spelt: that is the caller's to see to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from transcription.text.vi_likeness import UNLIKE, distance, rough_key

Words = Sequence[str]

_ENDS = ""  # no key is empty
_LONG = 3
MOST_OF_ONE = 0.9  # of one syllable: two small slips, or one vowel and a tone
_MOST_A_SYLLABLE = 0.3  # over a phrase of three and more
_MOST_WHERE_EXPECTED = 0.45


@dataclass(frozen=True, slots=True)
class Heard:
    """`phrase` as it should be spelt, standing at words [start, start + len(phrase))."""

    start: int
    phrase: tuple[str, ...]
    cost: float
    touched: int  # syllables that differ

    @property
    def end(self) -> int:
        return self.start + len(self.phrase)


class HeardPhrases:
    """Phrases of two syllables and more, looked up by sound. Holds no state. `most`: how far one
    syllable may be off."""

    def __init__(self, phrases: Iterable[Sequence[str]], most: float = MOST_OF_ONE) -> None:
        self._most = most
        self._root: dict[str, Any] = {}
        for phrase in phrases:
            if len(phrase) > 1:
                self._plant(tuple(phrase))

    def _plant(self, phrase: tuple[str, ...]) -> None:
        node = self._root
        for word in phrase:
            node = node.setdefault(rough_key(word), {})
        known = node.setdefault(_ENDS, [])
        if phrase not in known:
            known.append(phrase)

    def at(self, words: Words, i: int, *, expected: bool = False) -> Heard | None:
        """The longest phrase that plainly sounds like what stands at `i`; of equals the nearest.
        `expected`: such a phrase is looked for there, so a pair may be misheard in both."""
        node: dict[str, Any] | None = self._root
        best: Heard | None = None
        place = i
        while place < len(words):
            node = node.get(rough_key(words[place])) if node is not None else None
            if node is None:
                break
            place += 1
            near = [_weighed(words, i, phrase, self._most) for phrase in node.get(_ENDS, ())]
            plain = [heard for heard in near if _is_plain(heard, expected)]
            best = min(plain, key=lambda heard: heard.cost, default=best)
        return best


def _weighed(words: Words, i: int, phrase: tuple[str, ...], most: float) -> Heard:
    costs = [distance(words[i + n], word) for n, word in enumerate(phrase)]
    worst = max(costs)
    touched = sum(cost > 0 for cost in costs)
    return Heard(i, phrase, sum(costs) if worst <= most else UNLIKE, touched)


def _is_plain(heard: Heard, expected: bool) -> bool:
    size = len(heard.phrase)
    if size < _LONG and not expected:
        return heard.touched <= 1 and heard.cost < UNLIKE
    most = _MOST_WHERE_EXPECTED if expected else _MOST_A_SYLLABLE
    return heard.cost <= max(most * size, MOST_OF_ONE)
