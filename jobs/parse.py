"""Bytes -> entries: only what is new or edited.

    body --strict pass-->  items that are not stored  --feedparser-->  Items  -->  Entries

feedparser is the one authority on RSS and Atom; items that leave nothing to judge are read without it, to the same
result. JSON Feed has a reader of its own. Nothing here touches a network, a
clock or the disk; what it costs is bounded by the process it runs in (`jobs.parser_pool`).
"""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import feedparser

from jobs import charset as encodings
from jobs.errors import Empty, Malformed, NotAFeed, UnsafeMarkup
from jobs.feed import TTL_AT_MOST, Feed
from jobs.identity import Raw, keys, raw
from jobs.items import Item, entry, two_letters
from jobs.jsonfeed import looks_like_json, read_json_feed
from jobs.links import absolute, canonical
from jobs.markup import plain_title
from jobs.plain_items import is_plain, plain_item
from jobs.prune import ITEMS_AT_MOST, Outline, newest, outline

__all__ = ["Feed", "parse"]

_HEAD: Final = 64 * 1024
_ROOT: Final = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*+(?:<\?(?:(?!\?>).)*+\?>\s*+|<!--(?:(?!-->).)*+-->\s*+)*+<(?:!doctype\s+html|html)\b",
    re.I | re.S,
)
_ENTITY: Final = re.compile(rb"<!ENTITY\s+(%)?\s*[^\s\"'>]+\s*(SYSTEM|PUBLIC|\"[^\"]*&(?!#)|'[^']*&(?!#))?", re.I)
_MARKUP_TYPES: Final = ("text/html", "application/xhtml+xml")


