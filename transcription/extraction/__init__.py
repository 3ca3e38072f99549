"""From what was said to candidate tasks and requests. Pure: no file, no clock, no network.

`extract` reads a conference (the worker link's extraction input), `extract_text` a plain text.
A passage is read by `reading`, sentence by sentence (`clauses`, `scene`): who is named
(`mentions/`), what is demanded of whom by when (`demands/`), what communes ask for (`requests/`),
and why the rest is neither (`refusals/`). Words are data (`lexicons/`), each rule has its examples
(`rules/`).
"""

from transcription.extraction.extract import Extractor, extract, extract_text

__all__ = ["Extractor", "extract", "extract_text"]
