"""`python -m transcription asr check [--files] [MODEL]`: says whether the speech model is sound.

Checks the files, then loads the model in a child process and lets it hear a second of silence.
`--files` stops after the files: quick, and what `giaoban doctor` asks.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence

from transcription.engines.model_folder import (
    ModelBroken,
    ModelFolder,
    check_files,
    read_model_folder,
)
from transcription.engines.profile import profile_of
from transcription.settings import model_path


def main(arguments: Sequence[str]) -> int:
    """0 and a line about the model, or 1 and what is wrong with it."""
    parser = argparse.ArgumentParser(prog="giaoban asr check")
    parser.add_argument("model", nargs="?", default=os.environ.get("GIAOBAN_ASR_MODEL", ""))
    parser.add_argument("--files", action="store_true", help="look at the files only")
    options = parser.parse_args(arguments)
    path = model_path(options.model, os.environ)
    try:
        if options.files:
            check_files(path)
            print(path)
            return 0
        folder = read_model_folder(path)
        asyncio.run(_try(folder))
    except ModelBroken as error:
        print(f"giaoban: {error}", file=sys.stderr)
        return 1
    print(f"{folder.path}: sound; {profile_of(folder.sha256).name} model, sha256 {folder.sha256}")
    return 0


async def _try(folder: ModelFolder) -> None:
    import numpy as np

    from transcription.engines.process import RATE, ChildDied, ChildFailed, Recogniser

    recogniser = Recogniser(folder.path, profile_of(folder.sha256))
    try:
        silence = np.zeros(RATE, dtype=np.int16)
        await recogniser.recognise([silence], "vi", "")
    except (ChildDied, ChildFailed) as error:
        raise ModelBroken(f"the speech model {folder.path} does not load: {error}") from error
    finally:
        await recogniser.close()
