"""A double of Telegram's Bot API with getMe, sendMessage and editMessageText only, and the faults that sending meets.

In a test:    async with BotApi() as api: bot = api.bot()
As a process: python -m tests.botapi --port 0 --log accepted.jsonl --limit 30
"""

import argparse
import asyncio
import json
import random
import subprocess
import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, TextIO

from aiohttp import web
from telegram import Bot
from telegram.request import HTTPXRequest

TOKEN = "123456:a-token-for-tests-only"
DROP = "drop"  # the connection ends without an answer, and nothing was accepted
SWALLOW = "swallow"  # accepted, but the connection ends without an answer
HANG = "hang"  # accepted, but no answer for five seconds
HTML_502 = "502"

ROOT = Path(__file__).parent.parent  # where `tests` is a package, whatever folder a test works in

Answer = str | tuple[int, dict[str, Any]]


def refusal(code: int, description: str, **parameters: Any) -> Answer:
    said: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    return code, said | ({"parameters": parameters} if parameters else {})


@dataclass
class BotApi:
    """answers: what single chats get, in turn, before all is well again."""

    per_second: int | None = None  # refuses what is more in any sliding second; None: no limit
    answers: dict[int, list[Answer]] = field(default_factory=dict)
    faults: dict[str, float] = field(default_factory=dict)  # DROP, SWALLOW, HTML_502: share of requests
    latency: float = 0.0  # seconds
    seed: int = 0
    log: TextIO | None = None
    down: bool = False
    token_refused: bool = False
    keep: bool = True  # the messages; else only their number

    accepted: list[dict[str, Any]] = field(default_factory=list)
    edits: list[str] = field(default_factory=list)
    number: int = 0
    refused: int = 0  # 429 for the limit over all chats
    asked: int = 0
    busiest: int = 0  # most sends in flight at once in one chat
    url: str = ""

    def __post_init__(self) -> None:
        self._window: deque[float] = deque()
        self._random = random.Random(self.seed)
        self._inside: dict[int, int] = {}

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", "/bot{token}/getMe", self._get_me)
        app.router.add_post("/bot{token}/sendMessage", self._send_message)
        app.router.add_post("/bot{token}/editMessageText", self._edit)
        return app

    async def _get_me(self, request: web.Request) -> web.StreamResponse:
        if self.down:
            return _cut(request)
        if self.token_refused:
            return _json(*_pair(refusal(401, "Unauthorized")))
        me = {"id": 123456, "is_bot": True, "first_name": "Triptych", "username": "triptych_bot"}
        return _json(200, {"ok": True, "result": me})

    async def _edit(self, request: web.Request) -> web.StreamResponse:
        self.edits.append(str((await request.post())["text"]))
        return _json(200, {"ok": True, "result": True})

    async def _send_message(self, request: web.Request) -> web.StreamResponse:
        self.asked += 1
        try:
            form = await request.post()
        except ConnectionError:  # the asker died on the way
            return web.Response()
        message = {key: str(value) for key, value in form.items()}
        chat = int(message["chat_id"])
        self._inside[chat] = self._inside.get(chat, 0) + 1
        self.busiest = max(self.busiest, self._inside[chat])
        try:
            return await self._answer(request, chat, message)
        finally:
            self._inside[chat] -= 1

    async def _answer(self, request: web.Request, chat: int, message: dict[str, str]) -> web.StreamResponse:
        if self.latency:
            await asyncio.sleep(self.latency)
        if self.down:
            return _cut(request)
        if self.token_refused:
            return _json(*_pair(refusal(401, "Unauthorized")))
        answer = self._scripted(chat) or self._fault()
        if answer == DROP:
            return _cut(request)
        if answer == HTML_502:
            return web.Response(status=502, text="<html><h1>502 Bad Gateway</h1></html>", content_type="text/html")
        if isinstance(answer, tuple):
            return _json(*answer)
        if self._over_limit():
            self.refused += 1
            return _json(*_pair(refusal(429, "Too Many Requests: retry after 1", retry_after=1)))
        result = self._accept(chat, message)
        if answer == HANG:
            await asyncio.sleep(5)
        return _cut(request) if answer in (SWALLOW, HANG) else _json(200, {"ok": True, "result": result})

    def _scripted(self, chat: int) -> Answer | None:
        answers = self.answers.get(chat)
        return answers.pop(0) if answers else None

    def _fault(self) -> Answer | None:
        draw = self._random.random()
        for kind, share in self.faults.items():
            if draw < share:
                return kind
            draw -= share
        return None

    def _over_limit(self) -> bool:
        if self.per_second is None:
            return False
        now = time.monotonic()
        while self._window and self._window[0] <= now - 1.0:
            self._window.popleft()
        if len(self._window) >= self.per_second:
            return True
        self._window.append(now)
        return False

    def _accept(self, chat: int, message: dict[str, str]) -> dict[str, Any]:
        self.number += 1
        if self.keep:
            self.accepted.append(message | {"chat_id": chat, "at": time.monotonic()})
        if self.log is not None:
            self.log.write(json.dumps({"chat": chat, "text": message["text"], "at": time.time()}) + "\n")
            self.log.flush()
        kind = "private" if chat > 0 else "supergroup"
        return {"message_id": self.number, "date": 0, "chat": {"id": chat, "type": kind}, "text": message["text"]}

    def texts(self, chat: int) -> list[str]:
        return [message["text"] for message in self.accepted if message["chat_id"] == chat]

    async def __aenter__(self) -> Self:
        self._runner = web.AppRunner(self.app(), access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/bot"
        self._bots: list[Bot] = []
        return self

    async def __aexit__(self, *failure: object) -> None:
        for bot in self._bots:
            await bot.shutdown()
        await self._runner.cleanup()

    async def bot(self) -> Bot:
        bot = Bot(TOKEN, base_url=self.url, request=HTTPXRequest(connection_pool_size=64))
        await bot.initialize()
        self._bots.append(bot)
        return bot


def _pair(answer: Answer) -> tuple[int, dict[str, Any]]:
    assert isinstance(answer, tuple)
    return answer


def _json(status: int, body: dict[str, Any]) -> web.Response:
    return web.json_response(body, status=status)


def _cut(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


def start_double(log: Path, limit: int | None, latency: float = 0.0) -> "subprocess.Popen[str]":
    """The double as a process of its own; the first line it writes is its address."""
    command = [sys.executable, "-m", "tests.botapi", "--log", str(log), "--latency", str(latency)]
    command += ["--limit", str(limit)] if limit else []
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints its address, and at the end of its input how many it accepted and refused."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--log", required=True)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--latency", type=float, default=0.0)
    options = parser.parse_args(arguments)
    with Path(options.log).open("a") as log:
        asyncio.run(_serve(BotApi(per_second=options.limit, log=log, keep=False, latency=options.latency)))


async def _serve(api: BotApi) -> None:
    async with api:
        print(api.url, flush=True)
        await asyncio.to_thread(sys.stdin.read)
        print(json.dumps({"accepted": api.number, "refused": api.refused, "busiest": api.busiest}), flush=True)


if __name__ == "__main__":
    main()
