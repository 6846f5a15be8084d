import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs import errors
from jobs.feed import Feed
from jobs.parse import parse

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://harbour.example/feed.xml"


def read(body: str | bytes, known: dict[str, str] | None = None, **given: Any) -> Feed:
    raw = body if isinstance(body, bytes) else body.encode()
    return parse(raw, url=URL, known=known or {}, now=NOW, **given)


def rss(*items: str, head: str = "<title>Harbour Post</title><language>en-GB</language><ttl>600</ttl>") -> str:
    return f"<rss version='2.0'><channel>{head}{''.join(items)}</channel></rss>"


def item(guid: str = "", link: str = "", title: str = "Ferry fares rise", more: str = "") -> str:
    parts = (f"<guid isPermaLink='false'>{guid}</guid>" if guid else "", f"<link>{link}</link>" if link else "")
    return f"<item>{''.join(parts)}<title>{title}</title>{more}</item>"


def stored(feed: Feed) -> dict[str, str]:
    return {entry.key: entry.raw_hash for entry in feed.entries}


ATOM = """<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='uk' xml:base='https://pier.example/news/'>
<title type='html'>Причал &amp;amp; порт</title><link href='/'/>
<entry><id>tag:pier.example,2026:1</id><link href='one'/><title>Міст відкрито</title>
<updated>2026-11-23T10:00:00+02:00</updated><summary>Коротко.</summary>
<content type='html'>&lt;p&gt;Перший абзац.&lt;/p&gt;&lt;p&gt;Другий абзац.&lt;/p&gt;</content></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'
 xmlns:dc='http://purl.org/dc/elements/1.1/'><channel rdf:about='https://old.example/'><title>Old Quay</title>
<link>https://old.example/</link></channel><item rdf:about='https://old.example/1'><title>Lamp relit</title>
<link>https://old.example/1</link><dc:date>2026-11-20</dc:date></item></rdf:RDF>"""


def test_rss_gives_entries_and_what_the_feed_says_of_itself() -> None:
    date = "<pubDate>Mon, 23 Nov 2026 10:00:00 +0200</pubDate>"
    text = "<description>&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</description>"
    feed = read(rss(item("g1", "/a?utm_source=rss&amp;id=7", more=date + text)))
    assert (feed.title, feed.language, feed.kind, feed.ttl_minutes) == ("Harbour Post", "en", "rss20", 60)
    (entry,) = feed.entries
    assert (entry.key, entry.url, entry.title) == ("g1", "https://harbour.example/a?id=7", "Ferry fares rise")
    assert entry.published_at == datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert entry.text == "One.\nTwo."


def test_atom_gives_its_base_its_language_and_the_longest_text() -> None:
    feed = read(ATOM)
    (entry,) = feed.entries
    assert (feed.title, feed.language, feed.kind) == ("Причал & порт", "uk", "atom10")
    assert (entry.key, entry.url) == ("tag:pier.example,2026:1", "https://pier.example/news/one")
    assert entry.text == "Перший абзац.\nДругий абзац."


def test_rdf_is_read() -> None:
    feed = read(RDF)
    assert feed.kind == "rss10"
    assert [(entry.key, entry.title) for entry in feed.entries] == [("https://old.example/1", "Lamp relit")]


def test_json_feed_is_read() -> None:
    top = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Quay",
        "language": "de-DE",
        "items": [
            {"id": 7, "url": "/7", "content_html": "<p>Eins</p><p>Zwei</p>", "date_published": "2026-11-20T10:00:00Z"},
            {"id": "8", "external_url": "https://else.example/8", "title": "Acht", "content_text": "Nur <b>Text</b>"},
            {"id": "9", "title": "\ud800Neun", "attachments": [{"url": "https://cast.example/9.mp3"}]},
            "not an item",
        ],
    }
    feed = read(json.dumps(top))
    assert (feed.kind, feed.language, feed.listed) == ("json11", "de", frozenset("789"))
    assert [entry.title for entry in feed.entries] == ["Eins", "Acht", "Neun"]
    assert [entry.text for entry in feed.entries] == ["Eins\nZwei", "Nur <b>Text</b>", ""]
    assert [entry.url for entry in feed.entries] == [
        "https://harbour.example/7",
        "https://else.example/8",
        "https://cast.example/9.mp3",
    ]


