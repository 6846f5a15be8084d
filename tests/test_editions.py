"""What a brief carries: never twice, never lost."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from bot.editions import compose_asked, compose_due, lateness
from bot.press import NEWEST
from db.deliveries import drop
from db.engine import Database
from db.filing import file_articles
from db.records import Bullet, Join, Merge, Split, Text
from db.search import index_articles
from db.stories import story_views
from db.subscribers import mute, subscribe, subscription_for
from db.tables import Article, Delivery, Edition, Rendered, Source, Story, Subscriber, Subscription
from jobs.lookup import index_terms
from tests.desk import NOW, a_database, add_article, add_outlet, add_story, bullet, condense

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CHAT = 77


class Desk:
    """Readers whose brief is due at NOW, eight in UTC."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.outlet = database.write_now(add_outlet, "The Lantern")

    def subscribe(self, chat: int = CHAT, **wishes: object) -> int:
        def add(session: Session) -> int:
            reader = subscribe(session, chat, "private", "en", "UTC", NOW - DAY)
            subscription = subscription_for(session, reader, 0, NOW - DAY)
            subscription.hours, subscription.due_at = [480], NOW
            for name, value in wishes.items():
                setattr(subscription if name in Subscription.model_fields else reader, name, value)
            return subscription.id or 0

        return self.database.write_now(add)

    def story(self, title: str, at: datetime = NOW - HOUR) -> tuple[int, int]:
        return self.database.write_now(add_story, self.outlet, title, at)

    def crowd(self, at: datetime) -> None:
        """As many stories as the newest that are looked at."""

        def add(session: Session) -> None:
            for n in range(NEWEST):
                add_story(session, self.outlet, f"Event number {n}", at)

        self.database.write_now(add)

    def answer(self, story: int, article: int, text: str, at: datetime, language: str = "en") -> None:
        def add(session: Session) -> None:
            row = session.get_one(Story, story)
            row.updated_at = at
            offer = bullet(article, f"{row.headline}: the offer", 0)
            condense(session, story, row.headline, [offer, bullet(article, text, 200, "responses", None, language)], at)

        self.database.write_now(add)

    def owed(self, chat: int = CHAT) -> list[str]:
        def read(session: Session) -> list[str]:
            rows = select(Rendered.plain).join(Delivery).where(Delivery.chat_id == chat, Delivery.state != "dropped")
            return list(session.exec(rows.order_by(col(Delivery.id))))

        return self.database.read_now(read)

    def send(self, at: datetime) -> None:
        def mark(session: Session) -> None:
            for delivery in session.exec(select(Delivery).where(Delivery.state == "owed")):
                delivery.state, delivery.sent_at, delivery.claimed_at = "sent", at, at

        self.database.write_now(mark)

    async def brief(self, at: datetime = NOW) -> str:
        """What is newly owed, and sent."""
        before = len(self.owed())
        await compose_due(self.database, at)
        new = "\n".join(self.owed()[before:])
        self.send(at)
        return new


def merge(session: Session, story: int, into: int) -> Bullet:
    """The offer of the story that went."""
    (view,) = story_views(session, [story])
    names = [session.get_one(Story, id).name for id in (story, into)]
    file_articles(session, [Merge(*names)], NOW + HOUR)
    return view.bullets[0].bullet


def join(session: Session, story: int, article: int) -> None:
    file_articles(session, [Join(str(article), session.get_one(Story, story).name)], NOW)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    database = a_database(tmp_path)
    yield Desk(database)
    database.close()


async def test_brief_is_owed_once_however_often_it_is_composed(desk: Desk) -> None:
    desk.subscribe()
    desk.story("Bridge closed")
    assert await compose_due(desk.database, NOW) == 1
    assert await compose_due(desk.database, NOW) == 0
    desk.database.write_now(lambda session: session.exec(select(Subscription)).one().sqlmodel_update({"due_at": NOW}))
    await compose_due(desk.database, NOW)
    assert len(desk.owed()) == 1


async def test_brief_is_not_owed_before_its_hour(desk: Desk) -> None:
    desk.subscribe()
    assert await compose_due(desk.database, NOW - HOUR) == 0


async def test_nothing_is_told_twice(desk: Desk) -> None:
    desk.subscribe()
    desk.story("Bridge closed")
    assert "Bridge closed" in await desk.brief()
    assert "Nothing new since" in await desk.brief(NOW + DAY)


async def test_only_what_is_new_of_a_told_story_comes(desk: Desk) -> None:
    desk.subscribe()
    story, article = desk.story("Bridge closed")
    await desk.brief()
    desk.answer(story, article, "The hauliers will go to court", NOW + HOUR)
    second = await desk.brief(NOW + DAY)
    assert "The hauliers will go to court" in second
    assert "the offer" not in second
    assert "New since" in second


