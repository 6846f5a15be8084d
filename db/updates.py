"""Updates of Telegram's: each has its effect at most once; and what the bot waits to hear."""

from datetime import datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from db.tables import Expected, Handled

FORGET = timedelta(hours=1)  # a question that nobody answered


def first_time(session: Session, update_id: int, now: datetime) -> bool:
    """Whether the update had no effect yet; from now on it has."""
    try:
        session.execute(insert(Handled).values(update_id=update_id, at=now))
    except IntegrityError:
        session.rollback()
        return False
    return True


def expect(session: Session, chat_id: int, user_id: int, what: str, now: datetime) -> None:
    session.merge(Expected(chat_id=chat_id, user_id=user_id, what=what, at=now))


def take_expected(session: Session, chat_id: int, user_id: int, now: datetime) -> str | None:
    """What was asked of this person here within the last hour; asked no longer."""
    row = session.get(Expected, (chat_id, user_id))
    if row is None:
        return None
    session.delete(row)
    return row.what if now - row.at < FORGET else None
