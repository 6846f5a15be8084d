"""A story's timeline: who said what when, day by day, oldest first."""

from datetime import timedelta
from pathlib import Path

from sqlmodel import Session, col, update

from bot.messages import MESSAGE_UNITS, plain
from bot.speech import speech
from bot.timeline import timeline_pages
from db.engine import Database
from db.filing import file_articles
from db.records import Join
from db.statements import Statement, timeline
from db.stories import story_views
from db.tables import Bullet
from tests.archive import add_news, say
from tests.desk import NOW, a_database, add_article

DAY = timedelta(days=1)


def told_over_days(session: Session) -> None:
    """An offer three days ago that is not chosen any more, and what was said since."""
    title = "Norland invites Southmark to talks"
    add_news(session, title, [("offer", "Ilse Marten", "Come within ten days.")], NOW - 3 * DAY)
    later = add_article(session, 1, "Southmark answers", NOW - DAY)
    file_articles(session, [Join(str(later), "s1")], NOW - DAY)
    said = [("responses", "Lena Roth", "It is a stage."), ("reactions", "Otto Brandis", "A pity.")]
    say(session, 1, title, later, said, NOW - DAY)  # type: ignore[arg-type]


def texts(said: list[Statement]) -> list[str]:
    return [one.bullet.bullet.text for one in said]


def pages(database: Database, zone: str = "UTC") -> list[str]:
    (view,) = database.read_now(story_views, [1])
    return [plain(part.html) for part in timeline_pages(view, database.read_now(timeline, 1), speech("en"), zone)]


def test_what_was_said_first_stays_though_it_is_not_chosen_any_more(tmp_path: Path) -> None:
    database = a_database(tmp_path)
    database.write_now(told_over_days)
    assert texts(database.read_now(timeline, 1)) == ["Come within ten days.", "It is a stage.", "A pity."]
    (page,) = pages(database)
    lines = page.splitlines()
    assert lines.index("Saturday, November 21") < lines.index("Monday, November 23")
    assert "Offer Ilse Marten: Come within ten days. (The Lantern)" in lines
    assert "Responses Lena Roth: It is a stage. (The Lantern)" in lines


def test_days_are_the_readers(tmp_path: Path) -> None:
    database = a_database(tmp_path)
    database.write_now(told_over_days)
    assert "Friday, November 20" in pages(database, "Pacific/Honolulu")[0]


def test_what_was_withdrawn_is_not_told(tmp_path: Path) -> None:
    database = a_database(tmp_path)
    database.write_now(told_over_days)
    stage = update(Bullet).where(col(Bullet.text) == "It is a stage.").values(withdrawn_at=NOW)
    database.write_now(lambda session: session.execute(stage))
    assert texts(database.read_now(timeline, 1)) == ["Come within ten days.", "A pity."]


def test_a_long_timeline_has_pages_that_each_fit_a_message(tmp_path: Path) -> None:
    database = a_database(tmp_path)
    words = "The mediator spoke of ferries at length and left. " * 10
    said = [("reactions", f"Speaker {n}", f"{n}. {words}") for n in range(40)]
    database.write_now(add_news, "Ferry talks", said)  # type: ignore[arg-type]
    found = pages(database)
    assert len(found) > 1
    assert all(len(page.encode("utf-16-le")) // 2 <= MESSAGE_UNITS for page in found)
    assert all(page.startswith("Ferry talks") for page in found)
    assert sum(page.count("Reactions Speaker") for page in found) == 40
