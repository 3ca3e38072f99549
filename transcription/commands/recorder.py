"""`python -m transcription recorder`: records the conferences that web names."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from transcription.commands.process import REFUSED, log_to_stderr, run_until_ended
from transcription.settings import SettingError, recorder_settings


def main(arguments: Sequence[str]) -> int:
    """No arguments; everything is set by the environment."""
    from transcription.recorder.service import RecorderService

    if arguments:
        print("recorder takes no arguments; see GIAOBAN_* settings", file=sys.stderr)
        return 2
    log_to_stderr()
    try:
        settings = recorder_settings(os.environ)
    except SettingError as error:
        print(f"giaoban: {error}", file=sys.stderr)
        return REFUSED
    return run_until_ended(RecorderService(settings).run())
