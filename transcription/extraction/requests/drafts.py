"""Requests of the units (kiến nghị): what is asked of someone above or beside.

"đề nghị" is a task from the chair and a request from a unit: who speaks decides, else the subject
before it, else the rank of who is asked. "kiến nghị", "mong", "xin ý kiến" are requests unless they
are nouns ("giải quyết kiến nghị của xã"). "xin", "nhờ", "cần" ask only with a body behind them, or
with an act that one asks leave or means for. Where one asked, the next words of asking of the
sentence ask too: "đề nghị Sở A …, đồng thời đề nghị Sở B …".
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from transcription.extraction import lexicon as lx
from transcription.extraction.demands.spans import task_span
from transcription.extraction.mentions.mention import BODY, UNIT, Mention
from transcription.extraction.phrases import phrases
from transcription.extraction.requests import askers
from transcription.extraction.requests.request_ends import clause_start, request_end
from transcription.extraction.requests.request_lists import (
    behind_mark,
    is_item,
    item_place,
    only_heads,
)
from transcription.extraction.requests.senders import sender_of
from transcription.extraction.requests.unasked import asks_nothing, only_wished, polite, under_rule
from transcription.extraction.scene import CHAIRS, Scene

_ASKS_BODY = phrases("asks_body")
_WISHED = phrases("wished")
_GOES_ON = phrases("asks_on")
_STRONGER = phrases("besides")
_PEOPLE = phrases("asking_people")
_PAPERS = phrases("papers")
_FIRST_WORDS = lx.REQUEST_VERBS.first_words | _ASKS_BODY.first_words
_NEEDS_ACT = frozenset("cần muốn chờ đang vẫn trông đợi rất".split())
_FOR_LEAVE = frozenset("phép được tạm thì cho thêm".split())
_NEAR_START = 12
_LEAST_WORDS = 2


@dataclass(frozen=True, slots=True)
class RequestDraft:
    """Token places: the quote [start, end), the request's own words [span]."""

    start: int
    end: int
    span: tuple[int, int]
    sender: Mention | None
    to: tuple[Mention, ...]
    until: int  # no demand opens before: what the speaker goes on to tell
    confidence: float
    reasons: tuple[str, ...]

    @property
    def leads(self) -> tuple[Mention, ...]:
        """Whom it is directed to, as a demand's leads are."""
        return self.to


def find_requests(scene: Scene) -> list[RequestDraft]:
    words, sentence = scene.reader.words, scene.sentence
    if sentence.question:
        return []
    opened: list[int] = []
    done = 0
    for i, word in enumerate(words[sentence.start : sentence.end], sentence.start):
        if word in _FIRST_WORDS and i >= done and _opens(scene, i, bool(opened)):
            opened.append(i)
            done = i + _size(scene, i)
    addressed = {
        i for i in opened if _addressed(scene, i) or askers.topic_asked(scene, i) is not None
    }
    found = _of_list(scene, opened)
    for n, i in enumerate(opened):
        if found and i < found[-1].span[0]:
            continue
        begins = i in addressed or not found or _begins_anew(scene, i)
        if not begins:
            continue  # the same request goes on
        draft = _request(scene, i, _stop(scene, opened[n:], addressed), found)
        if draft is not None:
            found += _of_each(scene, draft)
    return found


def _of_list(scene: Scene, opened: list[int]) -> list[RequestDraft]:
    """An item of a list of requests that has no word of asking of its own."""
    if not is_item(scene):
        return []
    place = item_place(scene)
    if opened and opened[0] <= place + 1:
        return []
    to, after = askers.targets(scene, place)
    if not to:
        to, after = scene.speaking.list_to, place
    stop = clause_start(scene, opened[0]) if opened else scene.sentence.end
    span = task_span(scene, after, request_end(scene, after, stop))
    if not to or span[1] - span[0] < _LEAST_WORDS or not _acts(scene, span[0]):
        return []
    sender = sender_of(scene, place, scene.speaking.sender, True)
    return [_draft(scene, (scene.sentence.start, stop), span, sender, to, "list")]


