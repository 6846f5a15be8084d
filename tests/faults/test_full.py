"""A disk that is full while briefs are sent and people write: nothing is lost, nothing comes twice, it is said once.

The limit on the size of files is what stands for the disk: every write of the process fails until it is lifted.
"""

import asyncio
import multiprocessing
import resource
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.playground import Playground, serve
from db.deliveries import ledger
from db.engine import open_database
from tests.botapi import BotApi
from tests.faults.sender import send
from tests.ledger import owe_chats
from tests.product import Clock
from tests.test_run import triptych

CHATS = range(1, 81)


@contextmanager
def full_disk(process: int) -> Iterator[None]:
    _, hard = resource.prlimit(process, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (0, hard))
    yield
    resource.prlimit(process, resource.RLIMIT_FSIZE, (hard, hard))


async def test_a_full_disk_holds_what_is_sent_and_lets_go_of_it_once(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/ledger.db")
    database.write_now(owe_chats, CHATS)
    async with BotApi(latency=0.02) as api:
        context = multiprocessing.get_context("spawn")
        started = context.Event()
        address = f"sqlite:///{tmp_path}/ledger.db"
        process = context.Process(target=send, args=(address, api.url, 40, started), daemon=True)
        process.start()
        assert process.pid is not None
        await _until(lambda: len(api.accepted) > 20)
        with full_disk(process.pid):
            await asyncio.sleep(0.5)  # what was claimed is on its way
            before = len(api.accepted)
            await asyncio.sleep(1.5)
            assert len(api.accepted) == before < len(CHATS)
        await asyncio.to_thread(process.join, 60)
        copies = Counter(message["chat_id"] for message in api.accepted)
        assert copies == dict.fromkeys(CHATS, 1)
    assert database.read_now(ledger) == {"sent": len(CHATS)}
    assert process.exitcode == 0
    database.close()


async def test_people_are_told_that_the_bot_cannot_write_and_are_answered_when_it_can(tmp_path: Path) -> None:
    playground = Playground(Clock().now)
    async with serve(playground) as address:
        process = triptych(
            tmp_path, "run", BOT_TOKEN=playground.token, TELEGRAM_API_URL=address, DATABASE_URL="sqlite:///mine.db"
        )
        try:
            assert process.stdout is not None
            while "runs as" not in await asyncio.to_thread(process.stdout.readline):
                pass
            with full_disk(process.pid):
                playground.say(playground.reader, "/settings")
                await playground.until(lambda: _said(playground, "Nothing is lost"), 10, "a word about it")
            playground.say(playground.reader, "/start")
            await playground.until(lambda: _said(playground, "three panels"), 10, "an answer")
        finally:
            process.send_signal(signal.SIGTERM)
            _, errors = await asyncio.to_thread(process.communicate, timeout=15)
        assert process.returncode == 0
        assert "Traceback" not in errors


def _said(playground: Playground, words: str) -> bool | None:
    return any(words in message.text for message in playground.sent(playground.reader)) or None


async def _until(there: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not there():  # noqa: ASYNC110 (the double has no event)
            await asyncio.sleep(0.02)
