"""Editors come by a code that works once, and go at an owner's word; readers come by links while ACCESS is invite."""

import re
from datetime import timedelta
from pathlib import Path

from sqlmodel import col, select
from telegram import BotCommandScopeChat

from bot.playground.chats import Person
from db.admins import is_member, role_of
from db.tables import Audit
from tests.product import Product, product


async def invited(day: Product) -> str:
    """The code of a new editor's invitation."""
    room = await day.ask(day.playground.admin, "/admin")
    await day.press(day.playground.admin, room, "Roles")
    await day.press(day.playground.admin, room, "Invite an editor")
    link = re.search(r"https://t\.me/(\w+)\?start=([\w-]+)", room.text)
    assert link is not None
    assert link[1] == day.playground.bot.username
    assert f"/admin {link[2]}" in room.text
    return link[2]


async def role(day: Product, person: Person) -> str | None:
    return await day.database.read(role_of, person.id)


async def acts(day: Product) -> list[str]:
    return list(await day.database.read(lambda session: session.exec(select(Audit.act).order_by(col(Audit.id))).all()))


async def test_an_editor_comes_by_a_link_that_works_once_and_the_owner_hears_of_it(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        code, second = await invited(day), day.playground.add_person("Second")
        await day.playground.next_message(day.playground.admin)
        assert "You are an editor here now" in (await day.ask(day.playground.reader, f"/start {code}")).text
        assert await role(day, day.playground.reader) == "editor"
        assert "is an editor now" in (await day.playground.next_message(day.playground.admin, 10)).text
        assert "What should I bring?" in (await day.ask(second, f"/start {code}")).text
        assert "no such command" in (await day.ask(second, f"/admin {code}")).text
        assert await role(day, second) is None
        assert await acts(day) == ["role.invite", "role.enter"]


async def test_the_plain_code_works_where_nobody_else_may_come_in(tmp_path: Path) -> None:
    async with product(tmp_path, access="closed") as day:
        code = await invited(day)
        assert "private" in (await day.ask(day.playground.reader, "/start")).text
        assert "You are an editor" in (await day.ask(day.playground.reader, f"/admin {code}")).text
        assert "Sources" in (await day.ask(day.playground.reader, "/admin")).labels


async def test_an_invitation_ends_after_a_day_and_can_be_taken_back(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin, reader = day.playground.admin, day.playground.reader
        code = await invited(day)
        day.clock.at += timedelta(hours=25)
        await day.ask(reader, f"/start {code}")
        assert await role(day, reader) is None
        code = await invited(day)
        room = day.playground.sent(admin)[-1]
        await day.press(admin, room, "Roles")
        assert "An invitation is open until" in room.text
        await day.press(admin, room, "Take the invitation back")
        assert "An invitation is open until" not in room.text
        await day.ask(reader, f"/start {code}")
        assert await role(day, reader) is None


async def test_an_owner_who_opens_the_own_link_stays_an_owner_and_the_code_stays_good(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        code = await invited(day)
        await day.ask(day.playground.admin, f"/start {code}")
        assert await role(day, day.playground.admin) == "owner"
        await day.ask(day.playground.reader, f"/start {code}")
        assert await role(day, day.playground.reader) == "editor"


async def test_a_dismissed_editor_can_do_nothing_more_and_is_told(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin, editor = day.playground.admin, day.playground.reader
        await day.ask(editor, f"/start {await invited(day)}")
        theirs = await day.ask(editor, "/admin")
        room = await day.ask(admin, "/admin")
        await day.press(admin, room, "Roles")
        assert f"{editor.first_name}: editor" in room.text
        assert "You: owner" in room.text
        await day.press(admin, room, f"Dismiss {editor.first_name}")
        await day.press(admin, room, "Yes, dismiss")
        assert editor.first_name not in room.text
        assert "too old" in (await day.press(editor, theirs, "Deliveries"))["text"]
        assert "no such command" in (await day.ask(editor, "/sources")).text
        assert any("no admin here any more" in message.text for message in day.playground.sent(editor))
        assert "role.dismiss" in await acts(day)


async def menu(day: Product, person: Person, phone: str | None = None) -> dict[str, str]:
    """What Telegram shows this chat instead of everybody's menu, on a phone in that language."""
    shown = await day.bot.app.bot.get_my_commands(BotCommandScopeChat(person.id), phone)
    return {one.command: one.description for one in shown}


async def test_the_menu_of_a_chat_follows_the_role(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin, editor = day.playground.admin, day.playground.reader
        assert "admin" in await menu(day, admin)
        assert await menu(day, editor) == {}
        await day.ask(editor, f"/start {await invited(day)}")
        assert {"admin", "sources", "stats", "latest"} <= (await menu(day, editor)).keys()
        room = await day.ask(admin, "/admin")
        for button in ("Roles", f"Dismiss {editor.first_name}", "Yes, dismiss"):
            await day.press(admin, room, button)
        assert await menu(day, editor) == {}
        assert await menu(day, editor, "de") == {}


async def test_the_menu_of_an_admin_is_in_the_language_of_the_phone_until_one_is_chosen(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin = day.playground.admin
        english, german = await menu(day, admin), await menu(day, admin, "de")
        assert german["sources"] == "Die Quellen und ihr Zustand"
        assert english["sources"] == "The sources and how they are"
        await day.ask(admin, "/start")
        await day.ask(admin, "/settings language de")
        assert await menu(day, admin) == await menu(day, admin, "de") == german


async def test_whom_the_settings_name_cannot_be_dismissed(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin = day.playground.admin
        room = await day.ask(admin, "/admin")
        await day.press(admin, room, "Roles")
        assert not [label for label in room.labels if label.startswith("Dismiss")]
        answer = await day.playground.answer_to(day.playground.press_data(admin, room, f"role-dismiss:{admin.id}"))
        assert "ADMIN_IDS" in answer["text"]
        assert await role(day, admin) == "owner"


async def test_a_code_said_in_a_group_makes_nobody_an_editor(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        code, reader = await invited(day), day.playground.reader
        group = day.playground.add_chat("group", "Town", {reader.id: "creator", day.playground.bot.id: "member"})
        day.playground.say(reader, f"/admin {code}", group)
        await day.ask(reader, f"/start {code}", chat=group)
        assert await role(day, reader) is None


async def test_a_link_lets_in_as_many_readers_as_it_was_made_for(tmp_path: Path) -> None:
    async with product(tmp_path, access="invite") as day:
        admin, reader, late = day.playground.admin, day.playground.reader, day.playground.add_person("Late")
        room = await day.ask(admin, "/admin")
        await day.press(admin, room, "Invitation links")
        assert "Nobody new can come in" in room.text
        await day.press(admin, room, "New link")
        await day.press(admin, room, "1")
        await day.press(admin, room, "a week")
        assert "1 person can come in" in room.text
        code = room.text.split("?start=")[1].split()[0]
        assert "What should I bring?" in (await day.ask(reader, f"/start {code}")).text
        assert "private" in (await day.ask(late, f"/start {code}")).text
        assert await day.database.read(is_member, reader.id)
        assert await role(day, reader) is None


async def test_a_link_is_listed_and_can_be_taken_back(tmp_path: Path) -> None:
    async with product(tmp_path, access="invite") as day:
        admin, reader = day.playground.admin, day.playground.reader
        room = await day.ask(admin, "/admin")
        for button in ("Invitation links", "New link", "100", "until I take it back"):
            await day.press(admin, room, button)
        code = room.text.split("?start=")[1].split()[0]
        await day.press(admin, room, "Invitation links")
        assert "1. 100 of 100 uses left, without an end" in room.text
        assert code not in room.text
        await day.press(admin, room, "Take 1 back")
        assert "No link is open" in room.text
        assert "private" in (await day.ask(reader, f"/start {code}")).text
        assert await acts(day) == ["invite.make", "invite.gone"]
