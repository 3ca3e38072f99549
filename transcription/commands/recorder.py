"""`python -m transcription recorder`: records the conferences that web names."""

from __future__ import annotations

from collections.abc import Sequence

from transcription.commands.process import serve
from transcription.settings import recorder_settings


def main(arguments: Sequence[str]) -> int:
    """No arguments; everything is set by the environment."""
    from transcription.recorder.service import RecorderService

    return serve(
        "recorder", arguments, recorder_settings, lambda settings: RecorderService(settings).run()
    )
