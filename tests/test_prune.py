"""What is old is forgotten; what is still needed stays; the file does not grow."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, func, select, text

from db.deliveries import Sent, settle
from db.engine import Database, open_database
from db.prune import Ages, prune
from db.tables import (
    Article,
    Audit,
    Bullet,
    Citation,
    Code,
    Delivery,
    Edition,
    Expected,
    Follow,
    Handled,
    Kept,
    Mute,
    Rendered,
    Source,
    SourceDay,
    Story,
)
from tests.ledger import NOW, owe_parts, part, subscribe

AGES = Ages(articles=30, ledger=90, audit=365)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path}/triptych.db")
    yield database
    database.close()


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def add_source(session: Session) -> int:
    source = Source(
        url="https://outlet.example/feed", title="Outlet", publisher="outlet", next_fetch_at=NOW, created_at=NOW
    )
    session.add(source)
    session.flush()
    assert source.id is not None
    return source.id


def add_story(session: Session, source: int, at: datetime) -> int:
    """A story with one article and one bullet that cites it."""
    number = count(session, Story)
    story = Story(name=f"{at}-{number}", headline="h", first_at=at, updated_at=at, changed_at=at)
    session.add(story)
    session.flush()
    assert story.id is not None
    key = f"{story.id}-{at}"
    article = Article(source_id=source, key=key, url="u", title="t", text="x" * 800, published_at=at, fetched_at=at)
    bullet = Bullet(story_id=story.id, panel="offer", text="b" * 200, created_at=at)
    article.story_id = story.id
    session.add_all([article, bullet])
    session.flush()
    session.add(Citation(bullet_id=bullet.id or 0, article_id=article.id, source="o", url="u", span_from=0, span_to=1))
    return story.id


def count(session: Session, table: type[Any]) -> int:
    return session.exec(select(func.count()).select_from(table)).one()


def prune_all(database: Database, now: datetime = NOW) -> int:
    total = 0
    while gone := database.write_now(prune, now, AGES):
        total += gone
    return total


def test_old_articles_and_stories_go_and_new_ones_stay(database: Database) -> None:
    def fill(session: Session) -> None:
        source = add_source(session)
        for days in (200, 31, 29, 1):
            add_story(session, source, ago(days))

    database.write_now(fill)
    prune_all(database)
    assert [database.read_now(count, table) for table in (Article, Story, Bullet, Citation)] == [2, 2, 2, 2]


def test_a_followed_story_stays_as_long_as_the_ledger(database: Database) -> None:
    def fill(session: Session) -> None:
        source = add_source(session)
        subscribe(session, 1)
        for days in (100, 31, 31, 1):
            story = add_story(session, source, ago(days))
            if story != 3:
                session.add(Follow(subscriber_id=1, story_id=story, since_at=NOW))

    database.write_now(fill)
    prune_all(database)
    assert database.read_now(lambda s: list(s.exec(select(Story.id)))) == [2, 4]


def test_the_last_number_is_never_given_to_another_bullet(database: Database) -> None:
    source = database.write_now(add_source)
    for _ in range(3):
        database.write_now(add_story, source, ago(50))
    prune_all(database)
    assert database.read_now(lambda s: list(s.exec(select(Bullet.id)))) == [3]
    database.write_now(add_story, source, NOW)
    assert database.read_now(lambda s: list(s.exec(select(Bullet.id)))) == [3, 4]


def test_old_editions_go_unless_something_is_still_owed(database: Database) -> None:
    def fill(session: Session) -> None:
        subscription = subscribe(session, 1)
        for slot, days in enumerate((100, 95, 10, 1)):
            owe_parts(session, subscription, [part(f"{slot}")], slot=slot, at=ago(days))
        settle(session, [Sent(number, 5, ago(90)) for number in (2, 3, 4)])

    database.write_now(fill)
    prune_all(database)
    assert database.read_now(lambda s: list(s.exec(select(Edition.slot)))) == [0, 2, 3]
    assert database.read_now(count, Delivery) == 3
    assert database.read_now(count, Rendered) == 3


def test_audit_updates_codes_days_mutes_and_open_questions_go_by_age(database: Database) -> None:
    def fill(session: Session) -> None:
        source = add_source(session)
        subscribe(session, 1)
        for number, days in enumerate((400, 300, 8, 1)):
            session.add(Audit(at=ago(days), user_id=0, act="a", subject="s"))
            session.add(Handled(update_id=number, at=ago(days)))
            session.add(SourceDay(source_id=source, day=ago(days).date()))
            session.add(Kept(name=str(number), value=b"", at=ago(days)))
            session.add(Expected(chat_id=number, user_id=number, what="topic", at=ago(days - 1)))
        session.add(Code(hash="spent", purpose="invite", uses_left=0, created_at=NOW))
        session.add(Code(hash="past", purpose="invite", expires_at=ago(1), created_at=NOW))
        session.add(Code(hash="good", purpose="invite", created_at=NOW))
        session.add(Mute(subscriber_id=1, kind="story", muted_id=99, created_at=NOW))
        session.add(Mute(subscriber_id=1, kind="source", muted_id=99, created_at=NOW))

    database.write_now(fill)
    prune_all(database)
    counts = {
        table.__name__: database.read_now(count, table)
        for table in (Audit, Handled, SourceDay, Code, Mute, Expected, Kept)
    }
    assert counts == {"Audit": 3, "Handled": 1, "SourceDay": 3, "Code": 1, "Mute": 1, "Expected": 1, "Kept": 1}


def test_nothing_more_to_forget_costs_nothing(database: Database) -> None:
    assert prune_all(database) == 0


def test_the_file_does_not_grow_over_months(database: Database) -> None:
    source = database.write_now(add_source)
    subscription = database.write_now(subscribe, 1)
    pages = []
    for day in range(0, 300, 10):
        now = NOW + timedelta(days=day)
        database.write_now(a_day, source, subscription, now)
        prune_all(database, now)
        pages.append(database.read_now(lambda s: s.execute(text("PRAGMA page_count")).scalar_one()))
    assert pages[-1] <= 1.1 * max(pages[:15])
    assert pages[-1] > pages[0]


def a_day(session: Session, source: int, subscription: int, now: datetime) -> None:
    for number in range(20):
        add_story(session, source, now)
        owe_parts(session, subscription, [part(f"{now} {number} " + "x" * 500)], slot=number, at=now)
    unsent = session.exec(select(Delivery.id).where(Delivery.state == "owed")).all()
    settle(session, [Sent(id, 1, now) for id in unsent if id is not None])
