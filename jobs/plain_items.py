"""Items so plain that there is one way to read them: read here, with what feedparser would say, at a tenth of its cost.

The list of what is plain is short on purpose. An element, attribute or form that is not on it, a relative address, a
title with markup: such an item is left to feedparser, whole.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from lxml import etree

from jobs.dates import own_reading
from jobs.identity import Raw
from jobs.items import Item

ATOM: Final = "{http://www.w3.org/2005/Atom}"
RSS1: Final = "{http://purl.org/rss/1.0/}"
DC: Final = "{http://purl.org/dc/elements/1.1/}"
ABOUT: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
ENCODED: Final = "{http://purl.org/rss/1.0/modules/content/}encoded"
LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"

_WEB: Final = re.compile(r"https?://[^/\s?#;\\][^\s;\\#]*[^\s;\\#?]")
_NAME: Final = re.compile(r"(?:tag|urn):[^\s?#;\\]+")
_DATE: Final = re.compile(
    r"[A-Z][a-z]{2}, \d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d"
    r" (?:[+-]\d{4}|GMT|UTC)"
    r"|\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d))?"
)
_NOT_IN_TITLE: Final = re.compile(r"[<&\x80-\x9f]")
_C1: Final = re.compile(r"[\x80-\x9f]")
_IGNORED: Final = frozenset(
    (
        "author",
        "category",
        "comments",
        f"{ATOM}author",
        f"{ATOM}category",
        f"{DC}creator",
        f"{DC}subject",
        "{http://purl.org/rss/1.0/modules/slash/}comments",
        "{http://wellformedweb.org/CommentAPI/}commentRss",
    )
)
_AUTHOR_PARTS: Final = frozenset((f"{ATOM}name", f"{ATOM}uri", f"{ATOM}email"))


class _NotPlain(Exception):
    """Something about the item is for feedparser to judge."""


def is_plain(root: "etree._Element") -> bool:
    """Whether the feed around the items leaves their meaning alone."""
    if root.tag not in ("rss", f"{ATOM}feed", "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF"):
        return False
    frames = (root, *root.iterchildren("channel", f"{RSS1}channel"))
    return all(set(frame.attrib) <= {"version", LANG, ABOUT} for frame in frames)


def plain_item(element: "etree._Element", raw: Raw) -> Item | None:
    """The item; None when it is not plain. `raw` is what the strict pass made of it."""
    try:
        fields = dict(_fields(element))
        if element.tag == f"{ATOM}entry":
            return _atom(fields, raw)
        return _rss(fields, element.get(ABOUT), raw)
    except _NotPlain:
        return None


def _fields(element: "etree._Element") -> Iterator[tuple[str, "etree._Element"]]:
    """The children that count, by name. Each may be there once only, and has text and nothing else."""
    if element.tag not in ("item", f"{RSS1}item", f"{ATOM}entry") or not set(element.attrib) <= {ABOUT}:
        raise _NotPlain
    space = str(element.tag).rpartition("}")[0]
    seen = set()
    for child in element:
        tag = str(child.tag)
        if tag in _IGNORED and all(part.tag in _AUTHOR_PARTS for part in child):
            continue
        if tag == f"{ATOM}link" and child.get("rel", "alternate") != "alternate":
            continue
        same = tag.rpartition("}")[0] == space or tag in (ENCODED, f"{DC}date")
        if not same or len(child) or tag in seen:
            raise _NotPlain
        seen.add(tag)
        yield tag.rpartition("}")[2] if tag != f"{DC}date" else "dc:date", child


def _text(child: "etree._Element | None", *attributes: str) -> str:
    if child is None:
        return ""
    if not set(child.attrib) <= set(attributes):
        raise _NotPlain
    text = (child.text or "").strip()
    if text.isascii():
        return text
    if _C1.search(text) or _twice_encoded(text):
        raise _NotPlain
    return text


def _twice_encoded(text: str) -> bool:
    """Whether this is UTF-8 taken for Latin-1, which feedparser undoes."""
    try:
        text.encode("iso-8859-1").decode()
    except UnicodeError:
        return False
    return True


def _matching(text: str, *forms: "re.Pattern[str]") -> str:
    if not any(form.fullmatch(text) for form in forms):
        raise _NotPlain
    return text


def _title(child: "etree._Element | None", *attributes: str) -> str:
    title = _text(child, *attributes)
    if _NOT_IN_TITLE.search(title):
        raise _NotPlain
    return title


def _dates(*children: "etree._Element | None") -> tuple[tuple[str, object], ...]:
    texts = [_matching(text, _DATE) for child in children if (text := _text(child))]
    if any(own_reading(text) is None for text in texts):
        raise _NotPlain
    return tuple((text, None) for text in texts)


def _rss(fields: dict[str, "etree._Element"], about: str | None, raw: Raw) -> Item:
    if not fields.keys() <= {"title", "link", "guid", "pubDate", "description", "encoded", "dc:date"}:
        raise _NotPlain
    link = _matching(_text(fields.get("link")), _WEB)
    guid = _text(fields.get("guid"), "isPermaLink")
    if guid and fields["guid"].get("isPermaLink", "true") == "true":
        _matching(guid, _WEB)
    bodies = _text(fields.get("encoded")), _text(fields.get("description"))
    return Item(
        raw=replace(raw, guid=guid or about or "", link=link),
        link=link,
        title=_title(fields.get("title")),
        title_markup=False,
        body=max(bodies, key=len),
        body_markup=True,
        dates=_dates(fields.get("pubDate"), fields.get("dc:date")),
    )


def _atom(fields: dict[str, "etree._Element"], raw: Raw) -> Item:
    if not fields.keys() <= {"title", "link", "id", "published", "updated", "summary", "content"}:
        raise _NotPlain
    link = _matching(_href(fields.get("link")), _WEB)
    guid = _text(fields.get("id"))
    if guid:
        _matching(guid, _WEB, _NAME)
    bodies = [_typed(fields[name]) for name in ("content", "summary") if name in fields]
    body, markup = max(bodies, key=lambda pair: len(pair[0]), default=("", False))
    return Item(
        raw=replace(raw, guid=guid, link=link),
        link=link,
        title=_title(fields.get("title"), "type"),
        title_markup="title" in fields and _is_markup(fields["title"]),
        body=body,
        body_markup=markup,
        dates=_dates(fields.get("published"), fields.get("updated")),
    )


def _href(child: "etree._Element | None") -> str:
    if (
        child is None
        or not set(child.attrib) <= {"rel", "href", "type"}
        or child.get("type", "text/html") != "text/html"
    ):
        raise _NotPlain
    return child.get("href") or ""


def _typed(child: "etree._Element") -> tuple[str, bool]:
    return _text(child, "type"), _is_markup(child)


def _is_markup(child: "etree._Element") -> bool:
    kind = str(child.get("type", "text"))
    if kind not in ("text", "html"):
        raise _NotPlain
    return kind == "html"
