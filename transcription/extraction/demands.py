"""Who demands what of whom: the anchors of demands in a sentence.

Three shapes open a demand: a verb of giving with an addressee ("giao Sở Y tế …"), a subject that
must ("xã Phú Tân có trách nhiệm …"), and the bare imperative of conclusions ("Sở Y tế khẩn trương
…"). An anchor says where the demand's own words begin; where they end and by when is decided in
`spans`, whether it stands in `negatives`.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from transcription.extraction import lexicon as lx
from transcription.extraction.clauses import Sentence
from transcription.extraction.mention_lists import MentionReader
from transcription.extraction.mentions import BODY, CLASS, UNIT, YOU, Mention
from transcription.text.vi_deadlines import DeadlineFound

ELLIPSIS = "subject.ellipsis"
GIVEN, MUST, URGENT, BARE = "given", "must", "urgent", "bare"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A demand opened at token `start`; `body` is the first token behind addressee and modal.

    `verb` is the word of giving ("giao", "đề"), empty for subjects. `reasons` name what fired.
    """

    start: int
    body: int
    shape: str
    leads: tuple[Mention, ...]
    coordinating: tuple[Mention, ...] = ()
    verb: str = ""
    reported: bool = False
    reasons: tuple[str, ...] = ()


@dataclass(slots=True)
class Scene:
    """A sentence being read: the reader, the deadlines found in it, who may be meant by "you"."""

    reader: MentionReader
    sentence: Sentence
    deadlines: list[DeadlineFound]
    speaker_role: str | None = None
    floor: Mention | None = None
    unit: str | None = None  # code of the speaker's own unit
    blocked: list[tuple[int, str]] = field(default_factory=list)
    _from: dict[int, DeadlineFound] = field(default_factory=dict)
    _to: dict[int, DeadlineFound] = field(default_factory=dict)
    _starts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._from = {deadline.start: deadline for deadline in self.deadlines}
        self._starts = [deadline.start for deadline in self.deadlines]
        self._to = {deadline.end: deadline for deadline in self.deadlines}

    def deadlines_in(self, start: int, end: int) -> list[DeadlineFound]:
        """The deadlines that begin in [start, end), in order."""
        starts = self._starts
        return self.deadlines[bisect_left(starts, start) : bisect_left(starts, end)]

    def deadline_from(self, i: int) -> DeadlineFound | None:
        return self._from.get(i)

    def deadline_to(self, i: int) -> DeadlineFound | None:
        return self._to.get(i)


# Words before which a body is no subject: "tại xã X", "của Sở Y".
_OBLIQUE = frozenset(
    "tại của với ở từ cho về theo qua giúp để mời thuộc đến gửi trình cùng bởi trên như cáo dân "
    "tỉnh thưa nghị nghênh dương ơn gồm và hợp nhận vào đối giữa làm khen trì bị được ra sang "
    "phục kiến đạo cầu lên hoặc".split()
)


def find_anchors(scene: Scene) -> list[Anchor]:
    """The demands opened in the sentence, in order."""
    words = scene.reader.words
    found: list[Anchor] = []
    i = scene.sentence.start
    while i < scene.sentence.end:
        inside = scene.deadline_from(i)
        if inside is not None and inside.deadline.kind == "dated":
            i = inside.end
            continue
        anchor = _given(scene, i) or _subject(scene, i, found)
        if anchor is not None and anchor.body <= scene.sentence.end:
            found.append(anchor)
            i = max(anchor.body, i + 1)
            continue
        mention = scene.reader.read(i) if words[i] in scene.reader.opening else None
        i = min(mention.end, scene.sentence.end) if mention is not None else i + 1
    return found


# --- giao, yêu cầu, đề nghị … -----------------------------------------------------------------


