"""`python -m transcription asr check [MODEL]`: says whether the speech model is sound.

Checks the files, then loads the model in a child process and lets it hear a second of silence.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence

import numpy as np

from transcription.engines.model_folder import ModelBroken, ModelFolder, read_model_folder
from transcription.engines.process import RATE, ChildDied, ChildFailed, Recogniser
from transcription.engines.profile import profile_of
from transcription.settings import model_path


def main(arguments: Sequence[str]) -> int:
    """0 and a line about the model, or 1 and what is wrong with it."""
    value = arguments[0] if arguments else os.environ.get("GIAOBAN_ASR_MODEL") or None
    try:
        folder = read_model_folder(model_path(value))
        asyncio.run(_try(folder))
    except (ModelBroken, ChildDied, ChildFailed) as error:
        print(f"giaoban: {error}", file=sys.stderr)
        return 1
    print(f"{folder.path}: sound; {profile_of(folder.sha256).name} model, sha256 {folder.sha256}")
    return 0


async def _try(folder: ModelFolder) -> None:
    recogniser = Recogniser(folder.path, profile_of(folder.sha256))
    try:
        silence = np.zeros(RATE, dtype=np.int16)
        await recogniser.recognise([silence], "vi", "")
    finally:
        await recogniser.close()
