"""An announcement: seen before it goes out, sent once to each chat, not to who paused, after quiet hours."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select, update

from bot.playground.chats import Message
from db.announcements import announce, audience, hearers
from db.editions import open_edition, owe
from db.engine import open_database
from db.records import Part
from db.subscribers import subscribe, subscription_for
from db.tables import Audit, Delivery, Subscriber, Subscription
from tests.product import MORNING, Product, product

WORDS = "The bot rests on Sunday from 8:00 to 9:00 & then comes back."


def reads(session: Session, chat_id: int, kind: str = "private", thread_id: int = 0) -> int:
    subscriber = subscribe(session, chat_id, kind, "en", "UTC", MORNING)
    return subscription_for(session, subscriber, thread_id, MORNING).id or 0


async def with_readers(day: Product) -> None:
    group = day.playground.add_chat("group", "Town", {day.playground.bot.id: "member"})
    day.playground.reader.started = day.playground.admin.started = True
    await day.database.write(reads, day.playground.reader.id)
    await day.database.write(reads, group.id, "group")


async def shown(day: Product) -> Message:
    """The announcement as its author sees it."""
    admin = day.playground.admin
    room = await day.ask(admin, "/admin")
    await day.press(admin, room, "Announcement")
    assert "1 person and 1 group or channel" in room.text
    return await day.ask(admin, WORDS)


async def test_readers_get_exactly_what_was_shown_and_groups_only_where_wished(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await with_readers(day)
        seen = await shown(day)
        assert seen.text == WORDS
        await day.press(day.playground.admin, seen, "Send to 1 person")
        assert (await day.playground.next_message(day.playground.reader, 10)).text == WORDS
        await day.playground.until(lambda: "Sent: 1" in seen.text or None, 10)
        assert "goes to 1 chat" in seen.text
        for button in ("Back", "Announcement", "The last one", "Refresh"):
            await day.press(day.playground.admin, seen, button)
        assert "Sent: 1" in seen.text
        chats = await day.database.read(lambda session: session.exec(select(Delivery.chat_id)).all())
        assert chats == [day.playground.reader.id]


async def test_what_broke_off_goes_on_when_pressed_again_and_is_on_record_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.announce.CHUNK", 1)
    async with product(tmp_path) as day:
        await with_readers(day)
        seen = await shown(day)
        second = next(b["callback_data"] for b in seen.buttons if "all" in b["text"]).split(":")[2]
        made_at = datetime.fromtimestamp(int(second), UTC)
        some = (await day.database.read(hearers, MORNING))[:1]
        await day.database.write(announce, made_at, Part(WORDS, WORDS), MORNING, due_later, some)
        await day.press(day.playground.admin, seen, "Send to all 2 chats")
        await day.playground.until(lambda: "Sent: 2" in seen.text or None, 10)
        acts = await day.database.read(lambda session: session.exec(select(Audit.act)).all())
        assert acts == ["announcement"]


async def test_pressed_twice_it_goes_once_to_each_chat(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await with_readers(day)
        seen = await shown(day)
        send = next(button["callback_data"] for button in seen.buttons if button["text"] == "Send to all 2 chats")
        queries = [day.playground.press_data(day.playground.admin, seen, send) for _ in range(3)]
        for query in queries:
            await day.playground.answer_to(query, 10)
        assert (await day.playground.next_message(day.playground.reader, 10)).text == WORDS
        rows = await day.database.read(lambda session: session.exec(select(Delivery.chat_id)).all())
        assert len(rows) == len(set(rows)) == 2
        acts = await day.database.read(lambda session: session.exec(select(Audit.act, Audit.detail)).all())
        assert acts == [("announcement", WORDS)]


async def test_a_cancelled_announcement_goes_to_nobody_and_what_is_typed_next_is_a_question(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await with_readers(day)
        admin = day.playground.admin
        room = await day.ask(admin, "/admin")
        await day.press(admin, room, "Announcement")
        await day.press(admin, room, "Back")
        assert "Administration" in room.text
        assert not [label for label in (await day.ask(admin, "Hello there")).labels if label.startswith("Send to")]
        seen = await shown(day)
        await day.press(admin, seen, "Cancel")
        assert "Nothing was sent" in seen.text
        assert await day.database.read(lambda session: session.exec(select(Delivery.id)).all()) == []


def sleeps(session: Session, chat_id: int) -> None:
    """Until seven."""
    quiet = {"quiet_from": 22 * 60, "quiet_to": 7 * 60}
    session.exec(update(Subscriber).where(col(Subscriber.chat_id) == chat_id).values(**quiet))


async def test_in_quiet_hours_it_waits_until_they_end(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await with_readers(day)
        await day.database.write(sleeps, day.playground.reader.id)
        seen = await shown(day)
        await day.press(day.playground.admin, seen, "Send to 1 person")
        await day.playground.until(lambda: "Waiting to be sent: 1" in seen.text or None, 10)
        assert day.playground.sent(day.playground.reader) == []
        day.clock.at = MORNING.replace(hour=7, second=1)
        day.bot.desk.wake()
        assert (await day.playground.next_message(day.playground.reader, 10)).text == WORDS


async def test_an_announcement_keeps_the_bold_it_was_typed_with(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await with_readers(day)
        seen = await shown(day)
        seen.text, seen.entities = "Two < three", [{"type": "bold", "offset": 0, "length": 3}]
        await day.press(day.playground.admin, seen, "Send to 1 person")
        got = await day.playground.next_message(day.playground.reader, 10)
        assert (got.text, [entity["type"] for entity in got.entities]) == ("Two < three", ["bold"])


def due_later(now: datetime, reader: Subscriber) -> datetime:
    return MORNING + timedelta(hours=1) if reader.chat_id == 2 else now


@pytest.mark.parametrize("people_only", [True, False])
def test_who_paused_stopped_or_left_gets_nothing_and_a_forum_gets_it_once(tmp_path: Path, people_only: bool) -> None:
    database = open_database(f"sqlite:///{tmp_path}/triptych.db")

    def fill(session: Session) -> None:
        for chat_id in (1, 2, 3, 4, 5, 6):
            reads(session, chat_id)
        reads(session, -7, "supergroup", 11), reads(session, -7, "supergroup", 12)
        for chat_id, state in ((3, "stopped"), (4, "away")):
            session.exec(update(Subscriber).where(col(Subscriber.chat_id) == chat_id).values(state=state))
        ids = {row.chat_id: row.id for row in session.exec(select(Subscriber)).all()}
        paused = ((5, {"state": "paused"}), (6, {"paused_until": MORNING + timedelta(days=2)}))
        for chat_id, values in paused:
            session.exec(update(Subscription).where(col(Subscription.subscriber_id) == ids[chat_id]).values(**values))

    database.write_now(fill)
    reach = database.read_now(audience, MORNING)
    assert (reach.people, reach.shared) == (2, 1)
    hear = database.read_now(hearers, MORNING, people_only=people_only)
    owed = database.write_now(announce, MORNING, Part("Hi", "Hi"), MORNING, due_later, hear)
    rows = database.read_now(
        lambda session: session.exec(select(Delivery.chat_id, Delivery.next_try_at).order_by(col(Delivery.id))).all()
    )
    there = [(1, MORNING), (2, MORNING + timedelta(hours=1)), *([] if people_only else [(-7, MORNING)])]
    assert (owed, [tuple(row) for row in rows]) == (len(there), there)
    assert database.write_now(announce, MORNING, Part("Hi", "Hi"), MORNING, due_later, hear) == 0
    database.close()


def test_an_announcement_does_not_take_the_place_of_the_word_about_a_parked_message(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/triptych.db")

    def park(session: Session) -> None:
        edition = open_edition(session, reads(session, 1), "brief", MORNING.date(), 1, due_at=MORNING, now=MORNING)
        assert edition is not None
        owe(session, edition, [Part("A", "A")])
        session.exec(update(Delivery).values(state="parked"))

    database.write_now(park)
    database.write_now(announce, MORNING, Part("Hi", "Hi"), MORNING, due_later, database.read_now(hearers, MORNING))
    said = database.read_now(
        lambda session: session.exec(select(Delivery.said).where(Delivery.state == "parked")).all()
    )
    assert said == [False]
    database.close()
