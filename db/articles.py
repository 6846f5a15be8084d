"""Articles: stored as they come, completed from their pages, read by the grouper."""

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy
from sqlalchemy import func
from sqlmodel import Session, col, select

from db.records import Entry, Text
from db.sources import remember_entries
from db.tables import Article, Source, Story

FIRST_ENTRIES = 20  # of a new source: enough for a first brief, and no flood


@dataclass(frozen=True, slots=True)
class Listing:
    """What one source lists: its entries that are new or edited, and the keys of all."""

    source_id: int
    entries: Sequence[Entry]
    known: Mapping[str, str]  # identity -> hash of the raw item, as `known_entries` gave it; empty: its first entries
    listed: frozenset[str]
    stub_chars: int = 0  # an entry with less text wants its page


def save_articles(session: Session, listings: Sequence[Listing], now: datetime) -> dict[int, list[int]]:
    """Stores what is new, updates what was edited: source -> ids of its new articles.

    Of a source's first entries only the newest are stored; the others are remembered, so that they never come as news.
    """
    stored = _stored(session, listings)
    new = [_article(one, entry, now) for one in listings for entry in _unseen(one, stored, now)]
    ids: dict[int, list[int]] = {one.source_id: [] for one in listings}
    for source_id, article_id in _insert(session, new):
        ids[source_id].append(article_id)
    for one in listings:
        for entry in one.entries:
            if (one.source_id, entry.key) in stored:
                _edit(session, stored[one.source_id, entry.key], entry, now)
    _remember(session, listings)
    return ids


def _insert(session: Session, articles: Sequence[Mapping[str, object]]) -> Iterable[tuple[int, int]]:
    """(source, article id) of each, in order. Without objects: a first fetch brings twenty for each source."""
    if not articles:
        return ()
    table = Article.__table__  # type: ignore[attr-defined]
    insert = sqlalchemy.insert(table).returning(table.c.source_id, table.c.id, sort_by_parameter_order=True)
    return ((source_id, article_id) for source_id, article_id in session.connection().execute(insert, articles))


def _stored(session: Session, listings: Sequence[Listing]) -> dict[tuple[int, str], int]:
    """(source, identity) -> article id. One source at a time: for a list of pairs SQLite reads the whole table."""
    rows: dict[tuple[int, str], int] = {}
    table = Article.__table__  # type: ignore[attr-defined]
    for one in listings:
        if one.entries:
            here = (table.c.source_id == one.source_id) & table.c.key.in_([entry.key for entry in one.entries])
            found = session.connection().execute(sqlalchemy.select(table.c.key, table.c.id).where(here))
            rows |= {(one.source_id, key): article_id for key, article_id in found}
    return rows


def _unseen(listing: Listing, stored: Container[tuple[int, str]], now: datetime) -> list[Entry]:
    worded = [entry for entry in listing.entries if entry.title or entry.text]
    unseen = [entry for entry in worded if (listing.source_id, entry.key) not in stored]
    if listing.known:
        return unseen
    return sorted(unseen, key=lambda entry: entry.published_at or now, reverse=True)[:FIRST_ENTRIES]


def _remember(session: Session, listings: Sequence[Listing]) -> None:
    fresh: dict[tuple[int, str], str] = {}
    outdated: list[tuple[int, str]] = []
    for one in listings:
        changed = {entry.key: entry.raw_hash for entry in one.entries if one.known.get(entry.key) != entry.raw_hash}
        fresh |= {(one.source_id, key): raw_hash for key, raw_hash in changed.items()}
        gone = (one.known.keys() - one.listed) | (one.known.keys() & changed.keys())
        outdated += [(one.source_id, key) for key in sorted(gone)]
    remember_entries(session, fresh, outdated)


def _article(listing: Listing, entry: Entry, now: datetime) -> dict[str, object]:
    return {
        "source_id": listing.source_id,
        "key": entry.key,
        "url": entry.url,
        "title": entry.title,
        "text": entry.text,
        "language": entry.language,
        "published_at": min(entry.published_at or now, now),
        "fetched_at": now,
        "page": "wanted" if entry.url and len(entry.text) < listing.stub_chars else "none",
        "page_tries": 0,
    }


