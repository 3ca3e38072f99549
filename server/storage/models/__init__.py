"""All rows. Importing this module fills the metadata."""

from server.storage.models.accounts import Account, ApiToken, Audit, OneTimeLink, Session, Throttle
from server.storage.models.base import Base
from server.storage.models.directives import (
    Assignment,
    Attachment,
    AttachmentLink,
    Coordination,
    Deadline,
    Directive,
    Report,
    WorkDay,
)
from server.storage.models.history import Change, Received
from server.storage.models.jobs import Attempt, Clip, Job
from server.storage.models.meetings import (
    AttendanceInterval,
    Conference,
    ConferenceRoleRow,
    FloorTurn,
    RecordingAck,
    Seat,
)
from server.storage.models.org import Position, Tenure, Unit, UnitGroup, UnitGroupMember
from server.storage.models.recordings import Chunk, Gap, Track
from server.storage.models.review import Candidate, CandidateUnit, Decision, Evidence
from server.storage.models.transcripts import Segment, TranscriptRun

__all__ = [
    "Account",
    "ApiToken",
    "Assignment",
    "Attachment",
    "AttachmentLink",
    "Attempt",
    "AttendanceInterval",
    "Audit",
    "Base",
    "Candidate",
    "CandidateUnit",
    "Change",
    "Chunk",
    "Clip",
    "Conference",
    "ConferenceRoleRow",
    "Coordination",
    "Deadline",
    "Decision",
    "Directive",
    "Evidence",
    "FloorTurn",
    "Gap",
    "Job",
    "OneTimeLink",
    "Position",
    "Received",
    "RecordingAck",
    "Report",
    "Seat",
    "Segment",
    "Session",
    "Tenure",
    "Throttle",
    "Track",
    "TranscriptRun",
    "Unit",
    "UnitGroup",
    "UnitGroupMember",
    "WorkDay",
]
