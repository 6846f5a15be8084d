import asyncio
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jobs.check import check_command, check_source
from jobs.errors import TooLarge
from tests.test_parse import NOW, item, rss
from tests.web import Reply, redirect, reply, serve

FEED = rss(item("1", "/1", "Lamp relit", "<description>After the storm.</description>")).encode()


def command(target: str, *allowed: str, as_json: bool = True) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    status = check_command(target, as_json, allowed, out, err)
    return status, out.getvalue(), err.getvalue()


async def checked(answer: Reply, **limits: Any) -> dict[str, Any]:
    async with serve({"/": answer, "/feed": reply(FEED)}) as web:
        return (await check_source(web.url(), web.limits(**limits), NOW)).as_json()


async def test_a_feed_on_the_web_is_read_the_whole_way() -> None:
    found = await checked(redirect("/feed"))
    assert list(found) == ["url", "final_url", "title", "language", "kind", "entries", "error"]
    assert found["final_url"].endswith("/feed")
    assert (found["title"], found["language"], found["kind"], found["error"]) == ("Harbour Post", "en", "rss20", None)
    (entry,) = found["entries"]
    assert list(entry) == ["key", "title", "url", "published_at", "text"]
    assert (entry["key"], entry["title"], entry["published_at"]) == ("1", "Lamp relit", None)
    assert entry["url"] == found["final_url"].replace("/feed", "/1")


async def test_relative_links_follow_content_location_and_language_its_header() -> None:
    headers = {"Content-Location": "https://mirror.example/news/", "Content-Language": "de"}
    found = await checked(reply(rss(item("1", "one"), head="").encode(), headers=headers))
    assert found["entries"][0]["url"] == "https://mirror.example/news/one"
    assert found["language"] == "de"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (reply(status="404 Not Found"), "client_error"),
        (reply(status="410 Gone"), "gone"),
        (reply(b"<html></html>"), "not_a_feed"),
        (reply(b""), "empty"),
        (reply(b"x" * 5000), "too_large"),
        (reply(FEED, headers={"Content-Encoding": "gzip"}), "bad_compression"),
        (redirect("/"), "redirect_loop"),
        (redirect("http://localhost:1/"), "blocked_address"),
        (redirect("ftp://news.example/"), "blocked_scheme"),
    ],
)
async def test_what_is_wrong_is_named_by_kind_and_in_words(answer: Reply, kind: str) -> None:
    found = await checked(answer, body=4000)
    assert found["error"]["kind"] == kind
    assert found["entries"] == []
    assert found["error"]["message"].startswith("http://127.0.0.1")


def test_a_file_is_read_and_the_status_is_zero(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(FEED)
    status, out, err = command(str(path))
    assert (status, err) == (0, "")
    assert json.loads(out)["entries"][0]["title"] == "Lamp relit"


def test_an_error_prints_its_json_and_one_line_and_the_status_is_one(tmp_path: Path) -> None:
    status, out, err = command(str(tmp_path / "missing.xml"))
    assert status == 1
    assert json.loads(out)["error"]["kind"] == "bad_url"
    assert err.count("\n") == 1


def test_a_private_address_needs_to_be_allowed() -> None:
    status, out, _ = command("http://127.0.0.1:9/feed")
    assert (status, json.loads(out)["error"]["kind"]) == (1, "blocked_address")
    assert json.loads(command("http://127.0.0.1:9/feed", "127.0.0.1:9")[1])["error"]["kind"] == "network"


def test_people_get_a_short_list(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(rss(*(item(str(n), title=f"Tide {n}") for n in range(14))).encode())
    status, out, _ = command(str(path), as_json=False)
    assert status == 0
    assert "rss20, en, 14 entries" in out
    assert "… and 4 more" in out


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(FEED)
    report = asyncio.run(check_source(str(path), _limits(len(FEED) - 1), NOW))
    assert isinstance(report.error, TooLarge)


def _limits(body: int) -> Any:
    from jobs.fetch import Limits

    return Limits(body=body)


def test_checking_a_source_needs_neither_telegram_nor_the_database() -> None:
    code = "import sys, jobs.check; print(*{'telegram', 'sqlmodel', 'sqlalchemy', 'jobs.check'} & sys.modules.keys())"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "jobs.check\n"
    )
