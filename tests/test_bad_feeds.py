"""Feeds as they are found: escaped too little or too often, labelled wrongly, with captions and guesses in the way."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from jobs.feed import Feed
from jobs.identity import keys, raw
from jobs.mend import mended
from jobs.parse import parse

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TITLE = "Портовики Остмера бастуют второй день"
LINK = "<link>https://harbour.example/1</link>"
MEDIA = "xmlns:media='http://search.yahoo.com/mrss/'"
CAPTION = "<media:content><media:description>Cranes over the north pier at dusk</media:description></media:content>"


def read(body: str | bytes, known: dict[str, str] | None = None, **given: Any) -> Feed:
    raw = body if isinstance(body, bytes) else body.encode()
    return parse(raw, url="https://harbour.example/news/feed.xml", known=known or {}, now=NOW, **given)


def rss(item: str, *, prolog: str = "", namespaces: str = "") -> str:
    return f"{prolog}<rss version='2.0' {namespaces}><channel><title>Harbour Post</title>{item}</channel></rss>"


def entry(title: str = "Pier shut", more: str = "") -> str:
    return f"<item><title>{title}</title>{LINK}{more}</item>"


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("R&D at AT&T", "R&D at AT&T"),
        ("A&nbsp;B &laquo;C&raquo;", "A B «C»"),
        ("<![CDATA[R&D at AT&T]]> & more", "R&D at AT&T & more"),
        ("Fares &lt; 5 crowns & rising", "Fares < 5 crowns & rising"),
        ("Pier\x0b shut\x00 now\x1b", "Pier shut now"),
        ("Fish &amp;amp; chips", "Fish & chips"),
        ("Fish &amp;amp;amp; chips", "Fish & chips"),
        ("The mayor&#146;s &#147;no&#148;", "The mayor’s “no”"),
    ],
)
def test_a_title_escaped_too_little_or_too_often_is_read_as_it_was_meant(written: str, title: str) -> None:
    assert [one.title for one in read(rss(entry(written))).entries] == [title]


def test_names_of_characters_are_read_where_a_doctype_promises_them() -> None:
    doctype = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://netscape.example/rss.dtd">'
    assert read(rss(entry("Caf&eacute; shut &mdash; again"), prolog=doctype)).entries[0].title == "Café shut — again"


def test_a_text_escaped_twice_is_no_markup_to_its_reader() -> None:
    twice = "&amp;lt;p&amp;gt;One.&amp;lt;/p&amp;gt;&amp;lt;p&amp;gt;Two.&amp;lt;/p&amp;gt;"
    assert read(rss(entry(more=f"<description>{twice}</description>"))).entries[0].text == "One.\nTwo."
    told = "Write &amp;lt;p&amp;gt; for a paragraph."
    assert read(rss(entry(more=f"<description>{told}</description>"))).entries[0].text == "Write <p> for a paragraph."


def test_prefixes_that_everybody_uses_need_no_declaration() -> None:
    more = f"{CAPTION}<content:encoded><![CDATA[<p>All of it.</p>]]></content:encoded>"
    (one,) = read(rss(entry(more=more))).entries
    assert (one.title, one.text) == ("Pier shut", "All of it.")


@pytest.mark.parametrize("more", ["{c}<description>Short.</description>", "<description>Short.</description>{c}"])
def test_a_caption_is_not_the_text(more: str) -> None:
    grouped = f"<media:group><media:title>Cranes</media:title>{CAPTION}</media:group>"
    for caption in (CAPTION, grouped):
        (one,) = read(rss(entry(more=more.format(c=caption)), namespaces=MEDIA)).entries
        assert (one.title, one.text) == ("Pier shut", "Short.")


def test_a_caption_is_better_than_nothing() -> None:
    (one,) = read(rss(entry(more=CAPTION), namespaces=MEDIA)).entries
    assert one.text == "Cranes over the north pier at dusk"


@pytest.mark.parametrize("encoding", ["windows-1251", "iso-8859-1", "us-ascii", "koi8-r"])
def test_utf_8_is_not_taken_for_the_one_byte_encoding_it_is_labelled_with(encoding: str) -> None:
    declared = rss(entry(TITLE), prolog=f"<?xml version='1.0' encoding='{encoding}'?>")
    assert read(declared).entries[0].title == TITLE
    assert read(declared, charset="utf-8", content_type="text/xml").entries[0].title == TITLE
    assert read(rss(entry(TITLE)), charset=encoding, content_type="text/xml").entries[0].title == TITLE


def test_a_few_bytes_of_another_encoding_do_no_harm_to_the_rest() -> None:
    body = rss(entry(f"{TITLE} @ok@")).encode().replace(b"@ok@", b"\x93ok\x94")
    assert read(body).entries[0].title == f"{TITLE} “ok”"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "windows-1251"])
def test_json_is_read_in_the_encoding_it_is_in(encoding: str) -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Порт", "items": [{"id": "1", "title": TITLE}]}
    body = json.dumps(feed, ensure_ascii=False).encode(encoding)
    assert read(body, charset=encoding).entries[0].title == TITLE


def test_json_may_hold_line_ends_in_its_texts() -> None:
    body = '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "content_text": "One.\n\nTwo."}]}'
    assert read(body).entries[0].text == "One.\nTwo."


def test_a_guid_that_is_no_address_leads_nowhere() -> None:
    """`isPermaLink` is true where it is not given, and podcasts do not give it."""
    file = "<enclosure url='https://cast.example/9.mp3' type='audio/mpeg' length='1'/>"
    (one,) = read(rss(f"<item><title>Episode 9</title><guid>c0ffee-9</guid>{file}</item>")).entries
    assert one.url == "https://cast.example/9.mp3"


ENCLOSED = "<item><title>Episode 9</title><enclosure url='https://cast.example/9.mp3' type='audio/mpeg'/></item>"
RELATIVE = "<item><title>Tide table</title><guid>tides/12345</guid></item>"


@pytest.mark.parametrize("body", [rss(ENCLOSED), rss(RELATIVE), rss(RELATIVE + RELATIVE), rss(entry("R&D & more"))])
def test_what_is_stored_does_not_come_again(body: str) -> None:
    first = read(body)
    known = {one.key: one.raw_hash for one in first.entries}
    again = read(body, known)
    assert first.entries
    assert again.entries == ()
    assert again.listed == first.listed


def test_a_guid_that_is_resolved_later_is_known_by_the_words_of_its_item() -> None:
    """So nothing of a feed of podcasts is read again, long as it may be."""
    item = raw("tides/12345", "", "Tide table", "", b"<item>Tide table</item>")
    assert keys([item], {"https://harbour.example/tides/12345": item.raw_hash}) == [
        "https://harbour.example/tides/12345"
    ]


@given(st.text(alphabet="&;amplnbsqu \x0b<![CDAT>", max_size=60))
def test_no_ampersand_is_left_bare(text: str) -> None:
    body = f"<rss>{text.replace('<', '').replace(']]>', '')}</rss>".encode()
    etree.fromstring(mended(body) or body)


@given(st.text(alphabet="&;<![CDATA[]>", max_size=60))
def test_nothing_but_cdata_keeps_an_ampersand(text: str) -> None:
    cdata = f"<rss><![CDATA[{text.replace(']]>', '')}]]></rss>".encode()
    assert mended(cdata) is None
