"""Whatever strangers send, the bot answers or is silent for a reason, and nothing changes that is not theirs."""

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, col, select
from structlog.testing import capture_logs

from bot.playground.chats import Json, Person
from db.subscribers import subscription_in
from db.tables import Admin, Mute, Source, Subscriber, Subscription
from tests.fuzz import Fuzz, is_to_be_answered, is_to_be_passed_over
from tests.product import Product, product
from tests.test_channels import set_up
from tests.test_subscriber import told

BATCH = 100
# What Telegram says to questions about what is not there, and to an edit that changes nothing.
HARMLESS = ("not modified", "too old", "not found", "MESSAGE_ID_INVALID", "invalid file_id")


async def furnished(day: Product, strangers: int) -> list[Json]:
    """A reader, a group and a channel with settings of their own; the bot's messages there, to press below."""
    await day.database.write(told, day.clock.at)
    page = await set_up(day)
    admin, reader, group = day.playground.admin, day.playground.reader, day.playground.group
    day.playground.join(group)
    await day.playground.next_message(group, 10)
    posts = [page]
    for person, chat in ((reader, None), (admin, group)):
        where = {"chat": chat} if chat else {}
        posts.append(await day.ask(person, "/start", **where))
        for data in ("topic-all", "hour:480", "zone:Europe/Kyiv"):
            await day.playground.answer_to(day.playground.press_data(person, posts[-1], data), 10)
    for number in range(strangers):
        day.playground.add_person(f"Stranger {number}", started=True)
    return [post.as_json() for post in posts]


def kept(session: Session, chats: list[int]) -> list[dict[str, Any]]:
    """What strangers have no right to change."""
    mine = select(Subscriber.id).where(col(Subscriber.chat_id).in_(chats))
    tables: list[tuple[type[SQLModel], Any]] = [
        (Source, True), (Admin, True), (Subscriber, col(Subscriber.chat_id).in_(chats)),
        (Subscription, col(Subscription.subscriber_id).in_(mine)), (Mute, col(Mute.subscriber_id).in_(mine)),
    ]  # fmt: skip
    return [row.model_dump() for table, which in tables for row in session.exec(select(table).where(which))]


async def run(day: Product, seed: int, count: int) -> list[tuple[Person, Json]]:
    """Sends them, a batch at a time, until all are dealt with; what was sent."""
    posts, playground = await furnished(day, count), day.playground
    strangers = [person for person in playground.people.values() if person.first_name.startswith("Stranger")]
    members = {person.id: "member" for person in (*strangers, playground.bot)}
    groups = [playground.add_chat("supergroup", f"Group {n}", dict(members)) for n in range(count)]  # type: ignore[arg-type]
    playground.group.standings |= members  # type: ignore[arg-type]
    chats = [playground.reader.id, playground.admin.id, playground.group.id, playground.channel.id]
    before = await day.database.read(kept, chats)
    sent = list(Fuzz(seed, strangers, groups, playground.channel, posts).updates())
    for start in range(0, len(sent), BATCH):
        for _, update in sent[start : start + BATCH]:
            playground.updates.allowed = ()
            if "callback_query" in update:
                playground.callbacks[update["callback_query"]["id"]] = None
            if "inline_query" in update:
                playground.inline_queries[update["inline_query"]["id"]] = None
            playground.updates.push(update)
        await at_rest(day)
    after = await day.database.read(kept, chats)
    assert after == before
    return sent


async def at_rest(day: Product) -> None:
    app, waiting, calm = day.bot.app, day.playground.updates.waiting, 0
    for _ in range(6_000):
        busy = waiting or not app.update_queue.empty() or app.update_processor.current_concurrent_updates
        calm = 0 if busy else calm + 1
        if calm == 5:
            return
        await asyncio.sleep(0.01)
    pytest.fail("the updates were not dealt with within a minute")


async def fuzzed(folder: Path, seed: int, count: int, caplog: pytest.LogCaptureFixture) -> None:
    async with product(folder, messages_per_second=1000, group_messages_per_minute=60) as day:
        day.playground.rate.per_second = None
        with capture_logs() as logs, caplog.at_level(logging.WARNING):
            sent = await run(day, seed, count)
        assert [log for log in logs if log["log_level"] in ("error", "critical")] == []
        assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
        assert day.playground.unanswered() == []
        assert [query for query, answer in day.playground.inline_queries.items() if answer is None] == []
        refused = [str(call.refusal) for call in day.playground.calls if call.refusal is not None]
        assert [one for one in refused if not any(known in one for known in HARMLESS)] == []
        left = [update for person, update in sent if is_to_be_answered(update) and not day.playground.sent(person)]
        assert left == []
        spoken = {update["message"]["chat"]["id"] for _, update in sent if is_to_be_passed_over(update)}
        assert len(spoken) > 5
        assert [message.text for chat in spoken for message in day.playground.sent(chat)] == []
        assert day.playground.sent(day.playground.channel) == []
        assert await day.database.read(subscription_in, day.playground.reader.id) is not None


async def test_two_hundred_strange_updates_are_answered_or_passed_over_without_harm(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await fuzzed(tmp_path, 1, 200, caplog)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 7))
async def test_five_thousand_strange_updates_are_answered_or_passed_over_without_harm(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, seed: int
) -> None:
    await fuzzed(tmp_path, seed, 1000, caplog)
