"""Adding a source by its address: what is found is shown in one message, and added at the press of a button."""

from pathlib import Path

from db.admins import audit_log
from db.sources import newest_of, source_urls, sources
from tests.product import product


async def test_a_site_with_one_feed_is_shown_with_its_newest_headlines_and_added(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin = day.playground.admin
        for n in range(5):
            day.paper.publish(f"Old Bridge <closed> {n}", "The city of Arnhaven closed the Old Bridge on Monday.")
        found = await day.ask(admin, f"/addsource {day.paper.address}")
        assert found.text.count("– Old Bridge <closed>") == 3
        assert await day.database.read(source_urls) == []
        await day.press(admin, found, "Add it")
        assert "Added: 1 source." in found.text
        assert found.labels == ["Show it"]
        (stored,) = await day.database.read(sources)
        assert (stored.title, stored.url) == ("The Lantern", f"{day.paper.address}/feed.xml")
        (logged,) = await day.database.read(audit_log, 1)
        assert (logged.act, logged.subject) == ("source.add", stored.url)
        await day.ask(admin, "/help")  # answered once the source was read
        assert len(await day.database.read(newest_of, 1, 9)) == 5


async def test_several_feeds_are_one_message_and_each_is_added_by_its_number(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin = day.playground.admin
        day.paper.second = True
        day.paper.publish("Old Bridge closed", "The city of Arnhaven closed the Old Bridge on Monday.")
        found = await day.ask(admin, f"/addsource {day.paper.address}")
        assert [line for line in found.text.splitlines() if line[:2] in ("1.", "2.")] == [
            "1. The Lantern",
            "2. Lantern Tech",
        ]
        assert found.labels == ["Add 1", "Add 2", "Add all"]
        await day.press(admin, found, "Add 2")
        assert found.labels == ["Add 1", "Show 2"]
        await day.press(admin, found, "Add 1")
        assert found.labels == ["Show 1", "Show 2"]
        assert {source.title for source in await day.database.read(sources)} == {"The Lantern", "Lantern Tech"}
        again = await day.ask(admin, f"/addsource {day.paper.address}")
        assert again.text.count("This is a source.") == 2
        await day.press(admin, again, "Show 1")
        assert "Two weeks" in again.text


async def test_all_feeds_of_a_site_are_added_with_one_press(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin = day.playground.admin
        day.paper.second = True
        await day.press(admin, await day.ask(admin, f"/addsource {day.paper.address}"), "Add all")
        assert len(await day.database.read(source_urls)) == 2


async def test_an_address_is_asked_for_and_then_typed(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin = day.playground.admin
        assert "Send me the address" in (await day.ask(admin, "/addsource")).text
        await day.press(admin, await day.ask(admin, day.paper.address), "Add it")
        assert len(await day.database.read(source_urls)) == 1


async def test_what_cannot_be_found_says_what_to_do(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin = day.playground.admin
        day.paper.down = True
        said = await day.ask(admin, f"/addsource {day.paper.address}/feed.xml")
        assert "/feed.xml answered 503. The trouble is on their side" in said.text
        assert "has no feed that can be found" in (await day.ask(admin, f"/addsource {day.paper.address}")).text
        assert "is not public" in (await day.ask(admin, "/addsource http://10.0.0.1/feed")).text


async def test_an_older_or_mutated_offer_adds_nothing(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin = day.playground.admin
        offered = await day.ask(admin, f"/addsource {day.paper.address}")
        key = offered.buttons[0]["callback_data"].split(":")[1]
        for data in (
            "add-source",
            f"add-source:{key}",
            f"add-source:{key}:2",
            f"add-source:{key}:-1",
            "add-source:x:1",
        ):
            answer = await day.playground.answer_to(day.playground.press_data(admin, offered, data), 10)
            assert "too old" in answer["text"]
        answer = await day.playground.answer_to(
            day.playground.press_data(day.playground.reader, offered, f"add-source:{key}:1"), 10
        )
        assert "too old" in answer["text"]
        assert await day.database.read(source_urls) == []


async def test_an_address_alone_is_a_source_to_add_from_an_admin_and_a_question_from_a_reader(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        offered = await day.ask(day.playground.admin, day.paper.address)
        assert offered.labels == ["Add it"]
        asked = await day.ask(day.playground.reader, day.paper.address)
        assert "Add it" not in asked.labels
        assert "Lantern" not in asked.text
