"""Announcements: one edition for each chat that gets briefs; how far they have come."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, or_, select

from db.editions import Owed, Wanted, open_editions, owe_all
from db.records import Part
from db.tables import Audit, Delivery, Edition, Subscriber, Subscription

KIND = "announcement"

DueAt = Callable[[datetime, Subscriber], datetime]  # when it may come to this subscriber, from now on


@dataclass(frozen=True, slots=True)
class Audience:
    people: int
    shared: int  # groups and channels


def audience(session: Session, now: datetime) -> Audience:
    people = len(hearers(session, now, people_only=True))
    return Audience(people, len(hearers(session, now)) - people)


def announce(
    session: Session, made_at: datetime, part: Part, now: datetime, due_at: DueAt, subscriptions: Sequence[int]
) -> int:
    """Owes the message to those of some `hearers` that had not got the announcement made at that second; how many."""
    query = select(Subscription.id, Subscriber).join(Subscriber).where(col(Subscription.id).in_(subscriptions))
    dues = {id: due_at(now, subscriber) for id, subscriber in session.exec(query) if id is not None}
    wanted = [Wanted(id, KIND, made_at.date(), number_of(made_at), due) for id, due in dues.items()]
    made = open_editions(session, wanted, now)
    owe_all(session, [Owed(made[id], id, [part], dues[id]) for id in made], now, tells_doubt=False)
    return len(made)


def number_of(made_at: datetime) -> int:
    """Tells announcements apart: its second."""
    return int(made_at.timestamp())


def hearers(session: Session, now: datetime, *, people_only: bool = False) -> Sequence[int]:
    """Subscriptions, one of each chat: a forum's oldest that is not paused.

    Who has stopped or paused, and who cannot be reached, hears nothing.
    """
    first = (
        select(func.min(Subscription.id))
        .where(Subscription.state == "active")
        .where(or_(col(Subscription.paused_until).is_(None), col(Subscription.paused_until) <= now))
        .group_by(col(Subscription.subscriber_id))
    )
    query = select(Subscription.id).join(Subscriber).where(col(Subscription.id).in_(first))
    kind = Subscriber.kind == "private" if people_only else True
    rows = session.exec(query.where(Subscriber.state == "active", kind).order_by(col(Subscription.id)))
    return [id for id in rows if id is not None]


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
