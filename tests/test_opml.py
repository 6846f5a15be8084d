"""Lists of sources: what is read of broken ones, what is said of each line, and that what is written is read again."""

import contextlib
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jobs.errors import BadOpml
from jobs.opml import BYTES_AT_MOST, Outline, read_list, write_opml


def opml(body: str, head: str = "") -> bytes:
    text = f'<opml version="2.0"><head>{head}</head><body>{body}</body></opml>'
    return f'<?xml version="1.0" encoding="UTF-8"?>{text}'.encode()


def test_folders_become_sections_and_nested_ones_a_path() -> None:
    reading = read_list(
        opml(
            '<outline text="World"><outline text="Europe">'
            '<outline type="rss" text="One" xmlUrl="https://one.example/feed" htmlUrl="https://one.example/"'
            ' language="uk-UA"/>'
            '</outline><outline text="Two" xmlUrl="https://two.example/feed"/></outline>'
            '<outline title="Three" text="3" xmlUrl="https://three.example/feed"/>',
            "<title>My list</title>",
        )
    )
    assert reading.title == "My list"
    assert reading.fresh == [
        Outline("https://one.example/feed", "One", "World / Europe", "https://one.example/", "uk"),
        Outline("https://two.example/feed", "Two", "World"),
        Outline("https://three.example/feed", "Three"),
    ]


def test_bare_ampersand_does_not_change_an_address_or_a_folder() -> None:
    reading = read_list(
        opml(
            '<outline text="Q & A"><outline text="A&eacute;" xmlUrl="https://a.example/f?x=1&copy=2&section=3&amp;y=4"/></outline>'
        )
    )
    assert [(line.url, line.title, line.section) for line in reading.fresh] == [
        ("https://a.example/f?x=1&copy=2&section=3&y=4", "Aé", "Q & A")
    ]
    assert reading.lost == 0


def test_attribute_names_are_read_in_any_case_and_closing_tags_may_be_missing() -> None:
    reading = read_list(
        b'<OPML><body><outline TEXT="A" XMLURL="https://a.example/f"><outline text="B" xmlurl="https://b.example/f">'
    )
    assert [outline.url for outline in reading.fresh] == ["https://a.example/f", "https://b.example/f"]


def test_every_line_says_what_becomes_of_it() -> None:
    reading = read_list(
        opml(
            '<outline text="new" xmlUrl="https://new.example/feed"/><outline text="known" xmlUrl="http://known.example/feed/"/>'
            '<outline text="again" xmlUrl="https://NEW.example/feed"/><outline text="inward" xmlUrl="http://169.254.169.254/"/>'
            '<outline text="script" xmlUrl="javascript:alert(1)"/><outline text="only words"/>'
        ),
        known=["https://known.example/feed"],
    )
    assert [str(line) for line in reading.lines] == [
        "1. https://new.example/feed is new",
        "2. http://known.example/feed/ is a source already",
        "3. https://NEW.example/feed stands in the list already, at 1",
        "4. http://169.254.169.254/ is on an address that is not public",
        "5. javascript:alert(1) is not an http or https address",
        "6. only words has no address",
    ]
    assert reading.counts() == {"new": 1, "there": 1, "twice": 1, "private": 1, "refused": 2}


def test_outlines_that_cannot_be_read_at_all_are_counted() -> None:
    deep = '<outline text="deeper">' * 400 + '<outline text="A" xmlUrl="https://a.example/f"/>' + "</outline>" * 400
    reading = read_list(opml(f'<outline text="B" xmlUrl="https://b.example/f"/>{deep}'))
    assert [outline.url for outline in reading.fresh] == ["https://b.example/f"]
    assert reading.lost > 100


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"just some words", "has no address in it"),
        (b"<html><body>hello</body></html>", "is not an OPML file"),
        (b"<rss version='2.0'><channel/></rss>", "is a feed itself: add it as a source"),
        (b"<opml>" + b" " * BYTES_AT_MOST, "is larger than 30 MiB"),
        (b"<opml><body>" + b"<outline/>" * 200_001, "has more than 200,000 outlines"),
    ],
    ids=lambda value: str(value[:20]),
)
def test_what_is_no_list_is_named(body: bytes, said: str) -> None:
    with pytest.raises(BadOpml, match=f"^subscriptions.opml {said}"):
        read_list(body, name="subscriptions.opml")


