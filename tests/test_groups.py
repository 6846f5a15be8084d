"""In groups the bot answers those who speak to it, and nobody else."""

import asyncio
from pathlib import Path

from bot.playground.chats import Chat
from tests.product import Product, product


async def _group(day: Product) -> Chat:
    group = day.playground.add_chat("supergroup", "Neighbours")
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
