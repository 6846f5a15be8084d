"""What was said in stories, each statement with the time of the article that told it first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from db.briefs import citations_of
from db.records import StoryBullet
from db.stories import bullet_view
from db.tables import Article, Bullet, Story


@dataclass(frozen=True, slots=True)
class Statement:
    story: int
    headline: str
    bullet: StoryBullet
    at: datetime  # of the first article it cites; when it was stored, where the articles are gone


def statements(session: Session, bullet_ids: Sequence[int]) -> list[Statement]:
    """In the order of the ids."""
    found = {one.bullet.id: one for one in _read(session, col(Bullet.id).in_(bullet_ids))}
    return [found[bullet_id] for bullet_id in bullet_ids if bullet_id in found]


def timeline(session: Session, story_id: int) -> list[Statement]:
    """All that was ever told of the story and not withdrawn, oldest first."""
    return sorted(_read(session, col(Bullet.story_id) == story_id), key=lambda one: (one.at, one.bullet.id))


def _read(session: Session, which: Any) -> list[Statement]:
    rows = session.execute(
        select(Bullet, col(Story.headline)).join(Story).where(which, col(Bullet.withdrawn_at).is_(None))
    ).all()
    citations = citations_of(session, [row.id or 0 for row, _ in rows])
    cited = {citation.article_id for several in citations.values() for citation in several}
    published = session.execute(select(col(Article.id), col(Article.published_at)).where(col(Article.id).in_(cited)))
    times = {row[0]: row[1] for row in published}
    return [
        Statement(row.story_id, headline, bullet_view(row, citations[row.id or 0]), min(told, default=row.created_at))
        for row, headline in rows
        for told in [[times[c.article_id] for c in citations[row.id or 0] if c.article_id in times]]
    ]
