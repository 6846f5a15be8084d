"""`@bot topic` in any chat."""

from pathlib import Path

from tests.product import product

BRIDGE = """The city of Arnhaven closed the Old Bridge to lorries on Monday after engineers found cracks in two pillars.
Mayor Tilda Voss said the bridge would stay closed for at least six weeks."""


async def test_typed_topic_is_answered_from_stored_stories(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        day.paper.publish("Old Bridge closed to lorries", BRIDGE)
        offered = await day.ask(day.playground.admin, f"/addsource {day.paper.address}")
        await day.press(day.playground.admin, offered, "Add it")
        await day.bot.tick()
        await day.bot.tick()
        typed = day.playground.ask_inline(day.playground.reader, "bridge")
        answer = await day.playground.inline_answer(typed, 5)
        assert "Old Bridge" in str(answer["results"])
        assert answer["cache_time"] > 0
        none = day.playground.ask_inline(day.playground.reader, '"zeppelin" OR *')
        assert (await day.playground.inline_answer(none, 5))["results"] == []


async def test_stranger_to_a_closed_bot_finds_nothing(tmp_path: Path) -> None:
    async with product(tmp_path, access="closed") as day:
        typed = day.playground.ask_inline(day.playground.reader, "")
        assert (await day.playground.inline_answer(typed, 5))["results"] == []
