"""Lunar days of Vietnam (UTC+7) as solar dates: Tet, full moons, "23 tháng Chạp".

Astronomy after Jean Meeus, "Astronomical Algorithms" (1998), in the shortened series that are
exact to the day for 1900–2199; the rules of the calendar: a month begins on the day of the new
moon, the winter solstice falls in month 11, and of thirteen months between two solstices the first
without a major solar term is the leap month. Pure arithmetic, no text.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from math import floor, pi, sin

_EPOCH = date(1970, 1, 1)
_EPOCH_JULIAN = 2440588
_MONTH_DAYS = 29.530588853
_UTC_OFFSET = 7 / 24
FIRST_YEAR, LAST_YEAR = 1900, 2199


def lunar_day(year: int, month: int, day: int) -> date | None:
    """The solar date of a lunar day (not of a leap month); None when there is no such day."""
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= day <= 30):
        return None
    first, following = _month(year, month)
    found = first + timedelta(days=day - 1)
    return found if found < following else None


def next_lunar_day(held_on: date, month: int, day: int) -> date | None:
    """The first such lunar day on or after the meeting."""
    for year in range(held_on.year - 1, held_on.year + 3):
        found = lunar_day(year, month, day)
        if found is not None and found >= held_on:
            return found
    return None


def tet_after(held_on: date) -> date | None:
    """The first day of the lunar year on or after the meeting."""
    return next_lunar_day(held_on, 1, 1)


@lru_cache(maxsize=256)
def _month(year: int, month: int) -> tuple[date, date]:
    """First day of the lunar month and of the one after it."""
    start = _month_eleven(year - 1 if month < 11 else year)
    end = _month_eleven(year if month < 11 else year + 1)
    number = floor(0.5 + (start - 2415021.076998695) / _MONTH_DAYS)
    ahead = (month - 11) % 12
    if end - start > 365 and ahead >= _leap_ahead(start):
        ahead += 1
    return _date(_new_moon(number + ahead)), _date(_new_moon(number + ahead + 1))


def _date(julian: int) -> date:
    return _EPOCH + timedelta(days=julian - _EPOCH_JULIAN)


def _julian(day: date) -> int:
    return (day - _EPOCH).days + _EPOCH_JULIAN


def _new_moon(number: int) -> int:
    """Julian day number (local) of the new moon `number` months after 1 January 1900."""
    t = number / 1236.85
    rad = pi / 180
    mean = 2415020.75933 + 29.53058868 * number + 0.0001178 * t**2 - 0.000000155 * t**3
    mean += 0.00033 * sin((166.56 + 132.87 * t - 0.009173 * t**2) * rad)
    sun = (359.2242 + 29.10535608 * number - 0.0000333 * t**2) * rad
    moon = (306.0253 + 385.81691806 * number + 0.0107306 * t**2) * rad
    node = (21.2964 + 390.67050646 * number - 0.0016528 * t**2) * rad
    shift = (0.1734 - 0.000393 * t) * sin(sun) + 0.0021 * sin(2 * sun)
    shift += -0.4068 * sin(moon) + 0.0161 * sin(2 * moon) - 0.0004 * sin(3 * moon)
    shift += 0.0104 * sin(2 * node) - 0.0051 * sin(sun + moon) - 0.0074 * sin(sun - moon)
    shift += 0.0004 * sin(2 * node + sun) - 0.0004 * sin(2 * node - sun)
    shift += -0.0006 * sin(2 * node + moon) + 0.0010 * sin(2 * node - moon)
    shift += 0.0005 * sin(sun + 2 * moon)
    drift = -0.000278 + 0.000265 * t + 0.000262 * t**2
    return floor(mean + shift - drift + 0.5 + _UTC_OFFSET)


def _sun_sector(julian: int) -> int:
    """Which twelfth of the ecliptic the sun stands in at local midnight: 0 from the equinox."""
    t = (julian - 2451545.5 - _UTC_OFFSET) / 36525
    rad = pi / 180
    anomaly = (357.52910 + 35999.05030 * t - 0.0001559 * t**2 - 0.00000048 * t**3) * rad
    longitude = 280.46645 + 36000.76983 * t + 0.0003032 * t**2
    longitude += (1.914600 - 0.004817 * t - 0.000014 * t**2) * sin(anomaly)
    longitude += (0.019993 - 0.000101 * t) * sin(2 * anomaly) + 0.000290 * sin(3 * anomaly)
    return floor((longitude % 360) / 30)


def _month_eleven(year: int) -> int:
    """Julian day of the first day of the month that holds the winter solstice of `year`."""
    number = floor((_julian(date(year, 12, 31)) - 2415021) / _MONTH_DAYS)
    first = _new_moon(number)
    return _new_moon(number - 1) if _sun_sector(first) >= 9 else first


def _leap_ahead(month_eleven: int) -> int:
    """How many months after month 11 the leap month stands."""
    number = floor(0.5 + (month_eleven - 2415021.076998695) / _MONTH_DAYS)
    ahead = 1
    sector = _sun_sector(_new_moon(number + ahead))
    while ahead < 14:
        ahead += 1
        following = _sun_sector(_new_moon(number + ahead))
        if following == sector:
            break
        sector = following
    return ahead - 1
