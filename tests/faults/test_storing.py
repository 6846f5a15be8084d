"""kill -9 while articles are stored: what was said to be stored is there, once, and the database is whole."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from db.engine import open_database
from db.tables import Article, Seen
from tests.faults.storing import BATCH, keys

ROOT = Path(__file__).parents[2]


def until_killed(url: str, seconds: float) -> int:
    """The last batch that was said to be committed before the kill; -1 for none."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.storing", url], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    said = process.stdout.readline()
    time.sleep(seconds)
    process.kill()
    rest = process.stdout.read()
    process.wait()
    process.stdout.close()
    lines = [line for line in (said + rest).splitlines() if line]
    return int(lines[-1]) if lines else -1


@pytest.mark.parametrize("kills", [3, pytest.param(100, marks=pytest.mark.long)])
def test_kills_while_articles_are_stored_lose_nothing_and_store_nothing_twice(tmp_path: Path, kills: int) -> None:
    url = f"sqlite:///{tmp_path}/articles.db"
    chance = random.Random(kills)
    said = -1
    for _ in range(kills):
        said = max(said, until_killed(url, chance.uniform(0, 0.05)))
        database = open_database(url)
        stored = database.read_now(lambda session: session.exec(select(Article.key)).all())
        seen = database.read_now(lambda session: session.exec(select(Seen.key)).all())
        whole = database.read_now(lambda session: session.execute(text("PRAGMA integrity_check")).scalar())
        database.close()
        assert whole == "ok"
        assert len(stored) == len(set(stored))
        assert {key for batch in range(said + 1) for key in keys(batch)} <= set(stored)
        assert set(stored) == set(seen)
        assert len(stored) % BATCH == 0
    assert said >= 0
