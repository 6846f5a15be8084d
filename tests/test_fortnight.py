"""Two weeks of a source: what admins hear, and how often it is asked."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.watch import watch
from db.sources import days_of, sources
from db.tables import Source
from tests.product import Product, product

HOURS = 8
PASSED = timedelta(hours=HOURS)


async def begun(day: Product) -> None:
    admin = day.playground.admin
    day.paper.publish("Ferry report 0", "The ferry between Arnhaven and Sorne sailed.")
    await day.press(admin, await day.ask(admin, f"/addsource {day.paper.address}"), "Add it")


async def live(day: Product, days: int, each: Callable[[], None], seen: list[Source] | None = None) -> None:
    for _ in range(days * 24 // HOURS):
        day.clock.at += PASSED
        each()
        await day.bot.tick()
        await watch(day.bot.app.bot, day.database, day.clock.now())
        if seen is not None:
            seen += await day.database.read(sources)


def told(day: Product) -> list[str]:
    """The states admins heard of, in order."""
    said = [message.text for message in day.playground.sent(day.playground.admin)]
    return [text.removeprefix("The Lantern: ").partition(".")[0] for text in said if text.startswith("The Lantern: ")]


def write(day: Product) -> Callable[[], None]:
    return lambda: day.paper.publish(f"Ferry report {day.clock.at:%d %H}", f"It sailed {day.clock.at} from Arnhaven.")


def rest() -> None:
    """Nothing is published."""


async def test_silence_failure_and_recovery_are_told_once_each(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await begun(day)
        await live(day, 5, write(day))
        assert told(day) == []
        await live(day, 3, rest)
        assert told(day) == []
        await live(day, 2, rest)
        assert told(day) == ["has gone silent"]
        day.paper.down = True
        await live(day, 3, rest)
        assert told(day) == ["has gone silent", "failing"]
        day.paper.down = False
        await live(day, 2, write(day))
        assert told(day) == ["has gone silent", "failing", "well"]


async def test_a_source_that_is_down_is_asked_less_and_less_and_heals_by_itself(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await begun(day)
        await live(day, 1, write(day))
        day.paper.down = True
        seen: list[Source] = []
        await live(day, 6, rest, seen)
        failed = sum(one.failed for one in await day.database.read(days_of, 1, day.clock.now() - timedelta(days=14)))
        assert failed == seen[-1].failures
        assert 8 <= failed <= 14  # of 18 looks that were due without a pause
        pauses = {one.failures: one.next_fetch_at for one in reversed(seen)}
        first, last = min(pauses), max(pauses)
        assert pauses[first] < pauses[last]
        assert seen[-1].next_fetch_at - day.clock.now() <= timedelta(hours=24)
        day.paper.down = False
        await live(day, 1, write(day), seen)
        assert (seen[-1].failures, seen[-1].error, seen[-1].last_success_at) == (0, None, day.clock.now())


@pytest.mark.long
async def test_a_newsroom_with_free_weekends_is_never_called_silent(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await begun(day)
        working = write(day)
        await live(day, 14, lambda: working() if day.clock.at.weekday() < 5 and 6 <= day.clock.at.hour < 20 else None)
        assert told(day) == []
        (source,) = await day.database.read(sources)
        assert source.quiet_days == 2
