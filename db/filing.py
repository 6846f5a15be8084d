"""Carries out what the grouper decided: articles join, leave and open stories."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from db.follows import move_follows
from db.records import Filing, Join, Merge, New, Split
from db.tables import Article, Bullet, Citation, Mute, Story


def file_articles(session: Session, filings: Sequence[Filing], now: datetime) -> list[int]:
    """Carries out what the grouper decided; the ids of the stories that changed and stand."""
    named = _stories_named(session, filings, now)
    articles = _articles_of(session, filings)
    changed: dict[int, Story] = {}
    for filing in filings:
        for story in _file(session, filing, named, articles, now):
            changed[story.id or 0] = story
    session.flush()
    _date(session, list(changed.values()), now)
    return [story_id for story_id, story in changed.items() if story.merged_into is None]


def _file(
    session: Session, filing: Filing, named: Mapping[str, Story], articles: Mapping[str, Article], now: datetime
) -> list[Story]:
    story = _heir(session, named[filing.story])
    match filing:
        case New(article=article) | Join(article=article):
            return [story, *_move(session, [articles[article]] if article in articles else [], story, now)]
        case Split(articles=leaving):
            return [story, *_move(session, [articles[one] for one in leaving if one in articles], story, now)]
        case Merge(into=into):
            return _merge(session, story, _heir(session, named[into]))


def _stories_named(session: Session, filings: Sequence[Filing], now: datetime) -> dict[str, Story]:
    """Every story the filings speak of; those that are not there yet are made."""
    names = {filing.story for filing in filings} | {filing.into for filing in filings if isinstance(filing, Merge)}
    named = {story.name: story for story in session.exec(select(Story).where(col(Story.name).in_(names)))}
    for name in sorted(names - named.keys()):
        named[name] = Story(name=name, headline="", first_at=now, updated_at=now, changed_at=now)
        session.add(named[name])
    session.flush()
    return named


def _articles_of(session: Session, filings: Sequence[Filing]) -> dict[str, Article]:
    ids: set[str] = set()
    for filing in filings:
        match filing:
            case New(article=article) | Join(article=article):
                ids.add(article)
            case Split(articles=leaving):
                ids.update(leaving)
    rows = session.exec(select(Article).where(col(Article.id).in_([int(id) for id in ids])))
    return {str(article.id): article for article in rows}


def _heir(session: Session, story: Story) -> Story:
    while story.merged_into is not None and (heir := session.get(Story, story.merged_into)) is not None:
        story = heir
    return story


def _move(session: Session, articles: Sequence[Article], story: Story, now: datetime) -> list[Story]:
    """Moves articles to the story, with the bullets that cite only them; the stories they came from."""
    left: dict[int, Story] = {}
    for article in articles:
        if article.story_id not in (None, story.id) and (old := session.get(Story, article.story_id)) is not None:
            left[article.story_id or 0] = old
        article.story_id, article.filed_at = story.id, now
    if left:
        session.flush()
        _move_bullets(session, [article.id or 0 for article in articles], story)
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
    _move_mutes(session, story.id or 0, into.id or 0)
    story.merged_into = into.id
    return [into]


def _move_mutes(session: Session, story_id: int, into: int) -> None:
    """Who muted either of two stories that are one muted that one."""
    for muted in session.exec(select(Mute).where(Mute.kind == "story", Mute.muted_id == story_id)).all():
        session.merge(Mute(**muted.model_dump(exclude={"muted_id"}), muted_id=into))
        session.delete(muted)
    session.flush()


def _date(session: Session, stories: Sequence[Story], now: datetime) -> None:
    """Times, and a headline where there is none yet, from their articles."""
    ids = [story.id for story in stories]
    spans = session.execute(
        select(Article.story_id, func.min(Article.published_at), func.max(Article.published_at))
        .where(col(Article.story_id).in_(ids))
        .group_by(col(Article.story_id))
    )
    times = {story_id: (first, last) for story_id, first, last in spans}
    untitled = [story.id for story in stories if not story.headline]
    titles = session.exec(
        select(Article.story_id, Article.title)
        .where(col(Article.story_id).in_(untitled))
        .order_by(col(Article.published_at).desc())
    )
    oldest = dict(iter(titles))
    for story in stories:
        story.first_at, story.updated_at = times.get(story.id, (story.first_at, story.updated_at))
        story.changed_at, story.stale = now, True
        story.headline = story.headline or oldest.get(story.id, "")
