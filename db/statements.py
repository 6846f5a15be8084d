"""What was said in stories, each statement with the time of the article that told it first."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from db.records import StoryBullet
from db.stories import CITED, IDS, bullet_view
from db.tables import Article, Bullet, Story


@dataclass(frozen=True, slots=True)
class Statement:
    story: int
    headline: str
    bullet: StoryBullet
    at: datetime  # of the first article it cites; when it was stored, where the articles are gone


# Made once, as making a statement costs as much as running it. Each asks for :ids.
STANDING: Any = (
    select(*Bullet.__table__.columns)  # type: ignore[attr-defined]
    .add_columns(col(Story.headline))
    .join(Story, col(Bullet.story_id) == col(Story.id))
    .where(col(Bullet.withdrawn_at).is_(None))
)
BY_BULLET = STANDING.where(col(Bullet.id).in_(IDS))
BY_STORY = STANDING.where(col(Bullet.story_id).in_(IDS))
PUBLISHED = select(Article.id, Article.published_at).where(col(Article.id).in_(IDS))


def statements(session: Session, bullet_ids: Sequence[int]) -> list[Statement]:
    """In the order of the ids."""
    found = {one.bullet.id: one for one in _read(session, BY_BULLET, bullet_ids)}
    return [found[bullet_id] for bullet_id in bullet_ids if bullet_id in found]


def timeline(session: Session, story_id: int) -> list[Statement]:
    """All that was ever told of the story and not withdrawn, oldest first."""
    return sorted(_read(session, BY_STORY, [story_id]), key=lambda one: (one.at, one.bullet.id))


def _read(session: Session, which: Any, ids: Sequence[int]) -> list[Statement]:
    rows = session.execute(which, {"ids": list(ids)}).all()
    citations: dict[int, list[Any]] = defaultdict(list)
    for citation in session.execute(CITED, {"ids": [row.id for row in rows]}):
        citations[citation.bullet_id].append(citation)
    articles = {citation.article_id for cited in citations.values() for citation in cited} - {None}
    times = {row[0]: row[1] for row in session.execute(PUBLISHED, {"ids": list(articles)})}
    return [_statement(row, citations[row.id], times) for row in rows]


def _statement(row: Any, cited: Sequence[Any], times: Mapping[int, datetime]) -> Statement:
    told = [times[citation.article_id] for citation in cited if citation.article_id in times]
    return Statement(row.story_id, row.headline, bullet_view(row, cited), min(told, default=row.created_at))
