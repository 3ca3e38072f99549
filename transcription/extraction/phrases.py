"""Word lists that can be looked up at a place in a text.

A list is a small file in `lexicons/`, one concept each: `#` lines say what it means, every other
line is a phrase in lower case, NFC, with the old placement of tones ("hòa", "ủy"). Whoever meets a
new wording adds a line; no rule lives here. Files are read once, at import: nothing else is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

Words = Sequence[str]
FOLDER = Path(__file__).resolve().parent / "lexicons"

_END = ""  # no word is empty
Trie = dict[str, Any]


class Phrases:
    """A list of phrases: what stands at, before or inside a place of a text."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self.phrases = tuple(dict.fromkeys(phrases))
        self._forward: Trie = {}
        self._backward: Trie = {}
        for phrase in self.phrases:
            words = phrase.split()
            _plant(self._forward, words)
            _plant(self._backward, words[::-1])

    def at(self, words: Words, i: int) -> int:
        """Number of words of the longest phrase that starts at `i`; 0 when none does."""
        node: Trie | None = self._forward
        longest, place, stop = 0, i, len(words)
        while 0 <= place < stop:
            node = node.get(words[place]) if node is not None else None
            if node is None:
                break
            place += 1
            if _END in node:
                longest = place - i
        return longest

    def inside(self, words: Words, start: int, end: int) -> int | None:
        """Index of the first phrase that starts in [start, end), or None."""
        forward = self._forward
        for i in range(max(start, 0), min(end, len(words))):
            if words[i] in forward and self.at(words, i):
                return i
        return None

    def before(self, words: Words, end: int) -> int:
        """Number of words of the longest phrase that ends just before `end`; 0 when none does."""
        node: Trie | None = self._backward
        longest, place = 0, end - 1
        while 0 <= place < len(words):
            node = node.get(words[place]) if node is not None else None
            if node is None:
                break
            if _END in node:
                longest = end - place
            place -= 1
        return longest


def _plant(trie: Trie, words: Sequence[str]) -> None:
    node = trie
    for word in words:
        node = node.setdefault(word, {})
    node[_END] = True


def lines_of(name: str) -> list[str]:
    """The phrases of the file `lexicons/NAME.txt`, in order."""
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and line[0] != "#"]


def phrases(name: str) -> Phrases:
    return Phrases(lines_of(name))
