"""What was condensed is stored: bullets keep their identity, which is the spans they cite."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from db.records import PANELS, Brief, Bullet, Citation
from db.tables import Bullet as BulletRow
from db.tables import Citation as CitationRow
from db.tables import Story


def claim_uncondensed(session: Session, now: datetime, lease: timedelta, limit: int) -> list[int]:
    """Ids of stories whose articles changed since they were claimed last, or whose claim ran out; newest first.

    A claim holds for `lease`; what changes meanwhile is condensed after it.
    """
    free = or_(col(Story.claimed_until).is_(None), col(Story.claimed_until) <= now)
    found = session.exec(
        select(Story)
        .where(col(Story.merged_into).is_(None))
        .where(or_(and_(col(Story.stale), free), col(Story.claimed_until) <= now))
        .order_by(col(Story.updated_at).desc())
        .limit(limit)
    ).all()
    for story in found:
        story.claimed_until, story.stale = now + lease, False
    return [story.id for story in found if story.id is not None]


def save_brief(session: Session, story_id: int, brief: Brief, read_at: datetime, now: datetime) -> None:
    """`save_briefs` for one story."""
    save_briefs(session, {story_id: brief}, read_at, now)


def save_briefs(session: Session, briefs: Mapping[int, Brief], read_at: datetime, now: datetime) -> None:
    """Stores what was condensed from the stories' articles as they stood at `read_at`.

    A bullet that cites a span a stored one cites is that one: it keeps its id and its words, takes the new citations
    and its place. The others are added; what was not chosen again stays, without a place. One whose every citation is
    now another's in its panel is the same as that: who was told it was told the other.
    """
    stories = session.exec(select(Story).where(col(Story.id).in_(list(briefs)))).all()
    stored: dict[int, list[BulletRow]] = {story.id or 0: [] for story in stories}
    for row in session.exec(select(BulletRow).where(col(BulletRow.story_id).in_(list(stored)))).all():
        stored[row.story_id].append(row)
    citations = citations_of(session, (row.id or 0 for rows in stored.values() for row in rows))
    placed = {
        story_id: _place(session, story_id, briefs[story_id], rows, citations, now) for story_id, rows in stored.items()
    }
    session.flush()
    for story in stories:
        pairs = placed[story.id or 0]
        for row, bullet in pairs:
            _cite(session, row, bullet.citations, citations)
        _mark_same(stored[story.id or 0], [row for row, _ in pairs], citations)
        _describe(story, briefs[story.id or 0], read_at)


def _describe(story: Story, brief: Brief, read_at: datetime) -> None:
    story.headline, story.kind = brief.headline or story.headline, brief.kind
    story.missing = {str(panel): why for panel, why in brief.missing.items()}
    story.dropped = dict(brief.dropped)
    story.condensed_at, story.claimed_until = read_at, None


def _place(
    session: Session,
    story_id: int,
    brief: Brief,
    stored: Sequence[BulletRow],
    citations: Mapping[int, Sequence[CitationRow]],
    now: datetime,
) -> list[tuple[BulletRow, Bullet]]:
    """Each bullet of the brief with its row, which now has its place; nothing is flushed."""
    for row in stored:
        row.position = None
    placed: list[tuple[BulletRow, Bullet]] = []
    for panel in PANELS:
        for position, bullet in enumerate(brief.panel(panel)):
            row = _same(panel, bullet, stored, citations) or _add_bullet(session, story_id, panel, bullet, now)
            row.panel, row.position, row.same_as = panel, position, None
            placed.append((row, bullet))
    return placed


def citations_of(session: Session, bullets: Iterable[int]) -> dict[int, list[CitationRow]]:
    by_bullet: dict[int, list[CitationRow]] = defaultdict(list)
    rows = session.exec(select(CitationRow).where(col(CitationRow.bullet_id).in_(list(bullets))))
    for row in rows:
        by_bullet[row.bullet_id].append(row)
    return by_bullet


def same_bullets(session: Session) -> dict[int, int]:
    """Bullets that another one stands for now."""
    rows = session.execute(select(col(BulletRow.id), col(BulletRow.same_as)).where(col(BulletRow.same_as).is_not(None)))
    same = {bullet_id: other for bullet_id, other in rows if other is not None}
    return {bullet_id: same.get(other, other) for bullet_id, other in same.items()}


def _same(
    panel: str, bullet: Bullet, stored: Sequence[BulletRow], citations: Mapping[int, Sequence[CitationRow]]
) -> BulletRow | None:
    """The stored one without a place that it is; the same words go before the same panel, and that before the span."""
    alike = [
        row
        for row in stored
        if row.position is None
        and (
            row.text == bullet.text
            or any(_overlap(new, old) for new in bullet.citations for old in citations[row.id or 0])
        )
    ]
    return max(alike, key=lambda row: (row.text == bullet.text, row.panel == panel, -(row.id or 0)), default=None)


def _mark_same(
    rows: Iterable[BulletRow], placed: Sequence[BulletRow], citations: Mapping[int, Sequence[CitationRow]]
) -> None:
    for row in rows:
        if row.position is None and (cited := [_span(one) for one in citations[row.id or 0] if one.article_id]):
            same = (
                other
                for other in placed
                if other.panel == row.panel
                and all(any(_overlap(span, theirs) for theirs in citations[other.id or 0]) for span in cited)
            )
            row.same_as = next((other.id for other in same), row.same_as)


def _span(row: CitationRow) -> Citation:
    return Citation(str(row.article_id), row.source, row.url, (row.span_from, row.span_to))


def _overlap(new: Citation, old: CitationRow) -> bool:
    """Whether two citations share at least half of the shorter span."""
    if old.article_id is None or new.article != str(old.article_id):
        return False
    shared = min(new.span[1], old.span_to) - max(new.span[0], old.span_from)
    return shared * 2 >= max(1, min(new.span[1] - new.span[0], old.span_to - old.span_from))


def _add_bullet(session: Session, story_id: int, panel: str, bullet: Bullet, now: datetime) -> BulletRow:
    row = BulletRow(
        story_id=story_id,
        panel=panel,
        text=bullet.text,
        speaker=bullet.speaker,
        verbatim=bullet.verbatim,
        mark=bullet.mark,
        language=bullet.language,
        created_at=now,
    )
    session.add(row)
    return row


def _cite(session: Session, row: BulletRow, new: Sequence[Citation], citations: dict[int, list[CitationRow]]) -> None:
    there = citations[row.id or 0]
    for citation in new:
        if not any(_overlap(citation, old) for old in there):
            added = CitationRow(
                bullet_id=row.id or 0,
                article_id=int(citation.article),
                source=citation.source,
                url=citation.url,
                span_from=citation.span[0],
                span_to=citation.span[1],
            )
            session.add(added)
            there.append(added)
