"""State of a conversation between two messages, by name."""

from datetime import datetime

from sqlmodel import Session

from db.tables import Kept


def keep(session: Session, name: str, value: bytes, now: datetime) -> None:
    session.merge(Kept(name=name, value=value, at=now))


def kept(session: Session, name: str) -> bytes | None:
    row = session.get(Kept, name)
    return row.value if row else None
