"""Stories of fictional outlets as the product stores them, for the tests of what is found."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from db.filing import file_articles
from db.records import Bullet, Citation, Mark, New, Panel, Text
from db.search import index_articles
from db.tables import Article, Source
from jobs.finding import index_stories
from jobs.lookup import index_terms
from tests.desk import NOW, add_outlet, condense

Said = tuple[Panel, str, str]  # panel, speaker, words


def add_news(
    session: Session,
    title: str,
    said: Sequence[Said] = (),
    at: datetime = NOW,
    *,
    lead: str = "",
    language: str = "en",
    mark: Mark | None = None,
) -> int:
    """A story of one article, found by its words and by who speaks in it."""
    outlet = session.exec(select(Source.id).limit(1)).first() or add_outlet(session, "The Lantern")
    url = f"https://lantern.example/{title.replace(' ', '-').lower()}"
    text = lead or title
    article = Article(source_id=outlet, key=title, url=url, title=title, text=text, published_at=at, fetched_at=at,
                      language=language)  # fmt: skip
    session.add(article)
    session.flush()
    number = article.id or 0
    index_articles(
        session, [(number, index_terms(Text(str(number), "The Lantern", text, title, url, language=language)))]
    )
    (story,) = file_articles(session, [New(str(number), f"s{number}")], at)
    say(session, story, title, number, said, at, language=language, mark=mark)
    return story


def say(
    session: Session,
    story: int,
    headline: str,
    article: int,
    said: Sequence[Said],
    at: datetime,
    *,
    language: str = "en",
    mark: Mark | None = None,
) -> None:
    """The story is condensed to these statements."""
    url = session.exec(select(Article.url).where(col(Article.id) == article)).one()
    bullets = []
    for n, (panel, speaker, words) in enumerate(said):
        citation = Citation(str(article), "The Lantern", url, (1000 * n, 1000 * n + 100))
        bullets.append((panel, Bullet(words, speaker or None, False, (citation,), mark, language)))
    condense(session, story, headline, bullets, at)
    index_stories(session, [story])
