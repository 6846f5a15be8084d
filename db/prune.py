"""What is old is forgotten, a chunk at a time: a file that grows for ever is a fault that comes late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func
from sqlmodel import Session, col, or_, select

from db.editions import UNSENT
from db.tables import (
    Article,
    Audit,
    Bullet,
    Code,
    Delivery,
    Edition,
    Expected,
    Follow,
    Handled,
    Kept,
    Mute,
    Rendered,
    SourceDay,
    Story,
)
from db.updates import FORGET

CHUNK = 200  # rows of a kind in one transaction, so that no writer waits long
HANDLED = timedelta(days=7)  # Telegram repeats an update for a day at most
ORPHANED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ages:
    """Days after which rows go."""

    articles: int = 30  # and their stories
    ledger: int = 90  # editions, and stories that somebody follows
    audit: int = 365


def prune(session: Session, now: datetime, ages: Ages, chunk: int = CHUNK) -> int:
    """Forgets up to `chunk` rows of each kind; returns how many rows went. Call it until that is 0."""
    articles, ledger, audit = (now - timedelta(days=days) for days in (ages.articles, ages.ledger, ages.audit))
    return sum(
        (
            _forget(session, col(Article.id), chunk, col(Article.fetched_at) < articles),
            _forget(session, col(Story.id), chunk, *_old_stories(articles, ledger)),
            _forget(session, col(Edition.id), chunk, *_old_editions(ledger)),
            _forget(session, col(Rendered.id), chunk, *_orphaned(now - ORPHANED), newest_too=True),
            _forget(session, col(Audit.id), chunk, col(Audit.at) < audit),
            _forget(session, col(Handled.update_id), chunk, col(Handled.at) < now - HANDLED),
            _forget(session, col(Code.hash), chunk, *_spent(now), newest_too=True),
            _forget_where(session, SourceDay, col(SourceDay.day) < audit.date()),
            _forget_where(session, Mute, *_muted_nothing()),
            _forget_where(session, Expected, col(Expected.at) < now - FORGET),
            _forget_where(session, Kept, col(Kept.at) < now - HANDLED),
        )
    )


def _forget(
    session: Session,
    key: Any,  # a table's primary key column
    chunk: int,
    *which: ColumnElement[bool],
    newest_too: bool = False,
) -> int:
    """The newest row stays unless said otherwise: SQLite would give its number to another row."""
    rows = select(key).where(*which).order_by(key).limit(chunk)
    if not newest_too:
        rows = rows.where(key < select(func.max(key)).scalar_subquery())
    ids = list(session.exec(rows))
    if ids:
        session.execute(delete(key.class_).where(key.in_(ids)).execution_options(synchronize_session=False))
    return len(ids)


def _forget_where(session: Session, table: type[Any], *which: ColumnElement[bool]) -> int:
    gone = session.execute(delete(table).where(*which).execution_options(synchronize_session=False))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _old_stories(unfollowed: datetime, followed: datetime) -> Iterable[ColumnElement[bool]]:
    is_followed = exists().where(col(Follow.story_id) == col(Story.id))
    has_articles = exists().where(col(Article.story_id) == col(Story.id))
    has_newest_bullet = exists().where(
        col(Bullet.story_id) == col(Story.id), col(Bullet.id) == select(func.max(Bullet.id)).scalar_subquery()
    )
    yield or_(col(Story.updated_at) < followed, (col(Story.updated_at) < unfollowed) & ~is_followed)
    yield ~has_articles
    yield ~has_newest_bullet


def _old_editions(before: datetime) -> Iterable[ColumnElement[bool]]:
    yield col(Edition.created_at) < before
    yield ~exists().where(col(Delivery.edition_id) == col(Edition.id), col(Delivery.state).in_(UNSENT))


def _orphaned(before: datetime) -> Iterable[ColumnElement[bool]]:
    yield col(Rendered.created_at) < before
    yield ~exists().where(col(Delivery.rendered_id) == col(Rendered.id))


def _spent(now: datetime) -> Iterable[ColumnElement[bool]]:
    yield or_(col(Code.uses_left) <= 0, col(Code.expires_at) < now)


def _muted_nothing() -> Iterable[ColumnElement[bool]]:
    yield col(Mute.kind) == "story"
    yield ~exists().where(col(Story.id) == col(Mute.muted_id))
