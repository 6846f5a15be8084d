"""Numbers for admins: what the last briefs were made from, and why stories were left out."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, update

from db.counts import last_round, people
from db.editions import open_edition, owe
from db.engine import Database, open_database
from db.records import Part
from db.subscribers import subscribe, subscription_for
from db.tables import Article, Bullet, Delivery, Edition, Source, Story
from tests.product import MORNING

FRESH, REMEMBERED = timedelta(hours=36), timedelta(days=10)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path}/triptych.db")
    yield database
    database.close()


def tell(session: Session, name: str, *, hours: float = 2, bullets: int = 1) -> int:
    """A story whose only article came so many hours before the morning."""
    at = MORNING - timedelta(hours=hours)
    story = Story(name=name, headline=name, first_at=at, updated_at=at, changed_at=at, dropped={"name": 1, "number": 2})
    session.add(story)
    session.flush()
    session.add(
        Article(source_id=1, key=name, url="", title=name, text="", published_at=at, fetched_at=at, story_id=story.id)
    )
    for place in range(bullets):
        session.add(Bullet(story_id=story.id or 0, panel="offer", position=place, text=name, created_at=at))
    session.flush()
    return story.id or 0


def brief(session: Session, stories: tuple[int, ...], days_ago: int = 0) -> Edition:
    at = MORNING - timedelta(days=days_ago)
    subscription = subscription_for(session, subscribe(session, 1, "private", "en", "UTC", at), 0, at)
    edition = open_edition(session, subscription.id or 0, "brief", at.date(), 480, due_at=at, now=at)
    assert edition is not None
    owe(session, edition, [Part(f"{stories}", f"{stories}", stories=stories)])
    session.exec(update(Delivery).values(state="sent", sent_at=at))
    return edition


def fill(session: Session) -> None:
    source: dict[str, Any] = {"publisher": "a", "next_fetch_at": MORNING, "created_at": MORNING}
    well, failing = MORNING - timedelta(hours=1), MORNING - timedelta(days=3)
    session.add(Source(url="https://a.example/f", title="A", last_success_at=well, **source))
    session.add(Source(url="https://b.example/f", title="B", last_success_at=failing, **source))
    session.add(Source(url="https://c.example/f", title="C", state="paused", last_success_at=well, **source))
    session.flush()
    chosen, told = tell(session, "chosen"), tell(session, "told", hours=30)
    tell(session, "bare", bullets=0)
    tell(session, "no room")
    tell(session, "stale", hours=60)
    brief(session, (told,), days_ago=1)
    brief(session, (chosen,))


def test_a_report_says_what_was_read_what_was_chosen_and_why_the_rest_was_left_out(database: Database) -> None:
    assert database.read_now(last_round, MORNING, FRESH, REMEMBERED) is None
    database.write_now(fill)
    report = database.read_now(last_round, MORNING + timedelta(hours=1), FRESH, REMEMBERED)
    assert report is not None
    assert (report.due_at, report.readers, report.messages) == (MORNING, 1, {"sent": 1})
    assert (report.sources, report.answered) == (2, 1)
    assert (report.articles, report.stories, report.chosen) == (3, 3, 1)
    assert (report.told, report.bare, report.others) == (1, 1, 1)
    assert report.refused == {"name": 3, "number": 6}


def test_who_has_no_hour_is_not_counted_among_those_who_get_briefs(database: Database) -> None:
    def begin(session: Session) -> None:
        for chat_id in (1, 2):
            subscription = subscription_for(
                session, subscribe(session, chat_id, "private", "en", "UTC", MORNING), 0, MORNING
            )
            subscription.due_at = MORNING if chat_id == 1 else None

    database.write_now(begin)
    counts = database.read_now(people, MORNING)
    assert (counts.served, counts.undecided, counts.new) == (1, 1, 2)
    assert database.read_now(people, MORNING + timedelta(days=8)).new == 0
