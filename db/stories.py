"""Stories as they are chosen and shown."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, or_
from sqlmodel import Session, col, select

from db.records import MARKS, PANELS, Bullet, Citation, StoryBullet, StoryView, Telling
from db.tables import Article, Delivery, Edition, Follow, Rendered, Source, Story
from db.tables import Bullet as BulletRow
from db.tables import Citation as CitationRow

LEAD_CHARS = 600  # of each article, for matching topics


def newest_stories(
    session: Session, since: datetime, limit: int, *, section: str | None = None, source: str | int | None = None
) -> list[int]:
    """Ids of condensed stories with an article since then, newest first; told in that section, or by that source."""
    query = (
        select(Story.id)
        .where(Story.updated_at >= since, col(Story.merged_into).is_(None), col(Story.condensed_at).is_not(None))
        .order_by(col(Story.updated_at).desc())
        .limit(limit)
    )
    if section is not None or source is not None:
        of = select(Article.story_id).join(Source).where(Article.published_at >= since)
        there = Source.section == section if source is None else Source.id == int(source)
        query = query.where(col(Story.id).in_(of.where(there)))
    return [story_id for story_id in session.exec(query) if story_id is not None]


def widest_stories(session: Session, since: datetime, limit: int) -> list[int]:
    """Ids of condensed stories that two or more publishers told since then, those of most publishers first."""
    publishers = func.count(func.distinct(col(Source.publisher)))
    rows = session.execute(
        select(col(Story.id))
        .join(Article, col(Article.story_id) == col(Story.id))
        .join(Source, col(Source.id) == col(Article.source_id))
        .where(col(Article.published_at) >= since, col(Story.condensed_at).is_not(None))
        .group_by(col(Story.id))
        .having(publishers > 1)
        .order_by(publishers.desc(), col(Story.id).desc())
        .limit(limit)
    )
    return [story_id for (story_id,) in rows]


def names_told_or_followed(session: Session, since: datetime) -> frozenset[str]:
    """The grouper's names of the stories that editions due since then carry, and of all that are followed."""
    carried = session.exec(
        select(Rendered.stories).where(
            col(Rendered.id).in_(
                select(Delivery.rendered_id)
                .join(Edition, col(Edition.id) == Delivery.edition_id)
                .where(col(Edition.due_at) >= since)
            )
        )
    )
    ids = {story_id for stories in carried for story_id in stories} | set(session.exec(select(Follow.story_id)))
    return frozenset(session.exec(select(Story.name).where(col(Story.id).in_(set(heirs(session, ids).values())))))


def answers_of(session: Session, story_ids: Collection[int]) -> dict[int, set[int]]:
    """Story -> its bullets that are responses or reversals, as the last condensing chose them."""
    answers: dict[int, set[int]] = defaultdict(set)
    rows = session.execute(
        select(col(BulletRow.story_id), col(BulletRow.id))
        .where(col(BulletRow.story_id).in_(story_ids), col(BulletRow.withdrawn_at).is_(None))
        .where(col(BulletRow.position).is_not(None))
        .where(or_(col(BulletRow.panel) == "responses", col(BulletRow.mark).is_not(None)))
    )
    for story_id, bullet_id in rows:
        answers[story_id].add(bullet_id)
    return answers


def story_views(session: Session, story_ids: Sequence[int]) -> list[StoryView]:
    """The stories with their chosen bullets, in the order of the ids; ids of merged stories lead to their heirs."""
    ids = list(dict.fromkeys(story_ids))
    stories = {story.id or 0: story for story in session.execute(STORIES, {"ids": ids}).scalars()}
    if any(story.merged_into is not None for story in stories.values()):
        ids = list(dict.fromkeys(heirs(session, ids).values()))
        stories = {story.id or 0: story for story in session.execute(STORIES, {"ids": ids}).scalars()}
    bullets = bullets_of(session, ids)
    articles: dict[int, list[_Article]] = defaultdict(list)
    for story_id, *article in session.execute(ARTICLES, {"ids": ids}):
        articles[story_id].append(_Article(*article))
    return [_view(stories[i], bullets[i], articles[i]) for i in ids if i in stories]


class _Article(NamedTuple):
    """What a view takes of an article and its source."""

    title: str
    lead: str
    url: str
    language: str | None  # null: declared by neither
    source_id: int
    outlet: str
    publisher: str
    section: str


