"""How web refuses an HTTP request of the worker link: problem+json with a 4xx or 5xx.

`code` is one of the product's error codes (`lease_lost`, `offset_mismatch`, `hash_mismatch`,
`chunk_conflict`, `clips_missing`, `idempotency_mismatch`, `not_found`, `token_invalid`,
`scope_missing`, `disk_full`, …); `title` is the sentence for the log.
"""

from __future__ import annotations

from dataclasses import dataclass

from transcription.contract.reading import Fields, JsonObject


@dataclass(frozen=True, slots=True)
class Refusal:
    """`received` comes with `offset_mismatch`: the byte to go on from."""

    code: str
    message: str
    received: int | None = None

    @classmethod
    def parse(cls, fields: Fields) -> Refusal:
        return cls(
            fields.text("code"),
            fields.text_or_none("title") or "",
            fields.whole_or_none("received"),
        )

    def to_json(self) -> JsonObject:
        refusal: JsonObject = {"code": self.code, "title": self.message}
        if self.received is not None:
            refusal["received"] = self.received
        return refusal