def _of_each(scene: Scene, draft: RequestDraft) -> list[RequestDraft]:
    """ "Đề nghị Sở A cắm biển báo, Công an tỉnh tuần tra": said once, asked of each its own."""
    words, (first, end) = scene.reader.words, draft.span
    if not draft.to or not (scene.reader.cased or "còn" in words[first:end]):
        return [draft]
    found: list[RequestDraft] = []
    for k in range(first + _LEAST_WORDS, end - _LEAST_WORDS):
        if words[k - 1] not in (",", "còn") or words[k] not in scene.reader.opening:
            continue
        named = _asked_too(scene, draft, k)
        if named is None:
            continue
        behind = named.end + (words[named.end : named.end + 1] == ["thì"])
        mine, rest = task_span(scene, draft.span[0], k), task_span(scene, behind, end)
        if min(mine[1] - mine[0], rest[1] - rest[0]) >= _LEAST_WORDS:
            found.append(replace(draft, end=mine[1], span=mine, until=k))
            draft = replace(draft, start=k, to=(named,), span=rest)
    return [*found, draft]


def _asked_too(scene: Scene, draft: RequestDraft, k: int) -> Mention | None:
    """A further unit at `k` with an act of its own, not one of a list of bodies."""
    named = scene.reader.read(k)
    if named is None or named.kind != UNIT or named.code is None:
        return None
    own = draft.sender is not None and named.code == draft.sender.code
    if own or named.code in {mention.code for mention in draft.to}:
        return None
    ended = askers.asker_ending(scene, k - 1)
    listed = ended is not None and ended.kind != BODY
    behind = named.end + (scene.reader.words[named.end : named.end + 1] == ["thì"])
    return named if not listed and _acts(scene, behind) else None


def _stop(scene: Scene, opened: Sequence[int], addressed: Set[int]) -> int:
    """Where the clause of the request behind `opened[0]` begins, or the sentence ends."""
    words = scene.reader.words
    first = askers.target_place(scene, opened[0] + _size(scene, opened[0]))
    for k in opened:
        if k > first and (k in addressed or (words[k] != "mong" and _begins_anew(scene, k))):
            return max(clause_start(scene, k), first)
    return scene.sentence.end


def _begins_anew(scene: Scene, i: int) -> bool:
    """Is a request of its own opened that names nobody: "kiến nghị …", "… xã xin thêm …"?"""
    words = scene.reader.words
    if words[i] == "kiến" or (_WISHED.at(words, i + 1) and _STRONGER.before(words, i)):
        return True
    start = askers.asker_start(scene, i)
    own = start < i and words[i] in ("xin", "đề") and askers.speaks_of_itself(scene, i)
    return own and words[start - 1] not in ("cho", "để", "mà", "là", "khi", "nếu", "của")


def _size(scene: Scene, i: int) -> int:
    words = scene.reader.words
    return max(lx.REQUEST_VERBS.at(words, i), _ASKS_BODY.at(words, i))


def _opens(scene: Scene, i: int, after: bool) -> bool:
    """`after`: something was asked before in the sentence."""
    words = scene.reader.words
    size, body_size = lx.REQUEST_VERBS.at(words, i), _ASKS_BODY.at(words, i)
    if not (size or body_size) or polite(scene, i):
        return False
    part = any(lx.NOT_REQUEST_WITH.at(words, k) for k in range(i, i + max(size, 1)))
    if part and not _to_leaders(scene, i):
        return False
    if asks_nothing(scene, i, max(size, body_size)):
        return False
    if _PEOPLE.before(words, askers.subject_end(scene, i)) and not _addressed(scene, i):
        return False  # "người dân xin chuyển mục đích …" tells of them
    after = (after or _spoken_on(scene, i)) and _joins(scene, i)
    if size < body_size and (_asks_body(scene, i, after) or _wishes(scene, i, after)):
        return True
    if not size:
        return False
    own = askers.speaks_of_itself(scene, i)
    if _proposes_by(scene, i):
        return False
    if lx.NOT_REQUEST_AFTER.before(words, i) and not own and not after:
        # "… không làm được | mong sở …" begins anew, "được đề nghị" does not
        anew = words[i] == "mong" and words[i - 1] == "được" or _PAPERS.before(words, i)
        if not anew or not _addressed(scene, i):
            return False
    return _asks(scene, i, size, own or after) and not _assigns(scene, i)


def _speaks(scene: Scene) -> bool:
    """Does a unit speak, by its seat or as it was introduced?"""
    return scene.speaker_role == "unit" or (
        scene.speaker_role is None and scene.speaking.introduced
    )


def _spoken_on(scene: Scene, i: int) -> bool:
    """Does who spoke or asked in the sentence before go on: a unit's own seat, "; kiến nghị …"?"""
    if _speaks(scene):
        return True
    begins = clause_start(scene, i) <= scene.sentence.start
    words, start = scene.reader.words, scene.sentence.start
    joined = scene.sentence.joined or is_item(scene) or bool(_GOES_ON.at(words, start))
    return begins and joined and scene.speaking.sender is not None