def _edit(session: Session, article_id: int, entry: Entry, now: datetime) -> None:
    """An edit changes what is read, never whether it was told; of a number of comments, say, nothing is read."""
    article = session.get_one(Article, article_id)
    text = article.text if article.page == "read" else entry.text
    if (article.title, article.text) == (entry.title, text):
        return
    article.title, article.text = entry.title, text
    story = session.get(Story, article.story_id) if article.story_id else None
    if story is not None:
        story.changed_at, story.stale = now, True


def wanted_pages(session: Session, since: datetime, limit: int) -> list[tuple[int, str]]:
    """(article id, address) of pages still to be read, newest first."""
    rows = session.exec(
        select(Article.id, Article.url)
        .where(Article.page == "wanted", Article.published_at >= since)
        .order_by(col(Article.published_at).desc())
        .limit(limit)
    )
    return [(article_id, url) for article_id, url in rows if article_id is not None]


def save_page(session: Session, article_id: int, text: str | None, *, tries: int = 3) -> None:
    """The full text, or None when it could not be read; after `tries` of those the feed's own text has to do."""
    article = session.get(Article, article_id)
    if article is None or article.page != "wanted":
        return  # gone, or read by another tick
    article.page_tries += 1
    if text and len(text) > len(article.text):
        article.text, article.page = text, "read"
    elif text is not None or article.page_tries >= tries:
        article.page = "failed"


def unfiled_texts(session: Session, since: datetime, limit: int) -> list[Text]:
    """Articles that no story has yet and that wait for no page, oldest first."""
    rows = session.exec(
        select(Article, Source)
        .join(Source)
        .where(col(Article.filed_at).is_(None), Article.page != "wanted", Article.published_at >= since)
        .order_by(col(Article.published_at), col(Article.id))
        .limit(limit)
    )
    return [text_of(article, source) for article, source in rows]


def window_articles(
    session: Session, since: datetime, held: Collection[str], held_since: datetime
) -> list[tuple[int, str]]:
    """(filed article, its story's name), oldest first; those of the held stories from `held_since` on."""
    rows = session.execute(
        select(col(Article.id), col(Story.name), col(Article.published_at))
        .join(Story)
        .where(col(Article.published_at) >= (held_since if held else since))
        .order_by(col(Article.published_at), col(Article.id))
    )
    names = set(held)
    return [(id, name) for id, name, at in rows if at >= since or name in names]


def window_texts(session: Session, article_ids: Sequence[int], chars: int) -> list[Text]:
    """So much of each text, in the order of the ids; by columns, since they are many."""
    rows = session.execute(
        select(col(Article.id), col(Source.title), func.substr(Article.text, 1, chars), col(Article.title))
        .add_columns(col(Article.published_at), func.coalesce(Article.language, Source.language))
        .add_columns(col(Source.publisher))
        .join(Source)
        .where(col(Article.id).in_(article_ids))
    )
    texts = {
        id: Text(str(id), outlet, text, title, "", at, language, publisher)
        for id, outlet, text, title, at, language, publisher in rows
    }
    return [texts[id] for id in article_ids if id in texts]


def texts_of_story(session: Session, story_id: int, limit: int = 40) -> list[Text]:
    """Its newest articles, oldest of them first."""
    rows = session.exec(
        select(Article, Source)
        .join(Source)
        .where(Article.story_id == story_id)
        .order_by(col(Article.published_at).desc(), col(Article.id).desc())
        .limit(limit)
    ).all()
    return [text_of(article, source) for article, source in reversed(rows)]


def text_of(article: Article, source: Source) -> Text:
    return Text(
        article=str(article.id),
        source=source.title,
        text=article.text,
        title=article.title,
        url=article.url or source.site_url,
        published_at=article.published_at,
        language=article.language or source.language,
        publisher=source.publisher,
    )
