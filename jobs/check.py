"""`triptych source check`: the real path from an address or a file to entries, with nothing kept."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final, TextIO

from db.records import Entry
from jobs.errors import BadUrl, SourceError, TooLarge
from jobs.feed import Feed
from jobs.fetch import Http, Limits, Request, fetch, open_http
from jobs.guard import parse_host_port
from jobs.markup import shorten
from jobs.parser_pool import ParserPool

SHOWN: Final = 10  # entries listed for people; JSON has them all
ABREAST: Final = 32  # addresses asked at a time


@dataclass(frozen=True, slots=True)
class Report:
    """What a source answers. With an error the rest is as far as it came."""

    url: str
    final_url: str
    feed: Feed | None = None
    error: SourceError | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "url": self.url,
            "final_url": self.final_url,
            "title": self.feed.title if self.feed else "",
            "language": self.feed.language if self.feed else None,
            "kind": self.feed.kind if self.feed else "",
            "entries": [_entry(entry) for entry in self.feed.entries] if self.feed else [],
            "error": {"kind": self.error.kind, "message": str(self.error)} if self.error else None,
        }

    def as_text(self) -> str:
        if not self.feed:
            return f"{self.url}: nothing read."
        feed = self.feed
        count = "1 entry" if len(feed.entries) == 1 else f"{len(feed.entries)} entries"
        lines = [f"{feed.title or self.final_url}: {feed.kind}, {feed.language or 'language not stated'}, {count}"]
        lines += [_line(entry) for entry in feed.entries[:SHOWN]]
        if len(feed.entries) > SHOWN:
            lines.append(f"… and {len(feed.entries) - SHOWN} more")
        return "\n".join(lines)


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "key": entry.key,
        "title": entry.title,
        "url": entry.url,
        "published_at": entry.published_at.isoformat() if entry.published_at else None,
        "text": entry.text,
    }


def _line(entry: Entry) -> str:
    date = entry.published_at.strftime("%Y-%m-%d %H:%M") if entry.published_at else "no date         "
    return f"  {date}  {shorten(entry.title, 80)}"


async def check_source(target: str, limits: Limits, now: datetime) -> Report:
    """Read an address, or a file where there is one of that name. Never raises a SourceError: it is in the Report."""
    async with ParserPool() as parser:
        if "://" in target:
            async with open_http(limits) as http:
                return await look(http, parser, target, now)
        try:
            body = await asyncio.to_thread(_read_file, target, limits.body)
            return Report(target, target, await parser.parse(body, url="", known={}, now=now))
        except SourceError as error:
            return Report(target, target, error=error)


def _read_file(name: str, most: int) -> bytes:
    path = Path(name)
    try:
        if not path.is_file():
            raise BadUrl(name, "is neither an address nor a file that is there")
        with path.open("rb") as file:
            body = file.read(most + 1)
    except (OSError, ValueError) as error:
        raise BadUrl(name, "is a file that cannot be read") from error
    if len(body) > most:
        raise TooLarge(name, "is larger than a feed may be")
    return body


async def look(
    http: Http, parser: ParserPool, url: str, now: datetime, known: Mapping[str, str] | None = None
) -> Report:
    """What is at an address; with `known`, identity -> hash, only the entries that are new or edited.

    Never raises a SourceError: it is in the Report.
    """
    report = Report(url, url)
    try:
        fetched = await fetch(http, Request(url), now=now)
        if fetched is None:
            return report
        report = replace(report, final_url=fetched.final_url)
        feed = await parser.read(fetched, known=known or {}, now=now)
    except SourceError as error:
        return replace(report, error=error)
    return replace(report, feed=feed)


async def check_sources(http: Http, parser: ParserPool, urls: Iterable[str], now: datetime) -> AsyncIterator[Report]:
    """The reports as they come, `ABREAST` addresses at a time."""
    waiting = iter(urls)
    under_way = {asyncio.ensure_future(look(http, parser, url, now)) for url in islice(waiting, ABREAST)}
    while under_way:
        done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
        under_way |= {asyncio.ensure_future(look(http, parser, url, now)) for url in islice(waiting, len(done))}
        for task in done:
            yield task.result()


def check_command(
    target: str, as_json: bool, allow_private_hosts: Iterable[str], stdout: TextIO, stderr: TextIO
) -> int:
    """The command itself; returns the exit status. With an error the JSON is printed all the same."""
    limits = Limits(private_hosts=frozenset(parse_host_port(pair) for pair in allow_private_hosts))
    report = asyncio.run(check_source(target, limits, datetime.now(UTC)))
    if as_json:
        json.dump(report.as_json(), stdout, ensure_ascii=False)
        stdout.write("\n")
    elif report.feed:
        stdout.write(report.as_text() + "\n")
    if report.error:
        stderr.write(f"{report.error}\n")
    return 1 if report.error else 0
