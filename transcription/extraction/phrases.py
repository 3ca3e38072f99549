"""The word lists of extraction, by the names of their files in `lexicons/`. No rule lives here."""

from __future__ import annotations

from pathlib import Path

from transcription.text.vi_phrases import Phrases, phrases_of

FOLDER = Path(__file__).resolve().parent / "lexicons"


def phrases(name: str) -> Phrases:
    return phrases_of(FOLDER / f"{name}.txt")
