"""What a log may hold: no secret in any form, no forged line."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot
from telegram.error import Conflict, TelegramError

from bot.logs import Hider, Repeats, configure
from tests.botapi import BotApi

TOKEN = "987654321:AAbb-ccDDeeFFggHHiiJJkkLLmmNNooPPqq"
PASSWORD = 'p@ss "wörd"\\'
DATABASE = "postgresql://triptych:p%40ss%20%22w%C3%B6rd%22%5C@db.example/news"
LLM_KEY = "sk-ABCDEF0123456789"
HOOK = "hook-secret_42"
SECRETS = (TOKEN, DATABASE, LLM_KEY, HOOK)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, hook = root.handlers[:], root.level, sys.excepthook
    levels = {name: logging.getLogger(name).level for name in ("httpx", "httpcore", "apscheduler", "aiohttp.access")}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    sys.excepthook = hook
    for name, value in levels.items():
        logging.getLogger(name).setLevel(value)
    logging.captureWarnings(False)
    structlog.reset_defaults()


def started(stream: io.StringIO, level: str = "debug") -> Any:
    configure(level, SECRETS, stream)
    return structlog.get_logger()


def fail(text: str) -> None:
    raise ValueError(text) from OSError(text)


def plant(log: Any) -> None:
    """Every secret, in every place of a record."""
    for secret in (*SECRETS, PASSWORD, TOKEN.partition(":")[2]):
        log.info(f"asked https://api.example/bot{secret}/getMe")
        log.warning("a value", value=secret, nested={"deep": [secret]}, **{"key" + secret: 1})
        logging.getLogger("library").info("asked %s of %r", secret, {"x": secret})
        logging.getLogger("library").error("extra", extra={"address": f"https://u:{secret}@host.example"})
        try:
            fail(f"no answer from {secret}")
        except ValueError:
            log.exception("it failed")
            logging.getLogger("library").exception("it failed with %s", secret)
            sys.excepthook(*sys.exc_info())


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()])
def test_no_secret_is_in_any_line(stream: io.StringIO) -> None:
    plant(started(stream))
    written = stream.getvalue()
    assert written.count("[hidden]") > 50
    for text in (written, written.encode().decode("unicode_escape"), *map(str, _decoded(written))):
        for secret in (TOKEN, TOKEN.partition(":")[2], PASSWORD, "p%40ss", "w%C3%B6rd", LLM_KEY, HOOK):
            assert secret not in text


def _decoded(written: str) -> list[Any]:
    return [json.loads(line) for line in written.splitlines() if line.startswith("{")]


async def test_a_request_of_the_library_does_not_show_the_token() -> None:
    stream = io.StringIO()
    configure("debug", (TOKEN,), stream)
    async with BotApi() as api, httpx.AsyncClient() as client:
        await client.get(f"{api.url}{TOKEN}/getMe")
        bot = Bot(TOKEN, base_url="http://127.0.0.1:1/bot")
        with pytest.raises(TelegramError):
            await bot.get_me()
    written = stream.getvalue()
    assert "HTTP Request" in written
    assert TOKEN not in written
    assert TOKEN.partition(":")[2] not in written


def test_a_token_that_nobody_named_is_hidden_too() -> None:
    assert "AAbb" not in Hider(()).hide(f"https://api.telegram.org/bot{TOKEN}/sendMessage")
    assert "hunter" not in Hider(()).hide("postgresql+psycopg://me:hunter2@db/x")
    assert "sk-AB" not in Hider(()).hide(f"Authorization: Bearer {LLM_KEY}")


def test_a_short_secret_does_not_hide_words_that_hold_it() -> None:
    hide = Hider(("red",)).hide
    assert hide("credit, red, red1") == "credit, [hidden], red1"


HOSTILE = 'ok\n2026-11-24 08:00:00 critical all was deleted\r\x1b[2J\x9b31m\u202egnp\u2028{"event": 1}\x00'


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()])
def test_a_line_cannot_be_forged(stream: io.StringIO) -> None:
    log = started(stream)
    log.info(HOSTILE, value=HOSTILE, **{HOSTILE: HOSTILE})
    logging.getLogger(HOSTILE).info("%s", HOSTILE)
    try:
        fail(HOSTILE)
    except ValueError:
        log.exception("it failed")
    written = stream.getvalue()
    assert not set(written) & set("\r\x1b\x9b\u202e\u2028\x00")
    lines = written.removesuffix("\n").split("\n")
    assert len([line for line in lines if not line.startswith("    | ")]) == 3
    assert not any(line.startswith("2026-11-24 08:00:00 critical") for line in lines)


@given(st.text(), st.text())
def test_whatever_is_logged_stays_one_line_of_json(said: str, value: str) -> None:
    stream = io.StringIO()
    log = started(stream)
    log.info(said, value=value)
    (line,) = stream.getvalue().splitlines()
    assert isinstance(json.loads(line), dict)


def test_people_see_lines_and_machines_json() -> None:
    people, machine = Terminal(), io.StringIO()
    started(people).warning("a feed failed", source="Harbour Post")
    started(machine).warning("a feed failed", source="Harbour Post")
    assert people.getvalue().rstrip().endswith("warning  a feed failed  source=Harbour Post  (tests.test_logs)")
    line = json.loads(machine.getvalue())
    assert (line["event"], line["source"], line["level"]) == ("a feed failed", "Harbour Post", "warning")
    assert line["timestamp"].endswith("Z")


def test_another_process_that_polls_is_one_line_a_minute() -> None:
    stream = io.StringIO()
    started(stream, "info")
    logger = logging.getLogger("telegram.ext.Updater")
    for _ in range(20):
        try:
            raise Conflict("terminated by other getUpdates request")
        except Conflict:
            logger.exception("Exception happened while polling for updates.")
    logger.error("something else")
    assert len(stream.getvalue().splitlines()) == 2


def test_the_same_error_comes_again_after_a_minute() -> None:
    time = 0.0
    repeats = Repeats(lambda: time)
    record = logging.LogRecord("telegram.ext", logging.ERROR, "", 0, "409", None, None)
    assert repeats.filter(record)
    time = 59.0
    assert not repeats.filter(record)
    time = 61.0
    assert repeats.filter(record)


def test_request_lines_are_for_debugging_only() -> None:
    stream = io.StringIO()
    started(stream, "info")
    logging.getLogger("httpx").info("HTTP Request: POST getUpdates")
    assert stream.getvalue() == ""
