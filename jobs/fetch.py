"""The network in: one conditional GET of one source.

    Request  --fetch(http, request)-->  Fetched | None      None: not modified

What can go wrong is drawn in `jobs.errors`: everything here raises a FetchError or Empty.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urljoin

from jobs.errors import DAY, BadResponse, Empty, NotModified, refused
from jobs.http import Answer, Http, Limits, open_http

__all__ = ["Fetched", "Http", "Limits", "Request", "body_hash", "fetch", "open_http", "seconds_to_wait"]

HINT_AT_MOST: Final = 3600  # seconds: what a server says about freshness may slow a source to an hour, not more
_MAX_AGE: Final = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Request:
    """What is known of a source before it is asked. With no etag and no last_modified the whole feed is asked for."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None  # of the last body that was read; None: read whatever comes


@dataclass(frozen=True, slots=True)
class Fetched:
    """A body and what its headers say. `url` is what was asked, `final_url` where the redirects ended."""

    url: str
    final_url: str
    body: bytes
    body_hash: str
    status: int
    content_type: str | None  # as sent, without parameters, lower case
    charset: str | None
    content_location: str | None  # absolute; the base of relative links where it is given
    content_language: str | None
    etag: str | None
    last_modified: str | None
    retry_after: int | None  # seconds, at most a day
    max_age: int | None  # seconds, at most an hour
    permanent_url: str | None  # where the source has moved for good


def body_hash(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=16).hexdigest()


async def fetch(http: Http, source: Request, *, now: datetime | None = None) -> Fetched | None:
    """The source's body; None when the server says, or the body's hash shows, that nothing changed.

    The body wins over the validators: a new ETag on old bytes is None, an old ETag on new bytes is Fetched.
    """
    answer = await http.request(source.url, headers=_conditions(source))
    if answer.status == 304:
        if source.etag or source.last_modified:
            return None
        raise NotModified(source.url, "answered 304 to a request that set no condition")
    if answer.status >= 400:
        raise refused(source.url, answer.status, seconds_to_wait(answer.headers.get("retry-after"), now))
    if not 200 <= answer.status < 300:
        raise BadResponse(source.url, "answered {status}, which leads nowhere", status=answer.status)
    if not answer.body.strip(b"\0\t\r\n "):
        raise Empty(source.url, "answered with an empty page")
    fetched = _fetched(source.url, answer, now)
    return None if fetched.body_hash == source.body_hash else fetched


def _conditions(source: Request) -> dict[str, str]:
    given = {"If-None-Match": source.etag, "If-Modified-Since": source.last_modified}
    return {name: value for name, value in given.items() if value}


def _fetched(asked: str, answer: Answer, now: datetime | None) -> Fetched:
    headers = answer.headers
    content_type, charset = _media_type(headers.get("content-type", ""))
    return Fetched(
        url=asked,
        final_url=answer.url,
        body=answer.body,
        body_hash=body_hash(answer.body),
        status=answer.status,
        content_type=content_type,
        charset=charset,
        content_location=_location(answer.url, headers.get("content-location")),
        content_language=headers.get("content-language"),
        etag=_validator(headers.get("etag")),
        last_modified=_validator(headers.get("last-modified")),
        retry_after=seconds_to_wait(headers.get("retry-after"), now),
        max_age=_max_age(headers.get("cache-control", "")),
        permanent_url=answer.permanent_url,
    )


def _media_type(header: str) -> tuple[str | None, str | None]:
    message = Message()
    message["content-type"] = header
    return (message.get_content_type() if header.strip() else None), _text(message.get_param("charset"))


def _text(value: object) -> str | None:
    return value.strip().lower() if isinstance(value, str) and value.strip() else None


def _validator(value: str | None) -> str | None:
    """A validator that may be sent back: printable and short, else none at all."""
    return value if value and len(value) <= 500 and value.isascii() and value.isprintable() else None


def _location(url: str, value: str | None) -> str | None:
    try:
        joined = urljoin(url, value) if value else ""
    except ValueError:
        return None
    return joined if joined.startswith(("http://", "https://")) else None


def _max_age(cache_control: str) -> int | None:
    found = _MAX_AGE.search(cache_control)
    return min(int(found[1]), HINT_AT_MOST) if found else None


def seconds_to_wait(retry_after: str | None, now: datetime | None = None) -> int | None:
    """Retry-After in seconds, from either of its forms, at most a day; None when there is none that can be read."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:9]), DAY)
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0, min(int((aware - (now or datetime.now(UTC))).total_seconds()), DAY))
