"""What a look at a source brought, written down: many at a time, so that a poll of a thousand costs a few commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session, col, select, update

from db.articles import Listing, save_articles
from db.records import Entry
from db.sources import count_days, source_at
from db.tables import Source

PROBATION = timedelta(days=7)  # for which a new address must answer well before it is stored


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a source brought. Neither `error_kind` nor `read`: it was not modified."""

    source_id: int
    next_fetch_at: datetime
    error_kind: str | None = None  # None: it answered
    error: str = ""
    ended: bool = False  # it is gone for good
    read: bool = False  # there is a body, and what follows is what it says
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    permanent_url: str | None = None
    language: str | None = None
    site_url: str = ""
    entries: tuple[Entry, ...] = ()
    known: Mapping[str, str] = field(default_factory=dict)  # what `known_entries` gave before the look
    listed: frozenset[str] = field(default_factory=frozenset)
    stubs: float | None = None  # share of the entries that are too short to be articles; None: no new entries


def settle_looks(session: Session, looks: Sequence[Look], now: datetime, stub_chars: int) -> list[int]:
    """Writes the looks down; the ids of the new articles. An entry with less text than `stub_chars` wants its page."""
    unchanged = [look for look in looks if look.error_kind is None and not look.read]
    for next_fetch_at in {look.next_fetch_at for look in unchanged}:
        ids = [look.source_id for look in unchanged if look.next_fetch_at == next_fetch_at]
        _note_unchanged(session, ids, next_fetch_at, now)
    sources = _sources(session, [look.source_id for look in looks if look.read or look.error_kind is not None])
    failed = [look for look in looks if look.error_kind is not None and look.source_id in sources]
    read = [look for look in looks if look.read and look.source_id in sources]
    for look in failed:
        _note_failed(sources[look.source_id], look)
    new = save_articles(session, [_listing(sources[look.source_id], look, stub_chars) for look in read], now)
    for look in read:
        _note_read(session, sources[look.source_id], look, now, some_new=bool(new[look.source_id]))
    days = [(look.source_id, True, 0) for look in failed]
    count_days(session, days + [(look.source_id, False, len(new[look.source_id])) for look in read], now)
    return [article for ids in new.values() for article in ids]


def _sources(session: Session, ids: Sequence[int]) -> dict[int, Source]:
    found = session.exec(select(Source).where(col(Source.id).in_(ids))) if ids else ()
    return {source.id or 0: source for source in found}


def _listing(source: Source, look: Look, stub_chars: int) -> Listing:
    wants_pages = stub_chars if source.full_text is not False else 0
    return Listing(look.source_id, look.entries, look.known, look.listed, wants_pages)


def _note_unchanged(session: Session, ids: Sequence[int], next_fetch_at: datetime, now: datetime) -> None:
    session.exec(
        update(Source)
        .where(col(Source.id).in_(ids))
        .values(
            claimed_until=None,
            next_fetch_at=next_fetch_at,
            last_success_at=now,
            failures=0,
            error_kind=None,
            error=None,
        )
        .execution_options(synchronize_session=False)
    )


def _note_failed(source: Source, look: Look) -> None:
    source.claimed_until, source.next_fetch_at = None, look.next_fetch_at
    source.failures += 1
    source.error_kind, source.error = look.error_kind, look.error
    source.moved_to = source.moved_since = None
    if look.ended:
        source.state = "ended"


def _note_read(session: Session, source: Source, look: Look, now: datetime, *, some_new: bool) -> None:
    source.claimed_until, source.next_fetch_at = None, look.next_fetch_at
    source.failures, source.error_kind, source.error = 0, None, None
    source.etag, source.last_modified, source.body_hash = look.etag, look.last_modified, look.body_hash
    source.last_success_at = source.full_fetch_at = now
    source.language = source.language or look.language
    source.site_url = source.site_url or look.site_url
    if some_new:
        source.last_new_at = now
    if look.stubs is not None:
        source.stubs = look.stubs
    _move(session, source, look.permanent_url, now)


def _move(session: Session, source: Source, permanent_url: str | None, now: datetime) -> None:
    """A permanent redirect is stored once the new address has answered for a week without a break."""
    if permanent_url != source.moved_to:
        source.moved_to, source.moved_since = permanent_url, now if permanent_url else None
    elif source.moved_to and source.moved_since and now - source.moved_since >= PROBATION:
        if source_at(session, source.moved_to) is None:
            source.url = source.moved_to
        source.moved_to = source.moved_since = None
