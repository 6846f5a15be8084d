"""Sources: what there is, what is due, and what its last fetch said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

import sqlalchemy
from sqlalchemy import bindparam, func, or_
from sqlmodel import Session, col, select, update

from db.engine import insert_for
from db.tables import Article, Seen, Source, SourceDay

Row = Mapping[str, object]  # a row of Source by column, without its id
INSERTED = 1000  # rows in one statement


def add_source(session: Session, source: Source) -> tuple[Source, bool]:
    """The stored source, and whether it is new; an address that is there already is left as it is."""
    there = source_at(session, source.url)
    if there is not None:
        return there, False
    session.add(source)
    session.flush()
    return source, True


def add_sources(session: Session, new: Sequence[Row]) -> int:
    """How many were added; what is there already is left as it is. Lists are long: rows go without objects."""
    count = select(func.count()).select_from(Source)
    before = session.exec(count).one()
    statement = insert_for(session)(Source).on_conflict_do_nothing(index_elements=["url"])
    for start in range(0, len(new), INSERTED):
        session.connection().execute(statement, list(new[start : start + INSERTED]))
    return session.exec(count).one() - before


def source_urls(session: Session) -> list[str]:
    return list(session.exec(select(Source.url)))


def sources(session: Session) -> list[Source]:
    return list(session.exec(select(Source).order_by(col(Source.section), col(Source.title), col(Source.url))))


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source as lists show it."""

    id: int
    title: str
    url: str
    section: str
    state: str
    failures: int
    error_kind: str | None
    error: str | None
    last_success_at: datetime | None
    last_new_at: datetime | None
    interval_minutes: float | None
    quiet_days: int
    told_state: str | None


def source_lines(session: Session) -> list[SourceLine]:
    columns = [getattr(Source, column.name) for column in fields(SourceLine)]
    order = (col(Source.section), col(Source.title), col(Source.url))
    rows = session.execute(sqlalchemy.select(*columns).order_by(*order))
    return [SourceLine(*row) for row in rows]


def sources_down(session: Session) -> list[int]:
    """Ids of the active sources that the last look could not read."""
    rows = session.exec(select(Source.id).where(Source.state == "active", col(Source.error_kind).is_not(None)))
    return sorted(source for source in rows if source is not None)


def source_at(session: Session, url: str) -> Source | None:
    return session.exec(select(Source).where(Source.url == url)).first()


def remove_source(session: Session, source_id: int) -> bool:
    """Whether there was one. Its articles go too; bullets that cite them keep their links."""
    source = session.get(Source, source_id)
    if source is not None:
        session.delete(source)
    return source is not None


def set_source(session: Session, source_id: int, **columns: object) -> Source | None:
    """Sets the named columns; None when there is no such source."""
    source = session.get(Source, source_id)
    if source is not None:
        source.sqlmodel_update(columns)
        session.add(source)
    return source


def claim_due_sources(session: Session, now: datetime, lease: timedelta, limit: int) -> list[Source]:
    """Active sources whose time has come and that nobody is fetching, claimed for `lease`; longest due first."""
    due = session.exec(
        select(Source)
        .where(Source.state == "active", Source.next_fetch_at <= now)
        .where(or_(col(Source.claimed_until).is_(None), col(Source.claimed_until) <= now))
        .order_by(col(Source.next_fetch_at))
        .limit(limit)
    ).all()
    claimed = update(Source).where(col(Source.id).in_([source.id for source in due])).values(claimed_until=now + lease)
    if due:
        session.exec(claimed.execution_options(synchronize_session=False))
    return list(due)


def make_all_due(session: Session, now: datetime) -> int:
    """For "pull now": how many sources will be fetched."""
    due = update(Source).where(col(Source.state) == "active").values(next_fetch_at=now)
    return session.exec(due.execution_options(synchronize_session=False)).rowcount


def known_entries(session: Session, source_id: int) -> dict[str, str]:
    """Identity -> hash of the raw item, of the entries seen when the feed last listed them."""
    table = Seen.__table__  # type: ignore[attr-defined]  # half the cost of asking the class: each changed feed asks
    known = sqlalchemy.select(table.c.key, table.c.raw_hash).where(table.c.source_id == source_id)
    return dict(session.connection().execute(known).all())


def remember_entries(
    session: Session, fresh: Mapping[tuple[int, str], str], outdated: Iterable[tuple[int, str]]
) -> None:
    """fresh: (source, identity) -> hash of what is new or edited; outdated: what is edited or not listed any more.

    In two statements: the first fetch of a thousand feeds stores thirty thousand of them.
    """
    gone = [{"source": source_id, "entry": key} for source_id, key in outdated]
    if gone:
        table = Seen.__table__  # type: ignore[attr-defined]
        which = (table.c.source_id == bindparam("source")) & (table.c.key == bindparam("entry"))
        session.connection().execute(table.delete().where(which), gone)
    rows = [{"source_id": source, "key": key, "raw_hash": raw_hash} for (source, key), raw_hash in fresh.items()]
    if rows:  # an admin who looks past a backlog may have written one of them meanwhile
        statement = insert_for(session)(Seen).on_conflict_do_nothing(index_elements=["source_id", "key"])
        session.connection().execute(statement, rows)


def count_days(session: Session, looks: Sequence[tuple[int, bool, int]], now: datetime) -> None:
    """Adds looks to what their sources did today: (source id, whether it failed, new articles)."""
    if not looks:
        return
    statement = insert_for(session)(SourceDay)
    added = {name: getattr(SourceDay, name) + statement.excluded[name] for name in ("fetched", "failed", "new")}
    rows = [
        {"source_id": source_id, "day": now.date(), "fetched": 1, "failed": int(failed), "new": new}
        for source_id, failed, new in looks
    ]
    upsert = statement.on_conflict_do_update(index_elements=["source_id", "day"], set_=added)
    session.connection().execute(upsert, rows)


def days_of(session: Session, source_id: int, since: datetime) -> list[SourceDay]:
    return list(
        session.exec(
            select(SourceDay)
            .where(SourceDay.source_id == source_id, SourceDay.day >= since.date())
            .order_by(col(SourceDay.day))
        )
    )


def active_days(session: Session, since: datetime) -> dict[int, list[date]]:
    """Source -> the days on which it brought an article."""
    found: dict[int, list[date]] = {}
    new = select(col(SourceDay.source_id), col(SourceDay.day)).where(SourceDay.day >= since.date(), SourceDay.new > 0)
    for source_id, day in session.exec(new):
        found.setdefault(source_id, []).append(day)
    return found


def newest_of(session: Session, source_id: int, limit: int) -> list[tuple[str, str, datetime]]:
    """Title, address and date of its newest articles."""
    columns = select(Article.title, Article.url, Article.published_at).where(Article.source_id == source_id)
    return list(session.exec(columns.order_by(col(Article.published_at).desc()).limit(limit)).all())


def article_times(session: Session, source_id: int, limit: int) -> list[datetime]:
    """When its newest articles were published, newest first."""
    return list(
        session.exec(
            select(Article.published_at)
            .where(Article.source_id == source_id)
            .order_by(col(Article.published_at).desc())
            .limit(limit)
        )
    )


def counts_by_state(session: Session) -> dict[str, int]:
    """How many sources are active, paused, ended; and how many active ones are failing."""
    rows = dict(session.exec(select(Source.state, func.count()).group_by(Source.state)).all())
    failing = session.exec(select(func.count()).where(Source.state == "active", Source.failures > 0)).one()
    return rows | {"failing": failing}