def _given(scene: Scene, i: int) -> Anchor | None:
    words = scene.reader.words
    size = lx.GIVE.at(words, i)
    if not size or not _gives(scene, i):
        return None
    place = i + size
    while place < scene.sentence.end and words[place] in _BEFORE_ADDRESSEE:
        place += 1
    lead_time = scene.deadline_from(place)
    leads, end = scene.reader.read_list(place, addressed=True)
    if not leads and lead_time is not None:
        leads, end = scene.reader.read_list(lead_time.end, addressed=True)
    if not leads:
        leads, end = _named_before(scene, place)
    if not leads and words[i] == "yêu":
        leads, end = _just_named(scene, i, place)
    if not leads:
        return None
    verb = words[i + size - 1] if words[i] in ("kính",) else words[i]
    leads, end = _corrected(scene, leads, end)
    leads_now = _resolved(scene, leads)
    if not leads_now:
        scene.blocked.append((i, "no_addressee"))
        return None
    anchor = _with_coordination(scene, i, end, GIVEN, leads_now)
    if words[i] in lx.SOFT_GIVE and not _demands(scene, end):
        scene.blocked.append((i, "no_demand"))
        return None
    reported = bool(lx.REPORTED.before(words, i)) or _reported_subject(words, i)
    return Anchor(
        i, anchor.body, GIVEN, anchor.leads, anchor.coordinating, verb, reported,
        (f"given.{'_'.join(words[i : i + min(size, 2)])}", *anchor.reasons),
    )  # fmt: skip


def _corrected(scene: Scene, leads: list[Mention], end: int) -> tuple[list[Mention], int]:
    """ "giao xã A, à không, xã B …": the last one said is meant."""
    words = scene.reader.words
    while True:
        place = end
        while words[place : place + 1] == [","]:
            place += 1
        size = lx.CORRECTED.at(words, place)
        if not size:
            return leads, end
        place += size
        while words[place : place + 1] in ([","], ["là"], ["giao"], ["cho"]):
            place += 1
        others, after = scene.reader.read_list(place, addressed=True)
        if not others:
            return leads, end
        leads, end = [*leads[:-1], *others], after


_BEFORE_ADDRESSEE = ("ngay", "luôn", ",", ":", "thêm", "là", "ờ", "à", "ừ", "cho", "lại")
_BACK = 80


def _named_before(scene: Scene, i: int) -> tuple[list[Mention], int]:
    """ "giao Sở triển khai …": the body of that head that was named last."""
    words = scene.reader.words
    if words[i : i + 1] == [] or words[i] not in ("sở", "xã", "phường", "ban", "chi"):
        return [], i
    for back in range(i - 1, max(i - _BACK, -1), -1):
        if words[back] == words[i]:
            named = scene.reader.read(back)
            if named is not None and named.kind in (UNIT, BODY) and named.end <= i:
                return [named._replace(start=i, end=i + 1)], i + 1
    return [], i


def _just_named(scene: Scene, i: int, place: int) -> tuple[list[Mention], int]:
    """ "Phê bình UBND xã A chậm nộp báo cáo; yêu cầu nộp …": who was just spoken of."""
    words = scene.reader.words
    goes_on = scene.sentence.joined and i == scene.sentence.start
    acts = lx.VERBS.at(words, place) or lx.URGENT.at(words, place) or lx.MUST.at(words, place)
    if not acts or not (goes_on or words[i - 1 : i] == [","]):
        return [], place
    for back in range(max(i - 25, 0), i):
        named = scene.reader.read(back)
        if named is not None and named.kind == UNIT and named.code and named.end <= i:
            return [named], place
    return [], place


def _gives(scene: Scene, i: int) -> bool:
    """Is the word of giving at `i` a demand, not part of a noun ("theo yêu cầu", "bàn giao")?"""
    words = scene.reader.words
    if i == scene.sentence.start or lx.OPENERS.before(words, i):
        return True
    before = words[i - 1]
    blocked = lx.NOT_GIVE_AFTER.before(words, i)
    if words[i] == "giao" and before in ("bản", "sơ", "dung", "tác", "việc"):
        blocked = 0
    if blocked and not lx.REPORTED.before(words, i):
        return False
    if words[i] == "chỉ" and before not in (",", "tôi", "ta", "dân"):
        return False
    return True


def _reported_subject(words: list[str], i: int) -> bool:
    return words[max(i - 5, 0) : i][-1:] == ["rằng"]


def _demands(scene: Scene, i: int) -> bool:
    words = scene.reader.words
    place = i
    while place < scene.sentence.end and words[place] in lx.FILLERS:
        place += 1
    return bool(
        lx.MUST.at(words, place)
        or lx.URGENT.at(words, place)
        or lx.VERBS.at(words, place)
        or scene.deadline_from(place)
    )


