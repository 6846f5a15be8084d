"""Sources, stories and their bullets for the tests of what is chosen and told."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import Session

from db.briefs import save_brief
from db.engine import Database, open_database
from db.filing import file_articles
from db.records import Brief, Bullet, Citation, Mark, New, Panel
from db.sources import set_source
from db.tables import Article, Source, Story

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


def a_database(folder: Path) -> Database:
    return open_database(f"sqlite:///{folder}/desk.db")


def setting(source_id: int, **columns: object) -> Callable[[Session], None]:
    """To be written: these columns of one source."""

    def work(session: Session) -> None:
        set_source(session, source_id, **columns)

    return work


def add_outlet(session: Session, title: str, now: datetime = NOW) -> int:
    name = title.lower().replace(" ", "")
    url, site = f"https://{name}.example/feed", f"https://{name}.example"
    source = Source(url=url, title=title, site_url=site, publisher=f"{name}.example", next_fetch_at=now, created_at=now)
    session.add(source)
    session.flush()
    return source.id or 0


def add_article(
    session: Session, source_id: int, title: str, now: datetime = NOW, text: str = "", language: str | None = None
) -> int:
    article = Article(
        source_id=source_id,
        key=title,
        url=f"https://paper.example/{abs(hash(title))}",
        title=title,
        text=text or f"{title}. " * 20,
        language=language,
        published_at=now,
        fetched_at=now,
    )
    session.add(article)
    session.flush()
    return article.id or 0


def add_story(session: Session, source_id: int, title: str, now: datetime = NOW) -> tuple[int, int]:
    """A story of one article, with an offer: (story, article)."""
    article = add_article(session, source_id, title, now)
    (story,) = file_articles(session, [New(str(article), f"s{article}")], now)
    condense(session, story, title, [bullet(article, f"{title}: the offer", 0)], now)
    return story, article


def bullet(
    article: int, text: str, at: int, panel: Panel = "offer", mark: Mark | None = None, language: str = "en"
) -> tuple[Panel, Bullet]:
    """One that cites the hundred characters from `at` on."""
    citation = Citation(str(article), "The Lantern", "https://paper.example/1", (at, at + 100))
    return panel, Bullet(text, "Mayor Tilda Voss", False, (citation,), mark, language)


def condense(
    session: Session, story: int, headline: str, bullets: Sequence[tuple[Panel, Bullet]], now: datetime
) -> None:
    panels = {
        name: tuple(one for panel, one in bullets if panel == name) for name in ("offer", "responses", "reactions")
    }
    brief = Brief(headline, panels["offer"], panels["responses"], panels["reactions"])
    save_brief(session, story, brief, now, now)
    session.get_one(Story, story).stale = False  # as if it had been claimed
