"""`python -m transcription transcribe AUDIO --model DIR [--json]`: the text of a sound file.

The same cut, engine and guards as the worker's, without web. Lines: `[start–end] text`, seconds;
doubtful segments only with `--json`, where each has its flag.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from transcription.audio import RATE, NotSound, Samples, decode
from transcription.contract.clips import Segment
from transcription.engines.model_folder import ModelBroken, ModelFolder, read_model_folder
from transcription.engines.process import ChildDied, ChildFailed, Recogniser
from transcription.engines.profile import profile_of
from transcription.engines.segments import segments_from_raw
from transcription.settings import DEMO, model_path
from transcription.vad import cut


def main(arguments: Sequence[str]) -> int:
    """0, or 1 with the reason on standard error."""
    parser = argparse.ArgumentParser("python -m transcription transcribe")
    parser.add_argument("audio", type=Path, help="any sound or video file")
    parser.add_argument("--model", required=True, help=f"a model folder, or {DEMO}")
    parser.add_argument("--json", action="store_true", help="segments with words and flags")
    options = parser.parse_args(list(arguments))
    try:
        folder = read_model_folder(model_path(options.model, os.environ))
        if not options.audio.is_file():
            raise NotSound(f"{options.audio} is not there")
        segments = asyncio.run(_transcribe(decode(options.audio), folder))
    except (ModelBroken, NotSound, ChildDied, ChildFailed) as error:
        print(f"giaoban: {error}", file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps([_json_from(segment) for segment in segments], ensure_ascii=False))
    else:
        _print_lines(segments)
    return 0


async def _transcribe(sound: Samples, folder: ModelFolder) -> list[Segment]:
    profile = profile_of(folder.sha256)
    recogniser = Recogniser(folder.path, profile)

    async def read(start_ms: int, end_ms: int) -> Samples:
        return sound[start_ms * RATE // 1000 : end_ms * RATE // 1000]

    segments: list[Segment] = []
    try:
        length_ms = len(sound) * 1000 // RATE
        clips = await cut((0, length_ms), profile.longest_ms, read, recogniser.speech)
        for at in range(0, len(clips), profile.batch):
            batch = clips[at : at + profile.batch]
            sounds = [await read(*clip) for clip in batch]
            found = await recogniser.recognise(sounds, "vi", "")
            for (start, end), raws in zip(batch, found, strict=True):
                segments += segments_from_raw(raws, start, end)
            print(f"{batch[-1][1] / 1000:.0f} s of {length_ms / 1000:.0f} s", file=sys.stderr)
    finally:
        await recogniser.close()
    return segments


def _print_lines(segments: Iterable[Segment]) -> None:
    hidden = 0
    for segment in segments:
        if segment.flag is None:
            times = f"[{segment.start_ms / 1000:.2f}–{segment.end_ms / 1000:.2f}]"
            print(f"{times} {segment.text}")
        else:
            hidden += 1
    if hidden:
        print(f"{hidden} doubtful segments hidden; --json shows them", file=sys.stderr)


def _json_from(segment: Segment) -> dict[str, Any]:
    """Seconds; a word is [text, start, end, confidence 0 to 100]."""
    return {
        "start": segment.start_ms / 1000,
        "end": segment.end_ms / 1000,
        "text": segment.text,
        "words": [
            [
                word.text,
                word.start_ms / 1000,
                (word.start_ms + word.length_ms) / 1000,
                word.confidence,
            ]
            for word in segment.words
        ],
        "flag": segment.flag.value if segment.flag else None,
    }