def _joins(scene: Scene, i: int) -> bool:
    """ "…, đồng thời đề nghị Sở B …": asks the word at `i` on, of a body behind it?"""
    words, start = scene.reader.words, scene.sentence.start
    if not _addressed(scene, i):
        return False
    if i == start or _GOES_ON.before(words, i):
        return True
    own = not scene.reader.cased and not lx.NOT_REQUEST_AFTER.before(words, i)
    return own and words[i - 1] not in ("của", "do", "được", "bị", "khi", "nếu", "mà")


def _to_leaders(scene: Scene, i: int) -> bool:
    """ "mong các đồng chí lãnh đạo tỉnh …", not "mong các đồng chí …"."""
    place = askers.target_place(scene, i + _size(scene, i))
    return scene.speaker_role == "unit" and askers.is_upward(scene, place)


def _asks(scene: Scene, i: int, size: int, own: bool) -> bool:
    """By who speaks and whom: do the words of asking ask upward or beside?"""
    words, unit = scene.reader.words, _speaks(scene)
    upward = askers.is_upward(scene, askers.target_place(scene, i + size))
    named = askers.asker(scene, i) if scene.speaker_role == "secretary" else None
    reads = named is not None and named.kind == UNIT and bool(named.code)  # reads out who asked
    if scene.speaker_role in CHAIRS and not (upward or reads):
        return False
    if words[i] == "kính" and _asks_above(scene, i):
        return True
    if words[i : i + size][-2:] in (["đề", "nghị"], ["đề", "xuất"]) and words[i] != "tha":
        asked = own or upward or unit or reads or words[i] in ("xin", "cũng")
        near = i - scene.sentence.start < _NEAR_START
        return asked and (words[i] != "đề" or own or upward or near)
    if words[i] == "có" and not own and askers.asker(scene, i) is None:
        return False  # "danh sách người lao động có nguyện vọng nghỉ"
    if words[i] == "mong":
        return own or upward or unit or _asks_beside(scene, i)
    return own or upward or unit or reads or _known(scene, i)


def _asks_beside(scene: Scene, i: int) -> bool:
    """ "xã A đang vướng …, mong sở B …": a unit the sentence is about, a body of the roster."""
    if scene.speaker_role is not None or sender_of(scene, i, None, False) is None:
        return False
    to = askers.targets(scene, askers.target_place(scene, i + _size(scene, i)))[0]
    return bool(to) and all(mention.code is not None for mention in to)


def _asks_above(scene: Scene, i: int) -> bool:
    """ "Kính đề nghị Sở Y tế …": no commune among those asked."""
    to = askers.targets(scene, askers.target_place(scene, i + _size(scene, i)))[0]
    ranks = [askers.rank(scene, mention) for mention in to]
    return bool(ranks) and all(r is not None and r < askers.COMMUNE for r in ranks)


def _known(scene: Scene, i: int) -> bool:
    """Is it known who asks or who is asked? Else "kiến nghị" is only a word."""
    if under_rule(scene, i):
        return False
    known = scene.floor is not None or sender_of(scene, i, None, False) is not None
    return known or _addressed(scene, i)


def _assigns(scene: Scene, i: int) -> bool:
    """To ask is somebody's task, or a body asks those below it."""
    if askers.is_told_to_ask(scene, i):
        return True
    to, _ = askers.targets(scene, askers.target_place(scene, i + _size(scene, i)))
    return askers.asks_downward(scene, _own_unit(scene) or askers.asker(scene, i), to)


def _proposes_by(scene: Scene, i: int) -> bool:
    """ "đến ngày mười tháng hai thì sở X đề xuất …": who is given a day is told to propose."""
    if scene.reader.words[i] != "đề" or scene.speaker_role == "unit":
        return False
    start = askers.asker_start(scene, i)
    return any(d.strength >= 2 and start - _DAY_NEAR <= d.end <= start < i for d in scene.deadlines)


_DAY_NEAR = 3


def _own_unit(scene: Scene) -> Mention | None:
    if scene.speaker_role == "unit" and scene.unit is not None:
        return Mention(0, 0, UNIT, scene.unit)
    introduced = scene.speaker_role is None and scene.speaking.introduced
    return scene.speaking.sender if introduced else None


