"""The process: one on a database, clear words when it cannot start, quick to leave."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlmodel import Session, select
from telegram.ext import ExtBot

from bot.listen import StartError
from bot.pace import Limits, Pace
from bot.playground import Playground, serve
from bot.push import Pusher
from bot.run import Works, only_process, running
from db.sources import add_source
from db.subscribers import subscribe, subscription_for
from db.tables import Rendered, Source
from jobs.condense.offline import condense
from jobs.http import open_http
from jobs.parser_pool import ParserPool
from jobs.pull import Newsdesk
from jobs.settings import Settings
from tests.desk import NOW, a_database
from tests.product import Clock, product
from tests.web import Seen, reply
from tests.web import serve as serve_web

CLOSED = (
    "The city of Arnhaven closed the Old Bridge to lorries on Monday after engineers found cracks in two pillars. "
    "Mayor Tilda Voss said the bridge would stay closed for at least six weeks."
)


def triptych(folder: Path, *arguments: str, **settings: str) -> "subprocess.Popen[str]":
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", **settings}
    return subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env=environment | {"PYTHONPATH": str(Path(__file__).parent.parent)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


async def test_a_second_process_on_the_same_database_says_why_it_does_not_start(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/triptych.db"
    with only_process(url), pytest.raises(StartError, match="runs already"), only_process(url):
        pass
    with only_process(url):
        pass


async def test_a_token_that_telegram_refuses_is_said(tmp_path: Path) -> None:
    async with serve(Playground(Clock().now)) as address:
        settings = Settings(
            bot_token=SecretStr("1234567890:wrong-wrong-wrong-wrong-wrong-wrong-wro"),
            telegram_api_url=address,
            database_url=f"sqlite:///{tmp_path}/triptych.db",
        )
        with pytest.raises(StartError, match="BOT_TOKEN is refused"):
            async with running(settings):
                pass


async def test_without_admins_a_code_is_printed_that_works_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with product(tmp_path, admin_ids=()) as day:
        line = next(line for line in capsys.readouterr().out.splitlines() if "/admin " in line)
        command = line[line.index("/admin ") :]
        assert "no such command" in (await day.ask(day.playground.reader, "/sources")).text
        assert "You are an owner here now" in (await day.ask(day.playground.reader, command)).text
        assert "no sources yet" in (await day.ask(day.playground.reader, "/sources")).text
        assert "no such command" in (await day.ask(day.playground.admin, command)).text


def test_the_playground_prints_its_address_first_and_leaves_when_asked(tmp_path: Path) -> None:
    process = triptych(tmp_path, "run", LISTEN="127.0.0.1:0")
    assert process.stdout is not None
    first = process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=15)
    assert first.startswith("Open http://127.0.0.1:")
    assert (process.returncode, "Traceback" in errors) == (0, False)


def test_three_wrong_settings_are_named_on_three_lines(tmp_path: Path) -> None:
    process = triptych(tmp_path, "run", ACCESS="all", ADMIN_IDS="me", LISTEN="here")
    _, errors = process.communicate(timeout=30)
    assert [line.split()[0] for line in errors.splitlines()] == ["ADMIN_IDS", "ACCESS", "LISTEN"]
    assert process.returncode == 1


def test_a_corrupt_database_is_named_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.db").write_text("not a database" * 100)
    process = triptych(tmp_path, "run", BOT_TOKEN="1:x", DATABASE_URL="sqlite:///mine.db")
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, "mine.db is not a database" in errors) == (1, True)
    assert (tmp_path / "mine.db").read_text() == "not a database" * 100


async def test_a_webhook_works_like_polling(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    here = f"127.0.0.1:{port}"
    async with product(tmp_path, webhook_url=f"http://{here}", listen=here) as day:
        assert "three panels" in (await day.ask(day.playground.reader, "/start")).text


@asynccontextmanager
async def works(folder: Path) -> AsyncIterator[Works]:
    """One reader whose brief is due, and one slow source."""

    async def slowly(seen: Seen, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.2)
        guid = "<guid isPermaLink='false'>1</guid>"
        item = f"<item>{guid}<title>Bridge closed</title><description>{CLOSED}</description></item>"
        writer.write(reply(f"<rss version='2.0'><channel><title>Lantern</title>{item}</channel></rss>".encode()))

    def begin(session: Session) -> None:
        reader = subscribe(session, 77, "private", "en", "UTC", NOW)
        subscription = subscription_for(session, reader, 0, NOW)
        subscription.hours, subscription.due_at = [480], NOW
        url = web.url("/feed")
        add_source(session, Source(url=url, title="Lantern", publisher="p", next_fetch_at=NOW, created_at=NOW))

    database = a_database(folder)
    async with serve_web({"/feed": slowly}) as web, open_http(web.limits()) as http, ParserPool() as parser:
        await database.write(begin)
        newsdesk = Newsdesk(database, http, parser, condense, timedelta(minutes=15), 6)
        bot: ExtBot[None] = ExtBot("1:x")
        pusher = Pusher(bot, database, Pace(Limits()), lambda: NOW)
        yield Works(newsdesk, pusher, bot, Settings(), lambda: NOW)
    database.close()


@pytest.mark.parametrize("beside", ["brief", "pull"])
async def test_the_news_that_a_tick_reads_is_in_the_brief_it_makes(tmp_path: Path, beside: str) -> None:
    async with works(tmp_path) as work:
        if beside == "brief":
            tick = asyncio.create_task(work.tick())
            await asyncio.sleep(0.05)
            await asyncio.gather(work.brief(), tick)
        else:
            pulling = asyncio.create_task(work.pull())
            await asyncio.sleep(0.05)
            await asyncio.gather(work.tick(), pulling)
        owed = work.newsdesk.database.read_now(lambda session: session.exec(select(Rendered.plain)).one())
        assert "Bridge closed" in owed
