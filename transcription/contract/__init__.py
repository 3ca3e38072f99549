"""What web, recorder and worker agree on: messages, jobs, chunks, clips, segments.

The one package of `transcription` (beside `transcription.text`) that `server` may import. Standard
library only, frozen dataclasses, no I/O, no clock. Every type that travels comes as a pair:
`parse(...)` reads JSON from outside and raises `ContractError`; `to_json()` writes it. Unknown
fields are ignored, so that either side may be newer.

Times: `_ms` are whole milliseconds on the meeting clock (0 = the conference's `clock_zero_at`),
`_at` are instants in UTC.
"""
