"""Subscribers, editions and parts for the tests of delivery."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlmodel import Session, col, select

from db.editions import open_edition, owe, told_by
from db.records import Part, Told
from db.tables import Delivery, Subscriber, Subscription

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


def subscribe(session: Session, chat_id: int, thread_id: int = 0) -> int:
    """The id of a new subscription, of a new subscriber unless the chat is there."""
    subscriber = session.exec(select(Subscriber).where(Subscriber.chat_id == chat_id)).first()
    if subscriber is None:
        subscriber = Subscriber(chat_id=chat_id, kind="private" if chat_id > 0 else "group", created_at=NOW)
        session.add(subscriber)
        session.flush()
    assert subscriber.id is not None
    subscription = Subscription(subscriber_id=subscriber.id, thread_id=thread_id, created_at=NOW)
    session.add(subscription)
    session.flush()
    assert subscription.id is not None
    return subscription.id


def part(text: str, bullets: tuple[int, ...] = (), stories: tuple[int, ...] = ()) -> Part:
    return Part(f"<b>{text}</b>", text, bullets=bullets, stories=stories)


def owe_parts(session: Session, subscription: int, parts: Sequence[Part], slot: int = 480, at: datetime = NOW) -> int:
    edition = open_edition(session, subscription, "brief", at.date(), slot, due_at=at, now=at)
    assert edition is not None
    assert edition.id is not None
    owe(session, edition, parts)
    return edition.id


def owe_chats(session: Session, chats: Sequence[int], parts: int = 1) -> None:
    """Every chat subscribes and is owed "chat/0", "chat/1", ..."""
    for chat in chats:
        owe_parts(session, subscribe(session, chat), [part(f"{chat}/{number}") for number in range(parts)])


def told(session: Session, subscription: int, since: datetime, *, waiting: bool = False) -> Told:
    return told_by(session, [subscription], since, {}, waiting=waiting)[subscription]


def states(session: Session, chat_id: int) -> list[str]:
    rows = select(Delivery.state).where(Delivery.chat_id == chat_id).order_by(col(Delivery.id))
    return list(session.exec(rows))
