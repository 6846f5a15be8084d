"""/admin: one place for all that admins do, and nothing at all for everybody else."""

import asyncio
import re
from pathlib import Path

import pytest
from sqlmodel import Session, col, select, update

from bot.app import BUTTONS, COMMANDS
from bot.playground.chats import Message
from db.admins import appoint
from db.subscribers import subscribe, subscription_for
from db.tables import Edition, Subscriber
from tests.product import MORNING, Product, product
from tests.test_day import BRIDGE
from tests.test_day import subscribe as three_taps


def some_people(session: Session) -> None:
    chats = {101: "private", 102: "private", 103: "private", -104: "group", -105: "channel", 106: "private"}
    for chat_id, kind in chats.items():
        subscriber = subscribe(session, chat_id, kind, "en", "UTC", MORNING)
        subscription_for(session, subscriber, 0, MORNING).due_at = MORNING
    session.exec(update(Subscriber).where(col(Subscriber.chat_id) == 102).values(state="stopped"))
    away = {103: "it blocked the bot", 106: "it became the supergroup -100106"}
    for chat_id, reason in away.items():
        session.exec(update(Subscriber).where(col(Subscriber.chat_id) == chat_id).values(state="away", reason=reason))


async def editor_of(day: Product) -> None:
    await day.database.write(appoint, [day.playground.reader.id], "editor", MORNING)


async def test_one_message_leads_everywhere_and_back(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin = day.playground.admin
        room = await day.ask(admin, "/admin")
        assert "No message waits for your word" in room.text
        for door in ("Deliveries", "Last edition", "People", "Roles", "Audit log"):
            await day.press(admin, room, door)
            await day.press(admin, room, "Back")
        await day.press(admin, room, "Sources")
        assert "There are no sources yet" in room.text
        assert len(day.playground.sent(admin)) == 1


async def test_people_are_counted_and_never_named(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await day.database.write(some_people)
        room = await day.ask(day.playground.admin, "/admin")
        assert "Briefs go to 1 person, 1 group, and 1 channel" in room.text
        await day.press(day.playground.admin, room, "People")
        assert "1 has stopped" in room.text
        assert "Telegram refuses 1: it blocked the bot" in room.text
        assert "Telegram refuses 1: other reasons" in room.text
        assert "New in the last seven days: 6" in room.text
        assert not re.search(r"\b10[1-6]\b", room.text)


async def test_an_editor_sees_only_what_an_editor_may_do(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await editor_of(day)
        editor = day.playground.reader
        room = await day.ask(editor, "/admin")
        assert room.labels == ["Sources", "Deliveries", "Last edition", "Statistics"]
        before = room.text
        for verb in (button.verb for button in BUTTONS if button.who == "owner"):
            answer = await day.playground.answer_to(day.playground.press_data(editor, room, verb))
            assert "too old" in answer["text"]
        assert room.text == before


@pytest.mark.parametrize("access", ["open", "invite", "closed"])
async def test_admin_commands_are_unknown_to_everybody_else(tmp_path: Path, access: str) -> None:
    async with product(tmp_path, access=access) as day:
        unknown, told = await hears(day, "/qqqqqq"), await day.ask(day.playground.reader, "/start")
        for command in ("/admin", "/admin 0123456789abcdef", "/stats", "/deliveries", "/sources", "/pull"):
            said = await hears(day, command)
            assert said == unknown or re.fullmatch(
                r"I have no such command\. Do you mean /(start|settings|resume)\?", said
            )
        assert "admin" not in await hears(day, "/help")
        stale = await pressed(day, told, "qqqqqq")
        for button in BUTTONS:
            if button.who != "everyone":
                assert await pressed(day, told, button.verb) == stale


async def hears(day: Product, words: str) -> str:
    """What a stranger is answered; each time it is another one, for whom nothing waits."""
    return (await day.ask(day.playground.add_person("Stranger"), words)).text


async def pressed(day: Product, message: Message, verb: str) -> str:
    """What a stranger hears who presses it; each press is another stranger's, so that none is too much."""
    stranger = day.playground.add_person("Stranger", started=True)
    answer = await day.playground.answer_to(day.playground.press_data(stranger, message, verb))
    return str(answer["text"])


ODD = ("", "x", ":::", "²", "9" * 40, "all:9999999999", "1:1:1")


async def test_no_button_of_an_admin_fails_whatever_data_it_sends(tmp_path: Path) -> None:
    async with product(tmp_path, access="invite") as day:
        mine = [button.verb for button in BUTTONS if button.who != "everyone"]
        assert len(mine) > 20
        owners = {verb: day.playground.add_person("Owner", started=True) for verb in mine}
        await day.database.write(appoint, [owner.id for owner in owners.values()], "owner", MORNING)
        rooms = await asyncio.gather(*(day.ask(owner, "/admin") for owner in owners.values()))
        queries = [
            day.playground.press_data(owner, room, f"{verb}:{data}")
            for (verb, owner), room in zip(owners.items(), rooms, strict=True)
            for data in ODD
        ]
        answers = [await day.playground.answer_to(query, 30) for query in queries]
        assert not [answer for answer in answers if "went wrong" in answer["text"]]


async def test_in_a_group_an_admin_command_is_met_with_silence(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin = day.playground.admin
        group = day.playground.add_chat("group", "Town hall", {admin.id: "creator", day.playground.bot.id: "member"})
        day.playground.say(admin, "/admin", group)
        day.playground.say(admin, "/stats", group)
        await day.ask(admin, "/help")
        assert day.playground.sent(group) == []


async def test_the_report_of_the_last_edition_tells_what_became_of_the_news(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin, reader = day.playground.admin, day.playground.reader
        room = await day.ask(admin, "/admin")
        await day.press(admin, room, "Last edition")
        assert "No brief was due yet" in room.text
        offered = await day.ask(admin, f"/addsource {day.paper.address}")
        await day.press(admin, offered, offered.labels[0])
        await three_taps(day, reader)
        for _ in range(2):
            await day.playground.next_message(reader, 10)
        day.paper.publish("Old Bridge closed to lorries", BRIDGE)
        await day.ask(admin, "/pull")
        await day.bot.tick()
        await day.bot.tick()
        day.clock.at = MORNING.replace(hour=7, second=1)
        await day.bot.tick()
        assert "Old Bridge" in (await day.playground.next_message(reader, 10)).text
        await day.press(admin, room, "admin")
        await day.press(admin, room, "Last edition")
        assert "1 of 1 sources answered" in room.text
        assert "1 new article became 1 story" in room.text
        assert "1 story was chosen for at least one brief" in room.text
        assert "1 brief was made" in room.text
        assert "Sent: 1" in room.text
        kinds = await day.database.read(lambda session: session.exec(select(Edition.kind)).all())
        assert "brief" in kinds


def test_what_admins_may_do_is_in_their_menu_and_in_nobody_elses() -> None:
    owner = [command.name for command in COMMANDS if command.is_listed("owner")]
    everybody = [command.name for command in COMMANDS if command.is_listed(None)]
    assert {"admin", "stats", "sources", "deliveries"} <= set(owner)
    assert not {"admin", "stats", "sources", "deliveries"} & set(everybody)
