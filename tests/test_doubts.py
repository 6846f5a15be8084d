"""Deliveries in doubt: the admin hears of them, sees them, and says what becomes of them."""

from pathlib import Path

from sqlmodel import Session, col, select

from bot.doubts import tell_admins
from bot.outage import Notice
from db.editions import open_edition, owe
from db.records import Part
from db.subscribers import subscribe, subscription_for
from db.tables import Audit, Bullet, Delivery
from tests.product import MORNING, product
from tests.test_subscriber import told


def park_one(session: Session, chat_id: int) -> int:
    subscriber = subscribe(session, chat_id, "private", "en", "UTC", MORNING)
    subscription = subscription_for(session, subscriber, 0, MORNING)
    edition = open_edition(session, subscription.id or 0, "brief", MORNING.date(), 1, due_at=MORNING, now=MORNING)
    assert edition is not None
    owe(session, edition, [Part("<b>The bridge is closed</b>", "The bridge is closed")])
    session.flush()
    delivery = session.exec(select(Delivery)).one()
    delivery.state, delivery.error = "parked", "in doubt twice"
    return delivery.id or 0


async def test_an_admin_sends_what_was_parked_and_it_is_on_record(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin, reader = day.playground.admin, day.playground.reader
        day.playground.say(reader, "/help")
        await day.playground.next_message(reader)
        delivery = await day.database.write(park_one, reader.id)
        listed = await day.ask(admin, "/deliveries")
        assert "in doubt twice" in listed.text
        await day.press(admin, listed, f"Send {delivery}")
        assert "The bridge is closed" in (await day.playground.next_message(reader, 10)).text
        acts = await day.database.read(lambda session: session.exec(select(Audit.act)).all())
        assert acts == ["delivery.send"]


async def test_a_dropped_message_is_never_sent(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin, reader = day.playground.admin, day.playground.reader
        delivery = await day.database.write(park_one, reader.id)
        listed = await day.ask(admin, "/deliveries")
        await day.press(admin, listed, f"Drop {delivery}")
        assert day.playground.sent(reader) == []
        stale = day.playground.press_data(admin, listed, f"delivery-send:{delivery}")
        assert "does not wait" in (await day.playground.answer_to(stale))["text"]


async def test_admins_are_written_to_when_something_is_parked(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await day.ask(day.playground.admin, "/help")
        await day.playground.next_message(day.playground.admin)
        await tell_admins(day.bot.app.bot, day.database, Notice("parked", "A message is parked.", 1, 1))
        assert "A message is parked." in (await day.playground.next_message(day.playground.admin, 10)).text


async def test_a_line_that_a_german_reader_calls_wrong_can_be_withdrawn_by_an_english_admin(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin, reader = day.playground.admin, day.playground.add_person("Neighbour", language="de")
        await day.ask(admin, "/help")
        await day.playground.next_message(admin)
        await day.database.write(told, day.clock.at)
        answer = await day.ask(reader, "/latest bridge")
        await day.press(reader, answer, "1")
        story = day.playground.sent(reader)[-1]
        await day.press(reader, story, "Falsch?")
        await day.press(reader, story, "1")
        asked = await day.playground.next_message(admin, 10)
        assert "A reader says this line is wrong" in asked.text
        await day.press(admin, asked, "Withdraw it")
        assert "Withdrawn" in asked.text
        withdrawn = await day.database.read(
            lambda session: session.exec(select(Bullet.id).where(col(Bullet.withdrawn_at).is_not(None))).all()
        )
        assert len(withdrawn) == 1
