"""From what was said to candidate tasks and requests. Pure: no file, no clock, no network.

`extract` reads a conference (the worker link's extraction input), `extract_text` a plain text.
The rules are one file a thought: `clauses`, `mentions`, `demands`, `spans`, `negatives`,
`requests`, `carrying`, `confidence`; their words are data in `lexicon` and `body_words`.
"""

from transcription.extraction.extract import Extractor, extract, extract_text

__all__ = ["Extractor", "extract", "extract_text"]
