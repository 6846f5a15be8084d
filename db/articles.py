"""Articles: stored as they come, completed from their pages, read by the grouper."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from db.records import Entry, Text
from db.sources import remember_entries
from db.tables import Article, Source, Story

FIRST_ENTRIES = 20  # of a new source: enough for a first brief, and no flood


def save_articles(
    session: Session,
    source_id: int,
    entries: Sequence[Entry],
    listed: Iterable[str],
    now: datetime,
    stub_chars: int = 0,
) -> list[int]:
    """Stores what is new, updates what was edited; the ids of the new articles.

    `listed` are the keys the feed lists now. Of a source's first entries only the newest are stored; the others are
    remembered, so that they never come as news. An entry with less text than `stub_chars` wants its page.
    """
    stored = _stored(session, source_id, [entry.key for entry in entries])
    first = session.exec(select(Article.id).where(Article.source_id == source_id).limit(1)).first() is None
    unseen = [entry for entry in entries if entry.key not in stored]
    if first:
        unseen = sorted(unseen, key=lambda e: e.published_at or now, reverse=True)[:FIRST_ENTRIES]
    new = [_article(source_id, entry, now, stub_chars) for entry in unseen]
    session.add_all(new)
    for entry in entries:
        if entry.key in stored:
            _edit(session, stored[entry.key], entry, now)
    remember_entries(session, source_id, {entry.key: entry.raw_hash for entry in entries}, listed)
    session.flush()
    return [article.id for article in new if article.id is not None]


def _stored(session: Session, source_id: int, keys: Sequence[str]) -> dict[str, Article]:
    rows: dict[str, Article] = {}
    for i in range(0, len(keys), 500):
        found = session.exec(
            select(Article).where(Article.source_id == source_id, col(Article.key).in_(keys[i : i + 500]))
        )
        rows |= {article.key: article for article in found}
    return rows


def _article(source_id: int, entry: Entry, now: datetime, stub_chars: int) -> Article:
    return Article(
        source_id=source_id,
        key=entry.key,
        url=entry.url,
        title=entry.title,
        text=entry.text,
        language=entry.language,
        published_at=min(entry.published_at or now, now),
        fetched_at=now,
        page="wanted" if entry.url and len(entry.text) < stub_chars else "none",
    )


def _edit(session: Session, article: Article, entry: Entry, now: datetime) -> None:
    """An edit changes what is read, never whether it was told."""
    article.title = entry.title
    if article.page != "read":
        article.text = entry.text
    story = session.get(Story, article.story_id) if article.story_id else None
    if story is not None:
        story.changed_at = now


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
    if article is None:
        return
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
