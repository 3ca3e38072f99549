"""Demands of which the parts are told apart: a table's rows ("… Cơ quan chủ trì: Sở X; cơ quan phối
hợp: Y; thời gian hoàn thành: …") and tasks announced by number ("Với Sở Tư pháp, tôi giao hai việc.
Một là …").

Only puts together what stands in neighbouring sentences; what a body or a date is, is read
elsewhere.
"""

from __future__ import annotations

from transcription.extraction import lexicon as lx
from transcription.extraction.clauses import item_at
from transcription.extraction.demands.spans import Draft, task_span
from transcription.extraction.mentions.mention import YOU, Mention
from transcription.extraction.phrases import phrases
from transcription.extraction.scene import GIVEN, Anchor, Scene, resolved

_LEAD_HEADS = phrases("lead_heads")
_HELP_HEADS = phrases("help_heads")
_COUNTED_TASKS = phrases("counted_tasks")
_ABOUT = frozenset("với đối riêng còn phần về bên phía , thì tôi".split())


class Table:
    """The row of a table being read: its act, until the lead is told."""

    def __init__(self) -> None:
        self._act: tuple[Scene, tuple[int, int]] | None = None

    def row(self, scene: Scene, before: list[Draft]) -> tuple[Scene, Draft] | None:
        """The demand whose lead this sentence tells, with the scene of its act; co-ordinators are
        added to the demand `before`."""
        words, start = scene.reader.words, _behind_item(scene)
        size = _LEAD_HEADS.at(words, start)
        helping = 0 if size else _HELP_HEADS.at(words, start)
        if not size + helping or words[start + size + helping : start + size + helping + 1] != [
            ":"
        ]:
            self._keep(scene, start)
            return None
        bodies, end = scene.reader.read_list(start + size + helping + 1, addressed=True)
        named = tuple(body for body in bodies if body.kind != YOU)
        if helping:
            if before:
                before[-1].coordinating += named
            return None
        if self._act is None or not named:
            return None
        act, task = self._act
        self._act = None
        return act, _demand(task[0], end, task, resolved(scene, list(named)), "tabled")

    def _keep(self, scene: Scene, start: int) -> None:
        words, end = scene.reader.words, scene.sentence.end
        acts = start < end and lx.VERBS.at(words, start) > 0
        self._act = (scene, task_span(scene, start, end)) if acts else None


def is_head(scene: Scene) -> bool:
    """Does the sentence tell who leads or helps in a table's row?"""
    words, start = scene.reader.words, _behind_item(scene)
    size = _LEAD_HEADS.at(words, start) or _HELP_HEADS.at(words, start)
    return size > 0 and words[start + size : start + size + 1] == [":"]


def announced(scene: Scene) -> Draft | None:
    """The lead of tasks that are only announced here: "Với Sở Tư pháp, tôi giao hai việc."."""
    words, (start, end) = scene.reader.words, (scene.sentence.start, scene.sentence.end)
    if words[end - 1] == ":" or _behind_item(scene) > start:
        heading = _heading(scene)
        if heading is not None or words[end - 1] == ":":
            return heading
    if lx.GIVE.first_words.isdisjoint(scene.said):
        return None
    for i in range(start, end):
        size = lx.GIVE.at(words, i) if words[i] in lx.GIVE.first_words else 0
        if size and _only_counts(scene, i + size):
            return _led_by_topic(scene, i, end)
    return None


def _heading(scene: Scene) -> Draft | None:
    """ "1. Thủ trưởng các sở, ban, ngành:" above the acts that are theirs."""
    place, end = _behind_item(scene), scene.sentence.end
    end -= scene.reader.words[end - 1] == ":"
    listed, after = scene.reader.read_list(place, addressed=True)
    leads = resolved(scene, listed) if after == end else ()
    return _demand(place, end, (end, end), leads, "announced") if leads else None


def only_announces(scene: Scene, draft: Draft) -> bool:
    """Does a demand say no more than how many tasks come: "giao Sở Y tế hai việc"?"""
    first, end = draft.task
    size = _COUNTED_TASKS.at(scene.reader.words, first)
    return size > 0 and first + size >= end


def _only_counts(scene: Scene, i: int) -> bool:
    size = _COUNTED_TASKS.at(scene.reader.words, i)
    return size > 0 and i + size + 2 >= scene.sentence.end


def _led_by_topic(scene: Scene, i: int, end: int) -> Draft | None:
    words, place = scene.reader.words, scene.sentence.start
    while place < i and (words[place] in _ABOUT or lx.OPENERS.at(words, place)):
        place += lx.OPENERS.at(words, place) or 1
    listed, after = scene.reader.read_list(place, addressed=True)
    leads = resolved(scene, listed) if after <= i else ()
    return _demand(place, end, (end, end), leads, "announced") if leads else None


def _behind_item(scene: Scene) -> int:
    """Index behind "1.", "a)", "-" at the sentence's beginning."""
    return min(item_at(scene.reader.tokens, scene.sentence.start), scene.sentence.end - 1)


def _demand(
    start: int, end: int, task: tuple[int, int], leads: tuple[Mention, ...], reason: str
) -> Draft:
    anchor = Anchor(start, max(task[0], start), GIVEN, leads, reasons=(reason,))
    draft = Draft(start, end, task, anchor, leads, (), None, reasons=[reason])
    draft.announces = task[0] >= task[1]
    return draft
