"""Announcements: one edition for each chat that gets briefs, made in one transaction; how far they have come."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, or_, select

from db.editions import Owed, Wanted, open_editions, owe_all
from db.records import Part
from db.tables import Audit, Delivery, Edition, Subscriber, Subscription

CHUNK = 500
KIND = "announcement"

DueAt = Callable[[datetime, Subscriber], datetime]  # when it may come to this subscriber, from now on


@dataclass(frozen=True, slots=True)
class Audience:
    people: int
    shared: int  # groups and channels


def audience(session: Session, now: datetime) -> Audience:
    private = [subscriber.kind == "private" for _, subscriber in _hearers(session, now)]
    return Audience(sum(private), len(private) - sum(private))


def announce(
    session: Session, made_at: datetime, part: Part, now: datetime, due_at: DueAt, *, people_only: bool
) -> int:
    """Owes the message to every chat that had not got the announcement made at that second; how many.

    Who has stopped or paused, and who cannot be reached, gets nothing.
    """
    owed = 0
    hearers = [pair for pair in _hearers(session, now) if pair[1].kind == "private" or not people_only]
    for start in range(0, len(hearers), CHUNK):
        dues = {subscription: due_at(now, subscriber) for subscription, subscriber in hearers[start : start + CHUNK]}
        wanted = [Wanted(id, KIND, made_at.date(), number_of(made_at), due) for id, due in dues.items()]
        made = open_editions(session, wanted, now)
        owe_all(session, [Owed(made[id], id, [part], dues[id]) for id in made], now, tells_doubt=False)
        owed += len(made)
    return owed


def number_of(made_at: datetime) -> int:
    """Tells announcements apart: its second."""
    return int(made_at.timestamp())


def _hearers(session: Session, now: datetime) -> Sequence[tuple[int, Subscriber]]:
    """Each chat once: a forum by the oldest of its subscriptions that is not paused."""
    first = (
        select(func.min(Subscription.id))
        .where(Subscription.state == "active")
        .where(or_(col(Subscription.paused_until).is_(None), col(Subscription.paused_until) <= now))
        .group_by(col(Subscription.subscriber_id))
    )
    rows = session.exec(
        select(Subscription.id, Subscriber)
        .join(Subscriber)
        .where(col(Subscription.id).in_(first), Subscriber.state == "active")
        .order_by(col(Subscription.id))
    )
    return [(id, subscriber) for id, subscriber in rows if id is not None]


def progress(session: Session, made_at: datetime) -> Mapping[str, int]:
    """Messages of that announcement by state of the ledger."""
    rows = session.exec(
        select(Delivery.state, func.count())
        .join(Edition, col(Edition.id) == Delivery.edition_id)
        .where(Edition.kind == KIND, Edition.slot == number_of(made_at), Edition.due_at >= made_at)
        .group_by(col(Delivery.state))
    )
    return dict(rows.all())


def latest(session: Session) -> int | None:
    """The number of the last one; None when there was none, or it is long ago."""
    query = select(Audit.subject).where(Audit.act == KIND).order_by(col(Audit.id).desc()).limit(1)
    subject = session.exec(query).first() or ""
    return int(subject) if subject.isdecimal() else None