async def test_answer_to_a_told_story_comes_past_the_limit_and_the_newest(desk: Desk) -> None:
    desk.subscribe()
    story, article = desk.story("Bridge closed")
    await desk.brief()
    desk.answer(story, article, "The hauliers will go to court", NOW + HOUR)
    desk.crowd(NOW + 20 * HOUR)
    second = await desk.brief(NOW + DAY)
    assert "Since your last brief" in second
    assert "The hauliers will go to court" in second
    assert "Event number" in second
    third = await desk.brief(NOW + 2 * DAY)
    assert "hauliers" not in third


async def test_answer_comes_to_who_is_briefed_once_a_week(desk: Desk) -> None:
    desk.subscribe(weekdays=[NOW.weekday()])
    story, article = desk.story("Bridge closed")
    await desk.brief()
    desk.answer(story, article, "The hauliers will go to court", NOW + 2 * DAY)
    assert "The hauliers will go to court" in await desk.brief(NOW + 7 * DAY)


async def test_what_a_story_that_was_merged_told_is_not_told_again(desk: Desk) -> None:
    desk.subscribe()
    story, _ = desk.story("Bridge closed")
    await desk.brief()
    into, article = desk.story("Old Bridge shut", NOW + HOUR)
    same = desk.database.write_now(merge, story, into)
    both = replace(same, citations=(*same.citations, *bullet(article, "", 0)[1].citations))
    answer = bullet(article, "The hauliers will go to court", 200, "responses")
    desk.database.write_now(condense, into, "Old Bridge shut", [("offer", both), answer], NOW + HOUR)
    second = await desk.brief(NOW + DAY)
    assert "New since" in second
    assert "The hauliers will go to court" in second
    assert "the offer" not in second


async def test_statement_that_two_merged_stories_told_is_told_to_neithers_readers_again(desk: Desk) -> None:
    desk.subscribe(topics=[{"kind": "words", "value": "Lorries"}])
    desk.subscribe(78, topics=[{"kind": "words", "value": "Hauliers"}])
    (one, first), (two, second) = desk.story("Lorries stopped"), desk.story("Hauliers halted")
    await desk.brief()
    desk.database.write_now(merge, two, one)
    both = bullet(first, "Said otherwise", 0)[1]
    both = replace(both, citations=(*both.citations, *bullet(second, "", 0)[1].citations))
    desk.database.write_now(condense, one, "Lorries stopped", [("offer", both)], NOW + HOUR)
    await compose_due(desk.database, NOW + DAY)
    for chat in (CHAT, 78):
        assert "Nothing new since" in desk.owed(chat)[-1]


async def test_what_a_split_off_story_took_along_is_not_told_again(desk: Desk) -> None:
    desk.subscribe()
    story, article = desk.story("Bridge closed")
    late = desk.database.write_now(add_article, desk.outlet, "Ferry stopped", NOW - HOUR)
    offers = [bullet(article, "The bridge is closed", 0), bullet(late, "The ferry is stopped", 0)]
    desk.database.write_now(join, story, late)
    desk.database.write_now(condense, story, "Bridge closed", offers, NOW - HOUR)
    assert "The ferry is stopped" in await desk.brief()
    desk.database.write_now(file_articles, [Split((str(late),), "other")], NOW + HOUR)
    assert "Nothing new since" in await desk.brief(NOW + DAY)


@pytest.fixture
async def answered_at_sea(desk: Desk) -> None:
    """Who reads the section Sea was told a story that its outlet was split off from; the story is answered."""
    desk.subscribe(topics=[{"kind": "section", "value": "Sea"}])
    story, article = desk.story("Bridge closed")
    buoy = desk.database.write_now(add_outlet, "The Buoy")
    desk.database.write_now(lambda session: setattr(session.get_one(Source, buoy), "section", "Sea"))
    late = desk.database.write_now(add_article, buoy, "Ferry stopped", NOW - HOUR)
    desk.database.write_now(join, story, late)
    assert "Bridge closed" in await desk.brief()
    desk.database.write_now(file_articles, [Split((str(late),), "other")], NOW + HOUR)
    desk.answer(story, article, "The hauliers will go to court", NOW + 2 * HOUR)


@pytest.mark.usefixtures("answered_at_sea")
async def test_answer_comes_although_a_split_took_the_section_of_the_told_story(desk: Desk) -> None:
    assert "The hauliers will go to court" in await desk.brief(NOW + DAY)


