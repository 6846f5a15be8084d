"""Topics and hours, tapped and typed."""

from pathlib import Path

from db.subscribers import subscription_in
from db.tables import Subscription
from tests.product import Product, product
from tests.test_privacy import holding
from tests.test_subscriber import with_news


async def wished(day: Product) -> Subscription:
    found = await day.database.read(subscription_in, day.playground.reader.id)
    assert found is not None
    return found[1]


async def test_a_typed_topic_says_what_the_last_week_had(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await with_news(day)
        reader = day.playground.reader
        await day.ask(reader, "/start")
        one = await day.ask(reader, "/topics bridges")
        assert "would have brought 1 story" in one.text
        assert "“Old Bridge closed to lorries”" in one.text
        none = await day.ask(reader, "submarine cables")
        assert "The last week had nothing on it" in none.text
        assert [topic["value"] for topic in (await wished(day)).topics] == ["bridges", "submarine cables"]


async def test_a_question_is_answered_even_while_a_topic_an_hour_or_a_city_is_waited_for(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await with_news(day)
        reader = day.playground.reader
        await day.ask(reader, "/start")
        assert "Old Bridge closed to lorries" in (await day.ask(reader, "What about bridges?")).text
        assert (await wished(day)).topics == []
        await day.ask(reader, "/time")
        assert "Old Bridge closed to lorries" in (await day.ask(reader, "Are bridges closed since 2026-11-20?")).text
        await day.ask(reader, "/time")
        assert "What time is it for you now?" in (await day.ask(reader, "19:45")).text
        assert "Old Bridge closed to lorries" in (await day.ask(reader, "What about bridges?")).text


async def test_who_has_stopped_and_chooses_still_is_told_that_nothing_comes(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        reader = day.playground.reader
        await with_news(day)
        for said in ("/start", "/stop", "/topics", "/time"):
            answer = await day.ask(reader, said)
        assert "Tap one" in answer.text
        assert "Stopped. /resume brings the briefs back." in answer.text
        answer = await day.ask(reader, "19:45")
        before = len(day.playground.sent(reader))
        await day.press(reader, answer, next(label for label in answer.labels if "Berlin" in label))
        assert "Stopped. /resume brings the briefs back." in answer.text
        assert len(day.playground.sent(reader)) == before
        assert "You can tap several" in (await day.ask(reader, "/time")).text


async def test_a_topic_typed_again_is_taken_away_and_everything_takes_all(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        reader = day.playground.reader
        await day.ask(reader, "/start")
        await day.ask(reader, "/topics bridges")
        assert "Taken away" in (await day.ask(reader, "/topics Bridges")).text
        await day.ask(reader, "/topics chess")
        await day.ask(reader, "/topics everything")
        assert (await wished(day)).topics == []


async def test_there_is_room_for_twenty_topics(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        reader = day.playground.reader
        await day.ask(reader, "/start")
        topics = [{"kind": "words", "value": f"topic {n}"} for n in range(20)]

        def fill(session: object) -> None:
            found = subscription_in(session, reader.id)  # type: ignore[arg-type]
            assert found is not None
            found[1].topics = topics

        await day.database.write(fill)
        assert "room for 20" in (await day.ask(reader, "/topics one more")).text
        assert len((await wished(day)).topics) == 20


async def test_hours_can_be_typed_with_the_command(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        reader = day.playground.reader
        await day.ask(reader, "/start")
        assert "What time is it" in (await day.ask(reader, "/time 7:30 19:00")).text
        await day.ask(reader, "Berlin")
        assert (await wished(day)).hours == [450, 1140]
        assert "such as 7:30" in (await day.ask(reader, "/time never")).text


async def test_a_question_while_an_hour_is_asked_for_is_answered(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await with_news(day)
        reader = day.playground.reader
        await day.ask(reader, "/start")
        await day.ask(reader, "/time")
        assert "Old Bridge" in (await day.ask(reader, "old bridge")).text
        await day.ask(reader, "/time")
        assert "no time of day" in (await day.ask(reader, "27:90")).text
        assert "What time is it" in (await day.ask(reader, "8")).text


async def test_a_member_of_a_group_who_presses_is_not_recorded(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        member, group = day.playground.reader, day.playground.group
        day.playground.join(group)
        asked = await day.ask(day.playground.admin, "/start", chat=group)
        for data in ("topic-type", "hour-type", "zone-ask", "time", "topics", "set:type:hours", "deleteme"):
            await day.playground.answer_to(day.playground.press_data(member, asked, data), 10)
        assert await day.database.read(holding, member.id) == []
