"""Who may do what: admins, codes, members, and the record of what admins did. Only hashes of codes are kept."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from hmac import compare_digest

from sqlmodel import Session, col, or_, select

from db.tables import Admin, Audit, Code, Member

CODE_BYTES = 12  # 96 bits
HANDLE = 16  # hexadecimal digits of a hash that name a code


def role_of(session: Session, user_id: int) -> str | None:
    """owner, editor, or None."""
    admin = session.get(Admin, user_id)
    return admin.role if admin else None


def appoint(session: Session, user_ids: Sequence[int], role: str, now: datetime) -> None:
    for user_id in user_ids:
        session.merge(Admin(user_id=user_id, role=role, created_at=now))


def admins(session: Session) -> list[Admin]:
    return list(session.exec(select(Admin).order_by(col(Admin.created_at))))


def dismiss(session: Session, user_id: int) -> bool:
    """Whether there was such an admin."""
    admin = session.get(Admin, user_id)
    if admin is not None:
        session.delete(admin)
    return admin is not None


def issue_code(
    session: Session, purpose: str, now: datetime, *, uses: int = 1, expires_at: datetime | None = None
) -> str:
    """A new code of 16 letters, digits, "_" and "-"; it is not stored and cannot be asked for again."""
    code = secrets.token_urlsafe(CODE_BYTES)
    hashed = _hash(code)
    session.add(Code(hash=hashed, purpose=purpose, uses=uses, uses_left=uses, expires_at=expires_at, created_at=now))
    return code


def redeem_code(session: Session, code: str, purposes: Sequence[str], now: datetime) -> str | None:
    """The code's purpose, its use counted; None when it is wrong, for something else, used up or expired."""
    hashed = _hash(code)
    # All that are open are compared, each in constant time: how long it takes tells nothing about any of them.
    found = [row for row in open_codes(session, purposes, now, lock=True) if compare_digest(row.hash, hashed)]
    if not found:
        return None
    row = found[0]
    row.uses_left -= 1
    if row.uses_left <= 0:
        session.delete(row)
    return row.purpose


def open_codes(session: Session, purposes: Sequence[str], now: datetime, *, lock: bool = False) -> list[Code]:
    """Those that can still be used, oldest first. lock: nobody else uses one until this transaction ends."""
    query = select(Code).where(
        col(Code.purpose).in_(purposes),
        Code.uses_left > 0,
        or_(col(Code.expires_at).is_(None), col(Code.expires_at) >= now),
    )
    return list(session.exec((query.with_for_update() if lock else query).order_by(col(Code.created_at))))


def revoke_code(session: Session, start: str, purposes: Sequence[str]) -> bool:
    """Takes back the code whose hash begins so; False when there is none."""
    rows = session.exec(select(Code).where(col(Code.hash).startswith(start, autoescape=True))).all()
    found = [row for row in rows if row.purpose in purposes] if len(start) == HANDLE else []
    for row in found:
        session.delete(row)
    return bool(found)


def handle_of(code: Code) -> str:
    """Names the code in callback data, which holds 64 bytes."""
    return code.hash[:HANDLE]


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