def _resolved(scene: Scene, leads: list[Mention]) -> tuple[Mention, ...]:
    """ "đồng chí", "các anh" mean who has the floor; without one nobody is addressed."""
    out: list[Mention] = []
    for lead in leads:
        if lead.kind != YOU:
            out.append(lead)
        elif scene.floor is not None:
            floor = scene.floor
            out.append(
                Mention(
                    lead.start, lead.end, floor.kind, floor.code, floor.group, floor.score,
                    floor.choices,
                )
            )  # fmt: skip
    return tuple(out)


# --- X phải, X chủ trì, X khẩn trương, X rà soát -----------------------------------------------


def _subject(scene: Scene, i: int, earlier: list[Anchor]) -> Anchor | None:
    words = scene.reader.words
    at_opening = _opens_clause(scene, i)
    may_open = words[i] in scene.reader.opening
    if not may_open and not (at_opening and scene.reader.tokens[i].upper):
        return None
    if i > scene.sentence.start and words[i - 1] in _OBLIQUE and not at_opening:
        return None
    listed = scene.reader.list_end(i)
    if not listed.count or listed.end > scene.sentence.end:
        return None
    parallel = bool(earlier) and _parallel(scene, i, listed.end, earlier[-1])
    return _subject_anchor(
        scene, i, listed.end, at_opening or parallel, [] if parallel else earlier
    )


def _parallel(scene: Scene, i: int, end: int, earlier: Anchor) -> bool:
    """ "xã A làm hồ sơ quyết toán xã B làm hồ sơ nghiệm thu": the same verb of another unit, with
    no sign between them."""
    words = scene.reader.words
    size = lx.VERBS.at(words, end)
    same = size and words[end : end + size] == words[earlier.body : earlier.body + size]
    if not same or earlier.leads[0].kind != UNIT or words[i] != words[earlier.start]:
        return False
    named = scene.reader.read(i)
    return named is not None and named.kind == UNIT and named.code is not None


_AFTER_SUBJECT = frozenset(", thì về này ạ cũng : – - à ờ ừ ừm ấy".split())


def _subject_anchor(
    scene: Scene, i: int, end: int, at_opening: bool, earlier: list[Anchor]
) -> Anchor | None:
    words, follows = scene.reader.words, bool(earlier)
    place = end
    while place < scene.sentence.end and scene.deadline_from(place) is None:
        size = lx.EACH.at(words, place) or int(words[place] in _AFTER_SUBJECT)
        if not size or words[place] in ("cùng", "đều") and not lx.MUST.at(words, place + 1):
            break
        place += size
    time = scene.deadline_from(place)
    timed = time is not None and time.deadline.kind != "standing"
    if time is not None and timed:
        place = time.end
        place += place < scene.sentence.end and words[place] == ","
    shape = _shape(scene, place, at_opening)
    contrast = words[i - 1 : i] in (["còn"], ["riêng"], [","])
    elided = contrast and follows and timed and shape is None and place >= scene.sentence.end
    if elided:
        shape, place = MUST, end  # "còn xã Y thì trước ngày 20": the same act, another date
    if shape is None:
        return None
    if lx.PRAISE.before(words, i):
        scene.blocked.append((i, "praise"))
        return None
    if shape == BARE and (follows and not _after_deadline(scene, i) or not at_opening):
        return None
    resolved = _resolved(scene, scene.reader.read_list(i)[0])
    if not resolved:
        scene.blocked.append((i, "no_addressee"))
        return None
    named_only = shape != MUST or lx.LEADS.at(words, place)  # "là đơn vị chủ trì mô hình"
    if named_only and resolved[0].kind in (BODY, CLASS) and not at_opening:
        return None
    anchor = _with_coordination(scene, i, end if timed else place, shape, resolved)
    return Anchor(
        i, anchor.body, shape, resolved, anchor.coordinating, "", bool(lx.TOLD.at(words, place)),
        (ELLIPSIS if elided else f"subject.{shape}", *anchor.reasons),
    )  # fmt: skip


