"""`python -m transcription worker`: takes jobs from web until it is ended."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from transcription.commands.process import REFUSED, log_to_stderr, run_until_ended
from transcription.settings import SettingError, worker_settings


def main(arguments: Sequence[str]) -> int:
    """No arguments; everything is set by the environment."""
    from transcription.worker.service import WorkerService

    if arguments:
        print("worker takes no arguments; see GIAOBAN_* settings", file=sys.stderr)
        return 2
    log_to_stderr()
    try:
        settings = worker_settings(os.environ)
    except SettingError as error:
        print(f"giaoban: {error}", file=sys.stderr)
        return REFUSED
    return run_until_ended(WorkerService(settings).run())
