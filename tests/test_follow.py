"""Followers hear of answers at once."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from bot.follow import compose_follows
from db.deliveries import Parked, settle
from db.editions import unsaid
from db.engine import Database
from db.filing import file_articles
from db.records import Merge, Panel
from db.subscribers import subscribe, subscription_for, subscription_in
from db.tables import Delivery, Edition, Follow, Rendered, Story, Subscriber
from tests.desk import NOW, a_database, add_outlet, add_story, bullet, condense
from tests.ledger import owe_parts, part

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
CHAT = 77


class Followed:
    """One story, and one chat that follows it since NOW."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.story, self.article = database.write_now(self._begin)
        self.bullets = [bullet(self.article, "The bridge is closed", 0)]

    def _begin(self, session: Session) -> tuple[int, int]:
        story, article = add_story(session, add_outlet(session, "The Lantern"), "Bridge closed")
        reader = subscribe(session, CHAT, "private", "en", "Europe/Berlin", NOW)
        session.add(Follow(subscriber_id=reader.id or 0, story_id=story, message_id=5, since_at=NOW))
        return story, article

    def add(self, text: str, now: datetime, panel: Panel = "responses", **given: str) -> None:
        self.bullets.append(bullet(self.article, text, 200 * len(self.bullets), panel, **given))  # type: ignore[arg-type]
        self.database.write_now(condense, self.story, "Bridge closed", self.bullets, now)

    def set_reader(self, **values: object) -> None:
        self.database.write_now(lambda s: s.exec(select(Subscriber)).one().sqlmodel_update(values) and None)

    def follows(self) -> int:
        return self.database.read_now(lambda session: len(session.exec(select(Follow)).all()))

    def owed(self) -> list[str]:
        rows = select(Rendered.plain).join(Delivery).order_by(col(Delivery.id))
        return self.database.read_now(lambda session: list(session.exec(rows)))


@pytest.fixture
def followed(tmp_path: Path) -> Iterator[Followed]:
    database = a_database(tmp_path)
    yield Followed(database)
    database.close()


async def test_follower_hears_of_a_response_at_once_as_a_reply(followed: Followed) -> None:
    followed.add("The hauliers will go to court", NOW + MINUTE)
    assert await compose_follows(followed.database, NOW + MINUTE) == 1
    (said,) = followed.owed()
    assert "The hauliers will go to court" in said
    assert "The bridge is closed" not in said
    delivery = followed.database.read_now(lambda session: session.exec(select(Delivery)).one())
    assert (delivery.chat_id, delivery.reply_to, delivery.state) == (CHAT, 5, "owed")


async def test_what_a_follower_hears_does_not_stand_for_the_word_on_a_parked_brief(followed: Followed) -> None:
    def a_parked_brief(session: Session) -> int:
        subscription = subscription_for(session, session.exec(select(Subscriber)).one(), 0, NOW).id or 0
        owe_parts(session, subscription, [part("a brief")])
        settle(session, [Parked(1, "x")])
        return subscription

    subscription = followed.database.write_now(a_parked_brief)
    followed.add("The hauliers will go to court", NOW + MINUTE)
    assert await compose_follows(followed.database, NOW + MINUTE) == 1
    assert followed.database.read_now(unsaid, subscription) == 1


async def test_follower_hears_nothing_twice(followed: Followed) -> None:
    followed.add("The hauliers will go to court", NOW + MINUTE)
    await compose_follows(followed.database, NOW + MINUTE)
    assert await compose_follows(followed.database, NOW + MINUTE) == 0
    assert await compose_follows(followed.database, NOW + 3 * HOUR) == 0
    assert len(followed.owed()) == 1


async def test_follower_hears_nothing_of_a_mere_reaction(followed: Followed) -> None:
    followed.add("A shop owner is sad", NOW + MINUTE, "reactions")
    assert await compose_follows(followed.database, NOW + MINUTE) == 0


