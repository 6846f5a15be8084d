"""`@bot topic` in any chat."""

from pathlib import Path

from bot.manners import BURST
from tests.product import Product, product
from tests.test_asker import add, strike, talks
from tests.test_day import subscribe


async def typed(day: Product, words: str) -> list[dict[str, str]]:
    query = day.playground.ask_inline(day.playground.reader, words)
    answer = await day.playground.inline_answer(query, 5)
    assert answer["cache_time"] > 0
    return [{"title": r["title"], "text": r["input_message_content"]["message_text"]} for r in answer["results"]]


async def test_typed_topic_is_answered_from_stored_stories(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await add(day, talks(day), strike(day))
        (found,) = await typed(day, "ferry")
        assert found["title"] == "Ferry strike enters second week"
        assert "A mediator is offered." in found["text"]
        assert await typed(day, '"zeppelin" OR *') == []


async def test_typed_nothing_brings_the_newest(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await add(day, talks(day), strike(day))
        assert len(await typed(day, "")) == 2


async def test_a_day_and_a_party_may_be_typed(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await add(day, talks(day, days=3), strike(day))
        assert [found["title"] for found in await typed(day, "since yesterday")] == ["Ferry strike enters second week"]
        assert [found["title"] for found in await typed(day, "what did Norland offer?")] == [
            "Norland invites Southmark to talks"
        ]


async def test_what_is_put_into_a_chat_says_of_when_it_is(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await add(day, strike(day))
        assert "As of Nov 24, 6:00" in (await typed(day, "ferry"))[0]["text"]
        await subscribe(day, day.playground.reader)
        assert "As of Nov 24, 7:00" in (await typed(day, "ferry"))[0]["text"]


async def test_typing_takes_nothing_from_what_a_person_may_say(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await add(day, strike(day))
        for n in range(BURST + 5):
            day.playground.ask_inline(day.playground.reader, f"ferry {n}")
        assert "Ferry strike" in (await day.ask(day.playground.reader, "/latest ferry")).text


async def test_stranger_to_a_closed_bot_finds_nothing(tmp_path: Path) -> None:
    async with product(tmp_path, access="closed") as day:
        typed = day.playground.ask_inline(day.playground.reader, "")
        assert (await day.playground.inline_answer(typed, 5))["results"] == []
