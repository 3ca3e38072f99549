"""`python -m transcription asr install [MODEL[@REVISION]] [--from FOLDER]`: gets a speech model.

Without a name it is Whisper large-v3 in CTranslate2's format. What was installed is used from then
on by a worker of this home that has no GIAOBAN_ASR_MODEL, without a restart.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from transcription.engines.model_folder import ModelBroken
from transcription.engines.model_store import InstallFailed, copy_in, download, put_in_use
from transcription.settings import models_folder

LARGE = "Systran/faster-whisper-large-v3"
LARGE_REVISION = "edaa852ec7e145841d8ffdb056a99866b5f0a478"


def main(arguments: Sequence[str]) -> int:
    """0 and where the model lies, or 1 and what was wrong."""
    parser = argparse.ArgumentParser(
        prog="giaoban asr install",
        description="Put a speech model into the home folder and use it. Without internet, copy a"
        " faster-whisper folder to this machine and give it with --from.",
    )
    parser.add_argument(
        "model",
        nargs="?",
        metavar="MODEL[@REVISION]",
        help=f"a faster-whisper model on Hugging Face (or HF_ENDPOINT); default: {LARGE} (3 GB)",
    )
    parser.add_argument("--from", dest="source", type=Path, metavar="FOLDER", help="copy this one")
    options = parser.parse_args(arguments)
    if options.source and options.model:
        parser.error("give a MODEL or --from FOLDER, not both")
    models = models_folder(os.environ)
    try:
        if options.source:
            folder = copy_in(options.source, models)
        else:
            name, _, revision = (options.model or f"{LARGE}@{LARGE_REVISION}").partition("@")
            folder = download(name, revision or "main", models)
    except (InstallFailed, ModelBroken, OSError) as error:
        print(f"giaoban: {error}", file=sys.stderr)
        return 1
    put_in_use(folder)
    print(f"speech model installed: {folder}")
    if chosen := os.environ.get("GIAOBAN_ASR_MODEL"):
        print(f"GIAOBAN_ASR_MODEL={chosen} is still set and goes before it; remove that setting")
    return 0