BOMB = '<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1 if n > 1 else str()};" * 10}">' for n in range(1, 10)
) + ']><opml><body><outline text="&a9;" xmlUrl="https://a.example/"/></body></opml>'  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-32"])
def test_entity_bombs_are_not_read_in_any_encoding(encoding: str) -> None:
    with pytest.raises(BadOpml, match="declares entities"):
        read_list(BOMB.encode(encoding))


def test_outside_entities_are_never_fetched() -> None:
    with pytest.raises(BadOpml, match="declares entities"):
        read_list(b'<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/hostname">]><opml><body>&x;</body></opml>')
    reading = read_list(
        b'<!DOCTYPE opml SYSTEM "http://127.0.0.1:9/x.dtd"><opml><body><outline text="&x;"/></body></opml>'
    )
    assert [line.outline.title for line in reading.lines] == ["&x;"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1251", "koi8-r"])
def test_encodings_are_read_as_declared(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><opml><body><outline text="Новини" xmlUrl="https://a.example/"/></body></opml>'
    assert read_list(text.encode(encoding)).fresh[0].title == "Новини"


def test_plain_list_is_read_line_by_line() -> None:
    lines = [
        "# Світ",
        "https://a.example/feed, Перша",
        "Друга — feed://b.example/rss",
        "",
        "c.example/feed.xml",
        "# Тех",
        "feed:https://d.example/",
        "not this",
    ]
    reading = read_list("\n".join(lines).encode())
    assert reading.fresh == [
        Outline("https://a.example/feed", "Перша", "Світ"),
        Outline("http://b.example/rss", "Друга", "Світ"),
        Outline("https://c.example/feed.xml", "c.example", "Світ"),
        Outline("https://d.example/", "d.example", "Тех"),
    ]
    assert str(reading.lines[-1]) == "8. not this has no address"


@pytest.mark.parametrize("size", [5_000, pytest.param(100_000, marks=pytest.mark.long)])
def test_a_hundred_thousand_outlines_are_read_and_written_in_seconds(size: int) -> None:
    half = size // 2
    feeds = "".join(f'<outline text="n{n}" xmlUrl="https://h{n % half}.example/f?a=1&b=2"/>' for n in range(size))
    started = time.process_time()
    reading = read_list(opml(feeds))
    assert reading.counts() == {"new": half, "twice": half}
    assert len(read_list(write_opml(reading.fresh)).fresh) == half
    assert time.process_time() - started < size / 1_000


@pytest.mark.parametrize(
    "piece", ["<!--", "&", "&#x", "<opml ", "<!DOCTYPE ", "<?xml ", "<outline text='", '"', "&a;", "<a", "https://"]
)
def test_cost_does_not_grow_with_the_square_of_the_length(piece: str) -> None:
    body = ("<opml><body>" + piece * (1_000_000 // len(piece))).encode()
    started = time.process_time()
    read_list(body)
    assert time.process_time() - started < 15


@given(st.binary(max_size=400))
@example(b"<opml>\xff\xfe<outline")
@example(b"\xff\xfe<\x00o\x00")
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    for given_body in (body, b"<opml><body>" + body, b"<opml><body><outline text='" + body + b"'/>"):
        with contextlib.suppress(BadOpml):
            reading = read_list(given_body)
            assert len(reading.fresh) <= len(reading.lines)


words = st.text(min_size=1, max_size=30).map(lambda text: " ".join(text.replace("/", " ").split())).filter(bool)
outlines = st.builds(
    Outline,
    url=st.integers(0, 10_000).map(lambda n: f"https://h{n}.example/feed?a={n}&b=<>'\""),
    title=words,
    section=st.lists(st.from_regex(r"[A-Za-zА-я&<>'\"]{1,9}", fullmatch=True), max_size=3).map(" / ".join),
    site_url=st.sampled_from(["", "https://h.example/?a=1&b=2"]),
    language=st.sampled_from([None, "en", "uk"]),
)


@given(st.lists(outlines, unique_by=lambda outline: outline.url, max_size=8))
def test_what_is_written_is_read_again(written: list[Outline]) -> None:
    reading = read_list(write_opml(written, "A & B"))
    assert reading.title == "A & B"
    assert {o.url: (o.section, o.site_url, o.language) for o in reading.fresh} == {
        o.url: (o.section, o.site_url, o.language) for o in written
    }
    assert reading.lost == 0
