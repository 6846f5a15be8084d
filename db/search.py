"""Full-text search over articles, newest first. SQLite's FTS5 here; PostgreSQL can take over behind these functions.

Terms come in as the caller's stems: the index holds the same stems, so every query is data, never syntax.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import text
from sqlmodel import Session, col, select

from db.tables import Article, Story

NEWEST = 200  # newest hits that are looked at


def index_articles(session: Session, terms: Iterable[tuple[int, str]]) -> None:
    """(article id, its stems separated by spaces); what was there for an article is replaced."""
    for article_id, stems in terms:
        session.execute(text("DELETE FROM article_search WHERE rowid = :id"), {"id": article_id})
        session.execute(
            text("INSERT INTO article_search (rowid, stems) VALUES (:id, :stems)"), {"id": article_id, "stems": stems}
        )


def search_stories(session: Session, terms: Sequence[Sequence[str]], limit: int) -> list[int]:
    """Ids of stories with an article that has a stem of every term, newest article first; none without terms."""
    if not terms:
        return []
    phrase = " AND ".join("(" + " OR ".join(_quoted(stem) for stem in stems) + ")" for stems in terms)
    hits = session.execute(
        text("SELECT rowid FROM article_search WHERE article_search MATCH :phrase ORDER BY rowid DESC LIMIT :newest"),
        {"phrase": phrase, "newest": NEWEST},
    )
    ids = [row[0] for row in hits]
    rows = session.exec(
        select(Article.story_id)
        .join(Story)
        .where(col(Article.id).in_(ids), col(Story.condensed_at).is_not(None))
        .order_by(col(Article.published_at).desc())
    )
    return list(dict.fromkeys(story_id for story_id in rows if story_id is not None))[:limit]


def _quoted(stem: str) -> str:
    return '"' + stem.replace('"', '""') + '"'
