"""Who asks, whom, and who stands above whom: the bodies around a verb of asking.

A request goes to someone above or beside; a department that asks communes for something assigns it.
Ranks come from the roster's kinds, nothing else. Whether words of asking are a request is decided
in `drafts`.
"""

from __future__ import annotations

from transcription.extraction import lexicon as lx
from transcription.extraction.mentions.mention import BODY, UNIT, YOU, Mention
from transcription.extraction.phrases import phrases
from transcription.extraction.scene import Scene, named_before

_BEFORE_ASKING = phrases("before_asking")
_BEFORE_ASKED = phrases("before_asked")
_HONOURED = phrases("honoured_bodies")
_TOPIC_BODY = phrases("topic_body")
_PROVINCE_WORDS = (
    "tỉnh", "lãnh đạo tỉnh", "chủ tịch tỉnh", "đồng chí chủ tịch tỉnh",
    "các đồng chí lãnh đạo tỉnh", "đồng chí phó chủ tịch tỉnh", "phó chủ tịch tỉnh",
)  # fmt: skip
_SHORT_BODIES = frozenset("xã phường sở phương vị".split())
_POINTS = (["vấn", "đề"], ["nội", "dung"], ["kiến", "nghị"], ["đề", "nghị"], ["ý", "kiến"])
_OBLIQUE = frozenset("của với tại ở trình gửi cho thưa cáo đến kính đồng".split())
_SUBJECT_WORDS = 14
_MOST_STEPS = 6

PROVINCE, DEPARTMENT, COMMUNE = 0, 1, 2
_RANKS = {"province": PROVINCE, "commune": COMMUNE, "ward": COMMUNE}
_GROUP_RANKS = {"departments": DEPARTMENT}


def rank(scene: Scene, mention: Mention) -> int | None:
    """0 the province, 1 its departments, 2 communes and wards; None outside the roster."""
    if mention.group is not None:
        return _GROUP_RANKS.get(mention.group, COMMUNE)
    unit = scene.reader.names.roster.unit(mention.code) if mention.code else None
    return _RANKS.get(unit.kind, DEPARTMENT) if unit is not None else None


def asks_downward(scene: Scene, asker: Mention | None, to: tuple[Mention, ...]) -> bool:
    """Is everybody asked below the one who asks?"""
    above = rank(scene, asker) if asker is not None else None
    ranks = [rank(scene, mention) for mention in to]
    return above is not None and bool(ranks) and all(r is not None and above < r for r in ranks)


def subject_end(scene: Scene, i: int) -> int:
    """Where the subject of a verb of asking at `i` may end: before "cũng", "đã có văn bản" …"""
    for _ in range(_MOST_STEPS):
        size = _BEFORE_ASKING.before(scene.reader.words, i)
        if not size or i - size < scene.sentence.start:
            break
        i -= size
    return i


def asker(scene: Scene, i: int) -> Mention | None:
    """The body named just before the verb of asking at `i` as the one who asks."""
    if i not in scene.asking:
        scene.asking[i] = _asker(scene, i)
    return scene.asking[i]


def _asker(scene: Scene, i: int) -> Mention | None:
    for end in {i, subject_end(scene, i)}:
        mention = asker_ending(scene, end)
        if mention is not None:
            place = mention.start
            oblique = place > scene.sentence.start and scene.reader.words[place - 1] in _OBLIQUE
            return None if oblique else mention
    return None


def asker_start(scene: Scene, i: int) -> int:
    """Where the subject of the verb of asking at `i` begins; without one, the verb's own words."""
    if i not in scene.asks_from:
        scene.asks_from[i] = _asker_start(scene, i)
    return scene.asks_from[i]


def _asker_start(scene: Scene, i: int) -> int:
    words, end = scene.reader.words, subject_end(scene, i)
    for place in {i, end}:
        named = asker_ending(scene, place)
        if named is not None:
            return named.start
        own = lx.SELF.before(words, place)
        if own:
            return max(place - own, scene.sentence.start)
    if end > scene.sentence.start and words[end - 1] in _SHORT_BODIES:
        return end - 1
    return end


