"""faster-whisper as this product uses it. Runs in the child process only.

Batched first, with all its temperatures and thresholds ignored (that is how the batched pipeline
is); a clip whose text fails the guards is decoded again alone, with temperatures. A clip over 30 s
together with word times kills the process, so it is refused before.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from faster_whisper import BatchedInferencePipeline, WhisperModel
from faster_whisper.vad import VadOptions, get_speech_timestamps
from numpy.typing import NDArray

from transcription.contract.clips import SegmentFlag
from transcription.engines.guards import flag_by_measures
from transcription.engines.wire import RawSegment, RawWord, Samples

RATE = 16000
LONGEST = 29.9
"""Seconds of one clip; at 30.0 the engine dies."""
SEAM = RATE // 2
"""Samples of silence between two clips in the sound handed to the pipeline."""
AGAIN = (SegmentFlag.COMPRESSION, SegmentFlag.LOGPROB, SegmentFlag.REPEAT)


class WhisperEngine:
    """A loaded model."""

    def __init__(self, model: Path, device: str, threads: int) -> None:
        self._model = WhisperModel(
            str(model),
            device=device,
            compute_type="int8",
            cpu_threads=threads,
            local_files_only=True,
        )
        self._pipeline = BatchedInferencePipeline(self._model)

    def speech(
        self, samples: Samples, pause_ms: int, pad_ms: int, longest_ms: int
    ) -> list[tuple[int, int]]:
        """Where somebody speaks, in samples."""
        options = VadOptions(
            min_silence_duration_ms=pause_ms,
            speech_pad_ms=pad_ms,
            max_speech_duration_s=longest_ms / 1000,
        )
        found = get_speech_timestamps(_floats(samples), options)
        return [(int(part["start"]), int(part["end"])) for part in found]

    def fit_hotwords(self, names: Sequence[str], tokens: int) -> str:
        """As many of the names, most important first, as fit into so many tokens."""
        taken: list[str] = []
        for name in names:
            tried = ", ".join([*taken, name])
            if len(self._model.hf_tokenizer.encode(" " + tried, add_special_tokens=False)) > tokens:
                break
            taken.append(name)
        return ", ".join(taken)

    def recognise(
        self, clips: Sequence[Samples], language: str, beam: int, hotwords: str
    ) -> list[list[RawSegment]]:
        """What is said in each clip."""
        if any(len(clip) > LONGEST * RATE for clip in clips):
            raise ValueError("a clip is longer than the engine can take")
        options: dict[str, Any] = {
            "language": language,
            "beam_size": beam,
            "hotwords": hotwords or None,
            "word_timestamps": True,
            "condition_on_previous_text": False,
        }
        found = self._batch(clips, options)
        for n, clip in enumerate(clips):
            if any(_flag(segment) in AGAIN for segment in found[n]):
                again = self._alone(clip, options)
                if not any(_flag(segment) for segment in again):
                    found[n] = again
        return found

    def _batch(self, clips: Sequence[Samples], options: dict[str, Any]) -> list[list[RawSegment]]:
        seam = np.zeros(SEAM, dtype=np.int16)
        sound = np.concatenate([part for clip in clips for part in (clip, seam)])
        starts = np.cumsum([0] + [len(clip) + SEAM for clip in clips])[:-1].tolist()
        stamps = [
            {"start": start / RATE, "end": (start + len(clip)) / RATE}
            for start, clip in zip(starts, clips, strict=True)
        ]
        segments, _ = self._pipeline.transcribe(
            _floats(sound), clip_timestamps=stamps, batch_size=len(clips), **options
        )
        found: list[list[RawSegment]] = [[] for _ in clips]
        frames = [int(stamp["start"] * self._model.frames_per_second) for stamp in stamps]
        for segment in segments:
            # `seek` is where the clip begins, in the engine's frames.
            n = min(range(len(frames)), key=lambda n: abs(frames[n] - segment.seek))
            found[n].append(_raw(segment, stamps[n]["start"], len(clips[n]) / RATE))
        return found

    def _alone(self, clip: Samples, options: dict[str, Any]) -> list[RawSegment]:
        segments, _ = self._model.transcribe(_floats(clip), vad_filter=False, **options)
        return [_raw(segment, 0.0, len(clip) / RATE) for segment in segments]


def _flag(segment: RawSegment) -> SegmentFlag | None:
    return flag_by_measures(
        segment.text, segment.avg_logprob, segment.no_speech, segment.compression
    )


def _floats(samples: Samples) -> NDArray[np.float32]:
    return samples.astype(np.float32) / np.float32(32768)


def _raw(segment: Any, offset: float, length: float) -> RawSegment:
    """Times from the clip's start, within the clip: a word can end after the sound does."""

    def within(seconds: float) -> float:
        return round(min(max(seconds - offset, 0.0), length), 3)

    words = tuple(
        RawWord(word.word.strip(), within(word.start), within(word.end), float(word.probability))
        for word in segment.words or ()
        if word.word.strip()
    )
    return RawSegment(
        within(segment.start),
        within(segment.end),
        segment.text.strip(),
        words,
        float(segment.avg_logprob),
        float(segment.no_speech_prob),
        float(segment.compression_ratio),
    )
