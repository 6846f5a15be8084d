"""Whatever stands in a button's data, forged or stale, its press is answered, and no fault is met."""

import asyncio
import re
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session
from structlog.testing import capture_logs

from bot.app import BUTTONS
from bot.context import number_in
from tests.desk import add_outlet, add_story
from tests.product import Product, product

HOSTILE = ("", "0", "1", "-1", "²", "٣", "9" * 18, "9" * 30, "1_0", "0x1", "1.5", "on", "yes", " 1", "👩", "\0")
ADDS = "ready-add"  # of the world's outlets, which no test may ask: its data picks none here
PARTS = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=4), max_size=4).map(":".join)


@given(st.text())
def test_a_number_in_data_is_one_that_a_database_holds_or_is_missing(typed: str) -> None:
    found = number_in(typed, -1)
    assert found == -1 or (0 <= found < 2**63 and typed.isascii() and int(typed) == found)


@pytest.mark.parametrize("typed", ["", "-1", "²", "٣", "9" * 19, " 1", "1_0"])
def test_what_is_no_plain_number_is_missing(typed: str) -> None:
    assert number_in(typed) == 0


async def furnished(stack: AsyncExitStack, folder: Path) -> Product:
    def stories(session: Session) -> None:
        outlet = add_outlet(session, "The Lantern", day.clock.at)
        for title in ("Norland opens a bridge", "Southmark closes a ferry"):
            add_story(session, outlet, title, day.clock.at)

    day = await stack.enter_async_context(product(folder, access="invite"))
    await day.database.write(stories)
    await day.ask(day.playground.admin, "/start")
    return day


async def pressed(day: Product, data: str) -> None:
    admin = day.playground.admin
    post = day.playground.sent(admin)[-1]
    day.bot.desk.manners.buckets.clear()
    cut = data.encode()[:64].decode(errors="ignore")
    await day.playground.answer_to(day.playground.press_data(admin, post, cut), 10)


@pytest.mark.parametrize("examples", [1, pytest.param(60, marks=pytest.mark.long)])
def test_no_button_of_an_owner_meets_a_fault_whatever_its_data(tmp_path: Path, examples: int) -> None:
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        day = runner.run(furnished(stack, tmp_path))

        @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(st.lists(PARTS, min_size=len(BUTTONS), max_size=len(BUTTONS)))
        def press_each(rests: list[str]) -> None:
            for button, rest in zip(BUTTONS, rests, strict=True):
                if button.verb == ADDS:
                    rest = re.sub(r"\d", "²", rest)
                with capture_logs() as logs:
                    runner.run(pressed(day, f"{button.verb}:{rest}"))
                faults = [log for log in logs if log["log_level"] in ("error", "critical")]
                assert faults == [], f"{button.verb}:{rest}"

        try:
            press_each()
        finally:
            runner.run(stack.aclose())