def test_a_json_feed_that_is_empty_or_forgot_its_version_is_read() -> None:
    assert read('{"version": "https://jsonfeed.org/version/1", "title": "Quay"}').title == "Quay"
    assert len(read('{"title": "Quay", "items": [{"id": "1", "content_text": "Low water."}]}').entries) == 1


@pytest.mark.parametrize("body", [rss(item("1", "/1"), item("2", "/2")), ATOM, RDF], ids=["rss", "atom", "rdf"])
def test_what_is_stored_is_not_read_again(body: str) -> None:
    first = read(body)
    again = read(body, stored(first))
    assert first.entries
    assert again.entries == ()
    assert again.listed == first.listed == frozenset(stored(first))


def test_new_entries_are_the_same_whether_or_not_others_were_dropped() -> None:
    items = [item(str(n), f"/{n}", f"Tide {n}", f"<description>Low at {n}.</description>") for n in range(30)]
    whole = read(rss(*items))
    known = {key: raw_hash for key, raw_hash in stored(whole).items() if key not in {"3", "17"}}
    assert read(rss(*items), known).entries == (whole.entries[3], whole.entries[17])


def test_an_edit_comes_again_under_the_same_key() -> None:
    known = stored(read(rss(item("1", "/1", "Fares rise"))))
    (edited,) = read(rss(item("1", "/1", "Fares to rise")), known).entries
    assert (edited.key, edited.title) == ("1", "Fares to rise")


def test_guids_that_change_at_each_poll_keep_their_first_key() -> None:
    known = stored(read(rss(item("a1", "/1", "One"), item("a2", "/2", "Two"))))
    again = read(rss(item("b1", "/1", "One"), item("b2", "/2", "Two, edited"), item("b3", "/3", "Three")), known)
    assert [entry.key for entry in again.entries] == ["a1", "a2", "b3"]
    assert again.listed == {"a1", "a2", "b3"}


def test_one_guid_for_all_entries_is_not_believed() -> None:
    feed = read(rss(*(item("same", f"/{n}", f"Tide {n}") for n in range(3))))
    assert [entry.key for entry in feed.entries] == [f"/{n}" for n in range(3)] or len(feed.listed) == 3
    assert read(rss(*(item("same", f"/{n}", f"Tide {n}") for n in range(3))), stored(feed)).entries == ()


def test_one_link_for_all_entries_tells_none_apart() -> None:
    items = [item("", "https://harbour.example/", f"Tide {n}") for n in range(3)]
    feed = read(rss(*items))
    assert len(feed.listed) == 3
    assert read(rss(*items), stored(feed)).entries == ()


def test_without_guid_and_link_title_and_date_tell_entries_apart() -> None:
    items = [item(title=f"Tide {n}") for n in range(3)]
    feed = read(rss(*items))
    assert len(feed.listed) == 3
    assert read(rss(*items, item(title="Tide 3")), stored(feed)).entries[0].title == "Tide 3"


def test_the_same_article_listed_twice_is_one_entry() -> None:
    assert len(read(rss(item("1", "/1"), item("1", "/1"))).entries) == 1


def test_an_article_that_takes_over_a_front_page_link_is_new() -> None:
    known = stored(read(rss(item("a", "https://harbour.example/", "One"))))
    (entry,) = read(rss(item("b", "https://harbour.example/", "Two")), known).entries
    assert entry.key == "b"


def test_ill_formed_feeds_are_read_and_pruned_too() -> None:
    body = rss(item("1", "/1", "Salt &amp; fog", "<description>A&nbsp;B & C <br> D</description>"))
    first = read(body)
    assert [entry.title for entry in first.entries] == ["Salt & fog"]
    assert "C" in first.entries[0].text
    assert read(body, stored(first)).entries == ()


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ("<?xml version='1.0' encoding='windows-1251'?>" + rss(item("1", "/1", "Мост открыт для машин")), None),
        (rss(item("1", "/1", "Мост открыт для машин")), "windows-1251"),
        ("<?xml version='1.0' encoding='koi8-r'?>" + rss(item("1", "/1", "Мост открыт для машин")), None),
        ("<?xml version='1.0' encoding='utf-16'?>" + rss(item("1", "/1", "Мост открыт для машин")), None),
        ("\ufeff" + rss(item("1", "/1", "Мост открыт для машин")), None),
    ],
    ids=["prolog", "header", "koi8", "utf16", "mark"],
)
def test_declared_encodings_are_read(body: str, charset: str | None) -> None:
    declared = charset or next((name for name in ("windows-1251", "koi8-r", "utf-16") if name in body[:60]), "utf-8")
    feed = read(body.encode(declared), charset=charset)
    assert feed.entries[0].title == "Мост открыт для машин"


