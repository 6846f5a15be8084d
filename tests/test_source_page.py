"""The page of one source: what it says, and what can be changed there."""

from pathlib import Path
from typing import Any

import pytest

from bot.playground.chats import Message
from bot.source_page import format_name
from db.admins import audit_log
from db.sources import newest_of, sources
from db.tables import Source
from tests.desk import setting
from tests.product import Product, product


async def opened(day: Product) -> Message:
    """The page of the paper, which has one article."""
    admin = day.playground.admin
    day.paper.publish("Old Bridge closed", "The city of Arnhaven closed the Old Bridge on Monday.")
    await day.press(admin, await day.ask(admin, f"/addsource {day.paper.address}"), "Add it")
    await day.bot.tick()
    shown = await day.ask(admin, "/sources")
    await day.press(admin, shown, "1")
    return shown


async def press(day: Product, shown: Message, label: str) -> dict[str, Any]:
    return await day.press(day.playground.admin, shown, label)


async def stored(day: Product) -> Source:
    (source,) = await day.database.read(sources)
    return source


async def test_a_page_says_how_the_source_is_and_draws_its_last_two_weeks(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        shown = await opened(day)
        lines = shown.text.replace("\u202f", " ").splitlines()
        assert lines[0] == "The Lantern"
        assert lines[2:6] == [
            "",
            "Well: newest article 1 minute ago",
            "Last answer: Nov 24, 6:00 AM",
            "Next look: Nov 24, 6:15 AM",
        ]
        assert lines[-2:] == ["Two weeks: 1 new article, 100 % stubs", "·············█"]


async def test_a_page_says_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await opened(day)
        day.paper.down = True
        for _ in range(3):
            await day.ask(day.playground.admin, "/pull")
        shown = await day.ask(day.playground.admin, "/sources")
        await press(day, shown, "1")
        assert "Failing: answered 503. The trouble is on their side; it is tried again by itself\n" in shown.text
        assert "Two weeks: 1 new article, 3 looks failed" in shown.text


async def test_a_source_is_paused_resumed_and_removed_with_a_question_first(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        shown = await opened(day)
        await press(day, shown, "Pause")
        assert "Paused" in shown.text
        assert "Next look" not in shown.text
        await press(day, shown, "Resume")
        assert "Well" in shown.text
        await press(day, shown, "Remove")
        assert "Remove The Lantern?" in shown.text
        await press(day, shown, "No")
        await press(day, shown, "Remove")
        await press(day, shown, "Yes, remove it")
        assert await day.database.read(sources) == []
        acts = [row.act for row in await day.database.read(audit_log, 9)]
        assert acts == ["source.drop", "source.resume", "source.pause", "source.add"]


async def test_what_a_paused_source_listed_is_no_news_when_it_is_resumed(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        shown = await opened(day)
        await press(day, shown, "Pause")
        for n in range(5):
            day.paper.publish(f"Missed {n}", "Nobody in Arnhaven read of this at the time it happened.")
        await press(day, shown, "Resume")
        day.paper.publish("Ferry returns", "The ferry between Arnhaven and Sorne sails again from Monday.")
        await day.ask(day.playground.admin, "/pull")
        titles = {title for title, _, _ in await day.database.read(newest_of, 1, 20)}
        assert titles == {"Old Bridge closed", "Ferry returns"}


async def test_check_now_shows_what_the_source_answers_and_stores_nothing(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        shown = await opened(day)
        day.paper.publish("Ferry returns", "The ferry sails again.")
        await press(day, shown, "Check now")
        lines = shown.text.replace("\u202f", " ").splitlines()
        assert lines[:3] == ["It answers well.", "The Lantern", "RSS 2.0, 2 entries"]
        assert lines[4].startswith("Nov 24, 6:00 AM: ")
        assert {line.partition("AM: ")[2] for line in lines[4:]} == {"Ferry returns", "Old Bridge closed"}
        assert len(await day.database.read(newest_of, 1, 20)) == 1
        day.paper.down = True
        await press(day, shown, "Back")
        await press(day, shown, "Check now")
        assert "answered 503. The trouble is on their side" in shown.text
        assert (await stored(day)).failures == 0


async def test_the_newest_articles_are_shown_with_their_dates(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        shown = await opened(day)
        await press(day, shown, "Newest articles")
        assert shown.text.replace("\u202f", " ").splitlines() == ["The Lantern", "Nov 24, 6:00 AM: Old Bridge closed"]
        await press(day, shown, "Back")
        assert "Two weeks" in shown.text


async def test_a_section_is_typed_or_tapped_and_taken_away(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        shown = await opened(day)
        await press(day, shown, "Section")
        after = await day.ask(day.playground.admin, "  Home   <news> ")
        assert "Section: Home <news>\n" in after.text
        await press(day, after, "Section")
        await press(day, after, "No section")
        assert (await stored(day)).section == ""
        assert "Section: –\n" in after.text


async def test_a_publisher_is_typed_and_one_that_is_no_name_is_asked_for_again(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin, shown = day.playground.admin, await opened(day)
        await press(day, shown, "Publisher")
        assert "The Lantern belongs to 127.0.0.1." in shown.text
        assert "at most 60 characters" in (await day.ask(admin, "x" * 61)).text
        assert "at most 60 characters" in (await day.ask(admin, "…")).text
        assert "Publisher: Lantern House\n" in (await day.ask(admin, "Lantern House")).text
        assert (await stored(day)).publisher == "Lantern House"
        (logged,) = await day.database.read(audit_log, 1)
        assert (logged.act, logged.detail) == ("source.publisher", "Lantern House")


async def test_who_goes_back_types_no_answer_any_more(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        shown = await opened(day)
        await press(day, shown, "Section")
        await press(day, shown, "Back")
        await day.ask(day.playground.admin, "What about the Old Bridge?")
        assert (await stored(day)).section == ""


async def test_an_outlet_is_given_another_name(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        shown = await opened(day)
        await press(day, shown, "Name")
        assert "“The Lantern”" in shown.text
        assert (await day.ask(day.playground.admin, "Arnhaven Lantern")).text.startswith("Arnhaven Lantern\n")


async def test_a_new_address_is_taken_once_a_feed_answers_there(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin, shown = day.playground.admin, await opened(day)
        await day.database.write(setting(1, state="ended", error_kind="gone", error="gone"))
        await press(day, shown, "Address")
        assert "is a web page, not a feed" in (await day.ask(admin, day.paper.address)).text
        day.paper.publish("Listed before", "This stood in the feed before it was read from there.")
        await day.ask(admin, f"{day.paper.address}/tech.xml")
        moved = await stored(day)
        assert (moved.url, moved.state, moved.error) == (f"{day.paper.address}/tech.xml", "active", None)
        await day.bot.tick()
        assert len(await day.database.read(newest_of, 1, 20)) == 1


async def test_the_address_of_another_source_is_not_taken(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin, shown = day.playground.admin, await opened(day)
        await day.press(admin, await day.ask(admin, f"/addsource {day.paper.address}/tech.xml"), "Add it")
        await press(day, shown, "Address")
        said = await day.ask(admin, f"{day.paper.address}/tech.xml")
        assert said.text == f"{day.paper.address}/tech.xml is a source already."


async def test_full_text_is_turned_off_and_on(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        shown = await opened(day)
        await press(day, shown, "Full text: on")
        assert (await stored(day)).full_text is False
        await press(day, shown, "Full text: off")
        assert (await stored(day)).full_text is None


async def test_a_site_is_added_from_the_list_by_typing_its_address(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        shown = await opened(day)
        await day.database.write(setting(1, url="https://moved.example/feed"))
        await press(day, shown, "All sources")
        await press(day, shown, "Add one")
        offer = await day.ask(day.playground.admin, day.paper.address)
        await press(day, offer, "Add it")
        assert len(await day.database.read(sources)) == 2


async def test_a_source_that_is_gone_says_so_and_a_mutated_button_too(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin, shown = day.playground.admin, await opened(day)
        verbs = ("", "-check", "-preview", "-section", "-into", "-publisher", "-pages", "-pause", "-resume", "-remove")
        for verb in (*verbs, "-gone"):
            for id in ("", ":77", ":x", ":-1", f":{9**30}", ":1²"):
                answer = await day.playground.answer_to(
                    day.playground.press_data(admin, shown, f"source{verb}{id}"), 10
                )
                assert "This source is gone" in answer["text"]
            day.bot.desk.manners.buckets.clear()


async def test_none_of_it_is_there_for_a_reader(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await opened(day)
        reader = day.playground.reader
        said = await day.ask(reader, "/help")
        for verb in (
            "",
            "-check",
            "-preview",
            "-section",
            "-publisher",
            "-pages",
            "-pause",
            "-remove",
            "-gone",
            "-new",
        ):
            answer = await day.playground.answer_to(day.playground.press_data(reader, said, f"source{verb}:1"), 10)
            assert "too old" in answer["text"]
        assert (await stored(day)).state == "active"


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("rss20", "RSS 2.0"),
        ("rss091u", "RSS 0.91"),
        ("atom10", "Atom 1.0"),
        ("json11", "JSON Feed 1.1"),
        ("xml", "XML"),
    ],
)
def test_a_format_is_named_as_people_write_it(kind: str, name: str) -> None:
    assert format_name(kind) == name
