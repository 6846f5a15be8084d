"""Stories as they are chosen and shown."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import Session, col, select

from db.briefs import citations_of
from db.records import MARKS, PANELS, Bullet, Citation, StoryBullet, StoryView
from db.tables import Article, Delivery, Edition, Follow, Rendered, Source, Story
from db.tables import Bullet as BulletRow
from db.tables import Citation as CitationRow

LEAD_CHARS = 600  # of each article, for matching topics


def newest_stories(session: Session, since: datetime, limit: int) -> list[int]:
    """Ids of condensed stories with an article since then, newest first."""
    rows = session.exec(
        select(Story.id)
        .where(Story.updated_at >= since, col(Story.merged_into).is_(None), col(Story.condensed_at).is_not(None))
        .order_by(col(Story.updated_at).desc())
        .limit(limit)
    )
    return [story_id for story_id in rows if story_id is not None]


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
    ids = list(dict.fromkeys(heirs(session, list(dict.fromkeys(story_ids))).values()))
    stories = {s.id or 0: s for s in session.exec(select(Story).where(col(Story.id).in_(ids)))}
    bullets = _views_of_bullets(session, ids)
    articles: dict[int, list[tuple[Article, Source]]] = defaultdict(list)
    rows = session.exec(
        select(Article, Source).join(Source).where(col(Article.story_id).in_(ids)).order_by(col(Article.published_at))
    )
    for article, source in rows:
        articles[article.story_id or 0].append((article, source))
    return [_view(stories[i], bullets[i], articles[i]) for i in ids if i in stories]


def heirs(session: Session, story_ids: Collection[int]) -> dict[int, int]:
    """Each story, or the one it was merged into."""
    found = {story_id: story_id for story_id in story_ids}
    merges = select(col(Story.id), col(Story.merged_into)).where(col(Story.merged_into).is_not(None))
    while rows := session.execute(merges.where(col(Story.id).in_(set(found.values())))).all():
        merged = {old: into for old, into in rows if into is not None}
        found = {story_id: merged.get(heir, heir) for story_id, heir in found.items()}
    return found


def _view(story: Story, bullets: Sequence[StoryBullet], articles: Sequence[tuple[Article, Source]]) -> StoryView:
    url = next((a.url for a, _ in articles if a.title == story.headline and a.url), "")
    return StoryView(
        id=story.id or 0,
        headline=story.headline,
        first_at=story.first_at,
        updated_at=story.updated_at,
        bullets=tuple(bullets),
        outlets=tuple(dict.fromkeys(source.title for _, source in articles)),
        publishers=tuple(dict.fromkeys(source.publisher for _, source in articles)),
        sources=tuple(dict.fromkeys(source.id or 0 for _, source in articles)),
        sections=tuple(dict.fromkeys(source.section for _, source in articles if source.section)),
        text="\n".join(f"{article.title}\n{article.text[:LEAD_CHARS]}" for article, _ in articles),
        url=url or next((a.url for a, _ in articles if a.url), ""),
        kind=story.kind,
        missing={panel: story.missing[panel] for panel in PANELS if panel in story.missing},
    )


def _views_of_bullets(session: Session, story_ids: Sequence[int]) -> dict[int, list[StoryBullet]]:
    rows = session.exec(
        select(BulletRow)
        .where(col(BulletRow.story_id).in_(story_ids), col(BulletRow.withdrawn_at).is_(None))
        .where(col(BulletRow.position).is_not(None))
        .order_by(col(BulletRow.panel), col(BulletRow.position))
    ).all()
    citations = citations_of(session, [row.id or 0 for row in rows])
    views: dict[int, list[StoryBullet]] = defaultdict(list)
    for row in rows:
        views[row.story_id].append(bullet_view(row, citations[row.id or 0]))
    return views


def bullet_view(row: BulletRow, citations: Sequence[CitationRow]) -> StoryBullet:
    mark = next((mark for mark in MARKS if mark == row.mark), None)
    cited = tuple(Citation(str(c.article_id or ""), c.source, c.url, (c.span_from, c.span_to)) for c in citations)
    bullet = Bullet(row.text, row.speaker, row.verbatim, cited, mark, row.language)
    panel = next(panel for panel in PANELS if panel == row.panel)
    return StoryBullet(row.id or 0, panel, bullet, row.created_at)