def asker_ending(scene: Scene, end: int) -> Mention | None:
    """The body whose name ends before word `end`."""
    words, reader, kinds = scene.reader.words, scene.reader, scene.reader.names.kinds
    for place in range(end - 1, max(end - _SUBJECT_WORDS, scene.sentence.start - 1), -1):
        mention = reader.read(place) if kinds[words[place]] else None
        if mention is not None and mention.end == end and mention.kind != YOU:
            return mention
    return None


def speaks_of_itself(scene: Scene, i: int) -> bool:
    """Does a unit ask in its own name just before `i`: "chúng tôi", "xã Năm Căn", "xã"?"""
    words, start = scene.reader.words, scene.sentence.start
    end = subject_end(scene, i)
    if lx.SELF.before(words, end) and words[max(end - 2, 0) : end] != ["đồng", "tôi"]:
        return words[end - 1] != "tôi" or words[end - 2 : end - 1] == ["chúng"]
    named = asker(scene, i)
    if named is not None:
        above = named.kind == BODY and lx.UPWARD.at(words, named.start)  # "Bộ Y tế đề nghị …"
        return not above and rank(scene, named) != PROVINCE
    return end > start and words[end - 1] in _SHORT_BODIES


def is_told_to_ask(scene: Scene, i: int) -> bool:
    """ "Giao Sở X kiến nghị Bộ …": to ask is the task of somebody."""
    words, start = scene.reader.words, scene.sentence.start
    for place in range(max(i - _SUBJECT_WORDS, start), i - 1):
        size = lx.GIVE.at(words, place) if words[place] in lx.GIVE.first_words else 0
        if size and scene.reader.read_list(place + size, addressed=True)[1] == i:
            return True
    return False


# --- whom ----------------------------------------------------------------------------------------


def target_place(scene: Scene, i: int) -> int:
    """Index behind what stands between the verb of asking and the body asked."""
    words, end = scene.reader.words, scene.sentence.end
    for _ in range(_MOST_STEPS):
        size = _BEFORE_ASKED.at(words, i) or _counted(scene, i)
        if not size or i + size > end:
            break
        i += size
    if words[i : i + 1] == words[i + 1 : i + 2] != []:
        i += 1  # "kiến nghị sở sở nội vụ": said twice
    given = i < len(words) and words[i] == "được" and scene.reader.read(i + 1) is not None
    return i + 1 if given else i


def _counted(scene: Scene, i: int) -> int:
    """Words of "2 vấn đề", "năm nội dung" at `i`."""
    number = scene.reader.number_at(i)
    after = scene.reader.words[number[1] : number[1] + 2] if number is not None else []
    if number is None or not after:
        return 0
    size = 2 if after in _POINTS else int(after[0] in ("việc", "ý", "điểm", "chuyện"))
    return number[1] + size - i if size else 0


def is_upward(scene: Scene, place: int) -> bool:
    """Does a body above those who ask stand there ("tỉnh", not "tỉnh đoàn")?"""
    size = lx.UPWARD.at(scene.reader.words, place)
    if not size:
        return False
    named = scene.reader.read(place, addressed=True)
    if named is not None and named.kind == UNIT and named.end > place + size:
        return rank(scene, named) == PROVINCE  # "bộ chỉ huy quân sự tỉnh" is one of its own
    return named is None or named.kind != BODY or scene.reader.words[place + 1] != "đoàn"


def targets(scene: Scene, place: int) -> tuple[tuple[Mention, ...], int]:
    """The bodies asked at `place`, and the index after them."""
    if place not in scene.asked:
        scene.asked[place] = _targets(scene, place)
    return scene.asked[place]


