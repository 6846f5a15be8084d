"""The terminal's lists of sources: what is added, what is named as faulty, and the exit status."""

import asyncio
import json
from pathlib import Path

import pytest

from bot import terminal
from db.engine import open_database
from db.sources import source_urls
from tests.desk import setting
from tests.test_parse import item, rss
from tests.web import reply, serve

LIST = (
    b'<opml version="2.0"><body><outline text="World">'
    b'<outline text="Lantern" xmlUrl="https://lantern.example/feed"/>'
    b'<outline text="Post" xmlUrl="https://post.example/feed"/></outline>%s</body></opml>'
)


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path}/own.db"
    monkeypatch.setenv("DATABASE_URL", url)
    return url


def imported(tmp_path: Path, body: bytes) -> int:
    file = tmp_path / "feeds.opml"
    file.write_bytes(body)
    return terminal.import_list(str(file), None)


def test_every_line_of_a_list_is_reported_and_what_is_new_is_added(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert imported(tmp_path, LIST % b"") == 0
    assert imported(tmp_path, LIST % b'<outline text="Mail" xmlUrl="https://mail.example/feed"/>') == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out.splitlines() == [
        "1. https://lantern.example/feed is new",
        "2. https://post.example/feed is new",
        "added: 2 of 2",
        "1. https://lantern.example/feed is a source already",
        "2. https://post.example/feed is a source already",
        "3. https://mail.example/feed is new",
        "added: 1 of 3",
    ]


def test_faulty_and_lost_lines_are_named_on_stderr_and_the_others_are_added(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], database: str
) -> None:
    deep = b'<outline text="deeper">' * 400
    faulty = b'<outline text="Inward" xmlUrl="http://10.0.0.1/feed"/><outline text="words"/>'
    assert imported(tmp_path, LIST % (faulty + deep)) == 1
    said = capsys.readouterr()
    inward, words, *_, lost = said.err.splitlines()
    assert inward == "3. http://10.0.0.1/feed is on an address that is not public"
    assert words == "4. words has no address"
    assert lost.endswith("outlines are so broken that they could not be read.")
    assert open_database(database).read_now(source_urls) == [
        "https://lantern.example/feed",
        "https://post.example/feed",
    ]


def test_a_file_that_is_no_list_adds_nothing_and_is_named_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], database: str
) -> None:
    assert imported(tmp_path, b"<html>hello</html>") == 1
    assert terminal.import_list(str(tmp_path / "missing.opml"), None) == 1
    wrong, missing = capsys.readouterr().err.splitlines()
    assert "is not an OPML file" in wrong
    assert "missing.opml" in missing
    assert open_database(database).read_now(source_urls) == []


def test_a_ready_made_list_is_added_by_name(capsys: pytest.CaptureFixture[str], database: str) -> None:
    assert terminal.import_list(None, "world-en") == 0
    assert len(open_database(database).read_now(source_urls)) >= 10
    assert terminal.import_list(None, "atlantis-xx") == 1
    assert "There are: german-de, " in capsys.readouterr().err


def test_the_list_of_sources_shows_how_each_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], database: str
) -> None:
    imported(tmp_path, LIST % b"")
    stored = open_database(database)
    stored.write_now(setting(1, failures=4, error_kind="timeout"))
    stored.write_now(setting(2, state="paused"))
    capsys.readouterr()
    assert terminal.list_sources() == 0
    assert capsys.readouterr().out.splitlines() == [
        "failing\ttimeout\tWorld\tLantern\thttps://lantern.example/feed",
        "paused\tok\tWorld\tPost\thttps://post.example/feed",
    ]


async def test_all_sources_are_checked_and_one_that_fails_makes_the_status_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = {"/well": reply(rss(item("1", "/1", "Lamp relit")).encode()), "/gone": reply(status="404 Not Found")}
    async with serve(answers) as web:
        monkeypatch.setenv("ALLOW_PRIVATE_HOSTS", web.url().split("/")[2])
        monkeypatch.setenv("HOST_PAUSE_SECONDS", "0")
        imported(tmp_path, web.url("/well").encode())
        assert await asyncio.to_thread(terminal.check_all, False) == 0
        imported(tmp_path, web.url("/gone").encode())
        capsys.readouterr()
        assert await asyncio.to_thread(terminal.check_all, False) == 1
        lines = sorted(capsys.readouterr().out.splitlines())
        assert lines[0] == f"answers\t{web.url('/well')}"
        assert lines[1].startswith(f"fails\t{web.url('/gone')}\t{web.url('/gone')} answered 404. ")
        assert await asyncio.to_thread(terminal.check_all, True) == 1
        reports = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert {report["url"]: report["error"] and report["error"]["kind"] for report in reports} == {
            web.url("/well"): None,
            web.url("/gone"): "client_error",
        }
