"""Every button leads somewhere: it is answered, nothing is refused, and what comes has a way on."""

import asyncio
import random
import re
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.playground.chats import Message, Person
from tests.product import Product, product
from tests.test_channels import set_up
from tests.test_day import ANSWER, BRIDGE, INVITATION

READER = ("/start", "/settings", "/latest", "/privacy", "/topics", "/time")
ADMIN = ("/admin", "/sources", "/deliveries", "/channel", "/stats")
CLOSING = re.compile("delete|Deleted|Nothing was|Added|Dropped|Withdrawn|Sent", re.IGNORECASE)


async def furnished(day: Product) -> None:
    day.paper.publish("Norland invites Southmark’s president to talks", INVITATION)
    day.paper.publish("Old Bridge closed to lorries", BRIDGE)
    day.paper.publish("Southmark proposes Vell for talks with Norland", ANSWER)
    admin = day.playground.admin
    await day.press(admin, await day.ask(admin, f"/addsource {day.paper.address}"), "Add it")
    await set_up(day)
    await day.bot.tick()
    await day.bot.tick()


def doors(day: Product, person: Person) -> list[tuple[Message, str]]:
    return [
        (message, button["callback_data"])
        for message in day.playground.sent(person)
        for button in message.buttons
        if "callback_data" in button
    ]


async def walk(day: Product, person: Person, steps: int, dice: random.Random) -> list[str]:
    """Presses what there is, at random; the messages that lead nowhere."""
    ends = []
    for _ in range(steps):
        message, data = dice.choice(doors(day, person))
        query = day.playground.press_data(person, message, data)
        await day.playground.answer_to(query, 20)
        await asyncio.sleep(0.03)
        newest = day.playground.sent(person)[-1]
        if not message.buttons and not newest.buttons and "/" not in message.text and not CLOSING.search(message.text):
            ends.append(f"{data}: {message.text[:200]}")
    return ends


async def walked(folder: Path, steps: int, seed: int) -> None:
    async with product(folder, messages_per_second=1000) as day:
        day.playground.rate.per_second = None
        await furnished(day)
        people = ((day.playground.admin, (*READER, *ADMIN)), (day.playground.reader, READER))
        with capture_logs() as logs:
            for person, commands in people:
                for command in commands:
                    await day.ask(person, command)
                assert await walk(day, person, steps, random.Random(seed)) == []
        assert [log for log in logs if log["log_level"] == "error"] == []
        assert day.playground.unanswered() == []
        refused = [str(call.refusal) for call in day.playground.calls if call.refusal is not None]
        assert [words for words in refused if "not modified" not in words] == []


async def test_twelve_doors_each_lead_somewhere(tmp_path: Path) -> None:
    await walked(tmp_path, 12, 1)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 6))
async def test_three_hundred_doors_each_lead_somewhere(tmp_path: Path, seed: int) -> None:
    await walked(tmp_path, 300, seed)
