"""Questions that do not fit on a button, kept for its "More". Nobody's name stands beside them."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete

from db.tables import Asked

KEPT = timedelta(days=2)


def keep_question(session: Session, words: str, within: Sequence[int], now: datetime) -> str:
    """The key to find it by for two days; the same question has the same key."""
    key = hashlib.sha256(json.dumps([words, *within]).encode()).hexdigest()[:24]
    session.execute(delete(Asked).where(col(Asked.at) < now - KEPT))
    session.merge(Asked(key=key, words=words, within=list(within), at=now))
    return key


def kept_question(session: Session, key: str) -> tuple[str, tuple[int, ...]] | None:
    asked = session.get(Asked, key)
    return (asked.words, tuple(asked.within)) if asked else None
