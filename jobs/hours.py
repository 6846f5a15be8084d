"""When a subscription is due. Pure: local time exists here and in what people read, nowhere else.

A time that a clock change skips is due as long after the change as it stood after the last minute before it;
one that comes twice is due the first time (PEP 495, fold=0).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """One due time: the instant, and the local date and minute that name it."""

    at: datetime  # aware UTC
    local_date: date
    minute: int  # after local midnight, 0-1439


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo | None:
    """The zone, or None when there is no such one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def local(at: datetime, zone: str) -> datetime:
    """The instant as clocks in the zone show it; UTC where the zone is unknown."""
    return at.astimezone(zone_named(zone) or UTC)


def next_slot(hours: Sequence[int], weekdays: Collection[int], zone: str, after: datetime) -> Slot | None:
    """The first slot later than `after`; None without hours. No weekdays means every day (0 is Monday)."""
    # Eight days hold every weekday; one more on each side covers clocks that differ by a day.
    later = (s for s in _slots(hours, weekdays, zone, after, days=9) if s.at > after)
    return min(later, default=None)


def last_slot(hours: Sequence[int], weekdays: Collection[int], zone: str, until: datetime) -> Slot | None:
    """The latest slot at or before `until`, within the last eight days."""
    start = until - timedelta(days=8)
    passed = (s for s in _slots(hours, weekdays, zone, start, days=10) if s.at <= until)
    return max(passed, default=None)


def _slots(hours: Sequence[int], weekdays: Collection[int], zone: str, start: datetime, days: int) -> Iterator[Slot]:
    first = local(start, zone).date()
    for offset in range(-1, days):
        day = first + timedelta(days=offset)
        if weekdays and day.weekday() not in weekdays:
            continue
        for minute in hours:
            yield Slot(_instant(day, minute, zone), day, minute)


def _instant(day: date, minute: int, zone: str) -> datetime:
    wall = datetime.combine(day, time(minute // 60, minute % 60), zone_named(zone) or UTC)
    return wall.astimezone(UTC)


def is_quiet(at: datetime, zone: str, quiet_from: int | None, quiet_to: int | None) -> bool:
    """Whether the quiet hours, which may run across midnight, cover the instant."""
    if quiet_from is None or quiet_to is None or quiet_from == quiet_to:
        return False
    wall = local(at, zone)
    minute = wall.hour * 60 + wall.minute
    if quiet_from < quiet_to:
        return quiet_from <= minute < quiet_to
    return minute >= quiet_from or minute < quiet_to


def after_quiet(at: datetime, zone: str, quiet_from: int | None, quiet_to: int | None) -> datetime:
    """The instant itself, or when the quiet hours that cover it end."""
    if quiet_to is None or not is_quiet(at, zone, quiet_from, quiet_to):
        return at
    slot = next_slot([quiet_to], [], zone, at)
    return slot.at if slot else at
