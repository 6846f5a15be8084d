"""In groups the bot answers those who speak to it, and nobody else."""

import asyncio
from pathlib import Path

from bot.context import known
from bot.playground.chats import Chat
from tests.product import Product, product


async def _group(day: Product) -> Chat:
    group = day.playground.add_chat("group", "Neighbours")
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
        group.standings[admin.id] = "administrator"
        await day.playground.next_message(group)
        asked = await day.ask(admin, "/start", chat=group)
        await day.press(admin, asked, "topic-all")
        was = await day.database.read(known, group.id, admin.id)
        new = day.playground.upgrade_to_supergroup(group)
        await asyncio.sleep(0.4)
        assert was.subscriber_id is not None
        assert (await day.database.read(known, new.id, admin.id)).subscriber_id == was.subscriber_id
