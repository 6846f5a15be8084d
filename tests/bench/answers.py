"""How long people wait for an answer while sources are polled: python -m tests.bench.answers

The bot runs as it does in life, in a process of its own, over 100,000 articles and 10,000 subscribers; so do 1,000
feeds, a tenth of which has one new article at each poll, and polls follow each other without a pause. The Bot API is
the playground, on loopback, where 200 people ask and press. A wait is from the update to the answer's arrival.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import random
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, insert, select, update

from bot.playground import Playground, serve
from bot.playground.chats import Message, Person
from bot.run import Running, running
from db.engine import open_database
from db.sources import make_all_due
from db.tables import Source, Subscriber, Subscription
from jobs.settings import Settings
from jobs.window import WINDOW
from tests.bench.feeds import change, cpu, peak, server
from tests.bench.polled import START, add_feeds
from tests.bench.search import asked, build
from tests.bench.web_of_feeds import ITEMS

PEOPLE = 200
PER_SECOND = 8  # things said or pressed by all of them
PATIENCE = 20.0  # seconds
LIMITS = {"settings": 150, "latest": 300}  # milliseconds, at the 95th percentile
BEGIN = START + timedelta(minutes=1)
FIRST = BEGIN - WINDOW - timedelta(minutes=10 * ITEMS - 30)  # what is listed at first is too old to be condensed


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--subscribers", type=int, default=10_000)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--bot", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.bot:
        asyncio.run(run_bot(Settings(**json.loads(options.bot))))
    else:
        with tempfile.TemporaryDirectory() as folder, server("--unlike", "--start", str(FIRST)) as port:
            asyncio.run(measure(options, f"sqlite:///{folder}/triptych.db", port))


# ---- what there is


def fill(session: Session, options: argparse.Namespace, people: list[int], port: int) -> None:
    build(session, options.articles)
    session.execute(update(Source).values(state="paused"))
    add_feeds(session, options.feeds, port)
    session.execute(update(Source).where(col(Source.state) == "active").values(full_text=False))  # they have no pages
    chats = [*people, *range(10_000_000, 10_000_000 + options.subscribers - len(people))]
    readers = [{"chat_id": chat, "zone": "UTC", "reads": [], "created_at": START} for chat in chats]
    session.execute(insert(Subscriber), readers)
    ids = session.exec(select(Subscriber.id).order_by(col(Subscriber.id)))
    tomorrow = {"hours": [480], "topics": [], "exclude": [], "weekdays": [], "due_at": START + timedelta(days=1)}
    session.execute(insert(Subscription), [tomorrow | {"subscriber_id": id, "created_at": START} for id in ids])


# ---- the bot's process


async def run_bot(settings: Settings) -> None:
    """Says when it listens and when all sources were read once; at the end of its input, what it used."""
    started = time.monotonic()

    def now() -> datetime:
        return BEGIN + timedelta(seconds=time.monotonic() - started)

    async with running(settings, now) as bot:
        print(json.dumps({"listens": True}), flush=True)
        polling = asyncio.create_task(keep_polling(bot, now, int(settings.allow_private_hosts[0].rpartition(":")[2])))
        await asyncio.to_thread(sys.stdin.readline)
        polling.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await polling
        print(json.dumps({"peak": peak()}), flush=True)


async def keep_polling(bot: Running, now: Callable[[], datetime], port: int) -> None:
    await bot.tick()  # after the one that the schedule has begun
    before, began = cpu(), time.monotonic()
    for polls in itertools.count(1):
        used = (cpu() - before) / (time.monotonic() - began)
        print(json.dumps({"polls": polls - 1, "busy": used}), flush=True)
        await asyncio.to_thread(change, port)
        await bot.database.write(make_all_due, now())
        await bot.desk.pull()


# ---- the people


async def measure(options: argparse.Namespace, database_url: str, port: int) -> None:
    playground = Playground(lambda: datetime.now(UTC))
    people = [playground.add_person(f"Reader {n}", started=True) for n in range(PEOPLE)]
    database = open_database(database_url)
    began = time.perf_counter()
    await database.write(fill, options, [person.id for person in people], port)
    database.close()
    took = time.perf_counter() - began
    print(f"{options.articles} articles and {options.subscribers} subscribers, made in {took:.0f} s")
    async with serve(playground) as url:
        settings = {
            "bot_token": playground.token,
            "telegram_api_url": url,
            "database_url": database_url,
            "allow_private_hosts": [f"127.0.0.1:{port}"],
            "host_pause_seconds": 0,
            "admin_ids": [playground.admin.id],
            "log_level": "error",
        }
        bot = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bench.answers", "--bot", json.dumps(settings),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        await said(bot)
        waits: dict[str, list[float]] = defaultdict(list)
        asking = asyncio.create_task(ask(playground, people, waits))
        await said(bot)
        report("while all sources are read for the first time", waits)
        waits.clear()
        state: dict[str, Any] = {}
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(options.seconds):
                while True:
                    state = await said(bot)
        asking.cancel()
        assert bot.stdin is not None
        bot.stdin.write(b"\n")
        last = state
        while "peak" not in last:
            last = await said(bot)
        await bot.wait()
        report(f"while they are polled, {state.get('polls', 0)} times in {options.seconds:.0f} s", waits)
        print(f"the bot and its parser used {state.get('busy', 0):.2f} of a core and {last['peak']:.0f} MB")


async def said(bot: asyncio.subprocess.Process) -> dict[str, Any]:
    """What the bot's process says next; a fault that it logs ends the bench."""
    assert bot.stdout is not None
    while line := (await bot.stdout.readline()).decode():
        if line.startswith("{"):
            return dict(json.loads(line))
        if "[error" in line:
            raise SystemExit(line + (await bot.stdout.read(5000)).decode())
    raise SystemExit("the bot has ended")


