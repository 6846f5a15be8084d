"""How fast the ledger is sent. The Bot API double runs in a process of its own.

python -m tests.bench.push                              30 a second, 10,000 chats, 60 s
python -m tests.bench.push --limit 1000 --messages 6000     as fast as one core can
python -m tests.bench.push --library                    the library's own AIORateLimiter beside it (needs aiolimiter)
"""

import argparse
import asyncio
import json
import os
import tempfile
import time
from collections import deque
from datetime import UTC, datetime
from pathlib import Path

from telegram import Bot
from telegram.request import HTTPXRequest

from bot.pace import Limits, Pace
from bot.push import Pusher
from db.deliveries import ledger
from db.engine import Database, open_database
from tests.botapi import TOKEN, start_double
from tests.ledger import owe_chats

FIRST_CHAT = 1_000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--limit", type=int, default=30)
    parser.add_argument("--chats", type=int, default=10_000)
    parser.add_argument("--messages", type=int, help="stop after so many; default: by time")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--latency", type=float, default=0.0, help="of the double, in seconds")
    parser.add_argument("--library", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("PTB_TIMEDELTA", "1")
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "accepted.jsonl"
        double = start_double(log, options.limit, options.latency)
        assert double.stdout is not None
        url = double.stdout.readline().strip()
        run = library(url, options) if options.library else ours(url, options, Path(folder))
        cpu = asyncio.run(run)
        said, _ = double.communicate()
        report(log, cpu, json.loads(said))


def a_bot(url: str) -> Bot:
    return Bot(TOKEN, base_url=url, request=HTTPXRequest(connection_pool_size=64))


async def ours(url: str, options: argparse.Namespace, folder: Path) -> float:
    """CPU seconds of this process while it sends."""
    database = open_database(f"sqlite:///{folder}/ledger.db")
    await fill(database, options.chats)
    async with a_bot(url) as bot:
        pusher = Pusher(bot, database, Pace(Limits(per_second=options.limit)), lambda: datetime.now(UTC))
        began = time.process_time()
        task = asyncio.create_task(pusher.run())
        await finished(database, options)
        pusher.stop()
        await task
        return time.process_time() - began


async def fill(database: Database, chats: int) -> None:
    for first in range(FIRST_CHAT, FIRST_CHAT + chats, 500):
        await database.write(owe_chats, range(first, min(first + 500, FIRST_CHAT + chats)))


async def finished(database: Database, options: argparse.Namespace) -> None:
    if not options.messages:
        await asyncio.sleep(options.seconds)
        return
    sent = 0
    while sent < options.messages:
        await asyncio.sleep(0.25)  # what the process under test does in between
        sent = (await database.read(ledger)).get("sent", 0)


async def library(url: str, options: argparse.Namespace) -> float:
    from telegram.ext import AIORateLimiter, ExtBot

    request = HTTPXRequest(connection_pool_size=64)
    limiter = AIORateLimiter(overall_max_rate=options.limit, max_retries=5)
    began = time.process_time()
    async with ExtBot(TOKEN, base_url=url, request=request, rate_limiter=limiter) as bot:
        chats = iter(range(FIRST_CHAT, FIRST_CHAT + options.chats))
        deadline = time.monotonic() + options.seconds

        async def sender() -> None:
            for chat in chats:
                if time.monotonic() > deadline:
                    return
                await bot.send_message(chat, f"{chat}/0")

        await asyncio.gather(*(sender() for _ in range(64)), return_exceptions=True)
    return time.process_time() - began


def report(log: Path, cpu: float, said: dict[str, int]) -> None:
    times = sorted(json.loads(line)["at"] for line in log.read_text().splitlines())
    span = times[-1] - times[0]
    print(f"accepted {said['accepted']}, refused with 429: {said['refused']}, at once in one chat: {said['busiest']}")
    print(f"{(len(times) - 1) / span:.2f} a second over {span:.1f} s; most in any sliding second: {densest(times)}")
    print(f"CPU {cpu:.1f} s, {1000 * cpu / len(times):.2f} ms a message")


def densest(times: list[float]) -> int:
    window: deque[float] = deque()
    most = 0
    for at in times:
        window.append(at)
        while window[0] <= at - 1.0:
            window.popleft()
        most = max(most, len(window))
    return most


if __name__ == "__main__":
    main()