def parse(
    body: bytes,
    *,
    url: str,
    content_type: str | None = None,
    charset: str | None = None,
    known: Mapping[str, str],
    now: datetime,
    language: str | None = None,
) -> Feed:
    """Read a feed. `url` is the base of its relative links, `language` what the server's header says.

    `known` maps the keys of the entries stored so far to their raw hashes. Raises a ParseError.
    """
    if not body.strip(b"\0\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise Empty(url, "is empty")
    if looks_like_json(body):
        head, items = read_json_feed(body, url, url)
        picked = [items[place] for place in newest([_first_date(item) for item in items])]
        found = keys([item.raw for item in picked], known)
        return _feed(head, _new(picked, found, known), frozenset(found), language, now)
    if _ROOT.match(body[:_HEAD]):
        raise NotAFeed(url, "is a web page, not a feed")
    sketch = outline(body, charset)
    if sketch is not None and sketch.items:
        pruned = _pruned(sketch, url, known)
        if pruned is not None:
            return _feed(*pruned, language, now)
        del sketch
    return _feed(*_whole(body, url, content_type, charset, known), language, now)


Parts = tuple[dict[str, Any], list[tuple[str, Item]], frozenset[str]]


def _pruned(sketch: Outline, url: str, known: Mapping[str, str]) -> Parts | None:
    """Only what is new is read, and goes to feedparser unless it is quite plain.

    None when feedparser counts the items otherwise than the strict pass.
    """
    places = sketch.changed(known)
    read = _plain_ones(sketch, places)
    head: dict[str, Any] = {}
    for group, part in sketch.batches([place for place in places if place not in read]):
        parsed = _feedparser(part, url, "application/xml; charset=utf-8")
        if len(parsed["entries"]) != len(group):
            return None
        head = head or _head(parsed, url)
        for place, source in zip(group, parsed["entries"], strict=True):
            item = _item(source, url or head["site_url"])
            read[place] = replace(item, raw=replace(item.raw, raw_hash=sketch.items[place].raw_hash))
    raws = [read[place].raw if place in read else known_one for place, known_one in enumerate(sketch.items)]
    found = keys(raws, known)
    return head, _distinct([(found[place], read[place]) for place in places]), frozenset(found)


def _plain_ones(sketch: Outline, places: list[int]) -> dict[int, Item]:
    if not is_plain(sketch.root):
        return {}
    items = {place: plain_item(sketch.elements[place], sketch.items[place]) for place in places}
    return {place: item for place, item in items.items() if item is not None}


def _whole(body: bytes, url: str, content_type: str | None, charset: str | None, known: Mapping[str, str]) -> Parts:
    """What is not well-formed, has a DTD or lies about its encoding: all of it, by feedparser's lenient ways."""
    _refuse_bombs(body, url)
    media = content_type or "application/xml"
    if encodings.honest(body, charset):
        parsed = _feedparser(body, url, f"{media}; charset={charset}" if charset else media)
    else:
        parsed = _feedparser(encodings.detected(body).encode(), url, "application/xml; charset=utf-8")
    if not parsed["entries"] and not parsed.get("version"):
        raise NotAFeed(url, "is not a feed")
    if not parsed["entries"] and parsed.get("bozo") and not parsed["feed"].get("title"):
        raise Malformed(url, "begins as a feed but cannot be read")
    head = _head(parsed, url)
    items = [_item(source, url or head["site_url"]) for source in parsed["entries"]]
    picked = (
        [items[place] for place in newest([_first_date(item) for item in items])]
        if len(items) > ITEMS_AT_MOST
        else items
    )
    found = keys([item.raw for item in picked], known)
    return head, _new(picked, found, known), frozenset(found)


def _refuse_bombs(body: bytes, url: str) -> None:
    """Entities made of entities, or fetched from elsewhere, have one use only."""
    for found in _ENTITY.finditer(body[:_HEAD].replace(b"\0", b"")):
        if found[1] or found[2]:
            raise UnsafeMarkup(url, "defines entities that a feed does not need")


def _feedparser(body: bytes, base: str, content_type: str) -> Any:
    """Never a str or bytes: feedparser would take those for an address or a file to open."""
    headers = {"content-type": content_type, "content-location": base}
    return feedparser.parse(
        io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )


def _new(items: list[Item], found: list[str], known: Mapping[str, str]) -> list[tuple[str, Item]]:
    paired = zip(found, items, strict=True)
    return _distinct([(key, item) for key, item in paired if known.get(key) != item.raw.raw_hash])


def _distinct(pairs: list[tuple[str, Item]]) -> list[tuple[str, Item]]:
    """Of entries with one key the first: feeds list an article twice now and then."""
    first: dict[str, Item] = {}
    for key, item in pairs:
        first.setdefault(key, item)
    return list(first.items())


def _feed(
    head: dict[str, Any], new: list[tuple[str, Item]], listed: frozenset[str], language: str | None, now: datetime
) -> Feed:
    spoken = two_letters(head["language"]) or two_letters(language)
    return Feed(
        title=plain_title(head["title"], markup=head.get("title_markup", False)),
        language=spoken,
        kind=head["kind"] or "xml",
        entries=tuple(entry(item, key, language=spoken, now=now) for key, item in new),
        listed=listed,
        ttl_minutes=_ttl(head.get("ttl")),
        site_url=canonical(head["site_url"]),
    )


def _head(parsed: Any, base: str) -> dict[str, Any]:
    feed = parsed["feed"]
    return {
        "title": _plain(feed, "title"),
        "title_markup": _is_markup(feed, "title"),
        "language": _plain(feed, "language"),
        "kind": parsed.get("version") or "",
        "site_url": absolute(_plain(feed, "link"), base),
        "ttl": _plain(feed, "ttl"),
    }


def _ttl(text: str | None) -> int | None:
    digits = (text or "").strip()
    return min(int(digits[:6]), TTL_AT_MOST) if digits.isascii() and digits.isdigit() else None


def _first_date(item: Item) -> str:
    return item.dates[0][0] if item.dates else ""


def _plain(source: Any, name: str) -> str:
    """A text field; dict's own get, because feedparser's puts other fields in place of missing ones."""
    value = dict.get(source, name)
    return value if isinstance(value, str) else ""


def _is_markup(source: Any, name: str) -> bool:
    detail = dict.get(source, f"{name}_detail") or {}
    return detail.get("type", "text/html") in _MARKUP_TYPES


def _item(source: Any, base: str) -> Item:
    link = _link(source, base)
    body, markup = max(_bodies(source), key=lambda pair: len(pair[0]), default=("", False))
    dates = tuple(_dates(source))
    content = "\0".join((_plain(source, "title"), body, *(text for text, _ in dates))).encode("utf-8", "replace")
    return Item(
        raw=_raw(source, link, dates[0][0] if dates else "", content),
        link=link,
        title=_plain(source, "title"),
        title_markup=_is_markup(source, "title"),
        body=body,
        body_markup=markup,
        dates=dates,
        language=_language(source),
    )


def _raw(source: Any, link: str, date: str, content: bytes) -> Raw:
    return raw(guid=_plain(source, "id"), link=link, title=_plain(source, "title"), date=date, content=content)


def _bodies(source: Any) -> Iterator[tuple[str, bool]]:
    """(text, whether it is markup) of each; a summary that feedparser copied from the content has lost its type."""
    contents = [content for content in dict.get(source, "content") or () if isinstance(content.get("value"), str)]
    for content in contents:
        media = content.get("type", "text/html")
        if not media.startswith(("image/", "audio/", "video/")):
            yield content["value"], media in _MARKUP_TYPES or not media.startswith("text/")
    for name in ("summary", "description"):
        if (text := _plain(source, name)) and all(text != content["value"] for content in contents):
            yield text, _is_markup(source, name)


def _dates(source: Any) -> Iterator[tuple[str, object]]:
    for name in ("published", "updated", "created"):
        if text := _plain(source, name):
            yield text, dict.get(source, f"{name}_parsed")


def _link(source: Any, base: str) -> str:
    """The article's page: what a feed proxy hides, the link, any other web address of the entry, its file."""
    listed = dict.get(source, "links") or ()
    files = sorted(listed, key=lambda link: link.get("rel") == "enclosure")
    given = (_plain(source, "feedburner_origlink"), _plain(source, "link"), *(link.get("href") or "" for link in files))
    return next((found for link in given if canonical(found := absolute(link, base))), "")


def _language(source: Any) -> str:
    for name in ("title_detail", "summary_detail"):
        detail = dict.get(source, name) or {}
        if detail.get("language"):
            return str(detail["language"])
    return _plain(source, "language")
