"""What feedparser says of a feed, as a Head and Items of ours."""

import io
from collections.abc import Iterator
from typing import Any, Final

import feedparser

from jobs.identity import raw
from jobs.items import Head, Item
from jobs.links import absolute, canonical

MARKUP_TYPES: Final = ("text/html", "application/xhtml+xml")


def feedparsed(body: bytes, base: str, content_type: str) -> Any:
    """Never a str or bytes: feedparser would take those for an address or a file to open."""
    headers = {"content-type": content_type, "content-location": base}
    return feedparser.parse(
        io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )


def head_of(parsed: Any, base: str) -> Head:
    feed = parsed["feed"]
    return Head(
        title=_plain(feed, "title"),
        title_markup=_is_markup(feed, "title"),
        language=_plain(feed, "language"),
        kind=parsed.get("version") or "",
        site_url=absolute(_plain(feed, "link"), base),
        ttl=_plain(feed, "ttl"),
    )


def _plain(source: Any, name: str) -> str:
    """A text field; dict's own get, because feedparser's puts other fields in place of missing ones."""
    value = dict.get(source, name)
    return value if isinstance(value, str) else ""


def _is_markup(source: Any, name: str) -> bool:
    detail = dict.get(source, f"{name}_detail") or {}
    return detail.get("type", "text/html") in MARKUP_TYPES


def item_of(source: Any, base: str, guid: str = "") -> Item:
    """`guid` as it is written, where that is known: feedparser takes any that is alone for a relative address."""
    link = _link(source, base, guessed=bool(guid) and not guid.startswith(("http://", "https://")))
    body, markup = max(_bodies(source), key=lambda pair: len(pair[0]), default=("", False))
    dates = tuple(_dates(source))
    content = "\0".join((_plain(source, "title"), body, *(text for text, _ in dates))).encode("utf-8", "replace")
    return Item(
        raw=raw(_plain(source, "id"), link, _plain(source, "title"), dates[0][0] if dates else "", content),
        link=link,
        title=_plain(source, "title"),
        title_markup=_is_markup(source, "title"),
        body=body,
        body_markup=markup,
        dates=dates,
        language=_language(source),
    )


def _bodies(source: Any) -> Iterator[tuple[str, bool]]:
    """(text, whether it is markup) of each; a summary that feedparser copied from the content has lost its type."""
    contents = [content for content in dict.get(source, "content") or () if isinstance(content.get("value"), str)]
    for content in contents:
        media = content.get("type", "text/html")
        if not media.startswith(("image/", "audio/", "video/")):
            yield content["value"], media in MARKUP_TYPES or not media.startswith("text/")
    for name in ("summary", "description"):
        if (text := _plain(source, name)) and all(text != content["value"] for content in contents):
            yield text, _is_markup(source, name)


def _dates(source: Any) -> Iterator[tuple[str, object]]:
    for name in ("published", "updated", "created"):
        if text := _plain(source, name):
            yield text, dict.get(source, f"{name}_parsed")


def _link(source: Any, base: str, *, guessed: bool) -> str:
    """The article's page: what a feed proxy hides, the link, any other web address of the entry, its file.

    A link that is `guessed` from the guid counts only where the entry has no other address.
    """
    listed = dict.get(source, "links") or ()
    files = sorted(listed, key=lambda link: link.get("rel") == "enclosure")
    hrefs = [link.get("href") or "" for link in files]
    main = _plain(source, "link")
    last = guessed and main not in hrefs
    given = (_plain(source, "feedburner_origlink"), *(() if last else (main,)), *hrefs, *((main,) if last else ()))
    return next((found for link in given if canonical(found := absolute(link, base))), "")


def _language(source: Any) -> str:
    for name in ("title_detail", "summary_detail"):
        detail = dict.get(source, name) or {}
        if detail.get("language"):
            return str(detail["language"])
    return _plain(source, "language")
