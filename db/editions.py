"""Editions and their parts: made once, frozen, and remembered as told when they were sent."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select, update

from db.records import Part, Told
from db.tables import Delivery, Edition, Rendered, Subscriber, Subscription

NextDue = Callable[[Subscription, str, datetime], datetime | None]  # subscription, zone, now -> the next due time

UNSENT = ("owed", "in_doubt", "sending")


def open_edition(
    session: Session,
    subscription_id: int,
    kind: str,
    local_date: date,
    slot: int,
    *,
    due_at: datetime,
    now: datetime,
    late: bool = False,
    report: dict[str, Any] | None = None,
) -> Edition | None:
    """A new edition; None when there is one for this subscription, kind, local date and slot."""
    key = (
        col(Edition.subscription_id) == subscription_id,
        col(Edition.kind) == kind,
        col(Edition.local_date) == local_date,
        col(Edition.slot) == slot,
    )
    if session.exec(select(Edition.id).where(*key)).first() is not None:
        return None
    edition = Edition(
        subscription_id=subscription_id,
        kind=kind,
        local_date=local_date,
        slot=slot,
        due_at=due_at,
        created_at=now,
        late=late,
        report=report or {},
    )
    session.add(edition)
    session.flush()
    return edition


def owe(
    session: Session,
    edition: Edition,
    parts: Sequence[Part],
    *,
    silent: bool | None = None,
    reply_to: int | None = None,
) -> None:
    """Freezes the parts and owes them to the edition's chat from its due time on.

    silent: None takes the subscriber's wish. What is parked for this subscription counts as said to its reader from
    now on (see `unsaid`).
    """
    assert edition.id is not None
    subscriber, thread_id = session.exec(
        select(Subscriber, Subscription.thread_id)
        .join(Subscription)
        .where(col(Subscription.id) == edition.subscription_id)
    ).one()
    _mark_said(session, edition.subscription_id)
    for number, part in enumerate(parts):
        session.add(
            Delivery(
                edition_id=edition.id,
                part=number,
                rendered_id=_freeze(session, part, edition.created_at),
                chat_id=subscriber.chat_id,
                thread_id=thread_id,
                reply_to=reply_to if number == 0 else None,
                silent=subscriber.silent if silent is None else silent,
                next_try_at=edition.due_at,
            )
        )


def _freeze(session: Session, part: Part, now: datetime) -> str:
    """Equal parts, of whatever edition, share one row."""
    content = [part.html, part.plain, part.buttons, part.preview_url, part.bullets, part.stories]
    id = hashlib.sha256(json.dumps(content).encode()).hexdigest()[:32]
    if session.get(Rendered, id) is None:
        session.add(
            Rendered(
                id=id,
                html=part.html,
                plain=part.plain,
                buttons=[[list(button) for button in row] for row in part.buttons],
                preview_url=part.preview_url,
                bullets=list(part.bullets),
                stories=list(part.stories),
                created_at=now,
            )
        )
        session.flush()
    return id


def told(session: Session, subscription_id: int, since: datetime, *, waiting: bool = False) -> Told:
    """What the subscription was really sent since then, with the last time it was sent.

    waiting: with what is still owed to it, dated by its edition, so that the next edition does not repeat it.
    """
    rows = session.exec(
        select(Delivery.sent_at, Edition.created_at, Rendered.bullets, Rendered.stories)
        .join(Edition, col(Edition.id) == Delivery.edition_id)
        .join(Rendered, col(Rendered.id) == Delivery.rendered_id)
        .where(col(Edition.subscription_id) == subscription_id, col(Edition.created_at) >= since)
        .where(col(Delivery.state).in_(("sent", *UNSENT) if waiting else ("sent",)))
    ).all()
    bullets: dict[int, datetime] = {}
    stories: dict[int, datetime] = {}
    for sent_at, created_at, bullet_ids, story_ids in rows:
        at = sent_at or created_at
        _keep_latest(bullets, bullet_ids, at)
        _keep_latest(stories, story_ids, at)
    return Told(bullets, stories)


def _keep_latest(times: dict[int, datetime], ids: Iterable[int], at: datetime) -> None:
    for id in ids:
        times[id] = max(at, times.get(id, at))


def unsaid(session: Session, subscription_id: int) -> int:
    """Parked messages its reader was not told of: the next edition says that they may not have come."""
    rows = session.exec(
        select(Delivery.id)
        .join(Edition, col(Edition.id) == Delivery.edition_id)
        .where(col(Edition.subscription_id) == subscription_id)
        .where(col(Delivery.state) == "parked", col(Delivery.said).is_(False))
    )
    return len(rows.all())


def _mark_said(session: Session, subscription_id: int) -> None:
    editions = select(Edition.id).where(col(Edition.subscription_id) == subscription_id)
    session.exec(
        update(Delivery)
        .where(col(Delivery.edition_id).in_(editions), col(Delivery.state) == "parked")
        .values(said=True)
        .execution_options(synchronize_session=False)
    )


def merge_unsent(session: Session, edition: Edition) -> int:
    """Closes the earlier briefs of which nothing was tried yet, so that this new one carries all, late.

    Returns how many.
    """
    rows = session.exec(
        select(Edition)
        .join(Delivery, col(Delivery.edition_id) == Edition.id)
        .where(col(Edition.subscription_id) == edition.subscription_id, col(Edition.kind) == "brief")
        .where(col(Edition.id) != edition.id, col(Edition.closed).is_(False), col(Delivery.state).in_(UNSENT))
        .distinct()
    ).all()
    merged = [earlier for earlier in rows if _untried(session, earlier)]
    for earlier in merged:
        close(session, earlier, "merged into the next edition")
        edition.late = True
    return len(merged)


def _untried(session: Session, edition: Edition) -> bool:
    rows = session.exec(select(Delivery.state, Delivery.claimed_at).where(col(Delivery.edition_id) == edition.id))
    return all(state == "owed" and claimed_at is None for state, claimed_at in rows)


def close(session: Session, edition: Edition, why: str) -> None:
    """None of its parts will be sent any more."""
    edition.closed = True
    session.exec(
        update(Delivery)
        .where(col(Delivery.edition_id) == edition.id, col(Delivery.state).in_(UNSENT))
        .values(state="dropped", error=why)
        .execution_options(synchronize_session=False)
    )


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
    shut = [_shut_made(session, edition, chat_id) for edition, chat_id in _unsent_editions(session, now)]
    rows = session.exec(select(Subscription, Subscriber).join(Subscriber).where(col(Subscription.due_at) <= now))
    for subscription, subscriber in rows.all():
        assert subscription.due_at is not None
        shut.append(Shut(subscriber.chat_id, subscription.due_at))
        subscription.due_at = next_due(subscription, subscriber.zone, now)
    return shut


def _unsent_editions(session: Session, now: datetime) -> Sequence[tuple[Edition, int]]:
    return session.exec(
        select(Edition, Delivery.chat_id)
        .join(Delivery, col(Delivery.edition_id) == Edition.id)
        .where(col(Delivery.state).in_(UNSENT), col(Edition.due_at) <= now)
        .distinct()
        .order_by(col(Edition.id))
    ).all()


def _shut_made(session: Session, edition: Edition, chat_id: int) -> Shut:
    close(session, edition, "closed by a restore: it may have been sent after the backup was made")
    return Shut(chat_id, edition.due_at, edition.local_date, edition.slot)
