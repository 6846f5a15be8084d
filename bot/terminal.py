"""The terminal's commands that work with the database: sources, backups."""

import asyncio
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import ParamSpec

from sqlmodel import Session

from bot.editions import next_due
from db.admins import record
from db.backup import BackupError, backup, restore
from db.engine import Database, DatabaseError, open_database
from db.sources import add_source, remove_source, source_at, sources
from db.tables import Source
from jobs.check import check_source
from jobs.discover import discover
from jobs.errors import SourceError
from jobs.guard import parse_host_port
from jobs.health import family
from jobs.http import Limits, open_http
from jobs.opml import Outline, read_list, write_opml
from jobs.parser_pool import ParserPool
from jobs.settings import Settings, SettingsError, load_settings

P = ParamSpec("P")
TERMINAL = 0  # the user in audit rows
EXPECTED = (SettingsError, DatabaseError, BackupError, SourceError, OSError)


class NoSource(SourceError):
    kind = "no_source"


def said(command: Callable[P, None]) -> Callable[P, int]:
    """The command's exit status; an expected error is one line on stderr."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> int:
        try:
            command(*args, **kwargs)
        except EXPECTED as error:
            print(error, file=sys.stderr)
            return 1
        return 0

    return run


def _opened() -> tuple[Settings, Database]:
    settings = load_settings()
    return settings, open_database(settings.database_url)


def _limits(settings: Settings) -> Limits:
    private = frozenset(parse_host_port(host) for host in settings.allow_private_hosts)
    return Limits(host_pause=settings.host_pause_seconds, private_hosts=private)


@said
def add(url: str, section: str) -> None:
    settings, database = _opened()
    now = datetime.now(UTC)
    found = asyncio.run(_discovered(url if "://" in url else f"https://{url}", _limits(settings)))
    if not found:
        raise NoSource(url, "has no feed that can be found. Look for a link called RSS or Atom there")
    for outline in found:
        added = database.write_now(_add, outline, section, now)
        print(f"{'added' if added else 'there already'}: {outline.url} {outline.title}")


async def _discovered(url: str, limits: Limits) -> list[Outline]:
    async with open_http(limits) as http, ParserPool() as parser:
        found = await discover(http, parser, url, datetime.now(UTC))
    return [Outline(feed.url, feed.title, site_url=feed.site_url, language=feed.language) for feed in found]


def _add(session: Session, outline: Outline, section: str, now: datetime) -> bool:
    source = Source(
        url=outline.url,
        title=outline.title or outline.url,
        site_url=outline.site_url,
        section=outline.section or section,
        language=outline.language,
        publisher=family(outline.site_url or outline.url),
        next_fetch_at=now,
        created_at=now,
    )
    _, new = add_source(session, source)
    if new:
        record(session, TERMINAL, "source.add", outline.url, now)
    return new


@said
def list_sources() -> None:
    _, database = _opened()
    for source in database.read_now(sources):
        print("\t".join((source.state, source.error_kind or "ok", source.section, source.title, source.url)))


@said
def remove(url: str) -> None:
    _, database = _opened()
    if not database.write_now(_remove, url, datetime.now(UTC)):
        raise NoSource(url, "is no source here. `triptych source list` shows them")
    print(f"removed: {url}")


def _remove(session: Session, url: str, now: datetime) -> bool:
    source = source_at(session, url)
    if source is None or source.id is None:
        return False
    record(session, TERMINAL, "source.drop", url, now)
    return remove_source(session, source.id)


@said
def import_list(file: str) -> None:
    settings, database = _opened()
    there = [source.url for source in database.read_now(sources)]
    private = [parse_host_port(host) for host in settings.allow_private_hosts]
    reading = read_list(Path(file).read_bytes(), there, private, file)
    database.write_now(_add_all, reading.fresh, datetime.now(UTC))
    for line in reading.lines:
        print(line)


def _add_all(session: Session, outlines: list[Outline], now: datetime) -> None:
    for outline in outlines:
        _add(session, outline, "", now)


@said
def export() -> None:
    _, database = _opened()
    outlines = [Outline(s.url, s.title, s.section, s.site_url, s.language) for s in database.read_now(sources)]
    sys.stdout.write(write_opml(outlines).decode())


def check_all(as_json: bool) -> int:
    """Looks at every stored source; 1 when one of them does not answer well."""
    try:
        settings, database = _opened()
        urls = [source.url for source in database.read_now(sources)]
        return asyncio.run(_check_all(urls, _limits(settings)))
    except EXPECTED as error:
        print(error, file=sys.stderr)
        return 1


async def _check_all(urls: list[str], limits: Limits) -> int:
    reports = await asyncio.gather(*(check_source(url, limits, datetime.now(UTC)) for url in urls))
    for url, report in zip(urls, reports, strict=True):
        print(f"{'fails' if report.error else 'answers'}\t{url}\t{report.error or ''}")
    return 1 if any(report.error for report in reports) else 0


@said
def make_backup(file: str) -> None:
    backup(load_settings().database_url, Path(file))
    print(f"written: {file}")


@said
def restore_backup(file: str, *, overwrite: bool) -> None:
    shut = restore(load_settings().database_url, Path(file), datetime.now(UTC), next_due, overwrite=overwrite)
    for edition in shut:
        print(
            f"not sent again: the brief for chat {edition.chat_id} that was due at {edition.due_at:%Y-%m-%d %H:%M} UTC"
        )
    print(f"restored: {file}")