@pytest.mark.usefixtures("answered_at_sea")
@pytest.mark.parametrize(
    ("name", "value"), [("topics", [{"kind": "words", "value": "ferry"}]), ("exclude", ["bridge"])]
)
async def test_told_story_fits_again_or_its_answer_does_not_come_once_the_wish_was_changed(
    desk: Desk, name: str, value: object
) -> None:
    desk.database.write_now(lambda session: setattr(session.exec(select(Subscription)).one(), name, value))
    assert "The hauliers" not in await desk.brief(NOW + DAY)
    assert "The hauliers" not in await desk.brief(NOW + 2 * DAY)


async def test_late_article_joins_a_told_story_which_comes_with_what_it_adds(desk: Desk) -> None:
    desk.subscribe()
    story, article = desk.story("Bridge closed")
    await desk.brief()
    late = desk.database.write_now(add_article, desk.outlet, "Bridge closed for weeks", NOW - 5 * HOUR)
    desk.database.write_now(join, story, late)
    added = [bullet(article, "", 0), bullet(late, "It takes six weeks", 0)]
    desk.database.write_now(condense, story, "Bridge closed", added, NOW + HOUR)
    second = await desk.brief(NOW + DAY)
    assert "It takes six weeks" in second
    assert "the offer" not in second


async def test_what_was_never_sent_comes_again(desk: Desk) -> None:
    desk.subscribe()
    desk.story("Bridge closed")
    await compose_due(desk.database, NOW)
    ids = desk.database.read_now(lambda session: list(session.exec(select(Delivery.id))))
    desk.database.write_now(lambda session: [drop(session, id or 0) for id in ids])
    assert "Bridge closed" in await desk.brief(NOW + DAY)


async def test_briefs_missed_while_nothing_ran_are_one_late_brief(desk: Desk) -> None:
    desk.subscribe()
    desk.story("Bridge closed", NOW + 2 * DAY)
    assert "This brief is late" in await desk.brief(NOW + 2 * DAY + HOUR)
    assert len(desk.owed()) == 1


async def test_unsent_brief_is_merged_into_the_next(desk: Desk) -> None:
    desk.subscribe()
    desk.story("Bridge closed")
    await compose_due(desk.database, NOW)
    desk.story("Ferry stopped", NOW + HOUR)
    await compose_due(desk.database, NOW + DAY)
    (only,) = desk.owed()
    assert "Bridge closed" in only
    assert "Ferry stopped" in only
    assert "This brief is late" in only


async def test_muted_story_is_left_out(desk: Desk) -> None:
    desk.subscribe()
    story, _ = desk.story("Bridge closed")
    desk.story("Ferry stopped")
    reader = desk.database.read_now(lambda session: session.exec(select(Subscriber.id)).one())
    desk.database.write_now(mute, reader or 0, "story", story, NOW)
    brief = await desk.brief()
    assert "Bridge closed" not in brief
    assert "Ferry stopped" in brief


async def test_story_that_only_a_muted_source_tells_is_left_out(desk: Desk) -> None:
    desk.subscribe()
    desk.story("Bridge closed")
    reader = desk.database.read_now(lambda session: session.exec(select(Subscriber.id)).one())
    desk.database.write_now(mute, reader or 0, "source", desk.outlet, NOW)
    assert "Bridge closed" not in await desk.brief()


async def test_bullet_in_a_language_that_is_not_read_is_left_out(desk: Desk) -> None:
    desk.subscribe()
    desk.subscribe(78, reads=["de", "en"])
    story, article = desk.story("Bridge closed")
    desk.answer(story, article, "Die Spediteure klagen", NOW - HOUR, "de")
    assert "Spediteure" not in await desk.brief()
    assert "Spediteure" in desk.owed(78)[0]


async def test_story_told_in_another_language_too_says_so_with_a_link(desk: Desk) -> None:
    desk.subscribe()
    desk.subscribe(78, reads=["de", "en"])
    story, article = desk.story("Bridge closed")
    anzeiger = desk.database.write_now(add_outlet, "Der Anzeiger")
    other = desk.database.write_now(add_article, anzeiger, "Brücke gesperrt", NOW - 2 * HOUR, "", "de")
    desk.database.write_now(lambda session: setattr(session.get_one(Article, article), "language", "en"))
    desk.database.write_now(join, story, other)
    told = [bullet(article, "The bridge is closed", 0), bullet(other, "Die Brücke ist zu", 0, language="de")]
    desk.database.write_now(condense, story, "Brücke gesperrt", told, NOW - HOUR)
    brief = await desk.brief()
    assert "1. Bridge closed" in brief
    assert "Die Brücke" not in brief
    assert "Also in German: Der Anzeiger" in brief
    (html,) = desk.database.read_now(lambda s: s.exec(select(Rendered.html).where(Rendered.plain == brief)).all())
    assert ">Der Anzeiger</a>" in html
    (both,) = desk.owed(78)
    assert "1. Brücke gesperrt" in both
    assert "Also in" not in both


