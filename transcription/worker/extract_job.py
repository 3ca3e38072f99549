"""One extraction: fetches the transcript, runs the pure rules, brings the candidates back.

The rules are imported when the first such job comes; they run in a thread, for the beats' sake.
"""

from __future__ import annotations

import asyncio

from transcription.contract.candidates import ExtractionInput
from transcription.contract.link import JobOffer, JobProgress
from transcription.server_link.http import LinkHttp


class ExtractJob:
    """Runs until web has stored the candidates, which also finishes the job."""

    def __init__(self, offer: JobOffer, http: LinkHttp) -> None:
        self._offer = offer
        self._http = http

    @property
    def progress(self) -> JobProgress:
        """Quick: nothing to show."""
        return JobProgress(self._offer.job, self._offer.lease, 0, 0)

    async def run(self) -> None:
        """One GET, the rules, one PUT."""
        from transcription.extraction import extract

        path = f"/worker/jobs/{self._offer.job}/extraction"
        question = ExtractionInput.from_json((await self._http.get(path)).data)
        found = await asyncio.to_thread(extract, question)
        await self._http.put(path, {"lease": self._offer.lease, **found.to_json()})