def report(when: str, waits: dict[str, list[float]]) -> None:
    print(f"{when}:")
    for kind, limit in LIMITS.items():
        times = sorted(1000 * wait for wait in waits[kind])
        if times:
            late = times[int(len(times) * 0.95)]
            print(
                f"  {kind:10}{len(times):5} answers, {statistics.median(times):6.0f} ms in the middle, "
                f"{late:6.0f} at the 95th percentile ({limit} allowed), {times[-1]:6.0f} at most"
            )


async def ask(playground: Playground, people: list[Person], waits: dict[str, list[float]]) -> None:
    """So many things a second, whether or not others are answered."""
    chance = random.Random(5)
    words = itertools.cycle([words for kind in asked(100_000).values() for words in kind])
    home: dict[int, Message] = {}
    under_way: set[asyncio.Task[None]] = set()

    async def settings(person: Person) -> None:
        if person.id in home:
            name = chance.choice(("length", "length:full", "length:short", "quiet", "silent"))
            press = lambda: playground.press_data(person, home[person.id], f"set:{name}")  # noqa: E731
            await timed("settings", person, press)
        elif (message := await timed("settings", person, lambda: playground.say(person, "/settings"))) is not None:
            home[person.id] = message

    async def latest(person: Person) -> None:
        text = f"/latest {next(words)}"
        await timed("latest", person, lambda: playground.say(person, text))

    async def timed(kind: str, person: Person, act: Callable[[], object]) -> Message | None:
        began = time.perf_counter()
        message = await answer(playground, person, act)
        waits[kind].append(time.perf_counter() - began)
        return message

    acts: list[Callable[[Person], Awaitable[None]]] = [settings, latest]
    for n, person in enumerate(itertools.cycle(people)):
        task = asyncio.ensure_future(acts[(n + n // len(people)) % 2](person))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
        await asyncio.sleep(chance.expovariate(PER_SECOND))


async def answer(playground: Playground, person: Person, act: Callable[[], object]) -> Message | None:
    """The bot's next message or edit in the person's chat; None where it only answers the press."""
    come: asyncio.Future[Message | None] = asyncio.get_running_loop().create_future()
    query: object = None

    def heard(kind: str, subject: Any) -> None:
        if come.done():
            return
        if kind in ("message", "edited") and subject.by_bot and subject.chat.person is person:
            come.set_result(subject)
        elif kind == "answer" and subject == query:
            come.set_result(None)

    stop = playground.listen(heard)
    try:
        query = act()
        return await asyncio.wait_for(come, PATIENCE)
    finally:
        stop()


if __name__ == "__main__":
    main()
