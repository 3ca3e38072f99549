"""Who speaks, from the audio level in the packet header (RFC 6464): no sound is decoded.

Levels decay, so a breath between two words does not make the sign flicker.
"""

from __future__ import annotations

from collections.abc import Mapping

LOUD = 0.02
"""Linear level above which somebody counts as speaking (about -34 dBov)."""

TELL_STEP = 0.1
"""A level that changed by less than this is not told again."""

_SILENCE_DBOV = 80
_DECAY = 0.5
_LINEAR = tuple(0.0 if v >= _SILENCE_DBOV else 10 ** (-v / 20) for v in range(128))


class SpeechMeter:
    """Level of one microphone, 0 to 1."""

    __slots__ = ("level",)

    def __init__(self) -> None:
        self.level = 0.0

    def heard(self, extension: bytes) -> None:
        """One packet's audio level extension: voice bit and -dBov."""
        self.level = max(self.level * 0.9, _LINEAR[extension[0] & 0x7F])

    def decay(self) -> None:
        """Called once a tick."""
        self.level *= _DECAY


def changed_speakers(before: Mapping[str, float], now: Mapping[str, float]) -> dict[str, float]:
    """What to tell: sid → level of everybody whose speaking changed, 0.0 for who fell silent."""
    told = {sid: 0.0 for sid in before if sid not in now}
    for sid, level in now.items():
        if sid not in before or abs(before[sid] - level) > TELL_STEP:
            told[sid] = level
    return told
