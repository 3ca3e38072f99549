"""From the engine's segments to those of the transcript: meeting clock, guards, one text form.

Pure.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from transcription.contract.clips import Segment, SegmentFlag, Word
from transcription.engines.guards import flag_by_measures, invented_stretches
from transcription.engines.wire import RawSegment, RawWord


def segments_from_raw(raws: Iterable[RawSegment], start_ms: int, end_ms: int) -> list[Segment]:
    """Segments of the clip [start_ms, end_ms), numbered from 0, flagged where they are doubtful. A
    known invention glued to speech becomes a segment of its own."""
    parts: list[tuple[RawSegment, Sequence[RawWord], SegmentFlag | None]] = []
    for raw in raws:
        if not raw.text:
            continue
        flag = flag_by_measures(raw.text, raw.avg_logprob, raw.no_speech, raw.compression)
        if flag is not None or not raw.words:
            parts.append((raw, raw.words, flag))
        else:
            parts += [(raw, words, phrase) for words, phrase in _split_invented(raw.words)]
    return [
        _segment(n, raw, words, flag, start_ms, end_ms)
        for n, (raw, words, flag) in enumerate(parts)
    ]


def _split_invented(
    words: Sequence[RawWord],
) -> list[tuple[Sequence[RawWord], SegmentFlag | None]]:
    parts: list[tuple[Sequence[RawWord], SegmentFlag | None]] = []
    at = 0
    for start, end in invented_stretches([word.text for word in words]):
        if start > at:
            parts.append((words[at:start], None))
        parts.append((words[start:end], SegmentFlag.PHRASE))
        at = end
    if at < len(words):
        parts.append((words[at:], None))
    return parts


def _segment(
    n: int,
    raw: RawSegment,
    raw_words: Sequence[RawWord],
    flag: SegmentFlag | None,
    start_ms: int,
    end_ms: int,
) -> Segment:
    def on_clock(seconds: float) -> int:
        return min(end_ms, start_ms + round(seconds * 1000))

    words = tuple(
        Word(
            unicodedata.normalize("NFC", word.text),
            on_clock(word.start),
            max(0, on_clock(word.end) - on_clock(word.start)),
            min(100, max(0, round(word.probability * 100))),
        )
        for word in raw_words
    )
    whole = len(raw_words) == len(raw.words)
    text = raw.text if whole else " ".join(word.text for word in raw_words)
    first = words[0].start_ms if words else on_clock(raw.start)
    last = words[-1].start_ms + words[-1].length_ms if words else on_clock(raw.end)
    confidence = sum(w.confidence for w in words) / len(words) / 100 if words else 0.0
    return Segment(
        n,
        first,
        max(first, last),
        unicodedata.normalize("NFC", text),
        words,
        round(confidence, 4),
        round(raw.avg_logprob, 4),
        round(min(1.0, max(0.0, raw.no_speech)), 4),
        round(raw.compression, 4),
        flag,
    )
