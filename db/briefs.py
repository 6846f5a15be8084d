"""What was condensed is stored: bullets keep their identity, which is the spans they cite."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_
from sqlmodel import Session, col, select

from db.records import PANELS, Brief, Bullet, Citation
from db.tables import Bullet as BulletRow
from db.tables import Citation as CitationRow
from db.tables import Story


def claim_uncondensed(session: Session, now: datetime, lease: timedelta, limit: int) -> list[int]:
    """Ids of stories whose articles changed since they were condensed, claimed for `lease`, newest first."""
    found = session.exec(
        select(Story)
        .where(col(Story.merged_into).is_(None))
        .where(or_(col(Story.condensed_at).is_(None), col(Story.condensed_at) < Story.changed_at))
        .where(or_(col(Story.claimed_until).is_(None), col(Story.claimed_until) <= now))
        .order_by(col(Story.updated_at).desc())
        .limit(limit)
    ).all()
    for story in found:
        story.claimed_until = now + lease
    return [story.id for story in found if story.id is not None]


def save_brief(session: Session, story_id: int, brief: Brief, read_at: datetime, now: datetime) -> None:
    """Stores what was condensed from the articles as they stood at `read_at`.

    A bullet that cites a span a stored one cites is that one: it keeps its id and its words, takes the new citations
    and its place. The others are added; what was not chosen again stays, without a place. One whose every citation is
    now another's in its panel is the same as that: who was told it was told the other.
    """
    story = session.get(Story, story_id)
    if story is None:
        return
    stored = {row.id or 0: row for row in session.exec(select(BulletRow).where(BulletRow.story_id == story_id))}
    citations = citations_of(session, stored)
    for row in stored.values():
        row.position = None
    placed: list[tuple[BulletRow, Bullet]] = []
    for panel in PANELS:
        for position, bullet in enumerate(brief.panel(panel)):
            row = _same(panel, bullet, stored, citations) or _add_bullet(session, story_id, panel, bullet, now)
            row.panel, row.position, row.same_as = panel, position, None
            placed.append((row, bullet))
    session.flush()
    for row, bullet in placed:
        _cite(session, row, bullet.citations, citations)
    _mark_same(stored.values(), [row for row, _ in placed], citations)
    story.headline = brief.headline or story.headline
    story.kind, story.missing, story.dropped = (
        brief.kind,
        {str(p): w for p, w in brief.missing.items()},
        dict(brief.dropped),
    )
    story.condensed_at, story.claimed_until = read_at, None


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
    panel: str, bullet: Bullet, stored: Mapping[int, BulletRow], citations: Mapping[int, Sequence[CitationRow]]
) -> BulletRow | None:
    """The stored one without a place that it is; the same words go before the same panel, and that before the span."""
    alike = [
        row
        for bullet_id, row in stored.items()
        if row.position is None
        and (row.text == bullet.text or any(_overlap(new, o) for new in bullet.citations for o in citations[bullet_id]))
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
