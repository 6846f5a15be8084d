"""A strict look at a feed before feedparser sees it: which items are there, and which of them are new.

feedparser costs a millisecond or two an item, this pass a few hundredths; in a usual poll one item of thirty is new.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from lxml import etree

from jobs import charset as encodings
from jobs.dates import own_reading
from jobs.identity import Raw, keys, raw

ITEMS_AT_MOST: Final = 5000
BATCH_BYTES: Final = 1024 * 1024  # of items handed to feedparser at a time
_DATES: Final = ("published", "pubDate", "issued", "date", "updated", "modified")
_TELLING: Final = frozenset(("guid", "id", "link", "title", *_DATES))
_ABOUT: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_HEAD: Final = 64 * 1024
_MEDIA: Final = "http://search.yahoo.com/mrss"  # written with and without a slash at its end
_CAPTIONS: Final = ("description", "text")
_BODIES: Final = ("description", "summary", "content", "encoded")


@dataclass(slots=True)
class Outline:
    """A well-formed feed and its items, in the order listed."""

    root: "etree._Element"
    elements: list["etree._Element"]
    items: list[Raw]

    def changed(self, known: Mapping[str, str]) -> list[int]:
        """Places of the items that are not stored yet, or stored in another form."""
        found = keys(self.items, known)
        return [place for place, key in enumerate(found) if known.get(key) != self.items[place].raw_hash]

    def batches(self, places: Sequence[int]) -> Iterator[tuple[list[int], bytes]]:
        """The feed as bytes with only these items in it, some at a time."""
        for place in places:
            _drop_captions(self.elements[place])
        kept = {place: etree.tostring(self.elements[place], encoding="utf-8", with_tail=False) for place in places}
        homes = [(element.getparent(), element) for element in self.elements]
        anchors = {id(parent): parent for parent, _ in homes if parent is not None}
        for parent, element in homes:
            if parent is not None:
                parent.remove(element)
        home = next(iter(anchors.values()), self.root)
        for group in _groups(kept):
            for place in group:
                home.append(self.elements[place])
            yield group, etree.tostring(self.root, encoding="utf-8", xml_declaration=True)
            for place in group:
                home.remove(self.elements[place])


def _groups(sizes: Mapping[int, bytes]) -> Iterator[list[int]]:
    group: list[int] = []
    size = 0
    for place, item in sizes.items():
        if group and size + len(item) > BATCH_BYTES:
            yield group
            group, size = [], 0
        group.append(place)
        size += len(item)
    yield group


def outline(body: bytes, header_charset: str | None) -> Outline | None:
    """The feed as strict XML reads it; None when it is not well-formed, has a DTD, or its encoding is in doubt."""
    declared = encodings.prolog(body) or encodings.mark(body) or "utf-8"
    if header_charset and not encodings.same(header_charset, declared):
        return None
    if b"<!DOCTYPE" in body[:_HEAD].replace(b"\0", b""):
        return None
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        recover=False,
        huge_tree=False,
        remove_comments=True,
        strip_cdata=False,
    )
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        if error.code == etree.ErrorTypes.ERR_NO_MEMORY or error.lineno == 0:
            raise MemoryError from error  # libxml2 has no better word for it
        return None
    except (ValueError, LookupError):
        return None
    if root.getroottree().docinfo.doctype:
        return None
    elements = list(_items(root))
    items = [_raw(element) for element in elements]
    if len(items) > ITEMS_AT_MOST:
        return _newest(root, elements, items)
    return Outline(root, elements, items)


def _items(root: "etree._Element") -> Iterator["etree._Element"]:
    """RSS items of the channel (RSS 1.0: of the root), or Atom entries of the feed."""
    for parent in (root, *(child for child in root if _split(child.tag)[1] == "channel")):
        for child in parent:
            if _split(child.tag)[1] in ("item", "entry"):
                yield child


@lru_cache(maxsize=512)
def _split(tag: object) -> tuple[str, str]:
    """(namespace, name) of a tag; two empty texts for a comment or an instruction."""
    space, _, name = str(tag).rpartition("}") if isinstance(tag, str) else ("", "", "")
    return space.removeprefix("{"), name


def _raw(element: "etree._Element") -> Raw:
    """Of repeated children the first that is not empty counts; of other vocabularies only their date."""
    own, _ = _split(element.tag)
    seen: dict[str, str] = {}
    for child in element:
        space, name = _split(child.tag)
        if name not in _TELLING or (space and space != own and name != "date"):
            continue
        value = _link(child) if name == "link" else child.text
        if value and name not in seen:
            seen[name] = value
    return raw(
        guid=seen.get("guid") or seen.get("id") or element.get(_ABOUT) or "",
        link=seen.get("link", ""),
        title=seen.get("title", ""),
        date=next((seen[name] for name in _DATES if name in seen), ""),
        content=etree.tostring(element, encoding="utf-8", with_tail=False),
    )


def _link(element: "etree._Element") -> str:
    if element.get("rel", "alternate") != "alternate":
        return ""
    return str(element.get("href") or element.text or "")


def _drop_captions(item: "etree._Element") -> None:
    """What a picture shows is not what the article says, but feedparser takes either for the text."""
    told = any(
        _split(child.tag)[1] in _BODIES and not _is_media(child) and (len(child) or child.text) for child in item
    )
    for caption in [part for part in item.iter() if told and _is_media(part) and _split(part.tag)[1] in _CAPTIONS]:
        parent = caption.getparent()
        if parent is not None:
            parent.remove(caption)


def _is_media(element: "etree._Element") -> bool:
    return _split(element.tag)[0].startswith(_MEDIA)


def _newest(root: "etree._Element", elements: list["etree._Element"], items: list[Raw]) -> Outline:
    """The newest by date; undated items count as old as their neighbour above, and feeds list the newest first."""
    kept = set(newest([item.date for item in items]))
    for place, element in enumerate(elements):
        parent = element.getparent()
        if place not in kept and parent is not None:
            parent.remove(element)
    return Outline(root, *_pick(kept, elements, items))


def _pick(
    kept: Set[int], elements: list["etree._Element"], items: list[Raw]
) -> tuple[list["etree._Element"], list[Raw]]:
    places = [place for place in range(len(items)) if place in kept]
    return [elements[place] for place in places], [items[place] for place in places]


def newest(dates: Sequence[str]) -> list[int]:
    """The places of the ITEMS_AT_MOST newest of these dates, in order. An undated one is as old as the one above."""
    last = 0.0
    age = []
    for place, text in enumerate(dates):
        found = own_reading(text.strip())
        last = found.timestamp() if found else last
        age.append((-last, place))
    return sorted(place for _, place in sorted(age)[:ITEMS_AT_MOST])
