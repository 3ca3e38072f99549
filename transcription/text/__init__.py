"""Reading Vietnamese: normal form, numbers, deadlines, units. Pure: no file, no clock, no network.

The server uses it too (search, import, the room's task box), so what is named here is public.
"""

from transcription.text.unit_matcher import UnitFound, UnitMatch, UnitMatcher
from transcription.text.vi_deadlines import (
    Deadline,
    DeadlineReading,
    deadline_readings,
    read_deadline,
)
from transcription.text.vi_normalize import fold, norm
from transcription.text.vi_numbers import digits_for_words, number_words, read_number
from transcription.text.vi_units import RosterError, groups_for, roster_from_csv, units_from_csv

__all__ = [
    "Deadline",
    "DeadlineReading",
    "RosterError",
    "UnitFound",
    "UnitMatch",
    "UnitMatcher",
    "deadline_readings",
    "digits_for_words",
    "fold",
    "groups_for",
    "norm",
    "number_words",
    "read_deadline",
    "read_number",
    "roster_from_csv",
    "units_from_csv",
]
