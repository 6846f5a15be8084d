"""Carries out what the grouper decided: articles join, leave and open stories."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from db.follows import move_follows
from db.records import Filing, Join, Merge, New, Split
from db.tables import Article, Bullet, Citation, Story


def file_articles(session: Session, filings: Sequence[Filing], now: datetime) -> list[int]:
    """Carries out what the grouper decided; the ids of the stories that changed and stand."""
    changed: dict[int, Story] = {}
    for filing in filings:
        for story in _file(session, filing, now):
            if story.id is not None:
                changed[story.id] = story
    for story in changed.values():
        _date(session, story, now)
    return [story_id for story_id, story in changed.items() if story.merged_into is None]


def _file(session: Session, filing: Filing, now: datetime) -> list[Story]:
    match filing:
        case New(article=article, story=name) | Join(article=article, story=name):
            story = _story_named(session, name, now)
            return [story, *_move(session, [int(article)], story, now)]
        case Split(articles=articles, story=name):
            story = _story_named(session, name, now)
            return [story, *_move(session, [int(a) for a in articles], story, now)]
        case Merge(story=name, into=into):
            return _merge(session, _story_named(session, name, now), _story_named(session, into, now))


def _story_named(session: Session, name: str, now: datetime) -> Story:
    story = session.exec(select(Story).where(Story.name == name)).first()
    if story is None:
        story = Story(name=name, headline="", first_at=now, updated_at=now, changed_at=now)
        session.add(story)
        session.flush()
    while story.merged_into is not None and (heir := session.get(Story, story.merged_into)) is not None:
        story = heir
    return story


def _move(session: Session, articles: Sequence[int], story: Story, now: datetime) -> list[Story]:
    """Moves articles to the story, with the bullets that cite only them; the stories they came from."""
    left: dict[int, Story] = {}
    for article in session.exec(select(Article).where(col(Article.id).in_(articles))):
        if article.story_id not in (None, story.id) and (old := session.get(Story, article.story_id)) is not None:
            left[article.story_id or 0] = old
        article.story_id, article.filed_at = story.id, now
    session.flush()
    if left:
        _move_bullets(session, articles, story)
    return list(left.values())


def _move_bullets(session: Session, articles: Sequence[int], story: Story) -> None:
    citing = select(Citation.bullet_id).where(col(Citation.article_id).in_(articles))
    elsewhere = select(Citation.bullet_id).where(col(Citation.article_id).not_in(articles))
    session.execute(
        update(Bullet).where(col(Bullet.id).in_(citing), col(Bullet.id).not_in(elsewhere)).values(story_id=story.id)
    )


def _merge(session: Session, story: Story, into: Story) -> list[Story]:
    if story.id == into.id:
        return []
    for table in (Article, Bullet):
        session.execute(update(table).where(col(table.story_id) == story.id).values(story_id=into.id))
    move_follows(session, story.id or 0, into.id or 0)
    story.merged_into = into.id
    return [into]


def _date(session: Session, story: Story, now: datetime) -> None:
    times = session.exec(select(Article.published_at).where(Article.story_id == story.id)).all()
    if times:
        story.first_at, story.updated_at = min(times), max(times)
    story.changed_at = now
    if not story.headline:
        first = select(Article.title).where(Article.story_id == story.id).order_by(col(Article.published_at))
        story.headline = session.exec(first).first() or ""
