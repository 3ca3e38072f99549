"""`python -m transcription COMMAND`: this package's programs, each imported only when asked."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

COMMANDS = {
    ("worker",): ("worker", "claims jobs from web: transcribes, extracts"),
    ("recorder",): ("recorder", "records the conferences that web names"),
    ("transcribe",): ("transcribe", "AUDIO --model DIR [--json]: the text of a sound file"),
    ("extract",): ("extract", "--held-on DATE [FILE]: the tasks in a text"),
    ("asr", "install"): ("asr_install", "[MODEL] [--from FOLDER]: gets a speech model"),
    ("asr", "check"): ("asr_check", "says whether the speech model is sound"),
}


def main(arguments: Sequence[str]) -> int:
    """Finds the command at the front of the arguments; 2 when there is none."""
    for words, (module, _) in COMMANDS.items():
        if tuple(arguments[: len(words)]) == words:
            command = import_module(f"transcription.commands.{module}")
            status: int = command.main(list(arguments[len(words) :]))
            return status
    print(_usage(), file=sys.stderr)
    return 0 if list(arguments) in (["--help"], ["-h"]) else 2


def _usage() -> str:
    lines = [f"  {' '.join(words):<12}{what}" for words, (_, what) in COMMANDS.items()]
    return "\n".join(["python -m transcription COMMAND", *lines])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
