"""When a subscription is due, in every zone and across clock changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.hours import after_quiet, is_quiet, last_slot, next_slot, zone_named

MORNING = [8 * 60]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def changes(zone: str, start: date, days: int) -> list[date]:
    """Days on which the zone's offset changes."""
    info = ZoneInfo(zone)
    offsets = [datetime(d.year, d.month, d.day, tzinfo=info).utcoffset() for d in _days(start, days + 1)]
    return [d for d, a, b in zip(_days(start, days), offsets, offsets[1:], strict=False) if a != b]


def _days(start: date, days: int) -> list[date]:
    return [start + timedelta(days=i) for i in range(days)]


def due_between(minute: int, zone: str, start: datetime, end: datetime) -> list[tuple[date, int]]:
    found = []
    slot = next_slot([minute], [], zone, start)
    while slot and slot.at <= end:
        found.append((slot.local_date, slot.minute))
        slot = next_slot([minute], [], zone, slot.at)
    return found


def test_eight_in_kyiv_is_six_utc_in_winter_and_five_in_summer() -> None:
    winter = next_slot(MORNING, [], "Europe/Kyiv", at("2026-11-24T07:00"))
    summer = next_slot(MORNING, [], "Europe/Kyiv", at("2026-07-01T00:00"))
    assert winter is not None
    assert summer is not None
    assert (winter.at, summer.at) == (at("2026-11-25T06:00"), at("2026-07-01T05:00"))


def test_weekdays_are_those_of_the_reader() -> None:
    slot = next_slot([30], [0], "Pacific/Kiritimati", at("2026-11-22T00:00"))
    assert slot is not None
    assert (slot.at, slot.local_date.weekday()) == (at("2026-11-22T10:30"), 0)


def test_without_hours_nothing_is_due() -> None:
    assert next_slot([], [], "UTC", at("2026-11-24T07:00")) is None


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "Pacific/Kiritimati", "Etc/GMT+12", "Australia/Lord_Howe"])
def test_odd_offsets_are_due_every_day(zone: str) -> None:
    start = at("2026-11-24T00:00")
    assert len(due_between(0, zone, start, start + timedelta(days=30))) == 30


def test_each_quarter_hour_of_a_night_with_a_clock_change_is_due_exactly_once() -> None:
    zones = sorted(available_timezones())
    assert len(zones) > 400
    nights: dict[tuple[timedelta | None, date], str] = {}
    for zone in zones:
        for day in changes(zone, date(2026, 11, 24), 740):
            nights.setdefault((ZoneInfo(zone).utcoffset(datetime(day.year, day.month, day.day)), day), zone)
    assert len(nights) > 20
    for (_, day), zone in nights.items():
        start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC) - timedelta(minutes=1)
        for minute in range(0, 6 * 60, 15):
            dues = due_between(minute, zone, start, start + timedelta(hours=23))
            assert dues.count((day, minute)) == 1, (zone, day, minute)


@given(
    st.sampled_from(sorted(available_timezones())),
    st.integers(0, 1439),
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)),
)
def test_the_last_slot_before_the_next_one_is_never_later(zone: str, minute: int, moment: datetime) -> None:
    now = moment.replace(tzinfo=UTC)
    later, earlier = next_slot([minute], [], zone, now), last_slot([minute], [], zone, now)
    assert later is not None
    assert earlier is not None
    assert earlier.at <= now < later.at


def test_an_unknown_zone_is_none_and_never_an_error() -> None:
    assert [zone_named(z) for z in ("Mars/Base", "../etc/passwd", "", "a" * 5000)] == [None] * 4


def test_quiet_hours_may_run_across_midnight() -> None:
    night = {hour: is_quiet(at(f"2026-11-24T{hour:02}:00"), "UTC", 22 * 60, 7 * 60) for hour in (6, 7, 21, 22, 23)}
    assert night == {6: True, 7: False, 21: False, 22: True, 23: True}
    assert not is_quiet(at("2026-11-24T03:00"), "UTC", None, None)


def test_quiet_hours_that_cover_the_instant_end_on_the_next_morning() -> None:
    night = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
    assert after_quiet(night, "UTC", 22 * 60, 7 * 60) == datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
    assert after_quiet(night, "UTC", 23 * 60, 7 * 60) == night
    assert after_quiet(night, "UTC", None, None) == night
