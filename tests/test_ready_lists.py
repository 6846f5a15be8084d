"""Ready-made lists: offered while there is nothing to read, picked by taps, added at once."""

from pathlib import Path

from bot.playground.chats import Message
from bot.ready_lists import sections_of
from db.admins import issue_code
from db.sources import source_urls
from jobs.imports import import_sources, outlines_of, rows_of
from tests.product import Product, product


def label(message: Message, start: str) -> str:
    """The button whose label begins so, with or without its mark."""
    return next(one for one in message.labels if one.removeprefix("✓ ").startswith(start))


async def tap(day: Product, message: Message, start: str) -> None:
    await day.press(day.playground.admin, message, label(message, start))


def test_each_section_has_a_bit_of_its_own_and_what_is_there_is_not_offered_again() -> None:
    sections = sections_of(())
    assert len(sections) >= 15
    assert [section.bit for section in sections] == [1 << n for n in range(len(sections))]
    taken = [outline.url for outline in sections[0].fresh]
    again = sections_of(taken)
    assert [section.bit for section in again] == [section.bit for section in sections]
    assert (again[0].fresh, again[1]) == ((), sections[1])


async def test_an_admin_who_starts_without_sources_picks_lists_and_adds_them(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        offer = await day.ask(day.playground.admin, "/start")
        assert "There are no sources yet" in offer.text
        assert "Add these" not in offer.labels
        assert offer.labels[-1] == "Topics"
        await tap(day, offer, "World news in English")
        await tap(day, offer, "Новини українською")
        await tap(day, offer, "World news in English")
        count = int(label(offer, "Новини українською").rpartition(" ")[2])
        assert f"Picked: {count} sources." in offer.text
        await tap(day, offer, "Add these")
        assert offer.text == f"Added: {count} sources. They are read within minutes."
        stored = await day.database.read(outlines_of)
        assert len(stored) == count
        assert {outline.language for outline in stored} == {"uk"}
        await tap(day, offer, "Topics")
        assert "What should I bring?" in offer.text
        assert "Україна" in offer.labels


async def test_countries_and_subjects_are_picked_one_by_one(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        offer = await day.ask(day.playground.admin, "/sources")
        await tap(day, offer, "By country and subject")
        await tap(day, offer, "Space")
        await tap(day, offer, "Österreich")
        await tap(day, offer, "By language")
        assert "/" in label(offer, "Science and technology")
        await tap(day, offer, "Add these")
        stored = await day.database.read(outlines_of)
        assert {outline.section for outline in stored} == {"Space", "Österreich"}
        await tap(day, offer, "Sources")
        await tap(day, offer, "Ready-made lists")
        await tap(day, offer, "By country and subject")
        assert not any(one.startswith("Space") for one in offer.labels)


async def test_lists_are_offered_to_no_reader(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        reader = day.playground.reader
        welcome = await day.ask(reader, "/start")
        assert "What should I bring?" in welcome.text
        for data in ("ready", "ready:l:0:1:0", "ready-add:l:0:1:0"):
            answer = await day.playground.answer_to(day.playground.press_data(reader, welcome, data), 10)
            assert "too old" in answer["text"]
        assert await day.database.read(source_urls) == []


async def test_a_mutated_button_adds_nothing(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin = day.playground.admin
        offer = await day.ask(admin, "/sources")
        for data in ("ready-add", "ready-add:l:1:1:1", "ready:l", "ready:x:y:z:z", "ready:::::"):
            answer = await day.playground.answer_to(day.playground.press_data(admin, offer, data), 10)
            assert "too old" in answer["text"]
        assert await day.database.read(source_urls) == []


async def test_who_becomes_the_first_admin_by_a_code_is_offered_them_at_once(tmp_path: Path) -> None:
    async with product(tmp_path, admin_ids=()) as day:
        code = await day.database.write(issue_code, "owner", day.clock.now())
        offer = await day.ask(day.playground.reader, f"/admin {code}")
        assert "You are an owner here now." in offer.text
        assert "Pick some to begin with" in offer.text
        assert label(offer, "World news in English")


async def test_who_has_them_all_is_told_so(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        everything = rows_of([one for section in sections_of(()) for one in section.fresh], day.clock.now())
        await day.database.write(import_sources, everything, "all", 0, day.clock.now())
        shown = await day.ask(day.playground.admin, "/sources")
        await tap(day, shown, "Ready-made lists")
        assert "All of the ready-made lists are here already." in shown.text
        assert shown.labels == ["By country and subject", "Sources"]
