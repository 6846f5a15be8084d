"""A bad day for the network: requests dropped before and after they are accepted, HTML instead of JSON, chats told
to wait for a second, a while and half a day, and an outage of two hours. The clock is moved, the wire is real."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select
from telegram import Bot

from bot.pace import Limits, Pace
from bot.push import SENT_AGAIN, Pusher
from db.deliveries import ledger
from db.engine import Database, open_database
from db.tables import Delivery, Rendered
from tests.botapi import DROP, HTML_502, SWALLOW, TOKEN, BotApi, refusal
from tests.ledger import NOW, owe_chats

PARTS = 2
TOLD_TO_WAIT = {1: 1, 2: 35, 3: 40_000}  # seconds by chat
OPEN = {"owed", "in_doubt", "sending"}


@pytest.fixture(autouse=True)
def _time_periods(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path}/ledger.db")
    yield database
    database.close()


class Moved:
    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time


def final(session: Session) -> dict[str, str]:
    rows = session.exec(select(Rendered.plain, Delivery.state).join(Delivery))
    return {plain: state for plain, state in rows}  # noqa: C416 (rows are not pairs to a type checker)


async def rounds(pusher: Pusher, clock: Moved, number: int, apart: timedelta, patient: bool = True) -> None:
    """patient: waits until Telegram is looked for again, which takes real seconds."""
    for _ in range(number):
        await pusher.step()
        clock.time += apart
        await asyncio.sleep(0.02)
        while patient and pusher.outage.on:  # noqa: ASYNC110 (it has no event)
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("chats", [60, pytest.param(2000, marks=pytest.mark.long)])
async def test_a_bad_day_loses_nothing_and_repeats_only_what_was_in_doubt(database: Database, chats: int) -> None:
    clock, everyone = Moved(), range(1, 1 + chats)
    for first in range(0, chats, 500):
        database.write_now(owe_chats, everyone[first : first + 500], PARTS)
    async with BotApi(faults={DROP: 0.1, SWALLOW: 0.1, HTML_502: 0.05}, seed=chats) as api:
        for chat, seconds in TOLD_TO_WAIT.items():
            api.answers[chat] = [refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)]
        pusher = Pusher(await api.bot(), database, Pace(Limits(1000, 1000, 1000), Hurried()), clock.now)
        pusher.outage.pause = 0.01
        await rounds(pusher, clock, 40, timedelta(seconds=30))
        late = {text for text, state in database.read_now(final).items() if state in OPEN}
        assert all(text.startswith("3/") for text in late)  # 20 minutes on, only the chat that was told to wait waits
        wire, pusher.bot = pusher.bot, Bot(TOKEN, base_url="http://127.0.0.1:1/bot")
        await rounds(pusher, clock, 12, timedelta(minutes=10), patient=False)
        pusher.bot = wire
        await rounds(pusher, clock, 40, timedelta(minutes=20))
        await _settle(pusher, database, clock)
        _judge(database, api)
    print(f"{api.asked} requests for {chats * PARTS} messages: {database.read_now(ledger)}")


class Hurried:
    """For the pace each look at the clock is a minute later: the pauses that are tested are those of the ledger."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        self.time += 60.0
        return self.time


async def _settle(pusher: Pusher, database: Database, clock: Moved) -> None:
    for _ in range(300):
        await pusher.step()
        clock.time += timedelta(minutes=20)
        if not OPEN & set(database.read_now(ledger)):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(database.read_now(ledger))


def _judge(database: Database, api: BotApi) -> None:
    copies: Counter[str] = Counter()
    for message in api.accepted:
        plain = message["text"].replace("<b>", "").replace("</b>", "").rpartition("\n")[2]
        assert (SENT_AGAIN in message["text"]) or copies[plain] == 0
        copies[plain] += 1
    states = database.read_now(final)
    assert all(copies[text] for text, state in states.items() if state == "sent")
    assert set(states.values()) <= {"sent", "parked"}
    assert max(copies.values()) <= 2
    assert Counter(states.values())["parked"] <= 0.12 * len(states)
