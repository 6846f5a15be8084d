"""Which entry is which, from one poll to the next.

An entry is known by its guid, else its link, else a hash of title and date. What feeds do wrong is met here: one guid
for all entries, guids that are new at every poll, neither guid nor link.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from jobs.links import canonical
from jobs.markup import safe

KEY_AT_MOST: Final = 400  # characters
_CONTENT: Final = 24  # characters of a raw hash that stand for the content; what follows stands for the link


@dataclass(frozen=True, slots=True)
class Raw:
    """What tells an item from its neighbours. `raw_hash` changes with every edit; its end is a hash of the link."""

    guid: str
    link: str
    title: str
    date: str
    raw_hash: str


def digest(*parts: str | bytes, size: int = 12) -> str:
    """A short hash as hex, of twice `size` characters."""
    whole = hashlib.blake2b(digest_size=size)
    for part in parts:
        whole.update(part if isinstance(part, bytes) else part.encode("utf-8", "replace"))
        whole.update(b"\0")
    return whole.hexdigest()


def raw(guid: str, link: str, title: str, date: str, content: bytes) -> Raw:
    """`content` is all of the item as it came."""
    guid, link = safe(guid).strip(), link.strip()
    place = digest(link, size=8) if _tells_apart(link) else ""
    return Raw(guid, link, title.strip(), date.strip(), digest(content) + place)


def _tells_apart(link: str) -> bool:
    """Whether the link may stand for one article: neither a site's front page nor a missing link does."""
    _, _, path = link.partition("//")[2].partition("/")
    return bool(path) or "?" in link or bool(link and not link.startswith("http"))


def keys(items: Sequence[Raw], known: Mapping[str, str]) -> list[str]:
    """A key for each item of one feed, in order. `known` maps the keys of earlier polls to their raw hashes.

    An item whose guid is new, but which is word for word a known one, or whose link is that of exactly one known item,
    is that item again, unless that is listed under its own guid.
    """
    own = list(_own_keys(items))
    by_words = {raw_hash: key for key, raw_hash in known.items()}
    by_place = _known_by_place(known)
    listed = set(own)
    places = Counter(item.raw_hash[_CONTENT:] for item in items)
    found = []
    for item, key in zip(items, own, strict=True):
        place = item.raw_hash[_CONTENT:]
        moved = by_place.get(place) if place and places[place] == 1 else None
        earlier = by_words.get(item.raw_hash) or moved
        found.append(earlier if key not in known and earlier and earlier not in listed else key)
    return found


def _own_keys(items: Sequence[Raw]) -> Iterator[str]:
    links_of: dict[str, set[str]] = defaultdict(set)
    titles_of: dict[str, set[str]] = defaultdict(set)
    for item in items:
        links_of[item.guid].add(item.link or item.title)
        titles_of[item.link].add(item.title)
    alike = Counter((item.title, item.date, item.link) for item in items)
    for item in items:
        same = item.title, item.date, item.link
        if item.guid and len(links_of[item.guid]) == 1:
            yield _short(item.guid)
        elif item.link and len(titles_of[item.link]) == 1:
            yield _short(canonical(item.link) or item.link)
        else:
            yield digest(*same, item.raw_hash if alike[same] > 1 or not any(same) else "", size=16)


def _short(key: str) -> str:
    return key if len(key) <= KEY_AT_MOST else f"{key[: KEY_AT_MOST - 33]}-{digest(key, size=16)}"


def _known_by_place(known: Mapping[str, str]) -> dict[str, str | None]:
    """Place -> the one key that has it; None where several do."""
    found: dict[str, str | None] = {}
    for key, raw_hash in known.items():
        place = raw_hash[_CONTENT:]
        found[place] = None if place in found else key
    return found
