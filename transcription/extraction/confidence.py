"""How sure a candidate is: a base by shape, moved by what speaks for and against it.

The weights are data; they are set so that of the candidates at 0.9 and more at least nine in ten
are right on the labelled set of the tests.
"""

from __future__ import annotations

from transcription.extraction import lexicon as lx
from transcription.extraction.mentions import BODY, CLASS, UNIT
from transcription.extraction.scene import BARE, GIVEN, MUST, URGENT, Scene
from transcription.extraction.spans import Draft

_BASE = {GIVEN: 0.90, MUST: 0.86, URGENT: 0.76, BARE: 0.62}
_DATED = {GIVEN: 0.05, MUST: 0.08, URGENT: 0.14, BARE: 0.22}
_SOFT_WORDS = frozenset(("cần", "nên", "nhớ", "lo"))
LOWEST, HIGHEST = 0.05, 0.98


def confidence(scene: Scene, draft: Draft) -> float:
    """0–1, two decimals."""
    anchor, words = draft.anchor, scene.reader.words
    value = _BASE[anchor.shape]
    if draft.deadline is not None and draft.deadline.deadline.kind == "dated":
        value += _DATED[anchor.shape] if draft.deadline.strength >= 2 else 0.0
    if anchor.verb in lx.ASK:
        value -= 0.03 if scene.speaker_role in ("chair", "co_chair") else 0.06
    if anchor.shape == MUST and _SOFT_WORDS & set(words[anchor.body : anchor.body + 1]):
        value -= 0.1
    value += {"chair": 0.04, "co_chair": 0.04, "unit": -0.4}.get(scene.speaker_role or "", 0.0)
    value += _of_leads(draft)
    value -= 0.08 if draft.carried else 0.0
    value -= 0.1 if anchor.reported else 0.0
    if lx.VERBS.inside(words, draft.task[0], draft.task[1]) is None:
        value -= 0.2
    return round(min(max(value, LOWEST), HIGHEST), 2)


def _of_leads(draft: Draft) -> float:
    if any(lead.kind == UNIT and lead.code is None for lead in draft.leads):
        return -0.3
    if any(lead.kind == BODY for lead in draft.leads):
        return -0.03
    return -0.05 if any(lead.kind == CLASS for lead in draft.leads) else 0.02