async def test_story_of_headlines_comes_again_only_with_an_answer(desk: Desk) -> None:
    desk.subscribe(length="headlines")
    story, article = desk.story("Bridge closed")
    await desk.brief()
    late = bullet(article, "Lorries wait", 400)
    desk.database.write_now(condense, story, "Bridge closed", [bullet(article, "", 0), late], NOW + HOUR)
    assert "Nothing new since" in await desk.brief(NOW + DAY)
    desk.answer(story, article, "The hauliers will go to court", NOW + DAY + HOUR)
    assert "The hauliers will go to court" in await desk.brief(NOW + 2 * DAY)


async def test_wish_decides_what_comes(desk: Desk) -> None:
    desk.subscribe(topics=[{"kind": "words", "value": "ferry"}])
    desk.story("Bridge closed")
    desk.story("Ferry stopped")
    brief = await desk.brief()
    assert "Ferry stopped" in brief
    assert "Bridge closed" not in brief


async def test_wide_and_wished_stories_are_found_behind_the_newest(desk: Desk) -> None:
    desk.subscribe()
    desk.subscribe(78, topics=[{"kind": "words", "value": "harbour fire, -drill"}, {"kind": "section", "value": "Sea"}])
    wide, _ = desk.story("Dam breached", NOW - 20 * HOUR)
    other = desk.database.write_now(add_outlet, "The Courier")
    desk.database.write_now(join, wide, desk.database.write_now(add_article, other, "Dam gives way", NOW - 20 * HOUR))
    for title in ("Fire in the harbour", "Fire drill in the harbour"):
        _, article = desk.story(title, NOW - 20 * HOUR)
        text = Text(str(article), "The Lantern", f"{title}. It began at night.", title, language="en")
        desk.database.write_now(index_articles, [(article, index_terms(text))])
    at_sea = desk.database.write_now(add_outlet, "The Buoy")
    desk.database.write_now(lambda session: setattr(session.get_one(Source, at_sea), "section", "Sea"))
    desk.database.write_now(add_story, at_sea, "Wreck raised", NOW - 20 * HOUR)
    desk.crowd(NOW - HOUR)
    assert "1. Dam breached" in await desk.brief()
    (wished,) = desk.owed(78)
    assert "Fire in the harbour" in wished
    assert "Wreck raised" in wished
    assert "drill" not in wished


async def test_excluded_word_keeps_a_story_out(desk: Desk) -> None:
    desk.subscribe(exclude=["bridge"])
    desk.story("Bridge closed")
    assert "Bridge closed" not in await desk.brief()


async def test_readers_who_wish_the_same_share_one_message(desk: Desk) -> None:
    for chat in range(200, 330):
        desk.subscribe(chat)
    desk.story("Bridge closed")
    assert await compose_due(desk.database, NOW) == 130
    assert len(desk.database.read_now(lambda session: session.exec(select(Rendered.id)).all())) == 1
    assert len(desk.database.read_now(lambda session: session.exec(select(Edition.id)).all())) == 130


async def test_paused_and_stopped_readers_get_none(desk: Desk) -> None:
    desk.subscribe(state="stopped")
    assert await compose_due(desk.database, NOW) == 0


async def test_brief_that_is_asked_for_counts_as_told(desk: Desk) -> None:
    subscription = desk.subscribe()
    desk.story("Bridge closed")
    assert desk.database.write_now(compose_asked, subscription, NOW - HOUR / 2)
    assert not desk.database.write_now(compose_asked, subscription, NOW - HOUR / 2)
    desk.send(NOW - HOUR / 2)
    assert "Bridge closed" not in await desk.brief()


async def test_lateness_is_what_the_readers_of_that_minute_take(desk: Desk) -> None:
    for chat in range(200, 260):
        desk.subscribe(chat)
    assert desk.database.read_now(lateness, 480, "UTC", NOW - HOUR, 30) == timedelta(seconds=2)
    await compose_due(desk.database, NOW)
    assert desk.database.read_now(lateness, 480, "UTC", NOW + HOUR, 30) == timedelta(seconds=2)
    assert desk.database.read_now(lateness, 485, "UTC", NOW - HOUR, 30) == timedelta()
