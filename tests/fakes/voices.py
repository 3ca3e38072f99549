"""Vietnamese speech for tests: espeak-ng's library through ctypes, no program, no root.

    sound = speech("Rõ, thưa đồng chí.", SOUTH)        # int16, 16 kHz
    talk = meeting(["…", "…"], pause_s=0.6)

Numbers must be written in words: espeak reads "15/10" wrongly. In the demo model's range are speeds
120 to 200 and the variants +m1…+m8, +f1…+f5.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Sequence
from functools import cache

import espeakng_loader
import numpy as np
from numpy.typing import NDArray

RATE = 16000
NORTH, SOUTH, CENTRAL = "vi", "vi-vn-x-south", "vi-vn-x-central"
ACCENTS = (NORTH, SOUTH, CENTRAL)

Samples = NDArray[np.int16]

_SYNCHRONOUS = 2
_RATE_PARAMETER, _PITCH_PARAMETER = 1, 3
_UTF8 = 1
_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)
_lock = threading.Lock()
_parts: list[Samples] = []


def _take(wave: ctypes._Pointer[ctypes.c_short], count: int, _events: int | None) -> int:
    if wave and count > 0:
        _parts.append(np.ctypeslib.as_array(wave, (count,)).copy())
    return 0


_callback = _CALLBACK(_take)


@cache
def _library() -> tuple[ctypes.CDLL, int]:
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    path = espeakng_loader.get_data_path().encode()
    rate = library.espeak_Initialize(_SYNCHRONOUS, 400, path, 0)
    if rate <= 0:
        raise RuntimeError("espeak-ng did not start")
    library.espeak_SetSynthCallback(_callback)
    return library, rate


def speech(text: str, voice: str = NORTH, speed: int = 160, pitch: int = 50) -> Samples:
    """One utterance, without the silence that espeak puts around it."""
    with _lock:
        library, rate = _library()
        if library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise ValueError(f"espeak-ng has no voice {voice}")
        library.espeak_SetParameter(_RATE_PARAMETER, speed, 0)
        library.espeak_SetParameter(_PITCH_PARAMETER, pitch, 0)
        _parts.clear()
        octets = text.encode()
        library.espeak_Synth(octets, len(octets) + 1, 0, 1, 0, _UTF8, None, None)
        library.espeak_Synchronize()
        sound = np.concatenate(_parts).astype(np.float64)
    at = np.arange(0, len(sound) * RATE // rate) * (rate / RATE)
    sound = np.interp(at, np.arange(len(sound)), sound)
    loud = np.flatnonzero(np.abs(sound) > 50)
    return sound[loud[0] : loud[-1] + 1].astype(np.int16)


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
