"""A withdrawn line is marked in the messages that carry it, and nobody is told of it."""

import asyncio
from datetime import timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from bot.messages import BULLET_CHARS, bullet_html
from bot.pace import Limits, Pace
from bot.playground.chats import Message, Person
from bot.playground.faults import drop
from bot.speech import Html, speech
from bot.withdrawals import amend_withdrawn, without
from db.records import Bullet, Citation
from db.tables import Bullet as BulletRow
from db.tables import Delivery, Rendered
from tests.ledger import states
from tests.product import Product, product
from tests.test_day import subscribe
from tests.test_subscriber import told

SAID = "Mayor Tilda Voss closed the Old Bridge."
NOTICE = Html("Withdrawn.")


def a_bullet(text: str, speaker: str | None = None, mark: str | None = None) -> Bullet:
    citations = (Citation("1", "The Lantern (Arnhaven)", "https://lantern.example/1", (0, 9)),)
    return Bullet(text, speaker, False, citations, mark)  # type: ignore[arg-type]


def line(bullet: Bullet, part: int = 1) -> str:
    return bullet_html(bullet, speech("en"), part)


def test_the_line_goes_wherever_it_stands_and_its_neighbours_stay() -> None:
    wrong, right = line(a_bullet("The bridge is safe", "Otto Brandis")), line(a_bullet("The bridge is safe now"))
    html = f"<b>1. Bridge</b>\n<u>Offer</u> {right}\n<blockquote expandable>{wrong}\n{right}\n{wrong}</blockquote>"
    gone = "<i>Withdrawn.</i>"
    assert without(html, "The bridge is safe", NOTICE) == (
        f"<b>1. Bridge</b>\n<u>Offer</u> {right}\n<blockquote expandable>{gone}\n{right}\n{gone}</blockquote>"
    )
    assert without(f"<u>Offer</u> {wrong}", "The bridge is safe", NOTICE) == f"<u>Offer</u> {gone}"


@given(
    st.text(min_size=1, max_size=2 * BULLET_CHARS).filter(lambda text: text.strip().isprintable() and text.strip()),
    st.none() | st.text(min_size=1, max_size=30),
    st.sampled_from([None, "denial", "withdrawal"]),
    st.sampled_from([1, 5]),
)
def test_whatever_a_bullet_says_its_line_is_found(text: str, speaker: str | None, mark: str | None, part: int) -> None:
    shown = line(a_bullet(text, speaker, mark), part)
    if "\n" not in shown:
        assert without(f"<u>Offer</u> {shown}", text, NOTICE) == "<u>Offer</u> <i>Withdrawn.</i>"


async def a_brief(day: Product, person: Person) -> Message:
    await subscribe(day, person)
    await day.playground.next_message(person, 10)
    brief = await day.playground.next_message(person, 10)
    for _ in range(400):  # it came, and that is not written down yet
        if await day.database.read(states, person.id) == ["sent"]:
            break
        await asyncio.sleep(0.02)
    return brief


def withdraw(session: Session, day: Product) -> None:
    session.get_one(BulletRow, 1).withdrawn_at = day.clock.at


async def amend_now(day: Product) -> int:
    return await amend_withdrawn(day.bot.app.bot, day.database, Pace(Limits()), day.clock.at)


async def test_sent_briefs_are_edited_once_each_and_keep_their_buttons(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await day.database.write(told, day.clock.at)
        people = [day.playground.reader, day.playground.add_person("Neighbour", language="de")]
        briefs = [await a_brief(day, person) for person in people]
        assert all(SAID in brief.text for brief in briefs)
        before = len(day.playground.sent())
        await day.database.write(withdraw, day)
        assert await amend_now(day) == 2
        assert await amend_now(day) == 0
        assert len(day.playground.sent()) == before
        for brief in briefs:
            assert SAID not in brief.text
            assert "Old Bridge closed to lorries" in brief.text
            assert brief.labels == ["1"]
            assert len(brief.history) == 1
        assert "Withdrawn: this line was wrong." in briefs[0].text
        await day.press(people[0], briefs[0], "1")
        await day.press(people[0], briefs[0], "Back to the brief")
        assert "Withdrawn: this line was wrong." in briefs[0].text


async def test_after_48_hours_a_message_stays_as_it_is(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await day.database.write(told, day.clock.at)
        brief = await a_brief(day, day.playground.reader)
        day.clock.at += timedelta(hours=49)
        await day.database.write(withdraw, day)
        assert await amend_now(day) == 0
        assert SAID in brief.text


async def test_a_crash_after_the_edit_and_a_deleted_message_do_no_harm(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await day.database.write(told, day.clock.at)
        brief = await a_brief(day, day.playground.reader)
        await day.database.write(withdraw, day)
        was = await day.database.read(lambda session: session.exec(select(Delivery.rendered_id)).one())
        assert await amend_now(day) == 1

        def lose_the_commit(session: Session) -> None:
            session.exec(select(Delivery)).one().rendered_id = was

        await day.database.write(lose_the_commit)
        assert await amend_now(day) == 1  # "not modified"
        await day.database.write(lose_the_commit)
        del day.playground.chat(brief.chat).messages[brief.id]
        assert await amend_now(day) == 1
        assert await amend_now(day) == 0


async def test_what_telegram_puts_off_is_done_at_the_next_look(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await day.database.write(told, day.clock.at)
        brief = await a_brief(day, day.playground.reader)
        await day.database.write(withdraw, day)
        lost = drop(accepted=False)
        day.playground.fault_for = lambda call: lost if call.method == "editMessageText" else None
        assert await amend_now(day) == 0
        day.playground.fault_for = None
        assert await amend_now(day) == 1
        assert SAID not in brief.text


async def test_what_is_owed_but_not_sent_yet_goes_out_without_the_line(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await day.database.write(told, day.clock.at)
        await a_brief(day, day.playground.reader)

        def not_sent(session: Session) -> None:
            delivery = session.exec(select(Delivery)).one()
            delivery.state, delivery.message_id, delivery.sent_at = "owed", None, None
            delivery.next_try_at = day.clock.at + timedelta(days=1)
            session.get_one(BulletRow, 1).withdrawn_at = day.clock.at

        await day.database.write(not_sent)
        assert await amend_now(day) == 1
        html = await day.database.read(lambda session: session.exec(select(Rendered.html).join(Delivery)).one())
        assert "Withdrawn" in html
        assert SAID not in html