def _shape(scene: Scene, place: int, at_opening: bool) -> str | None:
    words = scene.reader.words
    if place >= scene.sentence.end:
        return None
    if lx.MUST.at(words, place) or lx.TOLD.at(words, place):
        return MUST
    if lx.FORBIDDEN.at(words, place):
        return URGENT
    if lx.FUTURE.at(words, place) or lx.PAST.at(words, place):
        return None
    made = words[place] == "cho" and lx.VERBS.at(words, place + 1)
    if lx.URGENT.at(words, place) or made:
        return URGENT
    if lx.COOPERATE.at(words, place) or lx.VERBS.at(words, place):
        return BARE if at_opening or _after_deadline_place(scene, place) else None
    return _joint_leader(scene, place) or (BARE if at_opening and _timed(scene, place) else None)


def _timed(scene: Scene, place: int) -> bool:
    """Whatever the verb, a marked date behind it makes a demand of it: "Sở Y tế phun thuốc … trước
    thứ bảy"."""
    words = scene.reader.words
    if lx.STATES.at(words, place) or not scene.reader.tokens[place].word:
        return False
    for deadline in scene.deadlines:
        if deadline.start > place and deadline.strength >= 2 and not deadline.horizon:
            dated = deadline.deadline.kind == "dated"
            return dated and lx.PAST.inside(words, place, deadline.start) is None
    return False


def _joint_leader(scene: Scene, place: int) -> str | None:
    return MUST if lx.LEADS.at(scene.reader.words, place) else None


def _after_deadline(scene: Scene, i: int) -> bool:
    ended = scene.deadline_to(i) or scene.deadline_to(i - 1)
    return ended is not None and ended.strength >= 2


def _after_deadline_place(scene: Scene, place: int) -> bool:
    return any(scene.deadline_to(place - back) is not None for back in range(7))


def _opens_clause(scene: Scene, i: int) -> bool:
    """Does word `i` open a clause: sentence start, after a sign, an opener or a deadline?"""
    words, start = scene.reader.words, scene.sentence.start
    if i == start:
        return True
    if words[i - 1] in (",", ":", "-", "–", "+", "•", "\n", ")", "thì", "còn", "riêng", "do"):
        return True
    if _after_deadline(scene, i):
        return True
    size = lx.OPENERS.before(words, i)
    return bool(size) and words[i - size : i] != ["và"]


# --- chủ trì, phối hợp với ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Coordination:
    body: int
    leads: tuple[Mention, ...]
    coordinating: tuple[Mention, ...]
    reasons: tuple[str, ...]


def _with_coordination(
    scene: Scene, start: int, end: int, shape: str, leads: tuple[Mention, ...]
) -> _Coordination:
    """Reads "chủ trì, phối hợp với Y và Z" or "chủ trì, Y và Z phối hợp" behind the leads."""
    reader, words = scene.reader, scene.reader.words
    place, coordinating, reasons = end, [], []
    while place < scene.sentence.end:
        skipped = place
        while skipped < scene.sentence.end and words[skipped] in (",", "ờ", "à", "và", "thì"):
            skipped += 1
        size = lx.LEADS.at(words, skipped)
        if size:
            reasons.append("leads")
            place = skipped + size
            others, after = reader.read_list(
                skipped + size + (words[skipped + size : skipped + size + 1] == [","])
            )
            joint = lx.COOPERATE.at(words, after) if others else 0
            if joint and words[after + joint - 1] in ("hợp",):
                coordinating += others
                place = after + joint
            continue
        urgent = lx.URGENT.at(words, skipped) if words[skipped : skipped + 1] != ["cùng"] else 0
        must = lx.MUST.at(words, skipped) or urgent
        size = lx.COOPERATE.at(words, skipped) or (must and lx.COOPERATE.at(words, skipped + must))
        if not size:
            break
        size = size if lx.COOPERATE.at(words, skipped) else size + must
        others, after = reader.read_list(skipped + size, addressed=True)
        if not others:
            break
        coordinating += others
        place = after
    if coordinating:
        reasons.append("coordinating")
    return _Coordination(
        place, leads, tuple(m for m in coordinating if m.kind != YOU), tuple(reasons)
    )
