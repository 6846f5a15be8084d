"""A playground served on loopback, and python-telegram-bot's own Bot that talks to it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from telegram import (
    Bot,
)
from telegram.request import HTTPXRequest

from bot.playground import Playground, serve

NOW = datetime(2031, 5, 6, 7, 30, tzinfo=UTC)


def bot_at(address: str, token: str, seconds: float = 5) -> Bot:
    asking, polling = (HTTPXRequest(read_timeout=seconds, connection_pool_size=20) for _ in range(2))
    urls = (f"{address}/bot", f"{address}/file/bot")
    return Bot(token, *urls, request=asking, get_updates_request=polling)


@pytest.fixture
def playground() -> Playground:
    made = Playground(lambda: NOW)
    made.reader.started = made.admin.started = True
    return made


@pytest_asyncio.fixture
async def address(playground: Playground) -> AsyncIterator[str]:
    async with serve(playground) as served:
        yield served


@pytest_asyncio.fixture
async def bot(playground: Playground, address: str) -> AsyncIterator[Bot]:
    async with bot_at(address, playground.token) as made:
        yield made


@pytest.fixture
def reader(playground: Playground) -> int:
    return playground.reader.id
