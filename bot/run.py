"""Bot, schedule and work in one process. Everything is built here, once."""

import asyncio
import fcntl
import gc
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import make_url

from bot.about import describe
from bot.app import App, add_handlers, build_app, show_menu, show_menus
from bot.channels import tell_owner
from bot.context import Bot, Desk, language_of
from bot.doubts import tell_admins
from bot.editions import compose_due
from bot.follow import compose_follows
from bot.listen import Rival, StartError, listening
from bot.outage import Notice
from bot.pace import Limits as PaceLimits
from bot.pace import Pace
from bot.push import Pusher
from bot.speech import speech
from bot.watch import watch
from bot.withdrawals import amend_withdrawn
from db.admins import admins, appoint, issue_code
from db.engine import Database, open_database
from db.prune import Ages, prune
from jobs.condense.offline import condense
from jobs.guard import parse_host_port
from jobs.http import Limits, open_http
from jobs.parser_pool import ParserPool
from jobs.pull import Newsdesk, pull
from jobs.schedule import Wake, build_schedule
from jobs.settings import Settings

CODE_HOURS = 24
SWITCH_SECONDS = 0.0005  # a thread at work lets others in after this; an answer takes some twenty turns


def system_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Works:
    """What the schedule wakes."""

    newsdesk: Newsdesk
    pusher: Pusher
    bot: Bot
    settings: Settings
    now: Callable[[], datetime]
    pulling: asyncio.Lock = field(default_factory=asyncio.Lock)
    ticking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def pull(self) -> None:
        async with self.pulling:
            await pull(self.newsdesk, self.now())
            if await compose_follows(self.newsdesk.database, self.now()):
                self.pusher.wake()

    async def pull_now(self) -> None:
        """For somebody who waits."""
        await pull(self.newsdesk, self.now(), pages=False)

    async def brief(self) -> None:
        async with self.ticking:
            await self._brief()

    async def _brief(self) -> None:
        if await compose_due(self.newsdesk.database, self.now()):
            self.pusher.wake()

    async def tick(self) -> None:
        """At once what the schedule would do in time; until the news is read, no brief is made beside it."""
        async with self.ticking:
            await self.pull()
            await self._brief()

    async def amend(self) -> None:
        await amend_withdrawn(self.bot, self.newsdesk.database, self.pusher.pace, self.now())

    async def watch(self) -> None:
        await watch(self.bot, self.newsdesk.database, self.now())

    async def forget(self) -> None:
        kept = self.settings
        ages = Ages(kept.keep_article_days, kept.keep_ledger_days, kept.keep_audit_days)
        while await self.newsdesk.database.write(prune, self.now(), ages):
            pass

    def wakes(self) -> list[Wake]:
        return [
            Wake("pull", 60, self.pull, at_once=True),
            Wake("brief", 15, self.brief, at_once=True),
            Wake("amend", 30, self.amend),
            Wake("watch", 600, self.watch),
            Wake("prune", 24 * 3600, self.forget),
        ]


@dataclass(slots=True)
class Running:
    """What runs."""

    app: App
    desk: Desk
    database: Database
    tick: Callable[[], Awaitable[None]]
    rival: Rival


async def tell_of(bot: Bot, database: Database, notice: Notice) -> None:
    await tell_admins(bot, database, notice)
    await tell_owner(bot, database, notice)


@asynccontextmanager
async def running(settings: Settings, now: Callable[[], datetime] = system_clock) -> AsyncIterator[Running]:
    """The whole product, until the block is left. Raises StartError, DatabaseError."""
    async with AsyncExitStack() as stack:
        database = open_database(settings.database_url)
        stack.callback(database.close)
        stack.enter_context(only_process(settings.database_url))
        private = frozenset(parse_host_port(host) for host in settings.allow_private_hosts)
        limits = Limits(host_pause=settings.host_pause_seconds, private_hosts=private)
        http = await stack.enter_async_context(open_http(limits))
        parser = await stack.enter_async_context(ParserPool())
        every = timedelta(minutes=settings.pull_minutes)
        newsdesk = Newsdesk(database, http, parser, condense, every, settings.pages_per_minute)
        pace = Pace(PaceLimits(settings.messages_per_second, per_group_minute=settings.group_messages_per_minute))
        app = build_app(settings, pace)
        pusher = Pusher(app.bot, database, pace, now, tell=partial(tell_of, app.bot, database), mark=sent_again)
        works = Works(newsdesk, pusher, app.bot, settings, now)
        menu = partial(show_menu, app.bot)
        desk = Desk(settings, database, http, parser, now, works.pull_now, works.pusher.wake, menu)
        add_handlers(app, desk)
        rival = Rival()
        await stack.enter_async_context(listening(app, settings, rival))
        await _welcome_admins(app, desk)
        pushing = asyncio.create_task(works.pusher.run())
        stack.push_async_callback(_land, works.pusher, pushing)
        schedule = build_schedule(works.wakes())
        schedule.start()
        stack.callback(schedule.shutdown, wait=False)
        stack.enter_context(answering_first())
        yield Running(app, desk, database, works.tick, rival)


@contextmanager
def answering_first() -> Iterator[None]:
    """Whoever asks waits little for the threads that read and condense the news."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.freeze()  # a full collection would walk over all that was imported, and hold everybody for 100 ms
    try:
        yield
    finally:
        gc.unfreeze()
        sys.setswitchinterval(usual)


@contextmanager
def only_process(database_url: str) -> Iterator[None]:
    """Holds the SQLite database for this process; a second one that would send from it does not start."""
    path = make_url(database_url).database
    if not database_url.startswith("sqlite") or not path or path == ":memory:":
        yield
        return
    with Path(f"{path}.running").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StartError(f"Triptych runs already on {path}. Stop the other process first.") from error
        yield


def sent_again(language: str) -> str:
    """Stands before a message whose first attempt may have come."""
    say = speech(language)
    return say("Sent again: the first attempt may have reached you.")


async def _land(pusher: Pusher, pushing: "asyncio.Task[None]") -> None:
    """The send in hand is finished and written down."""
    pusher.stop()
    await pushing


async def _welcome_admins(app: App, desk: Desk) -> None:
    """Those of ADMIN_IDS are admins; without any, a one-time code makes the first one."""
    now = desk.now()
    await desk.database.write(appoint, desk.settings.admin_ids, "owner", now)
    there = await desk.database.read(admins)
    await show_menus(app.bot)
    await describe(app.bot)
    for admin in there:
        await show_menu(app.bot, admin.user_id, admin.role, await language_of(desk.database, admin.user_id))
    if not there:
        code = await desk.database.write(issue_code, "owner", now, expires_at=now + timedelta(hours=CODE_HOURS))
        print(f"Send this to the bot to become its admin, within a day: /admin {code}", flush=True)


async def run_until_stopped(settings: Settings) -> None:
    asked_to_stop = stop_signals()
    async with running(settings) as bot:
        print(f"Triptych runs as @{bot.app.bot.username}. Stop it with Ctrl-C.", flush=True)
        ends = [asyncio.create_task(event.wait()) for event in (asked_to_stop, bot.rival.was_there)]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            end.cancel()
    if bot.rival.was_there.is_set():
        raise StartError("Another process runs with this BOT_TOKEN already. Stop it first: two cannot share a bot.")


def stop_signals() -> asyncio.Event:
    """Set when the process is asked to stop."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, asked.set)
    return asked
