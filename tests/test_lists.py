"""The lists of sources that an admin is offered at first."""

from collections import Counter

from jobs.addresses import feed_identity
from jobs.health import family
from jobs.lists import default_lists


def test_every_line_of_every_list_can_be_added() -> None:
    lists = default_lists()
    assert len(lists) >= 5
    for name, reading in lists.items():
        assert reading.title, name
        assert reading.lost == 0, name
        assert reading.counts() == {"new": len(reading.lines)}, [
            str(line) for line in reading.lines if line.verdict != "new"
        ]


def test_four_languages_have_their_sources_by_section_from_many_publishers() -> None:
    feeds = [outline for reading in default_lists().values() for outline in reading.fresh]
    languages = Counter(outline.language for outline in feeds)
    assert len(feeds) >= 40
    assert set(languages) == {"en", "uk", "ru", "de"}
    assert min(languages.values()) >= 10
    assert all(outline.section and outline.title and outline.site_url for outline in feeds)
    assert len({family(outline.url) for outline in feeds}) >= 40


def test_no_feed_stands_in_two_lists_and_all_are_asked_for_safely() -> None:
    feeds = [outline for reading in default_lists().values() for outline in reading.fresh]
    assert len({feed_identity(outline.url) for outline in feeds}) == len(feeds)
    assert all(outline.url.startswith("https://") for outline in feeds)


def test_name_of_a_list_ends_in_its_language() -> None:
    for name, reading in default_lists().items():
        assert {outline.language for outline in reading.fresh} == {name.rpartition("-")[2]}
