"""Dates of feeds: many forms are read, none is invented, none lies in the future.

feedparser reads most forms, but fills what is missing from today's date or drops what it does not know; so it is
believed only where the text itself names the year it found.
"""

import calendar
import itertools
import re
from datetime import UTC, datetime, timedelta
from typing import Final

OLDEST: Final = 1990  # an earlier year is a clock that was never set
AHEAD: Final = timedelta(days=2)  # a zone or clock gone wrong; more than this says nothing about the time

_MONTHS: Final = {
    stem: number
    for number, stems in enumerate(
        (
            "jan jän янв січ",
            "feb фев лют",
            "mar mär мар бер",
            "apr апр кві",
            "may mai май мая тра",
            "jun июн чер",
            "jul июл лип",
            "aug авг сер",
            "sep сен вер",
            "oct okt окт жов",
            "nov ноя лис",
            "dec dez дек гру",
        ),
        start=1,
    )
    for stem in stems.split()
}
_CLOCK: Final = (
    r"(?:\D{1,12}?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?:[.,]\d+)?\s*(?P<half>[ap]\.?m\.?)?"
    r"\s*\(?(?P<zone>(?:utc|gmt)?[+-]\d{2}:?\d{2}|(?:utc|gmt)?[+-]\d{1,2}(?!\d)|[a-z]{1,4}\b)?)?"
)
_ISO: Final = re.compile(
    r"\s*(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)" + _CLOCK, re.IGNORECASE
)
_EUROPEAN: Final = re.compile(
    r"\s*(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4}|\d{2})(?!\d)" + _CLOCK, re.IGNORECASE
)
# With slashes the day comes first or second, and only one beyond the twelfth tells which.
_SLASHES: Final = tuple(
    re.compile(rf"\s*{first}/{second}/(?P<year>\d{{4}})(?!\d){_CLOCK}", re.IGNORECASE)
    for first, second in itertools.permutations((r"(?P<day>1[3-9]|2\d|3[01])", r"(?P<month>0?[1-9]|1[0-2])"))
)
_WORDS: Final = re.compile(
    r"(?:[^\W\d]+(?:,|\.?,?\s)\s*)?(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?[\s-]+(?P<name>[^\W\d]{3,})\.?,?"
    r"[\s-]+(?P<year>\d{4}|\d{2}(?=\s+\d{1,2}:))(?!\d)" + _CLOCK,
    re.IGNORECASE,
)
_AMERICAN: Final = re.compile(
    r"(?:[^\W\d]+,\s*)?(?P<name>[^\W\d]{3,})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})(?!\d)" + _CLOCK,
    re.IGNORECASE,
)
_DAY_LEFT_OUT: Final = re.compile(
    r"\d{4}(-\d{2})?|\d{4}-?\d{3}"
)  # whole years, months and days of the year are dates too
_YEAR_THEN_WORD: Final = re.compile(  # feedparser would fill in today's month
    r"\d{4}(?:[^\d\w]*[^\W\d_]{3}|-?W\d)"
)
_NUMBERS: Final = re.compile(r"(?<!\d)\d{4}(?!\d)|\d{1,2}")
_SECONDS: Final = re.compile(r"\s*(\d{10})(\d{3})?(?:\.\d+)?\s*")
_HOURS: Final = {  # zones east of Greenwich by their names
    "z utc gmt ut wet": 0,
    "bst west cet mez": 1,
    "cest mesz eet": 2,
    "eest msk": 3,
    "jst kst": 9,
    "aest": 10,
    "aedt": 11,
    "edt": -4,
    "est cdt": -5,
    "cst mdt": -6,
    "mst pdt": -7,
    "pst": -8,
}
_ZONES: Final = {name: hours * 60 for names, hours in _HOURS.items() for name in names.split()}
_FARTHEST: Final = 14 * 60  # minutes from Greenwich
_ZONE_OF_OURS: Final = re.compile(  # that feedparser takes for Greenwich
    r":\d\d\s*\(?(?:bst|west|ces?t|ees?t|mes?z|msk|[jk]st|ae[sd]t|(?:gmt|utc)[+-]\d)\b", re.IGNORECASE
)


def read_date(text: str, parsed: object, now: datetime) -> datetime | None:
    """The moment a feed's date means, aware UTC. `parsed` is feedparser's reading of the same text, or None.

    A date without a zone counts as UTC. Up to AHEAD in the future it is `now`; further, or with a year before
    OLDEST, there is none.
    """
    text = text.strip()[:100]
    if not text:
        return None
    own = own_reading(text)
    found = (own if _ZONE_OF_OURS.search(text) else None) or _believed(text, parsed) or own
    if found is None or found.year < OLDEST or found > now + AHEAD:
        return None
    return min(found, now)


def _believed(text: str, parsed: object) -> datetime | None:
    """feedparser's nine numbers, if the text itself names the year and the day they stand for."""
    if not isinstance(parsed, tuple) or len(parsed) < 6 or _YEAR_THEN_WORD.match(text):
        return None
    try:
        found = datetime.fromtimestamp(calendar.timegm((*parsed[:6], 0, 0, 0)), UTC)
        near = [found + timedelta(days=shift) for shift in (-1, 0, 1)]  # the zone may have moved it over midnight
    except (ValueError, TypeError, OverflowError):
        return None
    if _DAY_LEFT_OUT.fullmatch(text):
        return found
    numbers = {int(group) for group in _NUMBERS.findall(text)}
    year_named = any(day.year in numbers or day.year % 100 in numbers for day in near)
    return found if year_named and any(day.day in numbers for day in near) else None


def own_reading(text: str) -> datetime | None:
    """The forms feedparser does not know: other orders, month names of four languages, seconds since 1970."""
    seconds = _SECONDS.fullmatch(text)
    if seconds:
        return datetime.fromtimestamp(int(seconds[1]), UTC)
    for form in (_ISO, _EUROPEAN, *_SLASHES, _WORDS, _AMERICAN):
        found = form.match(text)
        moment = _moment(found.groupdict()) if found else None
        if moment:
            return moment
    return None


def _moment(parts: dict[str, str | None]) -> datetime | None:
    month = parts.get("month") or _MONTHS.get((parts.get("name") or "").lower()[:3])
    hour = int(parts["hour"] or 0)
    if parts["half"]:
        hour = hour % 12 + (12 if parts["half"].lower().startswith("p") else 0)
    try:
        local = datetime(
            _year(parts["year"] or ""),
            int(month or 0),
            int(parts["day"] or 0),
            hour,
            int(parts["minute"] or 0),
            min(int(parts["second"] or 0), 59),
            tzinfo=UTC,
        )
        return local - timedelta(minutes=_zone_minutes(parts["zone"]))
    except (ValueError, OverflowError):
        return None


def _year(digits: str) -> int:
    return int(digits) if len(digits) > 2 else 2000 + int(digits)


def _zone_minutes(zone: str | None) -> int:
    """A name that is none of ours counts as Greenwich; a number that is no zone raises ValueError."""
    zone = (zone or "").lower().removeprefix("gmt").removeprefix("utc")
    if not zone or zone.isalpha():
        return _ZONES.get(zone, 0)
    digits = zone[1:].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    if hours * 60 + minutes > _FARTHEST:
        raise ValueError(zone)
    return (hours * 60 + minutes) * (-1 if zone[0] == "-" else 1)
