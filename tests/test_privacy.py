"""What is kept of a person, handed out and deleted to the last byte."""

import asyncio
import json
from pathlib import Path

import pytest
from sqlmodel import Session, SQLModel, select

from bot.playground.chats import Person
from db.admins import admit, issue_code, record
from db.engine import open_database
from db.privacy import forget_chat, kept_of
from db.subscribers import follow, mute, subscribe, subscription_for
from db.tables import Admin, Delivery, Edition, Expected, Follow, Rendered, Story
from db.updates import expect
from tests.product import MORNING, Product, product
from tests.test_day import BRIDGE
from tests.test_day import subscribe as three_taps


def holding(session: Session, number: int) -> list[str]:
    """Columns in which that id stands."""
    found, looked = [], 0
    for mapper in SQLModel._sa_registry.mappers:
        for column in mapper.columns:
            if column.name in ("chat_id", "user_id", "bound_by"):
                looked += 1
                if session.execute(select(column).where(column == number)).first():
                    found.append(str(column))
    assert looked >= 7
    return found


def live(session: Session, chat_id: int) -> None:
    """A chat that has used everything."""
    subscriber = subscribe(session, chat_id, "private", "en", "UTC", MORNING)
    subscription = subscription_for(session, subscriber, 0, MORNING)
    story = Story(
        name=f"s{chat_id % 100_000}", headline="Bridge", first_at=MORNING, updated_at=MORNING, changed_at=MORNING
    )
    edition = Edition(
        subscription_id=subscription.id or 0, kind="brief", local_date=MORNING.date(), slot=1,
        due_at=MORNING, created_at=MORNING,
    )  # fmt: skip
    text = Rendered(id=f"r{chat_id}", html="Bridge", plain="Bridge", created_at=MORNING)
    session.add_all([story, edition, text, Admin(user_id=chat_id, role="editor", created_at=MORNING)])
    session.flush()
    session.add(Delivery(edition_id=edition.id or 0, part=0, rendered_id=text.id, chat_id=chat_id, next_try_at=MORNING))
    mute(session, subscriber.id or 0, "story", story.id or 0, MORNING)
    follow(session, Follow(subscriber_id=subscriber.id or 0, story_id=story.id or 0, since_at=MORNING))
    subscribe(session, -chat_id, "channel", "en", "UTC", MORNING).bound_by = chat_id
    admit(session, chat_id, MORNING)
    expect(session, chat_id, chat_id, "topic", MORNING)
    expect(session, -5, chat_id, "topic", MORNING)
    record(session, chat_id, "role.give", str(chat_id), MORNING, f"by {chat_id}")


def test_everything_with_the_id_goes_from_all_tables_and_the_neighbour_keeps_all(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/t.db")
    for chat in (6111222333444, 777):
        database.write_now(live, chat)
    before = database.read_now(kept_of, 777)
    assert all(before.values())
    assert all(database.read_now(kept_of, 6111222333444).values())
    assert database.write_now(forget_chat, 6111222333444)
    assert database.read_now(holding, 6111222333444) == []
    assert not any(database.read_now(kept_of, 6111222333444).values())
    assert database.read_now(kept_of, 777) == before
    assert [row.id for row in database.read_now(lambda s: s.exec(select(Rendered)).all())] == ["r777"]
    assert not database.write_now(forget_chat, 6111222333444)
    database.close()


def test_the_id_is_in_no_byte_of_the_file_afterwards(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/t.db")
    people = [6_111_222_333_000 + 7 * n for n in range(200)]
    for person in people:
        database.write_now(live, person)
    for person in people[::2]:
        database.write_now(forget_chat, person)
    asyncio.run(database.empty_log())
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    database.close()
    gone = [p for p in people[::2] if p.to_bytes(6) in kept or str(p).encode() in kept]
    assert [p for p in people[1::2] if p.to_bytes(6) not in kept] == []
    assert gone == []


async def subscribed(day: Product, person: Person) -> None:
    day.paper.publish("Old Bridge closed to lorries", BRIDGE)
    await three_taps(day, person)
    await day.playground.next_message(person)


async def test_a_person_sees_takes_and_deletes_what_is_kept(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        reader = day.playground.reader
        await subscribed(day, reader)
        assert "number" in (await day.ask(reader, "/privacy")).text
        exported = await day.ask(reader, "/export")
        assert exported.document is not None
        kept = json.loads(exported.document.content)
        assert kept["subscriber"][0]["chat_id"] == reader.id
        asked = await day.ask(reader, "/deleteme")
        await day.press(reader, asked, "Keep it")
        assert await day.database.read(holding, reader.id) != []
        asked = await day.ask(reader, "/deleteme")
        await day.press(reader, asked, "Delete everything")
        assert asked.text.startswith("Deleted.")
        assert await day.database.read(holding, reader.id) == []
        assert "Nothing is kept" in (await day.ask(reader, "/deleteme")).text
        assert await day.database.read(holding, reader.id) == []


async def test_deleting_works_without_buttons(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        reader = day.playground.reader
        await subscribed(day, reader)
        await day.ask(reader, "/deleteme")
        assert "Nothing was deleted" in (await day.ask(reader, "no")).text
        await day.ask(reader, "/deleteme")
        assert (await day.ask(reader, "Delete")).text.startswith("Deleted.")


@pytest.mark.parametrize("access", ["invite", "closed"])
async def test_a_stranger_is_refused_and_not_recorded(tmp_path: Path, access: str) -> None:
    async with product(tmp_path, access=access) as day:
        stranger = day.playground.add_person("Stranger")
        for said in ("/start", "/start nonsense", "/start topic-bridge", "/settings", "/topics", "hello", "/latest x"):
            assert "This bot is private" in (await day.ask(stranger, said)).text
        assert "Nothing is kept" in (await day.ask(stranger, "/deleteme")).text
        assert await day.database.read(holding, stranger.id) == []


async def test_an_invitation_lets_one_in_and_deleting_takes_it_back(tmp_path: Path) -> None:
    async with product(tmp_path, access="invite") as day:
        guest, late = day.playground.add_person("Guest"), day.playground.add_person("Late")
        code = await day.database.write(issue_code, "invite", day.clock.now())
        assert "What should I bring?" in (await day.ask(guest, f"/start {code}")).text
        assert "private" in (await day.ask(late, f"/start {code}")).text
        await day.ask(guest, "/deleteme")
        await day.ask(guest, "delete")
        assert "private" in (await day.ask(guest, "/brief")).text


async def test_members_of_a_group_are_not_recorded(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        member, group = day.playground.reader, day.playground.group
        day.playground.join(group)
        for said in ("/settings", "/latest bridge", "hello all"):
            day.playground.say(member, said, chat=group)
        await day.ask(day.playground.admin, "/help")
        assert await day.database.read(holding, member.id) == []
        assert await day.database.read(lambda s: s.exec(select(Expected)).all()) == []
