"""From a site's address to its feeds: itself, what its page links to, rules for well-known hosts, usual paths."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, urljoin, urlsplit

from lxml import etree, html

from db.records import Entry
from jobs.errors import ParseError, SourceError
from jobs.feed import Feed
from jobs.fetch import Fetched, Http, Request, fetch
from jobs.parser_pool import ParserPool

FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "text/xml")
USUAL_PATHS = ("/feed", "/rss", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml", "/feed.json", "/feeds/all.atom.xml")
LINKED = re.compile(r"(?i)(?:^|[/._=-])(?:rss|atom|feed|feeds|rdf)(?:$|[/._?=-])|\.(?:rss|atom|rdf)$|feed\.json$")
FEED_OF = {
    ".substack.com": "/feed",
    ".medium.com": "/feed",
    ".wordpress.com": "/feed/",
    ".ghost.io": "/rss/",
    ".tumblr.com": "/rss",
    ".blogspot.com": "/feeds/posts/default",
}
TRIED = 12  # addresses asked for one site
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
    """The feeds at an address, best first; none when there are none. Raises SourceError when nothing answers there."""
    ruled = feed_rule(url)
    if ruled is not None and (found := await _try(http, parser, ruled, now)):
        return [found]
    fetched = await fetch(http, Request(url), now=now)
    if fetched is None:
        return []
    try:
        return [_found(fetched, await _parsed(parser, fetched, now), now)]
    except ParseError:
        linked = await asyncio.to_thread(feed_links, fetched.body[:PAGE_PARSED], fetched.final_url)
    found_feeds = await _all(http, parser, linked[:TRIED], now)
    return found_feeds or await _all(http, parser, [urljoin(fetched.final_url, path) for path in USUAL_PATHS], now)


async def _all(http: Http, parser: ParserPool, urls: list[str], now: datetime) -> list[Found]:
    tried = await asyncio.gather(*(_try(http, parser, url, now) for url in urls))
    by_content = {(found.title, tuple(e.key for e in found.newest)): found for found in reversed(tried) if found}
    return list(reversed(by_content.values()))


async def _try(http: Http, parser: ParserPool, url: str, now: datetime) -> Found | None:
    try:
        fetched = await fetch(http, Request(url), now=now)
        return _found(fetched, await _parsed(parser, fetched, now), now) if fetched else None
    except SourceError:
        return None


async def _parsed(parser: ParserPool, fetched: Fetched, now: datetime) -> Feed:
    return await parser.parse(
        fetched.body,
        url=fetched.content_location or fetched.final_url,
        content_type=fetched.content_type,
        charset=fetched.charset,
        known={},
        now=now,
    )


def _found(fetched: Fetched, feed: Feed, now: datetime) -> Found:
    newest = sorted(feed.entries, key=lambda entry: entry.published_at or now, reverse=True)
    return Found(
        fetched.permanent_url or fetched.url, feed.title, feed.site_url, feed.kind, feed.language, tuple(newest)
    )


def feed_links(page: bytes, url: str) -> list[str]:
    """Addresses of feeds a page names: what it declares first, then links that look like one. Pure."""
    try:
        tree = html.fromstring(page)
    except (etree.ParserError, ValueError):
        return []
    tree.make_links_absolute(url, resolve_base_href=True, handle_failures="ignore")
    found = [*_declared(tree), *_linked(tree)]
    return list(dict.fromkeys(link for link in found if link.startswith(("http://", "https://"))))


def _declared(tree: html.HtmlElement) -> Iterator[str]:
    for link in tree.iter("link"):
        relation, kind = (link.get("rel") or "").lower().split(), (link.get("type") or "").lower().split(";")[0].strip()
        if "alternate" in relation and kind in FEED_TYPES:
            yield (link.get("href") or "").strip()


def _linked(tree: html.HtmlElement) -> Iterator[str]:
    for anchor in tree.iter("a"):
        href = (anchor.get("href") or "").strip()
        if LINKED.search(urlsplit(href).path if "://" in href else href):
            yield href


def feed_rule(url: str) -> str | None:
    """The feed of a page on a host whose feeds follow a known rule; None elsewhere. Pure."""
    parts = urlsplit(url if "://" in url else f"https://{url}")
    host = (parts.hostname or "").removeprefix("www.").removeprefix("old.").removeprefix("m.")
    path = [part for part in parts.path.split("/") if part]
    rules = {"youtube.com": _youtube, "reddit.com": _reddit, "github.com": _github, "bsky.app": _bluesky}
    if host in rules:
        return rules[host](path, parse_qs(parts.query))
    if host == "medium.com" and path:
        return f"https://medium.com/feed/{path[0]}"
    if len(path) == 1 and path[0].startswith("@"):  # Mastodon and its kin
        return f"https://{host}/{path[0]}.rss"
    usual = next((feed for domain, feed in FEED_OF.items() if host.endswith(domain)), None)
    return f"https://{host}{usual}" if usual else None


def _youtube(path: list[str], query: dict[str, list[str]]) -> str | None:
    base = "https://www.youtube.com/feeds/videos.xml"
    if "list" in query:
        return f"{base}?playlist_id={query['list'][0]}"
    return f"{base}?channel_id={path[1]}" if len(path) > 1 and path[0] == "channel" else None


def _reddit(path: list[str], query: dict[str, list[str]]) -> str | None:
    return (
        f"https://www.reddit.com/{path[0]}/{path[1]}/.rss" if len(path) > 1 and path[0] in ("r", "user", "u") else None
    )


def _github(path: list[str], query: dict[str, list[str]]) -> str | None:
    return f"https://github.com/{path[0]}/{path[1]}/releases.atom" if len(path) >= 2 else None


def _bluesky(path: list[str], query: dict[str, list[str]]) -> str | None:
    return f"https://bsky.app/profile/{path[1]}/rss" if len(path) > 1 and path[0] == "profile" else None
