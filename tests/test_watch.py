"""Sources in the chat: the list with its filters, and a word when one fails, once."""

from datetime import timedelta
from pathlib import Path

from bot.playground.chats import Message
from bot.watch import watch
from jobs.imports import import_sources, rows_of
from jobs.opml import Outline
from tests.desk import setting
from tests.product import Product, product


async def with_a_source(day: Product) -> Message:
    """An admin who has added the paper; the message that lists it."""
    admin = day.playground.admin
    day.paper.publish("Old Bridge closed", "The city of Arnhaven closed the Old Bridge on Monday.")
    await day.press(admin, await day.ask(admin, f"/addsource {day.paper.address}"), "Add it")
    await day.bot.tick()
    return await day.ask(admin, "/sources")


async def with_sources(day: Product) -> Message:
    """Twenty sources in two sections, some of them in trouble; the message that lists them."""
    outlines = [
        Outline(f"https://n{n:02}.example/feed", f"Paper {n:02}", "Tech" if n < 5 else "World") for n in range(20)
    ]
    new = rows_of(outlines, day.clock.now() + timedelta(days=365))
    await day.database.write(import_sources, new, "a list", 0, day.clock.now())
    for work in (setting(1, failures=3), setting(2, state="paused"), setting(3, state="ended")):
        await day.database.write(work)
    return await day.ask(day.playground.admin, "/sources")


async def test_the_list_has_a_page_of_eight_with_sections_and_turns(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin, listed = day.playground.admin, await with_sources(day)
        assert listed.text.splitlines()[:6] == [
            "20 sources, 2 with trouble",
            "",
            "Tech",
            "1. Paper 00: failing",
            "2. Paper 01: paused",
            "3. Paper 02: ended",
        ]
        assert "8. Paper 07: not looked at yet" in listed.text
        assert "Back" not in listed.labels
        await day.press(admin, listed, "More")
        await day.press(admin, listed, "More")
        assert listed.labels[:5] == ["17", "18", "19", "20", "Back"]
        await day.press(admin, listed, "Back")
        assert "9. Paper 08" in listed.text


async def test_the_list_is_filtered_by_state_and_by_section(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin, listed = day.playground.admin, await with_sources(day)
        await day.press(admin, listed, "Filter")
        assert {"✓ All, 20", "With trouble, 2", "Failing, 1", "Ended, 1", "Paused, 1"} < set(listed.labels)
        assert not any(label.startswith("Well") for label in listed.labels)
        await day.press(admin, listed, "With trouble, 2")
        assert "Shown: with trouble, 2" in listed.text
        assert "3. " not in listed.text
        await day.press(admin, listed, "Filter")
        await day.press(admin, listed, "World, 15")
        assert "None of them fits the filter." in listed.text
        await day.press(admin, listed, "Filter")
        await day.press(admin, listed, "All, 20")
        assert "Shown: World, 15" in listed.text
        await day.press(admin, listed, "More")
        assert "15. Paper 19" in listed.text


async def test_a_mutated_filter_shows_the_list_all_the_same(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin, listed = day.playground.admin, await with_sources(day)
        for data in ("sources-list:x:9999:", "sources-list:::", "sources-list", "sources-filter:a:²:zz:y"):
            await day.playground.answer_to(day.playground.press_data(admin, listed, data), 10)
            assert "went wrong" not in day.playground.sent(admin)[-1].text
        assert len(day.playground.sent(admin)) == 1


async def test_many_sources_that_change_at_a_time_are_told_in_one_message(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin = day.playground.admin
        await with_sources(day)
        for n in range(4, 21):
            await day.database.write(setting(n, failures=5))
        before = len(day.playground.sent(admin))
        for _ in range(2):
            await watch(day.bot.app.bot, day.database, day.clock.now())
        (told,) = day.playground.sent(admin)[before:]
        assert told.text.count("failing") == 18
        assert told.text.endswith("No source answers: look at this machine's own network first.")
        await day.press(admin, told, "Show them")
        assert "Shown: with trouble, 19" in told.text


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
