"""Bytes -> entries: only what is new or edited.

    body --strict pass-->  items that are not stored  --feedparser-->  Items  -->  Entries

feedparser is the one authority on RSS and Atom; items that leave nothing to judge are read without it, to the same
result. JSON Feed has a reader of its own. Nothing here touches a network, a
clock or the disk; what it costs is bounded by the process it runs in (`jobs.parser_pool`).
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from jobs import charset as encodings
from jobs.errors import Empty, Malformed, NotAFeed, UnsafeMarkup
from jobs.feed import TTL_AT_MOST, Feed
from jobs.feedparsed import feedparsed, head_of, item_of
from jobs.identity import keys
from jobs.items import Head, Item, entry, two_letters
from jobs.jsonfeed import looks_like_json, read_json_feed
from jobs.links import canonical
from jobs.markup import plain_title
from jobs.mend import mended
from jobs.plain_items import is_plain, plain_item
from jobs.prune import ITEMS_AT_MOST, Outline, newest, outline

__all__ = ["Feed", "parse"]

_HEAD: Final = 64 * 1024
_ROOT: Final = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*+(?:<\?(?:(?!\?>).)*+\?>\s*+|<!--(?:(?!-->).)*+-->\s*+)*+<(?:!doctype\s+html|html)\b",
    re.I | re.S,
)
_ENTITY: Final = re.compile(rb"<!ENTITY\s+(%)?\s*[^\s\"'>]+\s*(SYSTEM|PUBLIC|\"[^\"]*&(?!#)|'[^']*&(?!#))?", re.I)


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
        head, items = read_json_feed(body, url, url, charset)
        picked = [items[place] for place in newest([_first_date(item) for item in items])]
        found = keys([item.raw for item in picked], known)
        return _feed(head, _new(picked, found, known), frozenset(found), language, now)
    if _ROOT.match(body[:_HEAD]):
        raise NotAFeed(url, "is a web page, not a feed")
    body, charset = encodings.relabelled(body, charset)
    sketch = outline(body, charset)
    if sketch is None and (better := mended(body)) is not None:
        body, sketch = better, outline(better, charset)
    if sketch is not None and sketch.items:
        pruned = _pruned(sketch, url, known)
        if pruned is not None:
            return _feed(*pruned, language, now)
        del sketch
    return _feed(*_whole(body, url, content_type, charset, known), language, now)


Parts = tuple[Head, list[tuple[str, Item]], frozenset[str]]


def _pruned(sketch: Outline, url: str, known: Mapping[str, str]) -> Parts | None:
    """Only what is new is read, and goes to feedparser unless it is quite plain.

    None when feedparser counts the items otherwise than the strict pass.
    """
    places = sketch.changed(known)
    read = _plain_ones(sketch, places)
    head: Head | None = None
    for group, part in sketch.batches([place for place in places if place not in read]):
        parsed = feedparsed(part, url, "application/xml; charset=utf-8")
        if len(parsed["entries"]) != len(group):
            return None
        head = head or head_of(parsed, url)
        for place, source in zip(group, parsed["entries"], strict=True):
            item = item_of(source, url or head.site_url, guid=sketch.items[place].guid)
            read[place] = replace(item, raw=replace(item.raw, raw_hash=sketch.items[place].raw_hash))
    raws = [read[place].raw if place in read else known_one for place, known_one in enumerate(sketch.items)]
    if head is None:
        return None
    found = keys(raws, known)
    changed = [place for place in places if known.get(found[place]) != sketch.items[place].raw_hash]
    return head, _distinct([(found[place], read[place]) for place in changed]), frozenset(found)


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
        parsed = feedparsed(body, url, f"{media}; charset={charset}" if charset else media)
    else:
        parsed = feedparsed(encodings.detected(body).encode(), url, "application/xml; charset=utf-8")
    if not parsed["entries"] and not parsed.get("version"):
        raise NotAFeed(url, "is not a feed")
    if not parsed["entries"] and parsed.get("bozo") and not parsed["feed"].get("title"):
        raise Malformed(url, "begins as a feed but cannot be read")
    head = head_of(parsed, url)
    items = [item_of(source, url or head.site_url) for source in parsed["entries"]]
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


def _new(items: list[Item], found: list[str], known: Mapping[str, str]) -> list[tuple[str, Item]]:
    paired = zip(found, items, strict=True)
    return _distinct([(key, item) for key, item in paired if known.get(key) != item.raw.raw_hash])


def _distinct(pairs: list[tuple[str, Item]]) -> list[tuple[str, Item]]:
    """Of entries with one key the first: feeds list an article twice now and then."""
    first: dict[str, Item] = {}
    for key, item in pairs:
        first.setdefault(key, item)
    return list(first.items())


def _feed(head: Head, new: list[tuple[str, Item]], listed: frozenset[str], language: str | None, now: datetime) -> Feed:
    spoken = two_letters(head.language) or two_letters(language)
    return Feed(
        title=plain_title(head.title, markup=head.title_markup),
        language=spoken,
        kind=head.kind or "xml",
        entries=tuple(entry(item, key, language=spoken, now=now) for key, item in new),
        listed=listed,
        ttl_minutes=_ttl(head.ttl),
        site_url=canonical(head.site_url),
    )


def _ttl(text: str) -> int | None:
    digits = text.strip()
    return min(int(digits[:6]), TTL_AT_MOST) if digits.isascii() and digits.isdigit() else None


def _first_date(item: Item) -> str:
    return item.dates[0][0] if item.dates else ""
