"""The first minute, the way back, and who is let in."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from bot.deeplinks import payload_of, topic_of
from db.admins import issue_code
from db.search import index_articles
from db.subscribers import subscriber_in, subscription_in
from db.tables import Article, Bullet, Citation, Source, Story
from jobs.lookup import query_terms
from tests.product import Product, product
from tests.test_day import BRIDGE, subscribe


def told(session: Session, now: datetime) -> None:
    """One story of the last hour, condensed."""
    title, at = "Old Bridge closed to lorries", now - timedelta(hours=1)
    source = Source(url="https://lantern.example/feed", title="The Lantern", publisher="lantern.example",
                    next_fetch_at=now + timedelta(days=9), created_at=at)  # fmt: skip
    story = Story(name="s1", headline=title, first_at=at, updated_at=at, changed_at=at, condensed_at=now, stale=False)
    session.add_all([source, story])
    session.flush()
    article = Article(source_id=source.id or 0, key="1", url="https://lantern.example/1", title=title, text=BRIDGE,
                      published_at=at, fetched_at=at, story_id=story.id, filed_at=at)  # fmt: skip
    bullet = Bullet(story_id=story.id or 0, panel="offer", position=0, text="Mayor Tilda Voss closed the Old Bridge.",
                    created_at=at)  # fmt: skip
    session.add_all([article, bullet])
    session.flush()
    session.add(Citation(bullet_id=bullet.id or 0, article_id=article.id, source="The Lantern", url=article.url,
                         span_from=0, span_to=40))  # fmt: skip
    terms = " ".join(stem for word in ("old", "bridge") for stems in query_terms(word) for stem in stems)
    index_articles(session, [(article.id or 0, terms)])


async def with_news(day: Product) -> None:
    await day.database.write(told, day.clock.at)


async def test_a_newcomer_sees_a_story_of_today_before_choosing(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await with_news(day)
        welcome = await day.ask(day.playground.reader, "/start")
        assert "three panels" in welcome.text
        assert "Tilda Voss" in welcome.text
        assert "What should I bring?" in welcome.text


async def test_a_newcomer_without_news_is_welcomed_all_the_same(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        assert "What should I bring?" in (await day.ask(day.playground.reader, "/start")).text


async def test_the_first_minute_works_without_buttons(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await with_news(day)
        reader = day.playground.reader
        await day.ask(reader, "/start")
        assert "would have brought 1 story" in (await day.ask(reader, "bridge")).text
        assert "At what hour?" in (await day.ask(reader, "/time")).text
        assert "What time is it" in (await day.ask(reader, "7:30")).text
        assert "Next brief: Wednesday 7:30, Kyiv" in (await day.ask(reader, "Kyiv")).text.replace(
            "\u202f", " "
        ).replace(" AM", "")
        brief = await day.playground.until(
            lambda: next((m for m in day.playground.sent(reader) if "Old Bridge closed" in m.text), None), 10
        )
        assert brief


async def test_a_link_brings_its_topic(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await with_news(day)
        reader = day.playground.reader
        answer = await day.ask(reader, "/start topic-old_bridge")
        assert "Added: old bridge. In the last week it would have brought 1 story" in answer.text
        assert "Old Bridge closed to lorries" in answer.text
        found = await day.database.read(subscription_in, reader.id)
        assert found is not None
        assert found[1].topics == [{"kind": "words", "value": "old bridge"}]
        await day.ask(reader, "/start topic-old_bridge")
        found = await day.database.read(subscription_in, reader.id)
        assert found is not None
        assert len(found[1].topics) == 1


@pytest.mark.parametrize("topic", ["climate", "space launches", "вибори", "a-b", "Straße"])
def test_a_topic_survives_its_link(topic: str) -> None:
    payload = payload_of(topic)
    assert payload is not None
    assert topic_of(payload) == topic


def test_a_topic_too_long_for_a_link_has_none() -> None:
    assert payload_of("ї" * 40) is None


@given(st.text(max_size=64))
def test_any_payload_is_a_topic_or_none(payload: str) -> None:
    assert topic_of(payload) is None or payload.startswith("topic")
    assert topic_of("topicx-" + payload) != ""


async def test_who_comes_back_may_go_on_as_before(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        reader = day.playground.reader
        await subscribe(day, reader)
        await day.ask(reader, "/settings quiet 22:00 7:00")
        await day.ask(reader, "/stop")
        offered = await day.ask(reader, "/start")
        assert "Welcome back" in offered.text
        subscriber = await day.database.read(subscriber_in, reader.id)
        assert subscriber is not None
        assert subscriber.state == "stopped"
        await day.press(reader, offered, "As before")
        assert "Next brief: Tuesday" in offered.text
        subscriber = await day.database.read(subscriber_in, reader.id)
        assert subscriber is not None
        assert (subscriber.state, subscriber.quiet_from, subscriber.zone) == ("active", 1320, "Europe/Berlin")


async def test_who_comes_back_may_start_afresh(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        reader = day.playground.reader
        await subscribe(day, reader)
        await day.ask(reader, "/stop")
        assert "Welcome back" in (await day.ask(reader, "/start")).text
        assert "What should I bring?" in (await day.ask(reader, "/start afresh")).text
        found = await day.database.read(subscription_in, reader.id)
        assert found is not None
        assert (found[0].state, found[1].hours, found[0].zone_chosen) == ("active", [], False)


async def test_resume_undoes_stop(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        reader = day.playground.reader
        await subscribe(day, reader)
        await day.ask(reader, "/stop")
        assert "Stopped" in (await day.ask(reader, "/settings length full")).text
        assert "Next brief" in (await day.ask(reader, "/resume")).text


async def test_a_pause_may_have_an_end(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        reader = day.playground.reader
        await subscribe(day, reader)
        assert "Wednesday, December 2" in (await day.ask(reader, "/pause 8")).text
        assert "until you say /resume" in (await day.ask(reader, "/pause")).text
        assert "Next brief: Tuesday" in (await day.ask(reader, "/resume")).text


@pytest.mark.parametrize(("access", "let_in"), [("open", True), ("invite", False), ("closed", False)])
async def test_access_decides_who_may_start(tmp_path: Path, access: str, let_in: bool) -> None:
    async with product(tmp_path, access=access) as day:
        stranger = day.playground.add_person("Stranger")
        assert ("What should I bring?" in (await day.ask(stranger, "/start")).text) is let_in
        assert "There are no sources yet" in (await day.ask(day.playground.admin, "/start")).text
        assert (await day.database.read(subscriber_in, stranger.id) is not None) is let_in


@pytest.mark.parametrize(("access", "let_in"), [("invite", True), ("closed", False)])
async def test_an_invitation_counts_only_where_invitations_do(tmp_path: Path, access: str, let_in: bool) -> None:
    async with product(tmp_path, access=access) as day:
        guest = day.playground.add_person("Guest")
        code = await day.database.write(issue_code, "invite", day.clock.now())
        assert ("What should I bring?" in (await day.ask(guest, f"/start {code}")).text) is let_in
        assert ("private" not in (await day.ask(guest, "/latest")).text) is let_in


async def test_who_floods_is_told_once_and_others_are_answered(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        flooder, reader = day.playground.add_person("Flooder"), day.playground.reader
        await subscribe(day, flooder)
        page = await day.ask(flooder, "/settings")
        queries = [day.playground.press_data(flooder, page, "set") for _ in range(120)]
        assert "What should I bring?" in (await day.ask(reader, "/start")).text
        said = [(await day.playground.answer_to(query, 20))["text"] for query in queries]
        assert sum("a lot at once" in text for text in said) == 1
