"""Asking in the chat: topics, days, plain questions, replies, "More", and what is said where nothing is found."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from bot.playground.chats import Message
from db.tables import Asked, Story
from tests.archive import add_news
from tests.product import Product, product
from tests.test_day import BRIDGE, INVITATION, subscribe

DAY = timedelta(days=1)


async def add(day: Product, *stories: Callable[[Session], object]) -> None:
    for story in stories:
        await day.database.write(story)


def news(day: Product, title: str, *said: tuple[str, str, str], days: int = 0, **more: str) -> Callable[[Session], int]:
    at = day.clock.at - DAY * days
    return lambda session: add_news(session, title, said, at, **more)  # type: ignore[arg-type]


def talks(day: Product, days: int = 0) -> Callable[[Session], int]:
    return news(
        day,
        "Norland invites Southmark to talks",
        ("offer", "President Ilse Marten of Norland", "The visit could take place within ten days."),
        ("responses", "Southmark’s foreign minister, Lena Roth", "It is a stage, not a table."),
        ("reactions", "Otto Brandis of the Coastal League", "Both sides talk past each other."),
        days=days,
    )


def strike(day: Product, days: int = 0) -> Callable[[Session], int]:
    return news(
        day,
        "Ferry strike enters second week",
        ("offer", "the EU Commission", "A mediator is offered."),
        ("responses", "Lena Roth", "Southmark has no ferries."),
        days=days,
    )


async def test_a_plain_question_is_answered_from_the_panels(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        day.paper.publish("Norland invites Southmark’s president to talks", INVITATION)
        day.paper.publish("Old Bridge closed to lorries", BRIDGE)
        offered = await day.ask(day.playground.admin, f"/addsource {day.paper.address}")
        await day.press(day.playground.admin, offered, "Add it")
        for _ in range(100):
            await day.bot.tick()
            if (
                len(
                    await day.database.read(
                        lambda session: session.exec(select(Story.id).where(col(Story.condensed_at).is_not(None))).all()
                    )
                )
                == 2
            ):
                break
            await asyncio.sleep(0.05)
        answer = await day.ask(day.playground.reader, "what did Southmark say to the invitation?")
        assert "a stage, not a table" in answer.text
        assert "Lena Roth" in answer.text
        assert "within ten days" not in answer.text
        assert "Old Bridge" not in answer.text


@pytest.mark.parametrize(
    "typed", ["and what did the EU say?", "was hat die EU gesagt?", "що сказав ЄС?", "что сказал Евросоюз?"]
)
async def test_a_question_in_any_language_finds_the_party(tmp_path: Path, typed: str) -> None:
    async with product(tmp_path) as day:
        await add(day, talks(day), strike(day))
        answer = await day.ask(day.playground.reader, typed)
        assert "A mediator is offered." in answer.text
        assert "Ferry strike" in answer.text
        assert "ten days" not in answer.text


async def test_since_a_day_leaves_out_what_was_before(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await add(day, talks(day, days=3), strike(day))
        answer = await day.ask(day.playground.reader, "/latest since Monday")
        assert "Ferry strike" in answer.text
        assert "Norland" not in answer.text
        before = await day.ask(day.playground.reader, "/latest talks since yesterday")
        assert "Nothing since then. The last was on Saturday, November 21:" in before.text
        assert "Norland invites" in before.text


async def test_more_pages_in_the_same_message(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        long = "Stadtverwaltungsangelegenheiten der Küstengemeinde Norhaven und Umgebung"
        await add(day, *(news(day, f"{long} {n}", ("offer", "", f"Offer {n}."), days=n) for n in range(5)))
        answer = await day.ask(day.playground.reader, f"/latest {long}")
        assert [f"Offer {n}." in answer.text for n in range(5)] == [True, True, True, False, False]
        await day.press(day.playground.reader, answer, "More")
        assert [f"Offer {n}." in answer.text for n in range(5)] == [False, False, False, True, True]
        assert "More" not in answer.labels
        await day.press(day.playground.reader, answer, "Newer")
        assert "Offer 0." in answer.text
        assert len(day.playground.sent(day.playground.reader)) == 1


async def test_a_question_that_fits_its_button_is_not_kept(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await add(day, *(news(day, f"Ferry strike, day {n}", days=n) for n in range(5)))
        answer = await day.ask(day.playground.reader, "ferry strike")
        await day.press(day.playground.reader, answer, "More")
        assert "day 4" in answer.text
        assert await day.database.read(lambda session: session.exec(select(col(Asked.key))).all()) == []


async def test_a_button_whose_question_is_forgotten_says_so(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await add(day, talks(day))
        answer = await day.ask(day.playground.reader, "/latest")
        query = day.playground.press_data(day.playground.reader, answer, "more-of:3:0123456789abcdef")
        assert "ask again" in (await day.playground.answer_to(query, 5))["text"]


async def _brief(day: Product) -> Message:
    """A brief with the talks alone; the ferry strike is told later."""
    await add(day, talks(day))
    await subscribe(day, day.playground.reader)
    await day.bot.tick()
    brief = await day.playground.until(
        lambda: next((m for m in day.playground.sent(day.playground.reader) if "Norland invites" in m.text), None), 10
    )
    day.clock.at += timedelta(minutes=5)
    await add(day, strike(day))
    return brief


async def test_a_reply_to_a_brief_is_about_its_stories(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        brief = await _brief(day)
        reader = day.playground.reader
        about = await day.ask(reader, "and what did Lena Roth say?", reply_to=brief)
        assert "a stage, not a table" in about.text
        assert "no ferries" not in about.text
        elsewhere = await day.ask(reader, "and what did the EU say?", reply_to=brief)
        assert "In others:" in elsewhere.text
        assert "A mediator is offered." in elsewhere.text


async def test_a_reply_to_an_answer_is_about_its_stories(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await add(day, talks(day), strike(day))
        answer = await day.ask(day.playground.reader, "ferry strike")
        about = await day.ask(day.playground.reader, "what did Lena Roth say?", reply_to=answer)
        assert "no ferries" in about.text
        assert "a stage" not in about.text


async def test_in_a_group_a_reply_to_the_bot_is_a_question(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        group = day.playground.add_chat("group", "Neighbours")
        day.playground.join(group, day.playground.reader)
        await day.playground.next_message(group)
        await add(day, talks(day), strike(day))
        answer = await day.ask(day.playground.reader, "/latest talks", chat=group)
        about = await day.ask(day.playground.reader, "who responded?", chat=group, reply_to=answer)
        assert "a stage, not a table" in about.text


@pytest.mark.parametrize("words", ["what did Norland offer?", "talks", "zeppelin", ""])
@pytest.mark.parametrize("offset", [3, 10**18 - 1])
async def test_more_of_what_is_gone_since_begins_anew(tmp_path: Path, words: str, offset: int) -> None:
    async with product(tmp_path) as day:
        await add(day, talks(day), strike(day))
        reader = day.playground.reader
        answer = await day.ask(reader, words or "/latest")
        first = answer.text
        answer.text = "?"
        pressed = day.playground.press_data(reader, answer, f"more:{offset}:{words}")
        assert (await day.playground.answer_to(pressed, 10))["text"] == ""
        assert answer.text == first
        assert "Newer" not in answer.labels


async def test_nothing_found_gives_what_is_near(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await add(day, talks(day), strike(day))
        reader = day.playground.reader
        mistyped = await day.ask(reader, "ferri")
        assert "Nothing on “ferri”" in mistyped.text
        assert "Near it: Ferry" in mistyped.text
        answer = await day.ask(reader, "ferry zeppelin")
        assert "On a part of it:" in answer.text
        assert "Ferry strike" in answer.text
        nothing = await day.ask(reader, "xylophone")
        assert "Try other words" in nothing.text


async def test_the_nearest_topic_is_one_press_away(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await add(day, strike(day))
        answer = await day.ask(day.playground.reader, "/latest strikk")
        await day.press(day.playground.reader, answer, "strike")
        assert "Ferry strike enters" in answer.text


async def test_too_long_a_question_is_refused_in_words(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        assert "too long" in (await day.ask(day.playground.reader, "bridge " * 500)).text


async def test_a_story_opens_below_the_answer_that_named_it_and_has_a_timeline(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await add(day, talks(day, days=2))
        answer = await day.ask(day.playground.reader, "/latest talks")
        before = answer.text
        await day.press(day.playground.reader, answer, "1")
        assert answer.text == before
        answer = day.playground.sent(day.playground.reader)[-1]
        await day.press(day.playground.reader, answer, "Timeline")
        lines = answer.text.splitlines()
        assert lines[0] == "Norland invites Southmark to talks"
        assert "Sunday, November 22" in lines
        assert "Offer President Ilse Marten of Norland:" in answer.text
        assert answer.text.index("Offer") < answer.text.index("Responses") < answer.text.index("Reactions")
        await day.press(day.playground.reader, answer, "Back to the story")
        assert "Timeline" in answer.labels


@pytest.mark.parametrize(
    "typed", ['"', "NEAR(a b)", "stems:ferry*", "\u202eyrref", "🙂🙂", "x\0y", "🙂" * 100, "' OR 1=1 --"]
)
async def test_hostile_words_are_answered_in_words(tmp_path: Path, typed: str) -> None:
    async with product(tmp_path) as day:
        await add(day, strike(day))
        for text in (typed, f"/latest {typed}", f"what did {typed} say?"):
            assert (await day.ask(day.playground.reader, text)).text
