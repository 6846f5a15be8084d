"""What is stored of sources."""

from datetime import timedelta
from pathlib import Path

from sqlmodel import Session

from db.sources import active_days, count_days, known_entries, newest_of, remember_entries, source_lines
from tests.desk import NOW, a_database, add_article, add_outlet, setting


def test_an_entry_that_two_looks_remember_stays_as_the_first_wrote_it(tmp_path: Path) -> None:
    database = a_database(tmp_path)
    outlet = database.write_now(add_outlet, "The Lantern")
    database.write_now(remember_entries, {(outlet, "a"): "first"}, ())
    database.write_now(remember_entries, {(outlet, "a"): "second", (outlet, "b"): "b"}, ())
    assert database.read_now(known_entries, outlet) == {"a": "first", "b": "b"}
    database.write_now(remember_entries, {(outlet, "a"): "edited"}, [(outlet, "a")])
    assert database.read_now(known_entries, outlet)["a"] == "edited"


def test_lines_come_by_section_then_title(tmp_path: Path) -> None:
    database = a_database(tmp_path)
    for title in ("Post", "Lantern", "Mail"):
        database.write_now(add_outlet, title)
    database.write_now(setting(1, section="World", failures=2))
    lines = database.read_now(source_lines)
    assert [(line.section, line.title, line.failures) for line in lines] == [
        ("", "Lantern", 0),
        ("", "Mail", 0),
        ("World", "Post", 2),
    ]


def test_days_with_articles_are_counted_by_source_and_quiet_ones_left_out(tmp_path: Path) -> None:
    database = a_database(tmp_path)

    def lived(session: Session) -> None:
        for title in ("Post", "Lantern"):
            add_outlet(session, title)
        count_days(session, [(1, False, 3), (2, False, 0)], NOW)
        count_days(session, [(1, False, 2)], NOW)
        count_days(session, [(1, True, 0)], NOW - timedelta(days=1))
        count_days(session, [(1, False, 1)], NOW - timedelta(days=40))

    database.write_now(lived)
    assert database.read_now(active_days, NOW - timedelta(days=28)) == {1: [NOW.date()]}


def test_newest_articles_come_first(tmp_path: Path) -> None:
    database = a_database(tmp_path)
    outlet = database.write_now(add_outlet, "The Lantern")
    for hours in (3, 1, 2):
        database.write_now(add_article, outlet, f"{hours} hours ago", NOW - timedelta(hours=hours))
    assert [title for title, _, _ in database.read_now(newest_of, outlet, 2)] == ["1 hours ago", "2 hours ago"]
