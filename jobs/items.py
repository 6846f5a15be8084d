"""A feed's head and items as its reader found them, and how an item becomes an Entry of ours."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from db.records import Entry
from jobs.dates import read_date
from jobs.identity import Raw
from jobs.links import canonical
from jobs.markup import plain_text, plain_title, shorten

STAND_IN: Final = 100  # characters of the text that stand in for a missing title


@dataclass(frozen=True, slots=True)
class Head:
    """What a feed says of itself, unchecked; "" where it says nothing."""

    title: str
    title_markup: bool
    language: str
    kind: str
    site_url: str  # absolute
    ttl: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """`dates` are (as written, feedparser's nine numbers or None), the best first."""

    raw: Raw
    link: str  # absolute
    title: str
    title_markup: bool
    body: str
    body_markup: bool
    dates: tuple[tuple[str, object], ...]
    language: str = ""


def entry(item: Item, key: str, *, language: str | None, now: datetime) -> Entry:
    """The item, checked. A missing title is made of the text's first line, or of the address."""
    text = plain_text(item.body, markup=item.body_markup)
    url = canonical(item.link)
    return Entry(
        key=key,
        raw_hash=item.raw.raw_hash,
        title=plain_title(item.title, markup=item.title_markup) or _stand_in(text, url),
        url=url,
        published_at=next((found for text, parsed in item.dates if (found := read_date(text, parsed, now))), None),
        text=text,
        language=two_letters(item.language) or language,
    )


def _stand_in(text: str, url: str) -> str:
    return shorten(text.partition("\n")[0], STAND_IN) or shorten(url.partition("://")[2].rstrip("/"), STAND_IN)


def two_letters(tag: str | None) -> str | None:
    """`en` of `en-US`, `uk` of the mistaken `ua`; None when the tag starts with no two-letter language."""
    first = (tag or "").strip().lower().replace("_", "-").partition("-")[0]
    if len(first) != 2 or not first.isascii() or not first.isalpha():
        return {"eng": "en", "ukr": "uk", "rus": "ru", "deu": "de", "ger": "de"}.get(first)
    return "uk" if first == "ua" else first
