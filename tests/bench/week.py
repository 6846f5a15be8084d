"""A simulated week of the whole product without its wires: `python -m tests.bench.week [--scale 0.1] [--days 7]`.

300 outlets publish 40,000 articles about made-up events, told by one outlet or by up to sixteen, most of them answered
hours later and some taken back; 500 readers of 40 kinds get their briefs. What is stored is grouped, condensed and
composed once an hour as `run` does it. Every brief is judged when it goes out: bullets told twice, stories sent again
without anything new, answers to told stories that it left out. What is published and what is judged is kept in another
process: memory and CPU time are the product's alone.

Told stories are held for a week after their last article, other news for three days: after ten days the window is
full, and memory is flat when no later day's end is more than 5 % above the tenth's.
"""

import argparse
import asyncio
import gc
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, update

from bot.editions import compose_due
from bot.follow import compose_follows
from db.articles import Listing, save_articles
from db.engine import Database, connect
from db.records import Brief, Entry, Text
from db.subscribers import subscribe, subscription_for
from db.tables import Delivery, Source
from jobs.condense.offline import condense
from jobs.http import Limits, open_http
from jobs.parser_pool import ParserPool
from jobs.pull import Newsdesk, tell_stories
from tests.bench.judge import Ledger, Verdict
from tests.bench.week_of_news import SUBJECTS, Told, week_of_news
from tests.desk import NOW, a_database, add_outlet

HOUR = timedelta(hours=1)
SECTIONS = ("World", "Region", "Economy")
CONDENSING = "of that condensing"
FULL, FLAT = 10, 0.05  # days until what was told on the first days has left the window; growth taken for none
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass
class Clock:
    """CPU seconds of the process by step."""

    spent: Counter[str] = field(default_factory=Counter)

    async def time(self, step: str, work: Callable[[], object]) -> None:
        start = time.process_time()
        await work()  # type: ignore[misc]
        self.spent[step] += time.process_time() - start  # type: ignore[assignment]

    def total(self) -> float:
        return self.spent.total() - self.spent[CONDENSING]

    def condense(self, texts: Sequence[Text]) -> Brief:
        start = time.thread_time()
        try:
            return condense(texts)
        finally:
            self.spent[CONDENSING] += time.thread_time() - start  # type: ignore[assignment]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", type=float, default=1.0, help="0.1: a tenth of outlets, articles and readers")
    parser.add_argument("--days", type=int, default=7, help="more, to see whether memory stays flat")
    options = parser.parse_args()
    scale, days = options.scale, options.days
    with tempfile.TemporaryDirectory() as folder:
        database = a_database(Path(folder))
        asyncio.run(live(database, round(300 * scale), round(40_000 * scale), max(40, round(500 * scale)), days))
        database.close()


async def live(database: Database, outlets: int, articles: int, readers: int, days: int) -> Verdict:
    """So many articles a week."""
    print(f"{outlets} outlets, {articles} articles a week, {readers} readers, {days} days")
    await database.write(add_sources, outlets)
    await database.write(add_readers, readers, outlets)
    clock, chance, ends, verdict = Clock(), random.Random(3), list[int](), Verdict()
    async with open_http(Limits()) as http, ParserPool() as parser, outside(database, articles, days) as world:
        desk = Newsdesk(database, http, parser, clock.condense, timedelta(minutes=15), 6)
        for hour in range(days * 24 + 1):
            now = NOW + hour * HOUR
            listings = [listing(told, chance.randint(1, outlets), now) for told in await asyncio.to_thread(world.recv)]
            await clock.time("storing", partial(database.write, save_articles, listings, now))
            await clock.time("grouping and condensing", partial(tell_stories, desk, now))
            await clock.time("composing", partial(compose, database, now))
            world.send(None)
            verdict = await asyncio.to_thread(world.recv)
            await database.write(mark_sent, now)
            if hour % 24 == 23:
                ends.append(memory())
                window = len(desk.grouper.index.filed) if desk.grouper else 0
                print(f"day {len(ends)}: {ends[-1]} MB, {window} articles in the window, {clock.total():.0f} CPU s")
    print(f"after an hour with all that was still to come: {memory()} MB")
    print("; ".join(f"{step} {seconds:.0f} CPU s" for step, seconds in clock.spent.items()))
    print(f"{time.process_time():.0f} CPU s in all")
    print(memory_said(ends))
    print(verdict)
    return verdict


