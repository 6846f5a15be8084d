"""What a list adds, in one transaction."""

import time
from pathlib import Path

import pytest

from db.admins import audit_log
from db.sources import source_urls, sources
from jobs.imports import import_sources, outlines_of, rows_of, source_of
from jobs.opml import Outline, read_list, write_opml
from tests.desk import NOW, a_database

LANTERN = Outline("https://lantern.example/feed", "The Lantern", "World", "https://lantern.example/", "en")
POST = Outline("https://post.example/feed")


def test_an_outline_without_title_or_folder_is_named_by_its_address_and_put_in_the_section_asked_for() -> None:
    lantern, post = (source_of(one, NOW, "Home") for one in (LANTERN, POST))
    assert (lantern.section, lantern.publisher, lantern.language) == ("World", "lantern.example", "en")
    assert (post.title, post.section, post.publisher) == ("https://post.example/feed", "Home", "post.example")


def test_what_is_there_is_left_as_it_is_and_the_log_says_how_many_came(tmp_path: Path) -> None:
    database = a_database(tmp_path)
    assert database.write_now(import_sources, rows_of([LANTERN], NOW), "first.opml", 7, NOW) == 1
    again = rows_of([Outline(LANTERN.url, "Another name"), POST], NOW)
    assert database.write_now(import_sources, again, "second.opml", 7, NOW) == 1
    assert database.write_now(import_sources, again, "third.opml", 7, NOW) == 0
    assert [source.title for source in database.read_now(sources)] == ["https://post.example/feed", "The Lantern"]
    acts = [(row.user_id, row.act, row.subject, row.detail) for row in database.read_now(audit_log, 9)]
    assert acts == [(7, "source.import", "second.opml", "1 added"), (7, "source.import", "first.opml", "1 added")]


def test_what_is_exported_is_imported_the_same(tmp_path: Path) -> None:
    database = a_database(tmp_path)
    database.write_now(import_sources, rows_of([LANTERN, POST], NOW), "a list", 7, NOW)
    written = database.read_now(outlines_of)
    assert read_list(write_opml(written)).fresh == written


@pytest.mark.parametrize("size", [2_000, pytest.param(100_000, marks=pytest.mark.long)])
def test_a_long_list_is_stored_at_once(tmp_path: Path, size: int) -> None:
    database = a_database(tmp_path)
    outlines = [Outline(f"https://h{n}.example/feed", f"Paper {n}", "World") for n in range(size)]
    started = time.process_time()
    assert database.write_now(import_sources, rows_of(outlines, NOW), "long.opml", 7, NOW) == size
    assert time.process_time() - started < size / 500
    assert len(database.read_now(source_urls)) == size
