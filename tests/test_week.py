"""Days of news at once: what the single steps promise holds when they work together."""

from dataclasses import astuple
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from db.filing import file_articles
from db.records import Merge
from db.tables import Story
from tests.bench.judge import Ledger
from tests.bench.week import live, mark_sent
from tests.desk import NOW, a_database, add_story, bullet, condense
from tests.ledger import owe_parts, part, subscribe

HOUR = timedelta(hours=1)


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


def sent(session: Session, ledger: Ledger, hour: int, bullets: tuple[int, ...], stories: tuple[int, ...]) -> None:
    """The hour's brief of the only reader, judged and sent."""
    owe_parts(session, 1, [part(f"Brief {hour}", bullets, stories)], hour, NOW + hour * HOUR)
    session.flush()
    ledger.judge(session)
    mark_sent(session, NOW + hour * HOUR)


def test_ledger_tells_a_story_sent_again_and_an_answer_left_out(session: Session) -> None:
    ledger, _ = Ledger(), subscribe(session, 77)
    story, article = add_story(session, 1, "Bridge closed")
    answer = bullet(article, "The hauliers will go to court", 200, "responses")
    sent(session, ledger, 0, (1,), (story,))
    condense(session, story, "Bridge closed", [bullet(article, "The offer", 0), answer], NOW + HOUR)
    sent(session, ledger, 1, (1,), (story,))
    assert astuple(ledger.verdict) == (2, 1, 1, 1, 1)


def test_ledger_judges_a_brief_by_what_its_stories_were_when_it_was_sent(session: Session) -> None:
    ledger, _ = Ledger(), subscribe(session, 77)
    (one, first), (two, second) = add_story(session, 1, "Lorries stopped"), add_story(session, 1, "Hauliers halted")
    sent(session, ledger, 0, (1,), (one,))
    sent(session, ledger, 1, (2,), (two,))
    names = [session.get_one(Story, story).name for story in (two, one)]
    file_articles(session, [Merge(*names)], NOW + HOUR)
    condense(session, one, "Lorries stopped", [bullet(first, "The offer", 0)], NOW + HOUR)
    answer = bullet(second, "The hauliers will go to court", 200, "responses")
    condense(session, one, "Lorries stopped", [bullet(first, "The offer", 0), answer], NOW + 2 * HOUR)
    sent(session, ledger, 3, (3,), (one,))
    assert astuple(ledger.verdict) == (3, 0, 0, 1, 0)
