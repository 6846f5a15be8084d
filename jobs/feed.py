"""What a feed's parse gives, as it travels from the parser's process to the rest."""

from dataclasses import dataclass
from typing import Final

from db.records import Entry

TTL_AT_MOST: Final = 60  # minutes: a feed's wish may slow it to an hour, not more


@dataclass(frozen=True, slots=True)
class Feed:
    """What a parse gives. `entries` are those new or edited; `listed` are the keys of all that the feed lists now."""

    title: str
    language: str | None  # two letters
    kind: str  # rss20, atom10, json11 and so on; "xml" when it does not say
    entries: tuple[Entry, ...]
    listed: frozenset[str]
    ttl_minutes: int | None  # at most TTL_AT_MOST
    site_url: str  # "" when it does not say
