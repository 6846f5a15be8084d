"""From a site's address to its feeds: itself, what its page links to, rules for well-known hosts, usual paths."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from lxml import etree, html

from db.records import Entry
from jobs.errors import NotAFeed, ParseError, Refused, SourceError
from jobs.feed import Feed
from jobs.feed_rules import feed_rule
from jobs.fetch import Fetched, Http, Request, fetch
from jobs.parser_pool import ParserPool

FEED_TYPES = (
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
    "application/xml",
    "text/xml",
)
USUAL_PATHS = ("/feed", "/rss", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml", "/feed.json", "/feeds/all.atom.xml")
# The last part of a path, or a parameter, that says feed.
LINKED = re.compile(
    r"(?i)(?:^|/)(?:rss|atom|feeds?|rdf)/?$|[./](?:rss|atom|rdf|rss2)(?:\.xml)?$|feed\.(?:xml|json)$"
    r"|[?&](?:feed|format)=(?:rss|atom)"
)
TRIED = 12  # addresses asked for one site
SEARCH_SECONDS = 25.0  # for each round of them: a host is asked once a second
PAGE_PARSED = 2 * 1024 * 1024  # bytes of a page that are looked through for links


@dataclass(frozen=True, slots=True)
class Found:
    """A feed that answers and can be read."""

    url: str
    title: str
    site_url: str
    kind: str  # rss20, atom10, json11, ...
    language: str | None
    newest: tuple[Entry, ...]  # newest first


async def discover(http: Http, parser: ParserPool, url: str, now: datetime) -> list[Found]:
    """The feeds at an address, best first; none when there are none.

    Raises SourceError when nothing answers there, or when what answers is a feed that cannot be read.
    """
    ruled = feed_rule(url)
    if ruled is not None and (found := await _try(http, parser, ruled, now)):
        return [found]
    fetched = None
    try:
        fetched = await fetch(http, Request(url), now=now)
        if fetched is None:
            return []
        return [_found(fetched, await parser.read(fetched, known={}, now=now), now)]
    except (Refused, ParseError) as error:  # some sites close their pages to bots, but not their feeds
        unread = error
    at, page = (fetched.final_url, fetched.body[:PAGE_PARSED]) if fetched else (url, b"")
    linked = await asyncio.to_thread(feed_links, page, at)
    found_feeds = await _all(http, parser, linked[:TRIED], now) or await _all(http, parser, usual_places(at), now)
    if not found_feeds and not isinstance(unread, NotAFeed):
        raise unread
    return found_feeds


async def _all(http: Http, parser: ParserPool, urls: list[str], now: datetime) -> list[Found]:
    """Those of the addresses that are feeds, in order, comments last; what has not answered in time is left out."""
    tasks = [asyncio.ensure_future(_try(http, parser, url, now)) for url in sorted(urls, key=_is_comments)]
    try:
        if tasks:
            await asyncio.wait(tasks, timeout=SEARCH_SECONDS)
        tried = [task.result() for task in tasks if task.done()]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    by_content = {(found.title, tuple(e.key for e in found.newest)): found for found in reversed(tried) if found}
    return list(reversed(by_content.values()))


def _is_comments(url: str) -> bool:
    return "comment" in url.lower()


async def _try(http: Http, parser: ParserPool, url: str, now: datetime) -> Found | None:
    try:
        fetched = await fetch(http, Request(url), now=now)
        return _found(fetched, await parser.read(fetched, known={}, now=now), now) if fetched else None
    except SourceError:
        return None


def _found(fetched: Fetched, feed: Feed, now: datetime) -> Found:
    newest = sorted(feed.entries, key=lambda entry: entry.published_at or now, reverse=True)
    return Found(
        fetched.permanent_url or fetched.url, feed.title, feed.site_url, feed.kind, feed.language, tuple(newest)
    )


def usual_places(url: str) -> list[str]:
    """Where feeds usually are: at the root of the site, and under the page when it is not the root itself."""
    root = [urljoin(url, path) for path in USUAL_PATHS]
    under = url.partition("?")[0].partition("#")[0].rstrip("/")
    return root if f"{under}{USUAL_PATHS[0]}" in root else [f"{under}{path}" for path in USUAL_PATHS[:4]] + root


def feed_links(page: bytes, url: str) -> list[str]:
    """Addresses of feeds a page names: what it declares first, then links that look like one. Pure."""
    try:
        tree = html.document_fromstring(page)
    except (etree.LxmlError, ValueError, AssertionError):
        return []
    base = next((_absolute(element.get("href") or "", url) for element in tree.iter("base")), "") or url
    found = [_absolute(link, base) for link in (*_declared(tree), *_linked(tree))]
    return list(dict.fromkeys(link for link in found if link.startswith(("http://", "https://"))))


def _absolute(link: str, base: str) -> str:
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return ""


def _declared(tree: html.HtmlElement) -> Iterator[str]:
    for link in tree.iter("link"):
        relation, kind = (link.get("rel") or "").lower().split(), (link.get("type") or "").lower().split(";")[0].strip()
        if "alternate" in relation and kind in FEED_TYPES:
            yield link.get("href") or ""


def _linked(tree: html.HtmlElement) -> Iterator[str]:
    for anchor in tree.iter("a"):
        href = (anchor.get("href") or "").strip().partition("#")[0]
        if LINKED.search(href):
            yield href