@asynccontextmanager
async def outside(database: Database, articles: int, days: int) -> AsyncIterator["Pipe[None, Any]"]:
    """What is no part of the product, in a process of its own: `play` says what comes through the pipe."""
    here, there = get_context("spawn").Pipe()
    address = database.engine.url.render_as_string(hide_password=False)
    process = get_context("spawn").Process(target=play, args=(there, address, articles * days // 7, days * 24))
    process.start()
    there.close()
    try:
        yield here
    finally:
        here.close()
        process.join()


def play(pipe: "Pipe[Any, None]", address: str, articles: int, hours: int) -> None:
    """Hour by hour: sends what is published, waits until the briefs are composed, judges them, sends the verdict.

    Ends early when nobody listens any more.
    """
    database, coming, ledger = Database(connect(address)), week_of_news(articles, hours), Ledger()
    with suppress(EOFError, BrokenPipeError):
        for hour in range(hours + 1):
            pipe.send(coming.pop(hour, []))
            pipe.recv()
            database.read_now(ledger.judge)
            pipe.send(ledger.verdict)
    database.close()


async def compose(database: Database, now: datetime) -> None:
    await compose_follows(database, now)
    await compose_due(database, now)


def memory() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE // 2**20


def memory_said(ends: Sequence[int]) -> str:
    """Flat or not: the window is full after FULL days, and memory may not grow by more than FLAT after that."""
    if len(ends) <= FULL:
        return f"whether memory stays flat shows after {FULL} days"
    full = ends[FULL - 1]
    grown = max(ends[FULL:]) / full - 1
    how = "flat" if grown <= FLAT else "not flat"
    return f"memory is {how}: {full} MB when the window was full, {grown:+.1%} at most at a later day's end"


def listing(told: Told, source: int, now: datetime) -> Listing:
    entry = Entry(told.key, told.key, told.title, f"https://paper.example/{told.key}", now, told.text, told.language)
    return Listing(source, [entry], {"": ""}, frozenset())


def add_sources(session: Session, outlets: int) -> None:
    for n in range(outlets):
        session.get_one(Source, add_outlet(session, f"Outlet {n}")).section = SECTIONS[n % len(SECTIONS)]


def add_readers(session: Session, readers: int, outlets: int) -> None:
    """Forty kinds: four of hours, five of wishes, two of lengths."""
    hours = ([480], [480, 1200], [420, 780, 1140], [600])
    for n in range(readers):
        kind = n % 40
        wish = kind // 4 % 5
        reader = subscribe(session, 1000 + n, "private", "en", "UTC", NOW)
        reader.length = ("short", "full", "headlines")[kind // 20 + (kind % 7 == 0)]
        reader.reads = ["en", "de"] if wish == 4 else []
        subscription = subscription_for(session, reader, 0, NOW)
        subscription.hours, subscription.due_at = hours[kind % 4], NOW
        subscription.weekdays = [0, 1, 2, 3, 4] if kind % 9 == 0 else []
        topics: list[list[dict[str, Any]]] = [
            [],
            [{"kind": "words", "value": SUBJECTS[n % len(SUBJECTS)]}],
            [{"kind": "section", "value": SECTIONS[n % len(SECTIONS)]}],
            [{"kind": "source", "value": n % outlets + 1}, {"kind": "words", "value": f"{SUBJECTS[n % 7]}, talks"}],
            [],
        ]
        subscription.topics = topics[wish]
        subscription.exclude = [SUBJECTS[-1]] if wish == 4 else []


def mark_sent(session: Session, now: datetime) -> None:
    session.execute(update(Delivery).where(col(Delivery.state) == "owed").values(state="sent", sent_at=now))


if __name__ == "__main__":
    main()
