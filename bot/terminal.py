"""The terminal's commands that work with the database: sources, backups."""

import asyncio
import json
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
from db.sources import add_source, remove_source, source_at, source_urls, sources
from jobs.check import Report, check_sources
from jobs.discover import discover
from jobs.errors import SourceError, shown
from jobs.guard import parse_host_port
from jobs.health import signs_of, state_of
from jobs.http import Limits, open_http
from jobs.imports import TERMINAL, import_sources, outlines_of, rows_of, source_of
from jobs.lists import default_lists
from jobs.opml import FAULTY, Outline, Reading, read_list, write_opml
from jobs.parser_pool import ParserPool
from jobs.settings import Settings, SettingsError, load_settings

P = ParamSpec("P")


class NoSource(Exception):
    """No source is there."""


class NoList(Exception):
    """No ready-made list has that name."""


EXPECTED = (SettingsError, DatabaseError, BackupError, SourceError, NoSource, NoList, OSError)


def said(command: Callable[P, int | None]) -> Callable[P, int]:
    """The command's exit status, 0 where it gives none; an expected error is one line on stderr."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> int:
        try:
            return command(*args, **kwargs) or 0
        except EXPECTED as error:
            print(error, file=sys.stderr)
            return 1

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
        raise NoSource(f"{shown(url)} has no feed that can be found. Look for a link called RSS or Atom there.")
    for outline in found:
        added = database.write_now(_add, outline, section, now)
        print(f"{'added' if added else 'there already'}: {outline.url} {outline.title}")


async def _discovered(url: str, limits: Limits) -> list[Outline]:
    async with open_http(limits) as http, ParserPool() as parser:
        found = await discover(http, parser, url, datetime.now(UTC))
    return [Outline(feed.url, feed.title, site_url=feed.site_url, language=feed.language) for feed in found]


def _add(session: Session, outline: Outline, section: str, now: datetime) -> bool:
    _, new = add_source(session, source_of(outline, now, section))
    if new:
        record(session, TERMINAL, "source.add", outline.url, now)
    return new


@said
def list_sources() -> None:
    """A line a source: state, what is wrong, section, title, address."""
    _, database = _opened()
    now = datetime.now(UTC)
    for source in database.read_now(sources):
        state = state_of(signs_of(source), now)
        print("\t".join((state, source.error_kind or "ok", source.section, source.title, source.url)))


@said
def remove(url: str) -> None:
    _, database = _opened()
    if not database.write_now(_remove, url, datetime.now(UTC)):
        raise NoSource(f"{shown(url)} is no source here. `triptych source list` shows them.")
    print(f"removed: {url}")


def _remove(session: Session, url: str, now: datetime) -> bool:
    source = source_at(session, url)
    if source is None or source.id is None:
        return False
    record(session, TERMINAL, "source.drop", url, now)
    return remove_source(session, source.id)


@said
def import_list(file: str | None, name: str | None) -> int:
    """Adds what is new in one transaction; 1 when a part of the list could not be read, which stderr names."""
    settings, database = _opened()
    reading = _reading(file, name, settings, database.read_now(source_urls))
    new = rows_of(reading.fresh, datetime.now(UTC))
    added = database.write_now(import_sources, new, name or str(file), TERMINAL, datetime.now(UTC))
    return _report(reading, added)


def _reading(file: str | None, name: str | None, settings: Settings, known: list[str]) -> Reading:
    if file is not None:
        private = [parse_host_port(host) for host in settings.allow_private_hosts]
        return read_list(Path(file).read_bytes(), known, private, file)
    ready_made = default_lists(known)
    if name not in ready_made:
        raise NoList(f"{name} is no ready-made list. There are: {', '.join(ready_made)}.")
    return ready_made[name]


def _report(reading: Reading, added: int) -> int:
    faulty = [line for line in reading.lines if line.verdict in FAULTY]
    for line in reading.lines:
        print(line, file=sys.stderr if line.verdict in FAULTY else sys.stdout)
    if reading.lost:
        print(f"{reading.lost} outlines are so broken that they could not be read.", file=sys.stderr)
    print(f"added: {added} of {len(reading.lines) + reading.lost}")
    return 1 if faulty or reading.lost else 0


@said
def export() -> None:
    _, database = _opened()
    sys.stdout.write(write_opml(database.read_now(outlines_of)).decode())


def check_all(as_json: bool) -> int:
    """Looks at every stored source; 1 when one of them does not answer well."""
    try:
        settings, database = _opened()
        urls = database.read_now(source_urls)
        return asyncio.run(_check_all(urls, _limits(settings), as_json))
    except EXPECTED as error:
        print(error, file=sys.stderr)
        return 1


async def _check_all(urls: list[str], limits: Limits, as_json: bool) -> int:
    failed = 0
    async with open_http(limits) as http, ParserPool() as parser:
        async for report in check_sources(http, parser, urls, datetime.now(UTC)):
            failed += report.error is not None
            print(json.dumps(report.as_json(), ensure_ascii=False) if as_json else _verdict(report), flush=True)
    return 1 if failed else 0


def _verdict(report: Report) -> str:
    return f"{'fails' if report.error else 'answers'}\t{report.url}\t{report.error or ''}".rstrip()


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
