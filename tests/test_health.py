"""How a source is, and when an admin hears of it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.health import (
    BARS,
    DAYS,
    LONGEST_PAUSE,
    Signs,
    bars,
    family,
    interval_minutes,
    pause,
    quiet_days,
    state_of,
    told_anew,
)

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def signs(
    state: str = "active",
    failures: int = 0,
    success: timedelta | None = HOUR,
    new: timedelta | None = HOUR,
    habit: float | None = 60.0,
) -> Signs:
    return Signs(state, failures, _before(success), _before(new), habit)


def _before(ago: timedelta | None) -> datetime | None:
    return None if ago is None else NOW - ago


@pytest.mark.parametrize(
    ("given_signs", "state"),
    [
        (signs(), "well"),
        (signs(success=None, new=None, habit=None), "new"),
        (signs(success=None, new=None, habit=None, failures=1), "failing"),
        (signs(failures=2), "well"),
        (signs(failures=3), "failing"),
        (signs(new=timedelta(days=2, hours=1)), "silent"),
        (signs("paused", failures=9), "paused"),
        (signs("ended", failures=9), "ended"),
    ],
)
def test_state_is_told_from_what_is_stored(given_signs: Signs, state: str) -> None:
    assert state_of(given_signs, NOW) == state


def test_a_weekly_is_not_silent_after_a_month_but_an_agency_is_after_two_days() -> None:
    month, week = timedelta(days=30), 7 * 24 * 60.0
    assert state_of(signs(new=month, habit=week), NOW) == "well"
    assert state_of(signs(new=timedelta(days=43), habit=week), NOW) == "silent"
    assert state_of(signs(new=timedelta(days=3), habit=10.0), NOW) == "silent"
    assert state_of(signs(new=timedelta(days=1), habit=10.0), NOW) == "well"


def test_a_newsroom_that_rests_at_weekends_is_not_called_silent_on_sunday() -> None:
    since_friday = timedelta(hours=60)
    assert state_of(signs(new=since_friday), NOW) == "silent"
    rested = Signs("active", 0, NOW, NOW - since_friday, 60.0, quiet_days=2)
    assert state_of(rested, NOW) == "well"
    assert state_of(replace(rested, last_new_at=NOW - timedelta(days=4)), NOW) == "silent"


def test_longest_rest_counts_the_days_between_two_with_articles() -> None:
    today = date(2026, 3, 3)
    days = [today - timedelta(days=back) for back in range(20)]
    assert quiet_days(days, today) == 0
    assert quiet_days(days[:5] + days[10:], today) == 5


def test_a_source_may_rest_for_a_weekend_until_it_has_lived_through_one() -> None:
    today = date(2026, 3, 3)
    assert quiet_days([], today) == quiet_days([today], today) == 2
    assert quiet_days([today - timedelta(days=back) for back in range(8)], today) == 2
    assert quiet_days([today - timedelta(days=back) for back in range(9)], today) == 0


def test_without_a_habit_nobody_is_called_silent() -> None:
    assert state_of(signs(new=timedelta(days=400), habit=None), NOW) == "well"
    assert state_of(signs(new=None), NOW) == "well"


def test_admin_hears_of_trouble_once_and_once_when_it_is_over() -> None:
    told: str | None = None
    heard = []
    for failures in (0, 1, 2, 3, 4, 5, 0, 0, 3):
        state = state_of(signs(failures=failures), NOW)
        if told_anew(state, told):
            heard.append(state)
            told = state
    assert heard == ["failing", "well", "failing"]


def test_admin_does_not_hear_of_what_an_admin_did_or_of_a_good_start() -> None:
    assert not told_anew("well", None)
    assert not told_anew("new", None)
    assert not told_anew("paused", None)
    assert told_anew("ended", None)
    assert not told_anew("ended", "ended")


def test_pauses_grow_to_a_day_and_heal_with_the_first_success() -> None:
    quarter = timedelta(minutes=15)
    pauses = [pause(quarter, failures) for failures in range(12)]
    assert pauses[:4] == [quarter, quarter, 2 * quarter, 4 * quarter]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE
    assert pause(quarter, 0) == quarter


def test_pause_the_server_asked_for_is_kept_but_not_beyond_a_day() -> None:
    assert pause(HOUR, 0, asked=5 * HOUR) == 5 * HOUR
    assert pause(HOUR, 4, asked=2 * HOUR) == 8 * HOUR
    assert pause(HOUR, 1, asked=timedelta(days=30)) == LONGEST_PAUSE


@given(st.timedeltas(timedelta(minutes=1), timedelta(days=1)), st.integers(-5, 10**9), st.timedeltas(timedelta()))
def test_pause_is_always_between_the_usual_one_and_a_day(every: timedelta, failures: int, asked: timedelta) -> None:
    assert every <= pause(every, failures, asked) <= LONGEST_PAUSE


def test_habit_is_the_median_between_articles_and_needs_five_of_them() -> None:
    times = [NOW - timedelta(minutes=minutes) for minutes in (0, 10, 30, 60, 1000)]
    assert interval_minutes(times) == 25
    assert interval_minutes(list(reversed(times))) == 25
    assert interval_minutes(times[:4]) is None
    assert interval_minutes([]) is None


def test_two_weeks_are_a_line_of_bars_with_today_at_its_end() -> None:
    today = date(2026, 3, 3)
    line = bars({today: 8, today - timedelta(days=1): 1, today - timedelta(days=13): 4, date(2026, 1, 1): 99}, today)
    assert line == "▅···········▂█"
    assert bars({}, today) == "·" * DAYS


@given(st.lists(st.integers(0, 10**6), min_size=DAYS, max_size=DAYS))
def test_bars_have_one_mark_a_day_and_the_busiest_day_the_highest(counts: list[int]) -> None:
    today = date(2026, 3, 3)
    line = bars({today - timedelta(days=back): count for back, count in enumerate(reversed(counts))}, today)
    assert len(line) == DAYS
    assert [mark == "·" for mark in line] == [count == 0 for count in counts]
    assert all(line[place] == BARS[-1] for place, count in enumerate(counts) if count and count == max(counts))


@pytest.mark.parametrize(
    ("url", "publisher"),
    [
        ("https://feeds.bbci.co.uk/news/rss.xml", "bbci.co.uk"),
        ("https://rss.news.example.com/a", "example.com"),
        ("https://www.news.com.ua/rss", "news.com.ua"),
        ("news.de", "news.de"),
        ("https://someone.github.io/feed.xml", "someone.github.io"),
        ("https://writer.substack.com/feed", "writer.substack.com"),
        ("https://a.writer.tumblr.com/rss", "a.writer.tumblr.com"),
        ("http://127.0.0.1:8080/outlets/a", "127.0.0.1"),
        ("http://localhost:1/feed", "localhost"),
        ("https://новини.укр/rss", "новини.укр"),
        ("https://[x", ""),
        ("", ""),
    ],
)
def test_publisher_is_the_registrable_domain(url: str, publisher: str) -> None:
    assert family(url) == publisher