def test_an_encoding_that_is_a_lie_is_detected() -> None:
    text = "<?xml version='1.0' encoding='utf-8'?>" + rss(
        *(
            item(str(n), f"/{n}", "Губернатор объявил о ремонте моста через реку и о новых правилах движения")
            for n in range(5)
        )
    )
    assert read(text.encode("windows-1251")).entries[0].title.startswith("Губернатор объявил")
    broken = text.encode().replace("Губ".encode(), "Губ".encode()[:-1], 1)
    assert read(broken).entries[1].title.startswith("Губернатор объявил")


def test_at_most_five_thousand_entries_are_taken_the_newest() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    items = [
        item(
            str(n), f"/{n}", f"Tide {n}", f"<pubDate>{start + timedelta(minutes=n):%a, %d %b %Y %H:%M:%S} GMT</pubDate>"
        )
        for n in range(5200)
    ]
    feed = read(rss(*items))
    assert len(feed.entries) == len(feed.listed) == 5000
    assert {"200", "5199"} <= feed.listed
    assert "199" not in feed.listed


def test_entries_without_title_link_or_text_have_a_sensible_form() -> None:
    text_only = item("1", "/1", "", "<description>Lamp relit after storm. More soon.</description>")
    podcast = item("2", "", "Episode 9", "<enclosure url='https://cast.example/9.mp3' type='audio/mpeg' length='1'/>")
    link_only = item("", "https://else.example/story", "")
    feed = read(rss(text_only, podcast, link_only))
    assert [(entry.title, entry.url) for entry in feed.entries] == [
        ("Lamp relit after storm. More soon.", "https://harbour.example/1"),
        ("Episode 9", "https://cast.example/9.mp3"),
        ("else.example/story", "https://else.example/story"),
    ]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", errors.Empty),
        (b"\xef\xbb\xbf \r\n", errors.Empty),
        (b"<!DOCTYPE html><html><body><p>Welcome</p></body></html>", errors.NotAFeed),
        (b"<?xml version='1.0'?><!-- x --><html xmlns='http://www.w3.org/1999/xhtml'/>", errors.NotAFeed),
        (b"just words", errors.NotAFeed),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 50, errors.NotAFeed),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", errors.NotAFeed),
        (b'{"hello": 1}', errors.NotAFeed),
        (b'{"version": "https://jsonfeed.org/version/1", "items": [', errors.Malformed),
        (b"[" * 100_000, errors.UnsafeMarkup),
        (b'{"items": [' + b"1" * 10_000 + b"]}", errors.Malformed),
        (b"<rss version='2.0'><channel><item", errors.Malformed),
        (b"<!DOCTYPE r [<!ENTITY a 'x'><!ENTITY b '&a;&a;'>]><rss version='2.0'><channel/></rss>", errors.UnsafeMarkup),
        (
            b"<!DOCTYPE r [<!ENTITY a SYSTEM 'file:///etc/hosts'>]><rss version='2.0'><channel/></rss>",
            errors.UnsafeMarkup,
        ),
        (b"<!DOCTYPE r [<!ENTITY % a 'x'>]><rss version='2.0'><channel/></rss>", errors.UnsafeMarkup),
    ],
)
def test_what_gives_no_entries_has_its_kind(body: bytes, error: type[errors.ParseError]) -> None:
    with pytest.raises(error):
        read(body)


def test_a_doctype_without_entities_is_no_harm() -> None:
    body = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/rss.dtd">'
    assert len(read(body + rss(item("1", "/1"))).entries) == 1


def test_a_feed_with_nothing_in_it_is_a_feed() -> None:
    assert read(rss()).entries == ()


@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"<rss><channel><item>", b"<feed><entry><title>", b'{"items":[{', b"<?xml "]),
)
@settings(max_examples=150, deadline=None)
def test_no_bytes_raise_anything_but_a_parse_error(tail: bytes, head: bytes) -> None:
    try:
        feed = read(head + tail)
    except errors.ParseError:
        return
    assert all(entry.key and entry.url.startswith(("http", "")) for entry in feed.entries)
