"""The bot without a token: it talks to the playground, reads the sample outlets, and keeps a database of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aiohttp import web
from pydantic import SecretStr

from bot.playground.newsroom import OUTLETS, first_start
from bot.playground.outlets import outlet_routes
from bot.playground.playground import Playground
from bot.playground.server import serve
from bot.run import Running, running, stop_signals
from db.engine import Database
from db.sources import add_source, make_all_due
from db.subscribers import next_due_at
from db.tables import Source
from jobs.pull import PAGE_TRIES
from jobs.settings import Settings

SECTIONS = {"harbour": "Halvmark", "meridian": "World", "kontinent": "Europe"}
DATABASE = "sqlite:///data/playground.db"


@dataclass(slots=True)
class Clock:
    """The true time, until it is moved on."""

    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def move_to(self, at: datetime) -> None:
        self.ahead += max(timedelta(), at - self.now())


@dataclass(slots=True)
class Tryout:
    playground: Playground
    address: str  # of the chat page
    bot: Running
    clock: Clock


@asynccontextmanager
async def tryout(settings: Settings, *, port: int = 0, database_url: str = DATABASE) -> AsyncIterator[Tryout]:
    """Playground, outlets and bot, until the block is left."""
    clock = Clock()
    playground = Playground(clock.now)
    async with serve(playground, port=port) as address, _outlets(clock) as outlets:
        own = settings.model_copy(
            update={
                "bot_token": SecretStr(playground.token),
                "telegram_api_url": address,
                "database_url": database_url,
                "admin_ids": (playground.admin.id,),
                "allow_private_hosts": (outlets.removeprefix("http://"),),
                "host_pause_seconds": 0.0,
                "pages_per_minute": 600,
                "access": "open",
                "webhook_url": "",
            }
        )
        async with running(own, clock.now) as bot:
            await _add_outlets(bot.database, outlets, clock.now())
            await bot.tick()

            async def jump() -> datetime | None:
                return await _jump(bot, clock)

            playground.jump = jump
            yield Tryout(playground, address, bot, clock)


@asynccontextmanager
async def _outlets(clock: Clock) -> AsyncIterator[str]:
    app = web.Application()
    app.add_routes(outlet_routes(clock.now, first_start(clock.now())))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def _add_outlets(database: Database, address: str, now: datetime) -> None:
    for outlet in OUTLETS:
        source = Source(
            url=f"{address}/outlets/{outlet.name}/feed.xml",
            title=outlet.title,
            site_url=f"{address}/outlets/{outlet.name}/",
            section=SECTIONS[outlet.name],
            publisher=outlet.name,
            next_fetch_at=now,
            created_at=now,
        )
        await database.write(add_source, source)


async def _jump(bot: Running, clock: Clock) -> datetime | None:
    """To just after the next brief is due; what the outlets publish until then is read first."""
    due = await bot.database.read(next_due_at)
    if due is None:
        return None
    clock.move_to(due - timedelta(minutes=1))  # not yet: the brief is to find what is read now
    await bot.database.write(make_all_due, clock.now())
    for _ in range(PAGE_TRIES):  # until then an article waits for a page that does not come
        await bot.tick()
    clock.move_to(due + timedelta(seconds=1))
    await bot.tick()
    bot.desk.wake()
    return clock.now()


async def try_until_stopped(settings: Settings) -> None:
    asked_to_stop = stop_signals()
    port = int(settings.listen.rpartition(":")[2])
    async with tryout(settings, port=port) as trying:
        print(f"Open {trying.address} in a browser: the bot waits there. Stop it with Ctrl-C.", flush=True)
        await asked_to_stop.wait()
