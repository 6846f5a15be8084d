"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/), read with the tolerance that feeds need."""

import json
from collections.abc import Mapping
from typing import Any, Final

from jobs import charset as encodings
from jobs.errors import Malformed, NotAFeed, UnsafeMarkup
from jobs.identity import Raw, raw
from jobs.items import Head, Item
from jobs.links import absolute

_OPENING: Final = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"


def looks_like_json(body: bytes) -> bool:
    return body[:200].lstrip(_OPENING)[:1] in (b"{", b"[")


def read_json_feed(body: bytes, url: str, base: str, charset: str | None = None) -> tuple[Head, list[Item]]:
    """The feed's own fields and its items. `base` resolves relative addresses. Raises a ParseError."""
    top = _load(_decoded(body, charset), url)
    if not isinstance(top, dict) or not _is_feed(top):
        raise NotAFeed(url, "answered with JSON that is no JSON Feed")
    items = top.get("items")
    base = absolute(_text(top, "feed_url") or _text(top, "home_page_url"), base) or base
    head = Head(
        title=_text(top, "title"),
        title_markup=False,
        language=_text(top, "language"),
        kind="json10" if _text(top, "version").rstrip("/").endswith("version/1") else "json11",
        site_url=absolute(_text(top, "home_page_url"), base),
    )
    return head, [_item(item, base) for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _decoded(body: bytes, charset: str | None) -> str:
    """UTF-8 is the rule; what is not is read as it begins, as the server says, or as it looks."""
    named = next((name for name in (json.detect_encoding(body), charset) if encodings.decodes(body, name)), None)
    return body.decode(named) if named else encodings.detected(body)


def _load(text: str, url: str) -> Any:
    try:
        return json.loads(text.strip("\ufeff\0 \t\r\n"), strict=False)
    except RecursionError as error:
        raise UnsafeMarkup(url, "nests deeper than any feed does") from error
    except ValueError as error:
        raise Malformed(url, "begins as JSON but cannot be read as such") from error


def _is_feed(top: Mapping[str, Any]) -> bool:
    """It says so, or it forgot to and has a title and items that could be nothing else."""
    items = top.get("items")
    if "jsonfeed.org" in _text(top, "version"):
        return True
    telling = ("content_html", "content_text", "date_published")
    return isinstance(items, list) and any(name in item for item in items if isinstance(item, dict) for name in telling)


def _text(source: Mapping[str, Any], *names: str) -> str:
    """The first of these that is there, as text: ids are numbers now and then."""
    for name in names:
        value = source.get(name)
        if isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).strip():
            return str(value)
    return ""


def _item(source: Mapping[str, Any], base: str) -> Item:
    link = absolute(_text(source, "url") or _text(source, "external_url") or _attachment(source), base)
    markup = bool(_text(source, "content_html"))
    return Item(
        raw=_raw(source, link),
        link=link,
        title=_text(source, "title"),
        title_markup=False,
        body=_text(source, "content_html", "content_text", "summary"),
        body_markup=markup,
        dates=tuple((text, None) for name in ("date_published", "date_modified") if (text := _text(source, name))),
        language=_text(source, "language"),
    )


def _attachment(source: Mapping[str, Any]) -> str:
    listed = source.get("attachments")
    return (
        next((_text(part, "url") for part in listed if isinstance(part, dict)), "") if isinstance(listed, list) else ""
    )


def _raw(source: Mapping[str, Any], link: str) -> Raw:
    return raw(
        guid=_text(source, "id"),
        link=link,
        title=_text(source, "title"),
        date=_text(source, "date_published"),
        content=json.dumps(source, sort_keys=True, default=str).encode("utf-8", "replace"),
    )
