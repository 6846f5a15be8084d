"""Full-text search over articles and over bullets, newest first. SQLite's FTS5 here; PostgreSQL can take over behind
these functions.

Terms come in as the caller's stems: the index holds the same stems, so every query is data, never syntax.

FTS5 joins two words by walking both lists, whatever range of rows is asked for: two common words that never stand
together cost a walk over everything. Each row therefore also holds the name of its block of rows, and a question is
put to the newest blocks first; older ones are asked only where one of the words is rare enough to lead.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, TableClause, bindparam, column, delete, func, insert, literal_column, table
from sqlalchemy import select as select_rows
from sqlmodel import Session, col, select

from db.tables import Article, Bullet, Story

NEWEST = 100  # newest hits that are looked at
BLOCK = 14  # two to this many rows are a block
BLOCKS_FIRST, BLOCKS_MOST = 2, 4
AFTER_LATIN = "\u0250"
RARE = 50  # a word in fewer than one row of so many leads through all blocks
CREDIT = timedelta(hours=1)  # each further article with the words makes a story so much newer...
CREDITS = 6  # ...for as many articles as this
RERANKED = 20  # stories beyond those asked for that may come forward so

ARTICLES = table("article_search", column("rowid"), column("stems"))
BULLETS = table("bullet_search", column("rowid"), column("stems"))
Rows = type[Article] | type[Bullet]
Terms = Sequence[Sequence[str]]  # of each word its possible stems; all words must be there


def index_articles(session: Session, terms: Iterable[tuple[int, str]]) -> None:
    """(article id, its stems separated by spaces); what was there for an article is replaced."""
    _index(session, ARTICLES, terms)


def index_bullets(session: Session, terms: Iterable[tuple[int, str]]) -> None:
    """The same for bullets."""
    _index(session, BULLETS, terms)


def _index(session: Session, index: TableClause, terms: Iterable[tuple[int, str]]) -> None:
    rows = [{"rowid": row, "stems": f"{_block(row >> BLOCK)} {_as_tokens(stems)}"} for row, stems in terms]
    if rows:
        there = delete(index).where(index.c.rowid == bindparam("row"))
        session.connection().execute(there, [{"row": row["rowid"]} for row in rows])
        session.connection().execute(insert(index), rows)


def search_stories(
    session: Session, terms: Terms, limit: int, *, since: datetime | None = None, within: Sequence[int] = ()
) -> list[int]:
    """Ids of condensed stories with an article that has a stem of every term, newest first; none without terms.

    The newest hits alone are looked at; among them, a story that more articles tell counts as a little newer.
    `within` names the only stories asked about; none: all.
    """
    hits = _newest(session, ARTICLES, Article, terms, within)
    newest, articles = func.max(col(Article.published_at)), func.count()
    query = (
        select_rows(col(Article.story_id), newest, articles)
        .join(Story, col(Article.story_id) == col(Story.id))
        .where(col(Article.id).in_(hits), col(Story.condensed_at).is_not(None))
        .group_by(col(Article.story_id))
        .order_by(newest.desc())
        .limit(limit + RERANKED)
    )
    if since is not None:
        query = query.where(col(Article.published_at) >= since)
    rows = session.connection().execute(query) if hits else ()
    found = {int(story_id or 0): at + CREDIT * min(count - 1, CREDITS) for story_id, at, count in rows}
    return sorted(found, key=lambda story_id: found[story_id], reverse=True)[:limit]


def search_bullets(
    session: Session, terms: Terms, limit: int, *, since: datetime | None = None, within: Sequence[int] = ()
) -> list[int]:
    """Ids of standing bullets that have a stem of every term, newest first; `since` is when they were stored."""
    hits = _newest(session, BULLETS, Bullet, terms, within)
    query = select_rows(col(Bullet.id)).where(col(Bullet.id).in_(hits), col(Bullet.withdrawn_at).is_(None))
    if since is not None:
        query = query.where(col(Bullet.created_at) >= since)
    newest = query.order_by(col(Bullet.id).desc()).limit(limit)
    return list(session.connection().scalars(newest)) if hits else []


def _newest(session: Session, index: TableClause, rows: Rows, terms: Terms, within: Sequence[int]) -> list[int]:
    """Row numbers of the newest hits; of words that all are common, those in the newest blocks."""
    words = [[token for token in map(as_token, stems) if token] for stems in terms]
    if not words or not all(words):
        return []
    phrase = " AND ".join(map(_any_of, words))
    if within:
        theirs = select_rows(col(rows.id)).where(col(rows.story_id).in_(within))
        # with the plus, the hits are looked up among the few rows, not the few rows one by one among the hits
        return _hits(session, _matching(index, phrase).where(literal_column(f"+{index.name}.rowid").in_(theirs)))
    if len(words) == 1:
        return _hits(session, _matching(index, phrase))
    last = session.connection().scalar(select_rows(func.max(col(rows.id)))) or 0
    newest = _blocks(last, BLOCKS_FIRST)
    hits = _hits(session, _matching(index, f"{newest} AND {phrase}"))
    if len(hits) == NEWEST or last >> BLOCK < BLOCKS_FIRST:
        return hits
    if any(_is_rare(session, index, f"{newest} AND {_any_of(tokens)}") for tokens in words):
        return _hits(session, _matching(index, phrase))
    return _hits(session, _matching(index, f"{_blocks(last, BLOCKS_MOST)} AND {phrase}"))


def _hits(session: Session, matching: Select[tuple[int]]) -> list[int]:
    rowid = matching.selected_columns[0]
    return list(session.connection().scalars(matching.order_by(rowid.desc()).limit(NEWEST)))


def _is_rare(session: Session, index: TableClause, phrase: str) -> bool:
    many = (BLOCKS_FIRST << BLOCK) // RARE
    return session.connection().execute(_matching(index, phrase).limit(1).offset(many)).first() is None


def _matching(index: TableClause, phrase: str) -> Select[tuple[int]]:
    return select_rows(index.c.rowid).where(literal_column(index.name).op("MATCH")(phrase))


def _blocks(last: int, count: int) -> str:
    newest = last >> BLOCK
    return _any_of([_block(n) for n in range(newest, max(newest - count, -1), -1)])


def _block(number: int) -> str:
    """No stem begins with a digit that letters follow."""
    return f"0b{number}"


def _any_of(tokens: Sequence[str]) -> str:
    return "(" + " OR ".join(f'"{token}"' for token in tokens) + ")"


def _as_tokens(stems: str) -> str:
    return " ".join(map(as_token, stems.split()))


def as_token(stem: str) -> str:
    """Letters and digits only, Latin ones without marks: what FTS5 takes for one word. "" when nothing is left."""
    if stem.isascii():
        return stem if stem.isalnum() else "".join(filter(str.isalnum, stem))
    plain = (unicodedata.normalize("NFKD", c)[0] if c < AFTER_LATIN else c for c in stem)
    return "".join(filter(str.isalnum, plain))


def newest_headlines(session: Session, limit: int) -> list[str]:
    standing = (col(Story.merged_into).is_(None), col(Story.condensed_at).is_not(None))
    return list(
        session.exec(select(Story.headline).where(*standing).order_by(col(Story.updated_at).desc()).limit(limit))
    )
