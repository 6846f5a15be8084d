"""The process: one on a database, clear words when it cannot start, quick to leave."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.playground import Playground, serve
from bot.run import StartError, only_process, running
from jobs.settings import Settings
from tests.product import Clock, product


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
        assert "You are an admin now" in (await day.ask(day.playground.reader, command)).text
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
