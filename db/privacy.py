"""All that is kept of one chat: shown, and forgotten.

Forgetting leaves nothing on SQLite's free pages either: connections overwrite what they delete (secure_delete), and
`Database.empty_log` cuts off the write-ahead log, which still holds the pages as they were.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import InstrumentedAttribute
from sqlmodel import Session, SQLModel, col, delete, or_, select, update

from db.tables import (
    Admin,
    Audit,
    Delivery,
    Edition,
    Expected,
    Follow,
    Member,
    Mute,
    Rendered,
    Story,
    Subscriber,
    Subscription,
)


def kept_of(session: Session, chat_id: int) -> dict[str, list[dict[str, Any]]]:
    """Every row with the chat's id, or that hangs on one, by table. Texts of messages stand with their deliveries."""
    mine = select(Subscriber.id).where(Subscriber.chat_id == chat_id)
    brought = select(Subscription.id).where(col(Subscription.subscriber_id).in_(mine))
    return {
        "subscriber": _rows(session, Subscriber, Subscriber.chat_id == chat_id),
        "subscriptions": _rows(session, Subscription, col(Subscription.subscriber_id).in_(mine)),
        "mutes": _rows(session, Mute, col(Mute.subscriber_id).in_(mine)),
        "follows": [
            row.model_dump(mode="json") | {"headline": headline}
            for row, headline in session.exec(
                select(Follow, Story.headline).join(Story).where(col(Follow.subscriber_id).in_(mine))
            )
        ],
        "editions": _rows(session, Edition, col(Edition.subscription_id).in_(brought)),
        "deliveries": [
            row.model_dump(mode="json") | {"text": text}
            for row, text in session.exec(
                select(Delivery, Rendered.plain).join(Rendered).where(Delivery.chat_id == chat_id)
            )
        ],
        "channels": _rows(session, Subscriber, Subscriber.bound_by == chat_id),
        "member": _rows(session, Member, Member.chat_id == chat_id),
        "expected": _rows(session, Expected, or_(Expected.chat_id == chat_id, Expected.user_id == chat_id)),
        "admin": _rows(session, Admin, Admin.user_id == chat_id),
        "audit": _rows(session, Audit, Audit.user_id == chat_id),
    }


def _rows(session: Session, table: type[SQLModel], condition: Any) -> list[dict[str, Any]]:
    return [row.model_dump(mode="json") for row in session.exec(select(table).where(condition))]


def forget_chat(session: Session, chat_id: int) -> bool:
    """Everything with the chat's id goes, ledger included; whether there was anything.

    A person's private chat has the person's id, so an admin's role goes too. Channels the person bound stay, and what
    an admin did to sources stays in the audit log, both without the id.
    """
    kept = any(kept_of(session, chat_id).values())
    mine = list(session.exec(select(Delivery.rendered_id).where(Delivery.chat_id == chat_id).distinct()))
    session.exec(delete(Delivery).where(col(Delivery.chat_id) == chat_id))
    session.exec(delete(Subscriber).where(col(Subscriber.chat_id) == chat_id))  # what hangs on it goes with it
    session.exec(update(Subscriber).where(col(Subscriber.bound_by) == chat_id).values(bound_by=None))
    session.exec(delete(Member).where(col(Member.chat_id) == chat_id))
    session.exec(delete(Expected).where(or_(col(Expected.chat_id) == chat_id, col(Expected.user_id) == chat_id)))
    session.exec(delete(Admin).where(col(Admin.user_id) == chat_id))
    session.exec(update(Audit).where(col(Audit.user_id) == chat_id).values(user_id=0))
    for column in (Audit.subject, Audit.detail):
        _blank(session, column, str(chat_id))
    _drop_unsent_texts(session, mine)
    return kept


def _blank(session: Session, column: Any, words: str) -> None:
    attribute: InstrumentedAttribute[str] = column
    held = attribute.contains(words, autoescape=True)
    session.exec(update(Audit).where(held).values({attribute: func.replace(attribute, words, "(deleted)")}))


def _drop_unsent_texts(session: Session, rendered: Sequence[str]) -> None:
    """Messages that nobody else was sent."""
    for start in range(0, len(rendered), 500):
        some = rendered[start : start + 500]
        shared = select(Delivery.rendered_id).where(col(Delivery.rendered_id).in_(some))
        session.exec(delete(Rendered).where(col(Rendered.id).in_(some), col(Rendered.id).not_in(shared)))