def _targets(scene: Scene, place: int) -> tuple[tuple[Mention, ...], int]:
    reader, words = scene.reader, scene.reader.words
    upward = lx.UPWARD.at(words, place) if is_upward(scene, place) else 0
    listed, end = reader.read_list(place, addressed=True)
    named = tuple(mention for mention in listed if mention.kind != YOU)
    if len(named) == 1 and named[0].kind == BODY and words[place] in ("sở", "quý"):
        meant = _honoured(scene, place)  # "đề nghị quý Sở quan tâm …"
        named, end = meant if meant[0] else (named, end)
    if named and end >= place + upward:
        return named, end
    if not upward:
        return _after_you(scene, end) if listed else _honoured(scene, place)
    phrase = " ".join(words[place : place + upward])
    units = reader.province if phrase in _PROVINCE_WORDS else []
    code = units[0] if len(units) == 1 else None
    first = Mention(place, place + upward, UNIT if code else BODY, code)
    joint = place + upward
    if words[joint : joint + 1] in ([","], ["và"]):
        more, end = reader.read_list(joint + 1, addressed=True)
        if more and end <= scene.sentence.end:
            return (first, *more), end
    return (first,), place + upward


def _honoured(scene: Scene, place: int) -> tuple[tuple[Mention, ...], int]:
    """ "đề nghị quý Sở …", "mong sở …": whom the letter is written to, or the body named before."""
    words = scene.reader.words
    quy = words[place - 1 : place] == ["quý"] or words[place : place + 1] == ["quý"]
    start = place + (words[place : place + 1] == ["quý"])
    size = _HONOURED.at(words, start) if quy else 0
    if size and scene.speaking.letter_to:
        return scene.speaking.letter_to, start + size
    if words[start : start + 1] == ["sở"]:
        named, end = named_before(scene, start)
        if named:
            return tuple(named), end
        return (), start + 1 if quy or _acts_behind(scene, start + 1) else place
    return (), start + size if size else place


def _acts_behind(scene: Scene, i: int) -> bool:
    words = scene.reader.words
    return bool(lx.VERBS.at(words, i) or lx.URGENT.at(words, i)) or words[i : i + 1] == ["cho"]


def _after_you(scene: Scene, end: int) -> tuple[tuple[Mention, ...], int]:
    """ "nhờ các anh bên điện lực …": the body of those spoken to."""
    named = scene.reader.read(end, addressed=False)
    if named is None or named.kind == YOU or named.end > scene.sentence.end:
        return (), end
    return (named,), named.end


def topic_asked(scene: Scene, i: int) -> Mention | None:
    """ "còn bên công an tỉnh thì xã xin …", "Với Sở Y tế, xã xin …": the body told as a topic
    before the verb of asking at `i`."""
    start = asker_start(scene, i)
    words = scene.reader.words
    if words[start - 1 : start] not in (["thì"], [","]) or start <= scene.sentence.start:
        return None
    named = asker_ending(scene, start - 1)
    if named is None or named.kind not in (UNIT, BODY):
        return None
    opened = _TOPIC_BODY.before(words, named.start) or words[named.start] in ("bên", "phía")
    told = words[start - 1] == "thì" and start < i and named.code is not None
    return named if opened or told else None


def told_elsewhere(scene: Scene, i: int, span: tuple[int, int]) -> tuple[Mention, ...]:
    """Whom a request asks that names nobody behind its verb: "trình UBND tỉnh xin …" before it,
    "mượn máy bơm của chi cục …" at its end."""
    words, reader = scene.reader.words, scene.reader
    for size in range(1, _SUBJECT_WORDS):
        place = i - size
        if place <= scene.sentence.start:
            break
        named = reader.read(place)
        if named is not None and named.end == i and words[place - 1] in ("trình", "gửi", "cáo"):
            return (named,)
    topic = topic_asked(scene, i)
    if topic is not None:
        return (topic,)
    if "mượn" not in words[i : span[0] + 4]:
        return ()
    for place in range(span[0], span[1]):
        if words[place] == "của":
            named = reader.read(place + 1, addressed=True)
            if named is not None and named.end == span[1] and named.kind != YOU:
                return (named,)
    return ()
