"""The parent's side of the recognition child: starts it, asks, and notices that it died.

One question at a time. It must not decide what a death costs: that is the job's business.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from transcription.contract.reading import Stretch
from transcription.engines.profile import Profile
from transcription.engines.wire import LENGTHS, RawSegment, Samples, packed, raw_from_json

log = logging.getLogger(__name__)

RATE = 16000
LOAD_S = 600.0
"""A large model on a slow disk."""
ANSWER_S = 120.0
"""And so much more for each second of sound: PATIENCE."""
PATIENCE = 30.0
END_S = 3.0


class ChildDied(Exception):
    """The child crashed, or gave no answer and was killed."""


class ChildFailed(Exception):
    """The engine answered with an error. `memory`: fewer clips at once may work."""

    def __init__(self, text: str, memory: bool) -> None:
        super().__init__(text)
        self.memory = memory


class Recogniser:
    """A child with one model; started by the first question, and again after a death."""

    def __init__(self, model: Path, profile: Profile, device: str = "auto", threads: int = 0):
        self.profile = profile
        self._arguments = [str(model), device, str(threads or profile.threads)]
        self._child: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        """Process id of the child while there is one."""
        return self._child.pid if self._child is not None else None

    async def speech(self, samples: Samples) -> list[Stretch]:
        """Where somebody speaks, in samples."""
        profile = self.profile
        head = {
            "ask": "speech",
            "pause_ms": profile.pause_ms,
            "pad_ms": profile.pad_ms,
            "longest_ms": profile.longest_ms,
        }
        answer = await self._ask(head, [samples])
        return [(start, end) for start, end in answer["speech"]]

    async def fit_hotwords(self, names: Sequence[str]) -> str:
        """The names that go into the prompt, by the model's profile."""
        if not names or not self.profile.hotword_tokens:
            return ""
        head = {"ask": "hotwords", "names": list(names), "tokens": self.profile.hotword_tokens}
        text: str = (await self._ask(head, []))["hotwords"]
        return text

    async def recognise(
        self, clips: Sequence[Samples], language: str, hotwords: str
    ) -> list[list[RawSegment]]:
        """What is said in each clip."""
        head = {
            "ask": "recognise",
            "lengths": [len(clip) for clip in clips],
            "language": language,
            "beam": self.profile.beam,
            "hotwords": hotwords,
        }
        answer = await self._ask(head, list(clips))
        return [[raw_from_json(item) for item in found] for found in answer["clips"]]

    async def load(self) -> None:
        """Starts the child and waits until the model is loaded; ChildFailed says why it can't."""
        if self._child is not None:
            return
        self._child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "transcription.engines.child",
            *self._arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=2**20,
        )
        await self._answer(LOAD_S)

    async def close(self) -> None:
        """Ends the child."""
        child, self._child = self._child, None
        if child is None:
            return
        assert child.stdin is not None
        child.stdin.close()
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        # Read to the end, so that the pipe's transport is closed with the process.
        await child.communicate()

    async def _ask(self, head: dict[str, Any], samples: list[Samples]) -> dict[str, Any]:
        await self.load()
        child = self._child
        assert child is not None
        assert child.stdin is not None
        seconds = sum(map(len, samples)) / RATE
        try:
            child.stdin.write(packed(head, [np.ascontiguousarray(part) for part in samples]))
            await child.stdin.drain()
        except (BrokenPipeError, ConnectionResetError) as error:
            await self._bury(error)
        except asyncio.CancelledError:
            await self.close()
            raise
        return await self._answer(ANSWER_S + PATIENCE * seconds)

    async def _answer(self, patience_s: float) -> dict[str, Any]:
        child = self._child
        assert child is not None
        assert child.stdout is not None
        try:
            async with asyncio.timeout(patience_s):
                lengths = await child.stdout.readexactly(LENGTHS.size)
                head_length, _ = LENGTHS.unpack(lengths)
                answer: dict[str, Any] = json.loads(await child.stdout.readexactly(head_length))
        except (asyncio.IncompleteReadError, TimeoutError, ConnectionResetError) as error:
            await self._bury(error)
        except asyncio.CancelledError:
            # The answer to a question nobody waits for would be taken for the next one's.
            await self.close()
            raise
        if "error" in answer:
            raise ChildFailed(answer["error"], answer["memory"])
        return answer

    async def _bury(self, error: BaseException) -> None:
        child = self._child
        await self.close()
        status = child.returncode if child is not None else None
        log.error("the recognition process died (status %s)", status)
        raise ChildDied(f"status {status}") from error
