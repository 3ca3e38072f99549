"""Any sound file to the form that recognition takes: 16 kHz, mono, 16 bit.

Decodes what it can: a damaged tail costs the tail, not the file.
"""

from __future__ import annotations

import logging
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

log = logging.getLogger(__name__)

RATE = 16000
Samples = NDArray[np.int16]


class NotSound(Exception):
    """The file holds no sound that can be decoded."""


def decode(path: Path) -> Samples:
    """All of a file's (first) sound track."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    parts: list[Samples] = []
    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                raise NotSound(f"{path.name} has no sound track")
            try:
                for frame in container.decode(audio=0):
                    parts += [part.to_ndarray()[0] for part in resampler.resample(frame)]
            except av.FFmpegError as error:
                log.warning("%s is damaged (%s); what came before is kept", path, error)
            parts += [part.to_ndarray()[0] for part in resampler.resample(None)]
    except av.FFmpegError as error:
        raise NotSound(f"{path.name} is no sound file ({error})") from error
    if not parts:
        raise NotSound(f"{path.name} holds no sound")
    return np.concatenate(parts)
