"""From a site's address to its feeds."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jobs.discover import Found, discover, feed_links, usual_places
from jobs.errors import BlockedAddress, ClientError, Network, UnsafeMarkup
from jobs.http import open_http
from jobs.parser_pool import ParserPool
from tests.web import Reply, Web, redirect, reply, serve

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
HTML = {"Content-Type": "text/html"}


def feed(title: str, *items: str) -> bytes:
    listed = "".join(
        f"<item><title>{item}</title><link>http://a.example/{item}</link><guid>{item}</guid>"
        f"<pubDate>Mon, 0{number} Mar 2026 08:00:00 GMT</pubDate></item>"
        for number, item in enumerate(items, 1)
    )
    return reply(
        f"<rss version='2.0'><channel><title>{title}</title><language>en</language>{listed}</channel></rss>".encode()
    )


def page(head: str = "", body: str = "") -> bytes:
    return reply(f"<html><head><title>A</title>{head}</head><body>{body}</body></html>".encode(), headers=HTML)


def declared(href: str, kind: str = "application/rss+xml") -> str:
    return f'<link rel="alternate" type="{kind}" href="{href}">'


async def found_at(answers: Mapping[str, Reply], path: str = "/") -> tuple[list[Found], Web]:
    async with serve(answers) as web, open_http(web.limits()) as http, ParserPool() as parser:
        return await discover(http, parser, web.url(path), NOW), web


async def test_a_feed_is_found_at_its_own_address_with_its_newest_entries_first() -> None:
    found, web = await found_at({"/feed": feed("Mine", "old", "new")}, "/feed")
    assert [(f.url, f.title, f.kind, f.language) for f in found] == [(web.url("/feed"), "Mine", "rss20", "en")]
    assert [entry.title for entry in found[0].newest] == ["new", "old"]


async def test_feeds_that_a_page_declares_are_found_in_its_order_and_comments_come_last() -> None:
    head = (
        declared("/comments/feed") + declared("all.xml") + declared("/sport.xml", "application/atom+xml; charset=utf-8")
    )
    found, _ = await found_at(
        {
            "/news/": page(head),
            "/comments/feed": feed("Comments", "c"),
            "/news/all.xml": feed("All", "a"),
            "/sport.xml": feed("Sport", "s"),
        },
        "/news/",
    )
    assert [f.title for f in found] == ["All", "Sport", "Comments"]


async def test_one_feed_under_two_addresses_is_offered_once() -> None:
    same = feed("All", "a", "b")
    found, web = await found_at({"/": page(declared("/rss") + declared("/feed")), "/rss": same, "/feed": same})
    assert [f.url for f in found] == [web.url("/rss")]


async def test_links_in_the_text_are_followed_when_they_look_like_feeds() -> None:
    body = '<a href="/feed-the-birds">Birds</a><a href="/world/rss.xml">RSS</a><a href="mailto:rss">Mail</a>'
    found, web = await found_at({"/": page(body=body), "/world/rss.xml": feed("World", "w")})
    assert [f.title for f in found] == ["World"]
    assert "/feed-the-birds" not in [seen.path for seen in web.seen]


async def test_usual_places_are_tried_when_a_page_names_no_feed() -> None:
    found, _ = await found_at(
        {"/blog/": page(), "/blog/feed": feed("Blog", "b"), "/atom.xml": feed("Site", "s")}, "/blog/"
    )
    assert [f.title for f in found] == ["Blog", "Site"]


async def test_feed_is_found_although_the_site_closes_its_pages_to_bots() -> None:
    found, _ = await found_at({"/": reply(status="403 Forbidden"), "/feed": feed("Open", "o")})
    assert [f.title for f in found] == ["Open"]


async def test_dead_and_broken_links_do_not_hide_the_feed_that_works() -> None:
    head = "".join(
        map(declared, ("/gone", "http://[broken", "http://127.0.0.1:1/inward", "javascript:alert(1)", "/page", "/ok"))
    )
    found, _ = await found_at({"/": page(head), "/page": page(), "/ok": feed("Works", "w")})
    assert [f.title for f in found] == ["Works"]


async def test_permanent_move_gives_the_new_address_and_a_temporary_one_the_old() -> None:
    answers = {"/old": redirect("/new", "301 Moved Permanently"), "/now": redirect("/new"), "/new": feed("New", "n")}
    assert [f.url[-4:] for f in (await found_at(answers, "/old"))[0]] == ["/new"]
    assert [f.url[-4:] for f in (await found_at(answers, "/now"))[0]] == ["/now"]


async def test_a_site_without_feeds_gives_none() -> None:
    assert (await found_at({"/": page(body="nothing here")}))[0] == []


async def test_a_feed_that_cannot_be_read_says_why() -> None:
    entities = '<!DOCTYPE r [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>'
    bomb = f'{entities}<rss version="2.0"><channel><title>&c;</title></channel></rss>'
    with pytest.raises(UnsafeMarkup):
        await found_at({"/": reply(bomb.encode())})


async def test_nothing_there_is_an_error_and_not_an_empty_list() -> None:
    with pytest.raises(ClientError):
        await found_at({})
    async with open_http() as http, ParserPool() as parser:
        with pytest.raises((BlockedAddress, Network)):
            await discover(http, parser, "http://127.0.0.1:9/", NOW)


def test_base_of_the_page_is_kept() -> None:
    head = b'<base href="https://cdn.example/x/"><link rel="alternate" type="application/rss+xml" href="f.xml">'
    assert feed_links(head, "https://a.example/") == ["https://cdn.example/x/f.xml"]


def test_root_and_page_are_both_looked_under() -> None:
    assert usual_places("https://a.example/")[0] == "https://a.example/feed"
    assert len(usual_places("https://a.example/")) == len(set(usual_places("https://a.example/"))) == 8
    assert usual_places("https://a.example/blog?x=1#y")[0] == "https://a.example/blog/feed"


@given(st.binary(max_size=300), st.text(max_size=30))
@example(b"", "")
@example(b"<!-- -->", "https://a.example")
@example(b"\x00<base href='http://[x'><a href='rss'>", "https://a.example")
def test_any_page_is_looked_through(body: bytes, url: str) -> None:
    for given_body in (body, b"<base href='" + body + b"'><a href='/rss'>", b"<a href='" + body + b"/feed'>"):
        assert all(link.startswith(("http://", "https://")) for link in feed_links(given_body, url))
