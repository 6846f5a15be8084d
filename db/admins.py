"""Who may do what: admins, codes, members, and the record of what admins did. Only hashes of codes are kept."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from db.tables import Admin, Audit, Code, Member


def role_of(session: Session, user_id: int) -> str | None:
    """owner, editor, or None."""
    admin = session.get(Admin, user_id)
    return admin.role if admin else None


def appoint(session: Session, user_ids: Sequence[int], role: str, now: datetime) -> None:
    for user_id in user_ids:
        session.merge(Admin(user_id=user_id, role=role, created_at=now))


def admins(session: Session) -> list[Admin]:
    return list(session.exec(select(Admin).order_by(col(Admin.created_at))))


def issue_code(
    session: Session, purpose: str, now: datetime, *, uses: int = 1, expires_at: datetime | None = None
) -> str:
    """A new code; it is not stored and cannot be asked for again."""
    code = secrets.token_urlsafe(12)
    session.add(Code(hash=_hash(code), purpose=purpose, uses_left=uses, expires_at=expires_at, created_at=now))
    return code


def redeem_code(session: Session, code: str, purposes: Sequence[str], now: datetime) -> str | None:
    """The code's purpose, its use counted; None when it is wrong, for something else, used up or expired."""
    row = session.get(Code, _hash(code))
    if row is None or row.purpose not in purposes or (row.expires_at is not None and row.expires_at < now):
        return None
    row.uses_left -= 1
    if row.uses_left <= 0:
        session.delete(row)
    return row.purpose


def _hash(code: str) -> str:
    return hashlib.sha256(code.strip().encode("utf-8", "replace")).hexdigest()


def admit(session: Session, chat_id: int, now: datetime) -> None:
    session.merge(Member(chat_id=chat_id, created_at=now))


def is_member(session: Session, chat_id: int) -> bool:
    return session.get(Member, chat_id) is not None


def record(session: Session, user_id: int, act: str, subject: str, now: datetime, detail: str = "") -> None:
    """One audit row; user 0 is the terminal."""
    session.add(Audit(at=now, user_id=user_id, act=act, subject=subject[:500], detail=detail[:2000]))


def audit_log(session: Session, limit: int, before_id: int | None = None) -> list[Audit]:
    """The newest rows first; those before an id when one is given."""
    query = select(Audit).order_by(col(Audit.id).desc()).limit(limit)
    return list(session.exec(query.where(col(Audit.id) < before_id) if before_id else query))
