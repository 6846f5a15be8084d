"""What the event loop and an asker feel while the feeds are polled: a part of tests.bench.feeds.

The asker's path is that of /latest, from the typed words to the finished message, over an archive of 10,000 articles.
"""

import asyncio
import contextlib
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlmodel import Session, update

from db.engine import Database, open_database
from db.tables import Source
from tests.bench.polled import newsdesk, poll
from tests.bench.search import asked, build, latest

ARCHIVE = 10_000  # articles
BETWEEN = 0.02  # seconds from an answer to the next question


async def meanwhile(feeds: int, port: int, folder: Path, change: Callable[[int], None]) -> dict[str, float]:
    """Over a first fetch and a poll with news: CPU seconds of the loop's longest callback, and seconds of a /latest."""
    database = open_database(f"sqlite:///{folder / 'bench.db'}")
    await database.write(archive)
    words = [words for kind in asked(ARCHIVE).values() for words in kind]
    longest: list[float] = [0.0]
    waits: list[float] = []
    async with newsdesk(database, feeds, port) as desk:
        asking = asyncio.create_task(ask(database, words, waits))
        with timed_callbacks(longest):
            await poll(desk, 0)
            change(port)
            await poll(desk, 1)
        asking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asking
    database.close()
    waits.sort()
    return {"callback": longest[0], "latest": waits[int(len(waits) * 0.95)], "asked": float(len(waits))}


def archive(session: Session) -> None:
    """Articles of sources that are not polled."""
    build(session, ARCHIVE)
    session.execute(update(Source).values(state="paused"))


async def ask(database: Database, asked: Sequence[str], waits: list[float]) -> None:
    for words in itertools.cycle(asked):
        before = time.perf_counter()
        await database.read(latest, words)
        waits.append(time.perf_counter() - before)
        await asyncio.sleep(BETWEEN)


@contextmanager
def timed_callbacks(longest: list[float]) -> Iterator[None]:
    usual: Any = asyncio.Handle._run
    handles: Any = asyncio.Handle

    def timed(handle: asyncio.Handle) -> None:
        before = time.thread_time()
        usual(handle)
        longest[0] = max(longest[0], time.thread_time() - before)

    handles._run = timed
    try:
        yield
    finally:
        handles._run = usual
