"""The names by which the rules speak of the word lists in `lexicons/`, and the small word sets.

One entry a concept. No rule lives here: to teach a new wording, add a line to the list's file.
"""

from __future__ import annotations

from transcription.extraction.phrases import phrases

# --- who demands ---------------------------------------------------------------------------------

GIVE = phrases("give")
# Of GIVE those that need more than an addressee: an explicit demand verb or a modal after it.
SOFT_GIVE = frozenset({"nhắc", "lưu", "nhờ", "cử", "đôn", "chuyển"})
ASK = frozenset({"đề", "kính"})  # "đề nghị": task or request, by who speaks
# "bàn giao", "theo yêu cầu", "văn bản đề nghị": the word is part of a noun or another verb.
NOT_GIVE_AFTER = phrases("not_give_after")
REPORTED = phrases("reported")

# --- how a subject is told ------------------------------------------------------------------------

MUST = phrases("must")
URGENT = phrases("urgent")
TOLD = phrases("told")
HOLDS_MEETING = phrases("holds_meeting")
LEADS = phrases("leads")
COOPERATE = phrases("cooperate")
HELPS = phrases("helps")
SELF = phrases("self")
# The floor holder or the one spoken to.
YOU = phrases("you")

# --- what blocks a subject ------------------------------------------------------------------------

PAST = phrases("past")
FUTURE = phrases("future")
DONE = phrases("done")
STATES = phrases("states")

# --- task verbs -----------------------------------------------------------------------------------

VERBS = phrases("verbs")
# Verbs that end a body's name in text without capitals even when they could belong to a name.
EXHORTING = phrases("exhorting")
MEETING = phrases("meeting")
PRAISE = phrases("praise")
HEDGE = phrases("hedge")
RULE = phrases("rule")
WARNING = phrases("warning")
WITHDRAWN = phrases("withdrawn")
QUESTION_END = frozenset("không chưa gì sao nào đâu hả à hử ư nhỉ bao mấy đúng".split())
QUESTION = phrases("question")

# --- small words ----------------------------------------------------------------------------------

FILLERS = frozenset(
    "ờ à ừ ừm thì là mà nhé nha ạ dạ ấy vâng này , : ; - – + • * ( ) \" ' “ ” . \n".split(" ")
)
# A sentence of these words and a deadline only says when what was demanded before is due.
DEADLINE_SHELL = frozenset(
    "việc này cái nội dung nhiệm vụ đó thời hạn gian hạn chót cuối cùng xong phải hoàn thành "
    "tất cả là nhé ạ nha thì và tôi yêu cầu các đồng chí anh chị cần đều hết kết quả gửi về cho "
    "ủy ban báo cáo tỉnh văn phòng đề nghị toàn bộ nhớ chậm nhất trước , : . – - nghe rõ chưa "
    "nói sửa lại à ờ "
    "không nhầm mới được để thôi lại thực hiện làm của cả hai ba bốn năm những các trên ấy lấy "
    "khoan mà dễ kịp dời rút lên xuống sớm hơn muộn nói chung cho chắc công việc ubnd nhân "
    "dân hđnd sau".split()
)
# Said behind a deadline, they only press it: "trước ngày 20 phải xong".
AFTER_DEADLINE = phrases("after_deadline")
HANDS_IN = phrases("hands_in")
IF_NOT = phrases("if_not")
BY_PLAN = phrases("by_plan")
COMPLAINT = phrases("complaint")
TIME_PAST = phrases("time_past")
FOR_NOTICE = phrases("for_notice")
SHOULD_HAVE = phrases("should_have")
AT_A_MEETING = phrases("at_a_meeting")
NOT_ENTITLED = phrases("not_entitled")
SHARED_BY_ALL = phrases("shared_by_all")
CORRECTED = phrases("corrected")
EACH = phrases("each")
FORBIDDEN = phrases("forbidden")
GROUNDS = phrases("grounds")
REQUEST_VERBS = phrases("request_verbs")
NOT_REQUEST_AFTER = phrases("not_request_after")
NOT_REQUEST_WITH = phrases("not_request_with")
UPWARD = phrases("upward")
TASK_OPENERS = phrases("task_openers")
TAIL = frozenset(
    (
        "ờ à ừ ha hen vậy nghen nhé nha ạ rồi đi thôi nghe đấy đó và xong cho thì là mà để từ được "
        ", ; : . - – \n"
    ).split(" ")
)
OPENERS = phrases("openers")
SIGN_OFFS = phrases("sign_offs")
CLOSERS = phrases("closers")
