"""The audit log: every act has words, the newest come first, a page at a time, for owners only."""

import re
from pathlib import Path

from sqlmodel import Session

from bot.audit import ACTS, PAGE
from db.admins import record
from tests.product import MORNING, product
from tests.test_shape import modules

ACT = re.compile(r'"((?:source|bullet|delivery|role|invite)\.(?!id")[a-z_]+|announcement)"')


def test_every_act_that_is_recorded_can_be_said() -> None:
    code = [path.read_text("utf-8") for path in modules() if "record(" in path.read_text("utf-8")]
    assert len(code) > 5
    assert {act for text in code for act in ACT.findall(text)} == set(ACTS)


def fill(session: Session) -> None:
    for number in range(2 * PAGE + 1):
        record(session, 0, "source.add", f"https://news.example/{number}", MORNING)
    record(session, 77, "role.dismiss", "78", MORNING)


async def test_the_log_is_read_a_page_at_a_time(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin = day.playground.admin
        await day.database.write(fill)
        room = await day.ask(admin, "/admin")
        await day.press(admin, room, "Audit log")
        assert "77 dismissed an admin" in room.text
        assert "The terminal added a source" in room.text
        assert "news.example/20" in room.text
        assert "Newest" not in room.labels
        await day.press(admin, room, "Older")
        await day.press(admin, room, "Older")
        assert "news.example/0" in room.text
        assert room.labels == ["Newest", "Back"]
        await day.press(admin, room, "Newest")
        assert "news.example/20" in room.text


async def test_an_empty_log_says_so(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        room = await day.ask(day.playground.admin, "/admin")
        await day.press(day.playground.admin, room, "Audit log")
        assert "Nothing is on record yet" in room.text
