"""A process that sends a ledger until nothing is owed: to be killed."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Event

from telegram import Bot
from telegram.request import HTTPXRequest

from bot import logs
from bot.pace import Limits, Pace
from bot.push import Pusher
from db.deliveries import ledger
from db.engine import open_database
from tests.botapi import TOKEN

OPEN = {"owed", "in_doubt", "sending"}


def send(database_url: str, api_url: str, limit: int, started: Event) -> None:
    os.environ["PTB_TIMEDELTA"] = "1"
    logs.configure("info", [])  # its lines may be lost, its sending may not
    asyncio.run(_send(database_url, api_url, limit, started))


async def _send(database_url: str, api_url: str, limit: int, started: Event) -> None:
    database = open_database(database_url)
    pace = Pace(Limits(limit, limit, limit))
    async with Bot(TOKEN, base_url=api_url, request=HTTPXRequest(connection_pool_size=64)) as bot:
        pusher = Pusher(bot, database, pace, lambda: datetime.now(UTC), resend_after=timedelta(seconds=1))
        task = asyncio.create_task(pusher.run())
        started.set()
        while OPEN & set(await database.read(ledger)):  # noqa: ASYNC110 (the ledger has no event)
            await asyncio.sleep(0.2)
        pusher.stop()
        await task
    database.close()
