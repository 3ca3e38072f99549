"""Vietnamese speech for tests: the demo's voices at the recogniser's rate, cut and put in a row.

    sound = speech("Rõ, thưa đồng chí.", SOUTH)        # int16, 16 kHz
    talk, times = meeting(["…", "…"], pause_s=0.6)

Numbers must be written in words: espeak reads "15/10" wrongly. In the demo model's range are speeds
120 to 200 and the variants +m1…+m8, +f1…+f5.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cache

import numpy as np

from server.demo.voices import Samples, Speaker, Voice

__all__ = ["ACCENTS", "CENTRAL", "NORTH", "RATE", "SOUTH", "Samples", "meeting", "speech"]

RATE = 16000
NORTH, SOUTH, CENTRAL = "vi", "vi-vn-x-south", "vi-vn-x-central"
ACCENTS = (NORTH, SOUTH, CENTRAL)
_QUIET = 50
_lock = threading.Lock()


@cache
def _speaker() -> Speaker:
    return Speaker(RATE)


def speech(text: str, voice: str = NORTH, speed: int = 160, pitch: int = 50) -> Samples:
    """One utterance, without the silence that espeak puts around it."""
    with _lock:
        sound = _speaker().say(text, Voice(voice, speed, pitch))
    loud = np.flatnonzero(np.abs(sound.astype(np.int32)) > _QUIET)
    return sound[loud[0] : loud[-1] + 1]


def meeting(
    sentences: Sequence[str], voices: Sequence[str] = ACCENTS, pause_s: float = 0.6
) -> tuple[Samples, list[tuple[float, float]]]:
    """The sentences one after the other, the voices in turn; each one's from and to in seconds."""
    pause = np.zeros(round(pause_s * RATE), dtype=np.int16)
    parts, times, at = [pause], [], len(pause)
    for n, sentence in enumerate(sentences):
        sound = speech(sentence, voices[n % len(voices)])
        times.append((at / RATE, (at + len(sound)) / RATE))
        parts += [sound, pause]
        at += len(sound) + len(pause)
    return np.concatenate(parts), times