async def test_follower_hears_of_a_reversal_in_whatever_panel(followed: Followed) -> None:
    followed.add("The city takes the closure back", NOW + MINUTE, "offer", mark="withdrawal")
    assert await compose_follows(followed.database, NOW + MINUTE) == 1
    assert "takes back:" in followed.owed()[0]


async def test_second_response_waits_for_the_hour_and_then_comes(followed: Followed) -> None:
    followed.add("The hauliers will go to court", NOW + MINUTE)
    await compose_follows(followed.database, NOW + MINUTE)
    followed.add("The engineers disagree", NOW + 9 * MINUTE)
    assert await compose_follows(followed.database, NOW + 9 * MINUTE) == 0
    assert await compose_follows(followed.database, NOW + MINUTE + HOUR) == 1
    assert "The engineers disagree" in followed.owed()[1]
    assert "court" not in followed.owed()[1]


async def test_quiet_hours_put_it_off(followed: Followed) -> None:
    followed.set_reader(quiet_from=8 * 60, quiet_to=10 * 60)  # NOW is nine in Berlin
    followed.add("The hauliers will go to court", NOW + MINUTE)
    assert await compose_follows(followed.database, NOW + MINUTE) == 0
    assert await compose_follows(followed.database, NOW + HOUR) == 1


async def test_paused_reader_hears_when_the_pause_ends(followed: Followed) -> None:
    def pause(session: Session, /, **values: object) -> None:
        reader = session.exec(select(Subscriber)).one()
        subscription_for(session, reader, 0, NOW).sqlmodel_update(values)

    followed.add("The hauliers will go to court", NOW + MINUTE)
    followed.database.write_now(pause, paused_until=NOW + 3 * HOUR)
    assert await compose_follows(followed.database, NOW + MINUTE) == 0
    followed.database.write_now(pause, state="paused", paused_until=None)
    assert await compose_follows(followed.database, NOW + HOUR) == 0
    followed.database.write_now(pause, state="active", paused_until=NOW + 3 * HOUR)
    assert await compose_follows(followed.database, NOW + 3 * HOUR) == 1
    assert "The hauliers will go to court" in followed.owed()[0]


async def test_who_stopped_hears_nothing(followed: Followed) -> None:
    followed.set_reader(state="stopped")
    followed.add("The hauliers will go to court", NOW + MINUTE)
    assert await compose_follows(followed.database, NOW + MINUTE) == 0


async def test_bullet_in_a_language_that_is_not_read_is_not_told(followed: Followed) -> None:
    followed.add("Die Spediteure klagen", NOW + MINUTE, language="de")
    assert await compose_follows(followed.database, NOW + MINUTE) == 0
    followed.add("The hauliers will go to court", NOW + 2 * MINUTE)
    assert await compose_follows(followed.database, NOW + 2 * MINUTE) == 1
    assert "Spediteure" not in followed.owed()[0]


async def test_following_ends_when_the_story_is_quiet_for_a_week(followed: Followed) -> None:
    await compose_follows(followed.database, NOW + timedelta(days=6))
    assert followed.follows() == 1
    await compose_follows(followed.database, NOW + timedelta(days=8))
    assert followed.follows() == 0


async def test_what_is_told_is_in_the_ledger_as_a_follow(followed: Followed) -> None:
    followed.add("The hauliers will go to court", NOW + MINUTE)
    await compose_follows(followed.database, NOW + MINUTE)
    edition = followed.database.read_now(lambda session: session.exec(select(Edition)).one())
    assert edition.kind == "follow"
    assert followed.database.read_now(subscription_in, CHAT) is not None


async def test_follower_of_a_story_that_was_merged_follows_the_other(followed: Followed) -> None:
    def merge(session: Session) -> int:
        into, _ = add_story(session, add_outlet(session, "The Courier"), "Old Bridge shut to lorries")
        name, stays = (session.get_one(Story, id).name for id in (followed.story, into))
        file_articles(session, [Merge(name, stays)], NOW)
        return into

    followed.story = followed.database.write_now(merge)
    followed.add("The hauliers will go to court", NOW + MINUTE)
    assert await compose_follows(followed.database, NOW + MINUTE) == 1
