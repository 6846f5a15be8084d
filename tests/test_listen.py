"""How updates come in: one process a token, and a connection that is stuck is given up."""

import asyncio
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr
from telegram import Bot
from telegram.error import Conflict, NetworkError, TelegramError

from bot.listen import Rival
from bot.playground import Playground, serve
from bot.run import running
from jobs.settings import Settings
from tests.botapi import TOKEN
from tests.product import Clock
from tests.test_run import triptych

GETS = {
    "getMe": {"id": 1, "is_bot": True, "first_name": "T", "username": "t_bot"},
    "getMyDescription": {"description": ""},
    "getMyShortDescription": {"short_description": ""},
}


async def test_a_second_process_with_the_same_token_says_why_it_ends(tmp_path: Path) -> None:
    playground = Playground(Clock().now)
    async with serve(playground) as address, Bot(playground.token, base_url=f"{address}/bot") as other:
        polling = asyncio.create_task(_poll(other))
        process = triptych(tmp_path, "run", BOT_TOKEN=playground.token, TELEGRAM_API_URL=address)
        _, errors = await asyncio.to_thread(process.communicate, timeout=60)
        polling.cancel()
        assert process.returncode == 1
        assert errors.rstrip().endswith("Stop it first: two cannot share a bot.")
        assert "Traceback" not in errors


async def _poll(bot: Bot) -> None:
    while True:
        with suppress(TelegramError):
            await bot.get_updates(timeout=20)
        await asyncio.sleep(0.1)


def test_only_conflicts_in_the_first_minute_end_the_process() -> None:
    now = 0.0
    rival = Rival(lambda: now)
    for _ in range(9):
        rival.polling_failed(NetworkError("no route"))
    rival.polling_failed(Conflict("terminated by other getUpdates request"))
    rival.polling_failed(Conflict("terminated by other getUpdates request"))
    assert not rival.was_there.is_set()
    now = 61.0
    rival.polling_failed(Conflict("terminated by other getUpdates request"))
    assert not rival.was_there.is_set()


@pytest.mark.long
async def test_a_getupdates_connection_that_is_stuck_is_renewed_within_ninety_seconds(tmp_path: Path) -> None:
    polls: list[float] = []

    async def answer(request: web.Request) -> web.Response:
        if request.path.endswith("getUpdates"):
            polls.append(time.monotonic())
            await asyncio.sleep(3600)
        result: Any = GETS.get(request.path.rpartition("/")[2], True)
        return web.json_response({"ok": True, "result": result})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    settings = Settings(
        bot_token=SecretStr(TOKEN),
        telegram_api_url=f"http://127.0.0.1:{runner.addresses[0][1]}",
        database_url=f"sqlite:///{tmp_path}/triptych.db",
        admin_ids=(1,),
    )
    async with asyncio.timeout(100), running(settings):
        while len(polls) < 2:  # noqa: ASYNC110 (the wire has no event)
            await asyncio.sleep(0.5)
    await runner.cleanup()
    assert polls[1] - polls[0] < 90
