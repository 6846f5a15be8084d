"""The terminal: what comes in, what goes out, the exit status, and what is not imported."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.product import product

ROOT = Path(__file__).parent.parent
STORY = {
    "id": "s1",
    "articles": [
        {
            "id": "a",
            "source": "The Lantern",
            "url": "https://lantern.example/1",
            "title": "Arnhaven closes the Old Bridge",
            "text": "The city of Arnhaven closed the Old Bridge to lorries on Monday.\n"
            "Mayor Tilda Voss said the bridge would stay closed for six weeks.",
        }
    ],
}


def triptych(*arguments: str, given: str = "", **settings: str) -> "subprocess.CompletedProcess[str]":
    environment = {k: v for k, v in os.environ.items() if k != "BOT_TOKEN"} | {"PYTHONPATH": str(ROOT)} | settings
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        input=given,
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
    )


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_condense_gives_a_brief_a_line_and_names_a_malformed_one() -> None:
    done = triptych("condense", given=f"{json.dumps(STORY)}\nnot json\n")
    (brief,) = lines(done.stdout)
    assert (done.returncode, brief["id"]) == (1, "s1")
    assert "line 2" in done.stderr
    assert set(brief) == {"id", "headline", "offer", "responses", "reactions", "missing"}
    bullet = brief["offer"][0]
    assert set(bullet) == {"text", "speaker", "verbatim", "citations"}
    start, end = bullet["citations"][0]["span"]
    assert "Old Bridge" in STORY["articles"][0]["text"][start:end]  # type: ignore[index]


def test_group_answers_in_input_order() -> None:
    texts = ["Arnhaven closed the Old Bridge to lorries on Monday after cracks were found in two pillars."] * 2
    texts.append("The comet Ilse will pass the Earth in March, astronomers at the Vell observatory said.")
    rows = [
        {"id": i, "source": f"s{i}", "title": t[:40], "text": t, "date": f"2026-11-2{4 - i}"}
        for i, t in enumerate(texts)
    ]
    done = triptych("group", given="\n".join(map(json.dumps, rows)))
    stories = lines(done.stdout)
    assert [row["id"] for row in stories] == [0, 1, 2]
    assert stories[0]["story"] == stories[1]["story"] != stories[2]["story"]
    assert done.returncode == 0


@pytest.mark.parametrize("command", ["condense", "group"])
def test_bytes_that_are_no_text_end_nothing(command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", command],
        input=b"\xff\xfe{}\n\x00\n",
        capture_output=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        timeout=60,
    )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr


def test_brief_reads_files_and_says_which_it_could_not(tmp_path: Path) -> None:
    article = tmp_path / "bridge.txt"
    article.write_text("Arnhaven closes the Old Bridge\n" + str(STORY["articles"][0]["text"]))  # type: ignore[index]
    done = triptych("brief", str(article), str(tmp_path / "missing.txt"))
    assert done.stdout.startswith("Arnhaven closes the Old Bridge")
    assert (done.returncode, "missing.txt" in done.stderr) == (1, True)


@pytest.mark.parametrize("arguments", [(), ("sell",), ("source",), ("source", "check"), ("brief",)])
def test_wrong_usage_is_exit_status_2(arguments: tuple[str, ...]) -> None:
    assert triptych(*arguments).returncode == 2


@pytest.mark.parametrize(
    "arguments", [("condense",), ("group",), ("brief", os.devnull), ("source", "check", os.devnull, "--json")]
)
def test_what_works_without_telegram_and_database_imports_neither(arguments: tuple[str, ...]) -> None:
    code = (
        "import sys; sys.argv[0] = 'triptych'\nfrom bot.cli import main\ntry: main()\nexcept SystemExit: pass\n"
        "print([m for m in ('telegram', 'sqlmodel', 'sqlalchemy') if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], input="", capture_output=True, text=True, cwd=ROOT, timeout=60
    )
    assert done.stderr.splitlines()[-1] == "[]"


async def test_sources_are_added_listed_checked_exported_and_removed(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        day.paper.publish("Old Bridge closed", "The city of Arnhaven closed the Old Bridge.")
        there = {
            "DATABASE_URL": f"sqlite:///{tmp_path}/own.db",
            "ALLOW_PRIVATE_HOSTS": day.paper.address.removeprefix("http://"),
        }

        async def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
            return await asyncio.to_thread(triptych, *arguments, **there)

        feed = f"{day.paper.address}/feed.xml"
        added = await run("source", "add", day.paper.address, "--section", "Home")
        assert (added.returncode, feed in added.stdout) == (0, True)
        assert feed in (await run("source", "list")).stdout
        checked = json.loads((await run("source", "check", feed, "--json")).stdout)
        assert [e["title"] for e in checked["entries"]] == ["Old Bridge closed"]
        assert checked["error"] is None
        assert 'text="Home"' in (await run("source", "export")).stdout
        assert (await run("source", "check", "--all")).returncode == 0
        assert (await run("source", "remove", feed)).returncode == 0
        gone = await run("source", "remove", feed)
        assert (gone.returncode, gone.stderr.count("\n")) == (1, 1)


def test_a_private_address_is_refused_and_the_json_is_printed_all_the_same() -> None:
    done = triptych("source", "check", "http://127.0.0.1:9/feed", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"]["kind"] == "blocked_address"


def test_a_backup_is_restored_only_when_told_to_overwrite(tmp_path: Path) -> None:
    there = {"DATABASE_URL": f"sqlite:///{tmp_path}/own.db"}
    assert triptych("source", "list", **there).returncode == 0
    assert triptych("backup", str(tmp_path / "copy.db"), **there).returncode == 0
    refused = triptych("restore", str(tmp_path / "copy.db"), **there)
    assert (refused.returncode, "overwrit" in refused.stderr) == (1, True)
    assert triptych("restore", str(tmp_path / "copy.db"), "--overwrite", **there).returncode == 0


def test_doctor_says_what_is_well_and_what_to_mend(tmp_path: Path) -> None:
    fresh = triptych("doctor", DATABASE_URL=f"sqlite:///{tmp_path}/own.db")
    assert (fresh.returncode, "does not exist yet" in fresh.stdout) == (0, True)
    assert not (tmp_path / "own.db").exists()
    (tmp_path / "own.db").write_text("no database" * 200)
    broken = triptych("doctor", DATABASE_URL=f"sqlite:///{tmp_path}/own.db")
    assert (broken.returncode, "is not a database" in broken.stderr) == (1, True)
