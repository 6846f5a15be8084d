"""Editions that will not be sent: merged into a newer one, or closed by a restore."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import case, func
from sqlmodel import Session, col, select, update

from db.editions import UNSENT
from db.tables import Delivery, Edition, Subscriber, Subscription

NextDue = Callable[[Subscription, str, datetime], datetime | None]  # subscription, zone, now -> the next due time

MERGED = timedelta(days=7)  # older briefs that were never tried are found by nobody: retention takes them


def close(session: Session, editions: Collection[int], why: str) -> None:
    """None of their parts will be sent any more."""
    quiet = {"synchronize_session": False}
    session.execute(
        update(Delivery)
        .where(col(Delivery.edition_id).in_(editions), col(Delivery.state).in_(UNSENT))
        .values(state="dropped", error=why)
        .execution_options(**quiet)
    )
    session.execute(update(Edition).where(col(Edition.id).in_(editions)).values(closed=True).execution_options(**quiet))


def merge_unsent_by(session: Session, made: Mapping[int, int], now: datetime) -> set[int]:
    """Closes the earlier briefs of which nothing was tried yet, so that the new editions carry all, late.

    made: subscription -> its new edition, as `open_editions` returns it. Returns the subscriptions that had some.
    """
    tried = func.sum(case(((col(Delivery.state) == "owed") & col(Delivery.claimed_at).is_(None), 0), else_=1))
    rows = session.execute(
        select(Edition.id, Edition.subscription_id)
        .join(Delivery, col(Delivery.edition_id) == Edition.id)
        .where(col(Edition.subscription_id).in_(made), col(Edition.kind) == "brief")
        .where(col(Edition.local_date) >= (now - MERGED).date(), col(Edition.closed).is_(False))
        .where(col(Edition.id).not_in(made.values()))
        .group_by(col(Edition.id), col(Edition.subscription_id))
        .having(tried == 0)
    ).all()
    if not rows:
        return set()
    close(session, [edition for edition, _ in rows], "merged into the next edition")
    late = {subscription for _, subscription in rows}
    session.execute(update(Edition).where(col(Edition.id).in_([made[id] for id in late])).values(late=True))
    return late


def merge_unsent(session: Session, edition: Edition) -> bool:
    """`merge_unsent_by` for one new edition."""
    assert edition.id is not None
    return bool(merge_unsent_by(session, {edition.subscription_id: edition.id}, edition.created_at))


@dataclass(frozen=True, slots=True)
class Shut:
    """An edition that a restore closed: `local_date` and `slot` are None where it had not been made yet."""

    chat_id: int
    due_at: datetime
    local_date: date | None = None
    slot: int | None = None


def shut_due(session: Session, now: datetime, next_due: NextDue) -> list[Shut]:
    """Closes every edition that was due before now, made or not yet made, and says which.

    A subscription that was due is moved on to its next due time.
    """
    unsent = _unsent(session, now)
    close(session, [edition.id for edition, _ in unsent if edition.id is not None], "closed by a restore")
    shut = [Shut(chat_id, edition.due_at, edition.local_date, edition.slot) for edition, chat_id in unsent]
    rows = session.exec(select(Subscription, Subscriber).join(Subscriber).where(col(Subscription.due_at) <= now))
    for subscription, subscriber in rows.all():
        assert subscription.due_at is not None
        shut.append(Shut(subscriber.chat_id, subscription.due_at))
        subscription.due_at = next_due(subscription, subscriber.zone, now)
    return shut


def _unsent(session: Session, now: datetime) -> Sequence[tuple[Edition, int]]:
    return session.exec(
        select(Edition, Delivery.chat_id)
        .join(Delivery, col(Delivery.edition_id) == Edition.id)
        .where(col(Delivery.state).in_(UNSENT), col(Edition.due_at) <= now)
        .distinct()
        .order_by(col(Edition.id))
    ).all()
