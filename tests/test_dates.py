from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.dates import read_date

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mon, 23 Nov 2026 10:00:00 +0200", (2026, 11, 23, 8, 0)),
        ("Mon, 23 Nov 2026 10:00:00 EST", (2026, 11, 23, 15, 0)),
        ("2026-11-23T10:00:00Z", (2026, 11, 23, 10, 0)),
        ("2026-11-23T10:00:00.123+02:00", (2026, 11, 23, 8, 0)),
        ("2026-11-23 10:00:00", (2026, 11, 23, 10, 0)),
        ("2026-11-23", (2026, 11, 23, 0, 0)),
        ("20261123", (2026, 11, 23, 0, 0)),
        ("23.11.2026 10:30", (2026, 11, 23, 10, 30)),
        ("23 ноября 2026, 10:30", (2026, 11, 23, 10, 30)),
        ("Пн, 23 ноя 2026 10:30:00 +0300", (2026, 11, 23, 7, 30)),
        ("23 листопада 2026", (2026, 11, 23, 0, 0)),
        ("23. März 2026 10:30", (2026, 3, 23, 10, 30)),
        ("November 23, 2026 10:30 PM", (2026, 11, 23, 22, 30)),
        ("Mon,23 Nov 2026 10:00:00 GMT", (2026, 11, 23, 10, 0)),
        ("Monday, 23-Nov-26 10:00:00 GMT", (2026, 11, 23, 10, 0)),
        ("Mon, 23 Nov 2026 12:00:00 EET", (2026, 11, 23, 10, 0)),
        ("Mon, 23 Nov 2026 13:00:00 MSK", (2026, 11, 23, 10, 0)),
        ("Mon, 23 Nov 2026 11:00:00 CET", (2026, 11, 23, 10, 0)),
        ("Mon, 23 Nov 2026 12:00:00 GMT+2", (2026, 11, 23, 10, 0)),
        ("Mon Nov 23 2026 12:00:00 GMT+0200 (Eastern European Standard Time)", (2026, 11, 23, 10, 0)),
        ("23.11.26 10:30", (2026, 11, 23, 10, 30)),
        ("23/11/2026 10:30", (2026, 11, 23, 10, 30)),
        ("11/23/2026 10:30:00 AM", (2026, 11, 23, 10, 30)),
        ("1795428000", (2026, 11, 23, 10, 0)),
        ("Tue, 24 Nov 2026 18:00:00 GMT", (2026, 11, 24, 12, 0)),
    ],
)
def test_dates_of_many_forms_are_read(text: str, expected: tuple[int, ...]) -> None:
    found = read_date(text, parsed(text), NOW)
    assert found == datetime(*expected, tzinfo=UTC)  # type: ignore[misc, arg-type]


UNREADABLE = """|yesterday|12:30|2026 год|23 ноября|Mon, 23 Nov|--11-23|---23|20|0|1970-01-01T00:00:00Z|{{date}}|NaN
|0001-01-01T00:00:00Z|Fri, 01 Jan 2038 00:00:00 GMT|9999-12-31|2026-13-45|32.13.2026|2026 Novem
|2026-W48-1|Mon, 00 Jan 0000 00:00:00 +0000|0000-00-00 00:00:00|10/11/2026 10:30|23 Nov 2026 10:00:00 +9999
|99999999999999999999"""


@pytest.mark.parametrize(
    "text",
    UNREADABLE.split("|"),
)
def test_dates_that_say_too_little_or_too_much_are_none(text: str) -> None:
    assert read_date(text, parsed(text), NOW) is None


def parsed(text: str) -> object:
    from feedparser.datetimes import _parse_date

    return _parse_date(text)


@given(st.text(alphabet="0123456789-:/. TZ+ноябрNovMar", max_size=30))
def test_no_date_lies_in_the_future(text: str) -> None:
    found = read_date(text, parsed(text), NOW)
    assert found is None or found <= NOW
