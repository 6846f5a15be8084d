"""Sources in the chat: the list, a page for each, and a word when one fails, once."""

from pathlib import Path

from bot.playground.chats import Message
from bot.watch import watch
from tests.product import Product, product


async def with_a_source(day: Product) -> Message:
    """An admin who has added the paper; the message that lists it."""
    admin = day.playground.admin
    day.paper.publish("Old Bridge closed", "The city of Arnhaven closed the Old Bridge on Monday.")
    await day.press(admin, await day.ask(admin, f"/addsource {day.paper.address}"), "Add it")
    await day.bot.tick()
    return await day.ask(admin, "/sources")


async def test_a_source_has_a_page_with_its_last_two_weeks(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        listed = await with_a_source(day)
        assert "1. The Lantern: well" in listed.text
        await day.press(day.playground.admin, listed, "1")
        assert "·············█" in listed.text


async def test_a_source_is_paused_resumed_and_removed_with_a_question_first(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin, listed = day.playground.admin, await with_a_source(day)
        await day.press(admin, listed, "1")
        await day.press(admin, listed, "Pause")
        assert "paused" in listed.text
        await day.press(admin, listed, "Resume")
        await day.press(admin, listed, "Remove")
        assert "Remove The Lantern?" in listed.text
        await day.press(admin, listed, "Yes, remove it")
        assert "no sources yet" in (await day.ask(admin, "/sources")).text


async def test_admins_hear_once_that_a_source_fails_and_once_that_it_is_well(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin = day.playground.admin
        await with_a_source(day)
        before = len(day.playground.sent(admin))
        day.paper.down = True
        for _ in range(4):
            await day.ask(admin, "/pull")
            await watch(day.bot.app.bot, day.database, day.clock.now())
        told = [m.text for m in day.playground.sent(admin)[before:] if "The Lantern" in m.text]
        assert len(told) == 1
        assert "failing" in told[0]
        day.paper.down = False
        await day.ask(admin, "/pull")
        await watch(day.bot.app.bot, day.database, day.clock.now())
        assert "The Lantern: well" in day.playground.sent(admin)[-1].text


async def test_a_reader_cannot_press_an_admins_button(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        listed = await with_a_source(day)
        said = await day.ask(day.playground.reader, "/help")
        answer = await day.playground.answer_to(
            day.playground.press_data(day.playground.reader, said, "source-gone:1"), 10
        )
        assert "too old" in answer["text"]
        assert "The Lantern" in listed.text
        assert "1 source" in (await day.ask(day.playground.admin, "/sources")).text