def _asks_body(scene: Scene, i: int, after: bool) -> bool:
    """ "xã xin tỉnh hai tỷ", "nhờ sở cử cán bộ": a unit speaks and a body follows."""
    words, size = scene.reader.words, _ASKS_BODY.at(scene.reader.words, i)
    own = askers.speaks_of_itself(scene, i)
    joined = after or (own and words[i - 1] not in ("của", "cho"))
    noun = lx.NOT_REQUEST_AFTER.before(words, i) and not _PAPERS.before(words, i)
    if scene.speaker_role in CHAIRS or (noun and not joined):
        return False
    if own and words[i] in ("xin", "nhờ", "mong") and askers.topic_asked(scene, i):
        return True  # "bên điện lực thì xã nhờ kéo dây giùm"
    begs = words[i + size - 1] == "xin" or words[i] == "kính"  # the chair too says "nhờ Sở …"
    if not (own or after or _speaks(scene) or (begs and _asks_beside(scene, i))):
        return False
    place = askers.target_place(scene, i + size)
    to, end = askers.targets(scene, place)
    if end <= place or end >= scene.sentence.end or _assigns(scene, i):
        return False
    if words[i] in _NEEDS_ACT or not to:
        return bool(to or words[i] in ("xin", "nhờ")) and _acts(scene, end)
    return True


def _wishes(scene: Scene, i: int, after: bool) -> bool:
    """ "xã xin điều chuyển …", "xin tạm dừng …": leave or means are asked for, of nobody named."""
    words, size = scene.reader.words, _ASKS_BODY.at(scene.reader.words, i)
    if words[i + size - 1] != "xin" or scene.speaker_role in CHAIRS:
        return False
    place = i + size
    while place < scene.sentence.end and words[place] in _FOR_LEAVE:
        place += 1
    if not _WISHED.at(words, place):
        return False
    if after or askers.speaks_of_itself(scene, i):
        return True
    begins = i == scene.sentence.start or _GOES_ON.before(words, i)  # else it is somebody's wish
    return bool(begins) and (_speaks(scene) or _known(scene, i))


def _acts(scene: Scene, i: int) -> bool:
    words = scene.reader.words
    while i < scene.sentence.end:
        size = lx.URGENT.at(words, i) or words[i] in ("cho", "quan", "tâm")
        if not size or lx.VERBS.at(words, i) > size:
            break
        i += size
    return bool(lx.VERBS.at(words, i)) or words[i - 1] in ("cho", "tâm")


def _addressed(scene: Scene, i: int) -> bool:
    place = askers.target_place(scene, i + _size(scene, i))
    return bool(askers.targets(scene, place)[0])


def _request(scene: Scene, i: int, stop: int, before: list[RequestDraft]) -> RequestDraft | None:
    words = scene.reader.words
    size = _size(scene, i)
    after = askers.target_place(scene, i + size)
    to, place = askers.targets(scene, after)
    if not to and place == after:  # nobody named: the request begins with its own verb
        named = words[i] == "xin" and words[i + 1 : i + 3] != ["đề", "nghị"]
        place = i + 1 if named else i + size
    place = behind_mark(scene, place + (words[place : place + 1] == [":"]))
    span = task_span(scene, place, request_end(scene, place, stop))
    if span[1] - span[0] < _LEAST_WORDS or only_heads(scene, span):
        return None
    if only_wished(scene, i, span, bool(to)):
        return None
    goes_on = bool(before) and not askers.speaks_of_itself(scene, i)
    sender = sender_of(scene, i, before[-1].sender if before else None, goes_on)
    to = to or askers.told_elsewhere(scene, i, span)
    start = before[-1].end if before else scene.sentence.start
    return _draft(scene, (start, stop), span, sender, to, "_".join(words[i : i + size][:2]))


def _draft(
    scene: Scene,
    within: tuple[int, int],
    span: tuple[int, int],
    sender: Mention | None,
    to: tuple[Mention, ...],
    verb: str,
) -> RequestDraft:
    sure = 0.75 + (0.1 if to else 0.0) + (0.08 if sender or scene.speaker_role == "unit" else 0.0)
    sure += 0.05 if verb.startswith(("kiến", "xin")) else 0.0
    return RequestDraft(
        start=within[0],
        end=span[1],
        span=span,
        sender=sender,
        to=to,
        until=max(within[1], span[1]),
        confidence=round(min(sure, 0.97), 2),
        reasons=(f"request.{verb}",),
    )
