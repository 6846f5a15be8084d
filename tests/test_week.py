"""Days of news at once: what the single steps promise holds when they work together."""

from pathlib import Path

import pytest

from tests.bench.week import live
from tests.desk import a_database


@pytest.mark.parametrize(
    ("articles", "readers", "days"), [(120, 10, 3), pytest.param(1000, 40, 9, marks=pytest.mark.long)]
)
async def test_nothing_is_told_twice_and_every_answer_comes_with_the_next_brief(
    tmp_path: Path, articles: int, readers: int, days: int
) -> None:
    database = a_database(tmp_path)
    verdict = await live(database, 9, articles, readers, days)
    database.close()
    assert verdict.editions > 3 * readers
    assert verdict.owed > 10
    assert (verdict.twice, verdict.without_news, verdict.missed) == (0, 0, 0)