# Made once: the hottest reads of all, and making a statement costs as much as running it. Each asks for :ids.
IDS: Any = bindparam("ids", expanding=True)
# story id, then the columns of an _Article, oldest first
ARTICLES = (
    select(Article.story_id, Article.title, func.substr(Article.text, 1, LEAD_CHARS), Article.url)
    .add_columns(func.coalesce(Article.language, Source.language), col(Source.id), col(Source.title))
    .add_columns(col(Source.publisher), col(Source.section))
    .join(Source)
    .where(col(Article.story_id).in_(IDS))
    .order_by(col(Article.published_at))
)
STORIES = select(Story).where(col(Story.id).in_(IDS))
MERGES = select(col(Story.id), col(Story.merged_into)).where(
    col(Story.merged_into).is_not(None), col(Story.id).in_(IDS)
)
CHOSEN = (
    select(*BulletRow.__table__.columns)  # type: ignore[attr-defined]
    .where(col(BulletRow.story_id).in_(IDS), col(BulletRow.withdrawn_at).is_(None))
    .where(col(BulletRow.position).is_not(None))
    .order_by(col(BulletRow.panel), col(BulletRow.position))
)
CITED = select(*CitationRow.__table__.columns).where(col(CitationRow.bullet_id).in_(IDS))  # type: ignore[attr-defined]


def heirs(session: Session, story_ids: Collection[int]) -> dict[int, int]:
    """Each story, or the one it was merged into."""
    found = {story_id: story_id for story_id in story_ids}
    while rows := session.execute(MERGES, {"ids": list(set(found.values()))}).all():
        merged = {old: into for old, into in rows if into is not None}
        found = {story_id: merged.get(heir, heir) for story_id, heir in found.items()}
    return found


def _view(story: Story, bullets: Sequence[StoryBullet], articles: Sequence[_Article]) -> StoryView:
    url = next((a.url for a in articles if a.title == story.headline and a.url), "")
    return StoryView(
        id=story.id or 0,
        headline=story.headline,
        first_at=story.first_at,
        updated_at=story.updated_at,
        bullets=tuple(bullets),
        outlets=tuple(dict.fromkeys(a.outlet for a in articles)),
        publishers=tuple(dict.fromkeys(a.publisher for a in articles)),
        sources=tuple(dict.fromkeys(a.source_id for a in articles)),
        sections=tuple(dict.fromkeys(a.section for a in articles if a.section)),
        text="\n".join(f"{a.title}\n{a.lead}" for a in articles),
        url=url or next((a.url for a in articles if a.url), ""),
        kind=story.kind,
        missing={panel: story.missing[panel] for panel in PANELS if panel in story.missing},
        dropped=story.dropped,
        tellings=_tellings(articles),
    )


def _tellings(articles: Sequence[_Article]) -> tuple[Telling, ...]:
    first: dict[tuple[str, str], Telling] = {}
    for a in articles:
        if a.language:
            language = a.language[:2].lower()
            first.setdefault((language, a.outlet), Telling(language, a.outlet, a.title, a.url))
    return tuple(first.values()) if len({language for language, _ in first}) > 1 else ()


def bullets_of(session: Session, story_ids: Sequence[int]) -> dict[int, list[StoryBullet]]:
    """Story -> its chosen bullets in their order. By columns: rows of hundreds of stories are not worth objects."""
    rows = session.execute(CHOSEN, {"ids": list(story_ids)}).all()
    citations: dict[int, list[Any]] = defaultdict(list)
    for citation in session.execute(CITED, {"ids": [row.id for row in rows]}):
        citations[citation.bullet_id].append(citation)
    views: dict[int, list[StoryBullet]] = defaultdict(list)
    for row in rows:
        views[row.story_id].append(bullet_view(row, citations[row.id]))
    return views


def bullet_view(row: Any, citations: Sequence[Any]) -> StoryBullet:
    """Of rows of `bullet` and `citation`, or their columns."""
    mark = next((mark for mark in MARKS if mark == row.mark), None)
    cited = tuple(Citation(str(c.article_id or ""), c.source, c.url, (c.span_from, c.span_to)) for c in citations)
    bullet = Bullet(row.text, row.speaker, row.verbatim, cited, mark, row.language)
    panel = next(panel for panel in PANELS if panel == row.panel)
    return StoryBullet(row.id or 0, panel, bullet, row.created_at)
