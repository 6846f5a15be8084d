"""In groups the bot answers those who speak to it, and nobody else."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from bot.context import known
from bot.playground.chats import Chat
from db.subscribers import subscription_in
from db.tables import Subscriber, Subscription
from tests.product import Product, product
from tests.test_subscriber import told


async def _group(day: Product) -> Chat:
    group = day.playground.add_chat("group", "Neighbours", {day.playground.admin.id: "creator"})
    day.playground.join(group, day.playground.admin)
    return group


async def test_a_group_is_answered_only_when_it_speaks_to_the_bot(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        group, reader = await _group(day), day.playground.reader
        assert "administrator" in (await day.playground.next_message(group)).text
        day.playground.say(reader, "any news of the bridge?", chat=group)
        await asyncio.sleep(0.3)
        assert len(day.playground.sent(group)) == 1
        answer = await day.ask(reader, f"@{day.bot.app.bot.username} bridge", chat=group)
        assert "“bridge”" in answer.text


async def test_upgraded_group_keeps_its_subscription(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        group, admin = await _group(day), day.playground.admin
        await day.playground.next_message(group)
        asked = await day.ask(admin, "/start", chat=group)
        await day.press(admin, asked, "topic-all")
        was = await day.database.read(known, group.id, admin.id)
        new = day.playground.upgrade_to_supergroup(group)
        await asyncio.sleep(0.4)
        assert was.subscriber_id is not None
        assert (await day.database.read(known, new.id, admin.id)).subscriber_id == was.subscriber_id


async def _forum(day: Product) -> Chat:
    """A group with topics, greeted."""
    forum = day.playground.forum
    day.playground.join(forum)
    await day.playground.next_message(forum, 10)
    return forum


async def _in_topic(day: Product, topic: int) -> tuple[Subscriber, Subscription] | None:
    return await day.database.read(subscription_in, day.playground.forum.id, topic)


async def test_each_topic_of_a_group_has_a_subscription_of_its_own(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        forum, admin = await _forum(day), day.playground.admin
        world, tech, _ = forum.topics
        for topic, words, hour in ((world, "bridges", "7:00"), (tech, "satellites", "19:00")):
            assert (await day.ask(admin, "/start", chat=forum, thread=topic)).thread == topic
            await day.ask(admin, f"/topics {words}", chat=forum, thread=topic)
            answer = await day.ask(admin, f"/settings hours {hour}", chat=forum, thread=topic)
            assert "Next brief" in answer.text
        first, second = await _in_topic(day, world), await _in_topic(day, tech)
        assert first is not None
        assert second is not None
        assert first[0].id == second[0].id
        assert [t["value"] for t in first[1].topics] == ["bridges"]
        assert (first[1].hours, second[1].hours) == ([420], [1140])
        shared = await day.ask(admin, "/settings silent on", chat=forum, thread=world)
        assert "in all topics" in shared.text
        await day.ask(admin, "/stop", chat=forum, thread=tech)
        first, second = await _in_topic(day, world), await _in_topic(day, tech)
        assert first is not None
        assert second is not None
        assert (first[0].state, first[1].state, second[1].state) == ("active", "active", "stopped")
        again = await day.ask(admin, "/start", chat=forum, thread=tech)
        assert again.labels == ["As before", "Start afresh"]
        await day.press(admin, again, "As before")
        second = await _in_topic(day, tech)
        assert second is not None
        assert second[1].state == "active"


async def test_a_closed_topic_pauses_with_its_reason_and_goes_on_when_it_opens(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        forum, admin = await _forum(day), day.playground.admin
        topic = next(iter(forum.topics.values()))
        await day.ask(admin, "/start", chat=forum, thread=topic.id)
        await day.ask(admin, "/settings hours 7:00", chat=forum, thread=topic.id)
        day.playground.turn_topic(forum, topic, closed=True)
        await _until(day, forum.id, topic.id, lambda _, subscription: subscription.state == "away")
        found = await _in_topic(day, topic.id)
        assert found is not None
        assert found[1].reason == "the topic is closed"
        day.clock.at += timedelta(hours=2)
        await day.bot.tick()
        day.playground.turn_topic(forum, topic, closed=False)
        await _until(day, forum.id, topic.id, lambda _, subscription: subscription.state == "active")
        assert "Next brief" in (await day.ask(admin, "/settings", chat=forum, thread=topic.id)).text


async def _until(day: Product, chat_id: int, topic: int, there: Callable[[Subscriber, Subscription], bool]) -> None:
    for _ in range(400):
        found = await day.database.read(subscription_in, chat_id, topic)
        if found is not None and there(*found):
            return
        await asyncio.sleep(0.02)
    raise TimeoutError


async def test_an_anonymous_administrator_may_and_a_channel_that_speaks_there_may_not(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        group, admin = await _group(day), day.playground.admin
        await day.playground.next_message(group, 10)
        asked = await day.ask(admin, "/start", chat=group, anonymous=True)
        assert "What should I bring" in asked.text
        day.playground.say(admin, "/settings silent on", chat=group, anonymous=True)
        await _until(day, group.id, 0, lambda subscriber, _: subscriber.silent)
        member = group.messages[asked.id].as_json() | {"text": "/settings silent off", "message_id": 9_000}
        member["entities"] = [{"type": "bot_command", "offset": 0, "length": 9}]
        member["sender_chat"] = day.playground.channel.as_json()
        member["from"] = {"id": 136817688, "is_bot": True, "first_name": "Channel"}
        member.pop("reply_markup", None)
        day.playground.updates.push({"message": member})
        refused = "Only an administrator of this chat can change this."
        sent = day.playground.sent
        await day.playground.until(lambda: next((m for m in sent(group) if m.text == refused), None), 10)
        found = await day.database.read(subscription_in, group.id)
        assert found is not None
        assert found[0].silent


async def test_a_member_does_not_follow_or_mute_for_the_group(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await day.database.write(told, day.clock.at)
        group, admin, reader = await _group(day), day.playground.admin, day.playground.reader
        await day.playground.next_message(group, 10)
        asked = await day.ask(admin, "/start", chat=group)
        for data in ("follow:1", "mute:1", "unmute:1", "unfollow:1"):
            answer = await day.playground.answer_to(day.playground.press_data(reader, asked, data), 10)
            assert "Only an administrator" in answer["text"]


async def test_a_removed_bot_pauses_and_goes_on_when_it_is_added_again(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        group, admin = await _group(day), day.playground.admin
        await day.playground.next_message(group, 10)
        await day.ask(admin, "/start", chat=group)
        day.playground.leave(group)
        await _until(day, group.id, 0, lambda subscriber, _: subscriber.state == "away")
        day.playground.join(group)
        await _until(day, group.id, 0, lambda subscriber, _: subscriber.state == "active")


async def test_a_closed_bot_is_silent_in_a_group_that_does_not_speak_to_it(tmp_path: Path) -> None:
    async with product(tmp_path, access="closed") as day:
        group, reader = await _group(day), day.playground.reader
        await day.playground.next_message(group, 10)
        day.playground.privacy_mode = False
        for words in ("Good morning", "/weather", "/start@another_bot"):
            day.playground.say(reader, words, chat=group)
        assert "is private" in (await day.ask(reader, "/latest bridge", chat=group)).text
        assert len(day.playground.sent(group)) == 2
