"""`python -m transcription worker`: takes jobs from web until it is ended."""

from __future__ import annotations

from collections.abc import Sequence

from transcription.commands.process import serve
from transcription.settings import worker_settings


def main(arguments: Sequence[str]) -> int:
    """No arguments; everything is set by the environment."""
    from transcription.worker.service import WorkerService

    return serve(
        "worker", arguments, worker_settings, lambda settings: WorkerService(settings).run()
    )
