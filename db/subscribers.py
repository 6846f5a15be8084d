"""Chats that get briefs, and what each is brought."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, delete, select

from db.tables import Follow, Mute, Subscriber, Subscription

TOPIC_CLOSED = "the topic is closed"


def subscriber_in(session: Session, chat_id: int) -> Subscriber | None:
    return session.exec(select(Subscriber).where(Subscriber.chat_id == chat_id)).first()


def channels_of(session: Session, user_id: int) -> list[Subscriber]:
    """The channels that the person bound, first bound first."""
    return list(session.exec(select(Subscriber).where(Subscriber.bound_by == user_id).order_by(col(Subscriber.id))))


def languages_read(chosen: Sequence[str], language: str) -> frozenset[str]:
    """What a reader's bullets may be written in: as chosen, else the language of the interface and English."""
    return frozenset(chosen or (language, "en"))


def subscribe(session: Session, chat_id: int, kind: str, language: str, zone: str, now: datetime) -> Subscriber:
    """The chat's subscriber, made when there is none; one that had stopped is active again, with what it had."""
    subscriber = subscriber_in(session, chat_id)
    if subscriber is None:
        subscriber = Subscriber(chat_id=chat_id, kind=kind, language=language, zone=zone, created_at=now)
        session.add(subscriber)
    subscriber.state, subscriber.reason = "active", None
    session.flush()
    return subscriber


def subscription_in(session: Session, chat_id: int, thread_id: int = 0) -> tuple[Subscriber, Subscription] | None:
    """What the chat, or one forum topic of it, is brought; None when it has no subscription."""
    return session.exec(
        select(Subscriber, Subscription)
        .join(Subscription)
        .where(Subscriber.chat_id == chat_id, Subscription.thread_id == thread_id)
    ).first()


def subscription_for(session: Session, subscriber: Subscriber, thread_id: int, now: datetime) -> Subscription:
    """The subscriber's subscription for that forum topic, made when there is none."""
    found = session.exec(
        select(Subscription).where(Subscription.subscriber_id == subscriber.id, Subscription.thread_id == thread_id)
    ).first()
    if found is None:
        found = Subscription(subscriber_id=subscriber.id or 0, thread_id=thread_id, created_at=now)
        session.add(found)
        session.flush()
    return found


def turn_topic(session: Session, chat_id: int, thread_id: int, closed: bool) -> None:
    """What a forum topic is brought pauses while it is closed, and goes on after."""
    found = subscription_in(session, chat_id, thread_id)
    if found is not None and found[1].state == ("active" if closed else "away"):
        found[1].state, found[1].reason = ("away", TOPIC_CLOSED) if closed else ("active", None)


def due_subscriptions(session: Session, now: datetime, limit: int) -> list[tuple[Subscription, Subscriber]]:
    """Those whose time has come, longest due first."""
    return [
        (subscription, subscriber)
        for subscription, subscriber in session.exec(
            select(Subscription, Subscriber)
            .join(Subscriber)
            .where(Subscription.state == "active", Subscriber.state == "active", col(Subscription.due_at) <= now)
            .order_by(col(Subscription.due_at), col(Subscription.id))
            .limit(limit)
        )
    ]


def next_due_at(session: Session) -> datetime | None:
    """When the next brief of anybody's is due; None when nobody waits for one."""
    return session.exec(
        select(func.min(Subscription.due_at))
        .join(Subscriber)
        .where(Subscription.state == "active", Subscriber.state == "active")
    ).one()


def muted_by(session: Session, subscribers: Sequence[int]) -> dict[int, frozenset[tuple[str, int]]]:
    """What each subscriber does not want, as (story or source, id); only those that muted something."""
    muted: dict[int, set[tuple[str, int]]] = {}
    rows = session.exec(select(Mute).where(col(Mute.subscriber_id).in_(subscribers)))
    for row in rows:
        muted.setdefault(row.subscriber_id, set()).add((row.kind, row.muted_id))
    return {subscriber: frozenset(rows) for subscriber, rows in muted.items()}


def mute(session: Session, subscriber_id: int, kind: str, muted_id: int, now: datetime) -> None:
    session.merge(Mute(subscriber_id=subscriber_id, kind=kind, muted_id=muted_id, created_at=now))


def unmute(session: Session, subscriber_id: int, kind: str, muted_ids: Sequence[int]) -> None:
    session.exec(
        delete(Mute).where(
            col(Mute.subscriber_id) == subscriber_id, col(Mute.kind) == kind, col(Mute.muted_id).in_(muted_ids)
        )
    )


def follow(session: Session, follow: Follow) -> None:
    session.merge(follow)


def unfollow(session: Session, subscriber_id: int, story_id: int) -> bool:
    found = session.get(Follow, (subscriber_id, story_id))
    if found is not None:
        session.delete(found)
    return found is not None
