"""Full-text search over articles and over bullets, newest first. SQLite's FTS5 here; PostgreSQL can take over behind
these functions.

Terms come in as the caller's stems: the index holds the same stems, so every query is data, never syntax.

FTS5 joins two words by walking both lists, whatever range of rows is asked for: two common words that never stand
together cost a walk over everything. Each row therefore also holds the name of its block of rows, and a question is
put to the newest blocks first; older ones are asked only where one of the words is rare enough to lead. So words that
all are common are found together only in the newest BLOCKS (at most 32,768 articles).
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, TableClause, bindparam, column, delete, func, insert, literal_column, select, table
from sqlmodel import Session, col

from db.tables import Article, Bullet, Story

NEWEST = 100  # newest hits that are looked at
BLOCK = 14  # two to this many rows are a block
BLOCKS = 2  # newest ones that are asked first
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
AFTER_LATIN = "\u0250"
RARE = 50  # a word in fewer than one row of so many leads through all blocks
CREDIT = timedelta(hours=1)  # each further article with the words makes a story so much newer...
CREDITS = 6  # ...for as many articles as this
RERANKED = 20  # stories beyond those asked for that may come forward so

Terms = Sequence[Sequence[str]]  # of each word its possible stems; all words must be there


@dataclass(frozen=True, slots=True)
class Index:
    """One index and what is asked of it. Statements are made once: making one costs as much as running it."""

    table: TableClause
    newest: Select[Any]  # hits of :phrase, the newest first
    within: Select[Any]  # those of :stories
    common: Select[Any]  # a row when :phrase has more hits than a rare word
    last: Select[Any]  # the highest row number


def _index_of(rows: type[Article] | type[Bullet]) -> Index:
    index = table(f"{rows.__tablename__}_search", column("rowid"), column("stems"))
    rowid = index.c.rowid
    hits = select(rowid).where(literal_column(index.name).op("MATCH")(bindparam("phrase")))
    newest = hits.order_by(rowid.desc()).limit(NEWEST)
    theirs = select(col(rows.id)).where(col(rows.story_id).in_(bindparam("stories", expanding=True)))
    # with the plus, hits are looked up among the few rows, not the few rows one by one among the hits
    within = newest.where(literal_column(f"+{index.name}.rowid").in_(theirs))
    common = hits.limit(1).offset((BLOCKS << BLOCK) // RARE)
    return Index(index, newest, within, common, select(func.max(col(rows.id))))


ARTICLES, BULLETS = _index_of(Article), _index_of(Bullet)
NEWEST_OF_STORY = func.max(col(Article.published_at))
STORIES_OF = (
    select(col(Article.story_id), NEWEST_OF_STORY, func.count())
    .join(Story, col(Article.story_id) == col(Story.id))
    .where(col(Article.id).in_(bindparam("hits", expanding=True)), col(Story.condensed_at).is_not(None))
    .where(col(Article.published_at) >= bindparam("since"))
    .group_by(col(Article.story_id))
    .order_by(NEWEST_OF_STORY.desc())
    .limit(bindparam("most"))
)
HEADLINES = (
    select(col(Story.headline))
    .where(col(Story.merged_into).is_(None), col(Story.condensed_at).is_not(None))
    .order_by(col(Story.updated_at).desc())
    .limit(bindparam("most"))
)
HEADLINES_OF = select(col(Story.id), col(Story.headline), col(Story.updated_at)).where(
    col(Story.id).in_(bindparam("stories", expanding=True))
)
STANDING = (
    select(col(Bullet.id))
    .where(col(Bullet.id).in_(bindparam("hits", expanding=True)), col(Bullet.withdrawn_at).is_(None))
    .where(col(Bullet.created_at) >= bindparam("since"))
    .order_by(col(Bullet.id).desc())
    .limit(bindparam("most"))
)


def index_articles(session: Session, terms: Iterable[tuple[int, str]]) -> None:
    """(article id, its stems separated by spaces); what was there for an article is replaced."""
    _index(session, ARTICLES, terms)


def index_bullets(session: Session, terms: Iterable[tuple[int, str]]) -> None:
    """The same for bullets."""
    _index(session, BULLETS, terms)


def _index(session: Session, index: Index, terms: Iterable[tuple[int, str]]) -> None:
    rows = [{"rowid": row, "stems": f"{_block(row >> BLOCK)} {_as_tokens(stems)}"} for row, stems in terms]
    if rows:
        there = delete(index.table).where(index.table.c.rowid == bindparam("row"))
        session.connection().execute(there, [{"row": row["rowid"]} for row in rows])
        session.connection().execute(insert(index.table), rows)


def search_stories(
    session: Session, terms: Terms, limit: int, *, since: datetime | None = None, within: Sequence[int] = ()
) -> list[int]:
    """Ids of condensed stories with an article that has a stem of every term, newest first; none without terms.

    The newest hits alone are looked at; among them, a story that more articles tell counts as a little newer.
    `within` names the only stories asked about; none: all.
    """
    hits = _newest(session, ARTICLES, terms, within)
    if not hits:
        return []
    given = {"hits": hits, "since": since or LONG_AGO, "most": limit + RERANKED}
    rows = session.connection().execute(STORIES_OF, given)
    found = {int(story_id or 0): at + CREDIT * min(count - 1, CREDITS) for story_id, at, count in rows}
    return sorted(found, key=lambda story_id: found[story_id], reverse=True)[:limit]


def search_bullets(
    session: Session, terms: Terms, limit: int, *, since: datetime | None = None, within: Sequence[int] = ()
) -> list[int]:
    """Ids of standing bullets that have a stem of every term, newest first; `since` is when they were stored."""
    hits = _newest(session, BULLETS, terms, within)
    if not hits:
        return []
    given = {"hits": hits, "since": since or LONG_AGO, "most": limit}
    return [int(bullet_id or 0) for bullet_id in session.connection().scalars(STANDING, given)]


def _newest(session: Session, index: Index, terms: Terms, within: Sequence[int]) -> list[int]:
    """Row numbers of the newest hits; of words that all are common, those in the newest blocks."""
    words = [[token for token in map(as_token, stems) if token] for stems in terms]
    if not words or not all(words):
        return []
    connection, phrase = session.connection(), " AND ".join(map(_any_of, words))
    if within:
        return list(connection.scalars(index.within, {"phrase": phrase, "stories": list(within)}))
    if len(words) == 1:
        return list(connection.scalars(index.newest, {"phrase": phrase}))
    last = connection.scalar(index.last) or 0
    newest = _any_of([_block(n) for n in range(last >> BLOCK, max(-1, (last >> BLOCK) - BLOCKS), -1)])
    hits = list(connection.scalars(index.newest, {"phrase": f"{newest} AND {phrase}"}))
    if len(hits) == NEWEST or last >> BLOCK < BLOCKS:
        return hits
    phrases = [{"phrase": f"{newest} AND {_any_of(tokens)}"} for tokens in words]
    if all(connection.execute(index.common, one).first() for one in phrases):
        return hits
    return list(connection.scalars(index.newest, {"phrase": phrase}))


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
    return list(session.connection().scalars(HEADLINES, {"most": limit}))


def headlines_of(session: Session, story_ids: Sequence[int]) -> list[tuple[int, str, datetime]]:
    """(story, headline, time of its newest article), in the order of the ids."""
    rows = session.connection().execute(HEADLINES_OF, {"stories": list(story_ids)})
    found = {story_id: (int(story_id or 0), headline, at) for story_id, headline, at in rows}
    return [found[story_id] for story_id in story_ids if story_id in found]
