"""The child process: loads one model, answers questions on standard input until it closes.

    python -m transcription.engines.child MODEL DEVICE THREADS

An error of the engine is an answer (`error`); a crash is seen by the parent as the end of the pipe.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from transcription.engines.whisper import WhisperEngine
from transcription.engines.wire import LENGTHS, Samples, json_from_raw, packed


def main(arguments: list[str]) -> int:
    """Ends with 0 when the parent closes the pipe."""
    model, device, threads = arguments
    # Whatever a library prints must not get among the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        engine = WhisperEngine(Path(model), device, int(threads))
    except Exception as error:
        _say(answers, {"error": f"{type(error).__name__}: {error}", "memory": _is_memory(error)})
        return 1
    _say(answers, {"ready": True})
    while (question := _read(sys.stdin.buffer)) is not None:
        head, samples = question
        try:
            answer = _answer(engine, head, samples)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}", "memory": _is_memory(error)}
        _say(answers, answer)
    return 0


def _answer(engine: WhisperEngine, head: dict[str, Any], samples: Samples) -> dict[str, Any]:
    match head["ask"]:
        case "speech":
            found = engine.speech(samples, head["pause_ms"], head["pad_ms"], head["longest_ms"])
            return {"speech": found}
        case "hotwords":
            return {"hotwords": engine.fit_hotwords(head["names"], head["tokens"])}
        case "recognise":
            borders = np.cumsum(head["lengths"])[:-1]
            clips = np.split(samples, borders)
            found_in = engine.recognise(clips, head["language"], head["beam"], head["hotwords"])
            return {"clips": [[json_from_raw(s) for s in found] for found in found_in]}
        case unknown:
            raise ValueError(f"{unknown} is no question")


def _read(pipe: BinaryIO) -> tuple[dict[str, Any], Samples] | None:
    lengths = pipe.read(LENGTHS.size)
    if len(lengths) < LENGTHS.size:
        return None
    head_length, body_length = LENGTHS.unpack(lengths)
    head: dict[str, Any] = json.loads(pipe.read(head_length))
    return head, np.frombuffer(pipe.read(body_length), dtype=np.int16)


def _say(pipe: BinaryIO, answer: dict[str, Any]) -> None:
    pipe.write(packed(answer))
    pipe.flush()


def _is_memory(error: Exception) -> bool:
    return isinstance(error, MemoryError) or "out of memory" in str(error).lower()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
