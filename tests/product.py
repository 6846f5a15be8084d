"""The whole product on loopback for one test: playground, a newspaper with a feed, the bot, and a clock to move."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from pathlib import Path
from typing import Any

from aiohttp import web
from pydantic import SecretStr

from bot.playground import Playground, serve
from bot.playground.chats import Message, Person
from bot.run import Running, running
from db.engine import Database
from jobs.settings import Settings

MORNING = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


@dataclass
class Clock:
    at: datetime = MORNING

    def now(self) -> datetime:
        return self.at


@dataclass
class Paper:
    """An outlet: its feed at /feed.xml, its home page at /."""

    now: Callable[[], datetime]
    title: str = "The Lantern"
    items: list[tuple[str, str, datetime]] = field(default_factory=list)
    address: str = ""
    down: bool = False
    second: bool = False  # its page names a second feed, /tech.xml

    def publish(self, title: str, text: str) -> None:
        self.items.append((title, text, self.now()))

    def feed(self, title: str = "") -> str:
        items = "".join(
            f"<item><guid isPermaLink='false'>{n}</guid><title>{escape(title)}</title>"
            f"<link>{self.address}/{n}</link><pubDate>{format_datetime(at)}</pubDate>"
            f"<description>{escape(''.join(f'<p>{line}</p>' for line in text.splitlines()))}</description></item>"
            for n, (title, text, at) in enumerate(self.items)
        )
        head = f"<title>{title or self.title}</title><link>{self.address}</link>"
        return f"<rss version='2.0'><channel>{head}{items}</channel></rss>"

    def app(self) -> web.Application:
        async def feed(request: web.Request) -> web.Response:
            if self.down:
                return web.Response(status=503)
            return web.Response(text=self.feed(), content_type="application/rss+xml")

        async def home(request: web.Request) -> web.Response:
            link = "<link rel='alternate' type='application/rss+xml' title='News' href='{}'>"
            links = "".join(link.format(path) for path in ("/feed.xml", "/tech.xml")[: 1 + self.second])
            return web.Response(text=f"<html><head>{links}</head><body>Hello</body></html>", content_type="text/html")

        async def tech(request: web.Request) -> web.Response:
            return web.Response(text=self.feed("Lantern Tech"), content_type="application/rss+xml")

        app = web.Application()
        app.add_routes([web.get("/feed.xml", feed), web.get("/", home), web.get("/tech.xml", tech)])
        return app


@dataclass
class Product:
    playground: Playground
    paper: Paper
    bot: Running
    clock: Clock

    @property
    def database(self) -> Database:
        return self.bot.database

    async def ask(self, person: Person, text: str, **where: Any) -> Message:
        """What the bot answers."""
        place = where.get("chat", person)
        before = {m.id for m in self.playground.sent(place)}
        self.playground.say(person, text, **where)
        return await self.playground.until(
            lambda: next((m for m in self.playground.sent(place) if m.id not in before), None), 10, f"answer to {text}"
        )

    async def press(self, person: Person, message: Message, button: str) -> dict[str, Any]:
        """What the pressed button answered, once the message stands still."""
        answer = await self.playground.answer_to(self.playground.press(person, message, button), 10)
        await asyncio.sleep(0.02)
        return answer


@asynccontextmanager
async def product(folder: Path, **given: Any) -> AsyncIterator[Product]:
    clock = Clock()
    playground, paper = Playground(clock.now), Paper(clock.now)
    async with AsyncExitStack() as stack:
        runner = web.AppRunner(paper.app(), access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        paper.address = f"http://127.0.0.1:{port}"
        settings = Settings(
            bot_token=SecretStr(playground.token),
            telegram_api_url=await stack.enter_async_context(serve(playground)),
            database_url=f"sqlite:///{folder}/triptych.db",
            allow_private_hosts=(f"127.0.0.1:{port}",),
            host_pause_seconds=0,
            pages_per_minute=600,
            **{"admin_ids": (playground.admin.id,), **given},
        )
        bot = await stack.enter_async_context(running(settings, clock.now))
        yield Product(playground, paper, bot, clock)
