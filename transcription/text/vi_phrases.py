"""Word lists that can be looked up at a place in a text.

A list is a small file in a folder `lexicons/`, one concept each: `#` lines say what it means, every
other line is a phrase in lower case, NFC, with the old placement of tones ("hòa", "ủy"). Whoever
meets a new wording adds a line; no rule lives here. Files are read once, at import.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

Words = Sequence[str]

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
        self.first_words = frozenset(self._forward)
        # By first word the words that may follow it, and "" where it is a phrase alone.
        self.openings: Mapping[str, Container[str]] = self._forward

    def at(self, words: Words, i: int) -> int:
        """Number of words of the longest phrase that starts at `i`; 0 when none does."""
        stop = len(words)
        if not 0 <= i < stop:
            return 0
        node = self._forward.get(words[i])
        if node is None:
            return 0
        longest, place = 0, i + 1
        while True:
            if _END in node:
                longest = place - i
            if place >= stop or (node := node.get(words[place])) is None:
                return longest
            place += 1

    def opens(self, word: str) -> bool:
        """May a phrase begin with this word?"""
        return word in self._forward

    def inside(self, words: Words, start: int, end: int) -> int | None:
        """Index of the first phrase that starts in [start, end), or None."""
        start = max(start, 0)
        if end <= start or self.first_words.isdisjoint(words[start:end]):
            return None
        forward = self._forward
        for i in range(start, min(end, len(words))):
            if words[i] in forward and self.at(words, i):
                return i
        return None

    def before(self, words: Words, end: int) -> int:
        """Number of words of the longest phrase that ends just before `end`; 0 when none does."""
        if not 0 < end <= len(words):
            return 0
        node = self._backward.get(words[end - 1])
        longest, place = 0, end - 1
        while node is not None:
            if _END in node:
                longest = end - place
            place -= 1
            node = node.get(words[place]) if place >= 0 else None
        return longest


def _plant(trie: Trie, words: Sequence[str]) -> None:
    node = trie
    for word in words:
        node = node.setdefault(word, {})
    node[_END] = True


def lines_of(file: Path) -> list[str]:
    """The phrases of a list's file, in order."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and line[0] != "#"]


def phrases_of(file: Path) -> Phrases:
    return Phrases(lines_of(file))


def text_phrases(name: str) -> Phrases:
    """A list of `transcription/text/lexicons`."""
    return phrases_of(Path(__file__).resolve().parent / "lexicons" / f"{name}.txt")
