"""kill -9 while briefs are sent: none is lost, none comes more than twice, and twice only if it was on its way."""

import json
import multiprocessing
import random
import sqlite3
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.push import SENT_AGAIN
from db.engine import open_database
from tests.botapi import start_double
from tests.faults.sender import send
from tests.ledger import owe_chats

PARTS = 3


@dataclass
class Report:
    kills: int = 0
    within_a_send: int = 0
    on_their_way: set[str] = field(default_factory=set)  # at a kill, by text
    copies: Counter[str] = field(default_factory=Counter)
    unmarked: int = 0  # second copies without a word
    states: Counter[str] = field(default_factory=Counter)
    lost: set[str] = field(default_factory=set)

    def __str__(self) -> str:
        again = sum(1 for count in self.copies.values() if count > 1)
        return (
            f"{self.kills} kills, {self.within_a_send} of them within a send; {len(self.copies)} messages accepted, "
            f"{again} of them twice, at most {max(self.copies.values())} copies; ledger {dict(self.states)}; "
            f"lost {len(self.lost)}"
        )


@pytest.mark.parametrize("kills", [5, pytest.param(200, marks=pytest.mark.long)])
def test_kills_at_random_points_lose_nothing_and_repeat_only_what_was_on_its_way(tmp_path: Path, kills: int) -> None:
    report = run(tmp_path, kills, seed=kills)
    print(report)
    assert report.kills == kills
    assert report.within_a_send > kills // 4
    assert not report.lost
    assert max(report.copies.values()) <= 2
    assert {text for text, count in report.copies.items() if count > 1} <= report.on_their_way
    assert report.unmarked == 0
    assert not {"owed", "in_doubt", "sending"} & set(report.states)


def run(folder: Path, kills: int, seed: int, limit: int = 200) -> Report:
    chats = range(1, 1 + kills * 20)
    url = f"sqlite:///{folder}/ledger.db"
    database = open_database(url)
    for first in range(0, len(chats), 500):
        database.write_now(owe_chats, chats[first : first + 500], PARTS)
    database.close()
    double = start_double(folder / "accepted.jsonl", None, latency=0.02)
    assert double.stdout is not None
    api = double.stdout.readline().strip()
    report, chance = Report(), random.Random(seed)
    for _ in range(kills):
        _start_and_kill(folder, url, api, limit, chance.uniform(0.0, 0.5), report)
    _start_and_kill(folder, url, api, limit, None, report)
    double.communicate()
    _read(folder, report)
    return report


def _start_and_kill(folder: Path, url: str, api: str, limit: int, after: float | None, report: Report) -> None:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.sender"])
    started = context.Event()
    process = context.Process(target=send, args=(url, api, limit, started), daemon=True)
    process.start()
    assert started.wait(30)
    if after is not None:
        time.sleep(after)
        process.kill()
    process.join(300)
    assert process.exitcode == (0 if after is None else -9)
    if after is not None:
        report.kills += 1
        on_their_way = _texts(folder, "sending")
        report.within_a_send += bool(on_their_way)
        report.on_their_way |= on_their_way


def _texts(folder: Path, state: str) -> set[str]:
    with closing(sqlite3.connect(f"file:{folder}/ledger.db?mode=ro", uri=True)) as connection:
        rows = connection.execute(
            "SELECT plain FROM delivery JOIN rendered ON rendered.id = rendered_id WHERE state = ?", (state,)
        )
        return {text for (text,) in rows}


def _read(folder: Path, report: Report) -> None:
    for line in (folder / "accepted.jsonl").read_text().splitlines():
        text = json.loads(line)["text"].replace("<b>", "").replace("</b>", "")
        plain = text.rpartition("\n")[2]
        report.unmarked += plain in report.copies and SENT_AGAIN not in text
        report.copies[plain] += 1
    with closing(sqlite3.connect(f"file:{folder}/ledger.db?mode=ro", uri=True)) as connection:
        rows = connection.execute(
            "SELECT plain, state FROM delivery JOIN rendered ON rendered.id = rendered_id"
        ).fetchall()
    report.states = Counter(state for _, state in rows)
    report.lost = {text for text, state in rows if text not in report.copies and state != "parked"}
