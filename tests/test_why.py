"""Why a story was brought is told from the brief that brought it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select, update

from bot.editions import compose_due
from bot.messages import plain
from bot.speech import speech
from bot.why import why_html
from db.engine import Database
from db.filing import file_articles
from db.records import Merge
from db.stories import story_views
from db.subscribers import subscribe, subscription_for
from db.tables import Delivery, Source, Story, Subscription
from tests.desk import NOW, a_database, add_outlet, add_story, bullet, condense

CHAT, MESSAGE = 77, 5
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Reader:
    """Wants to know of the ferry, at eight every day."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.story, self.article = database.write_now(self._begin)

    def _begin(self, session: Session) -> tuple[int, int]:
        reader = subscribe(session, CHAT, "private", "en", "UTC", NOW - DAY)
        subscription = subscription_for(session, reader, 0, NOW - DAY)
        subscription.hours, subscription.due_at = [480], NOW
        subscription.topics = [{"kind": "words", "value": "ferry"}]
        return add_story(session, add_outlet(session, "The Lantern"), "Ferry stopped", NOW - HOUR)

    async def brief(self, now: object = NOW) -> None:
        await compose_due(self.database, now)  # type: ignore[arg-type]
        self.database.write_now(lambda s: s.execute(update(Delivery).values(state="sent", message_id=None)) and None)
        newest = select(Delivery.id).order_by(Delivery.id.desc()).limit(1)  # type: ignore[union-attr]
        self.database.write_now(
            lambda s: s.get_one(Delivery, s.exec(newest).one()).sqlmodel_update({"message_id": MESSAGE}) and None
        )

    def why(self, message: int = MESSAGE) -> str:
        def read(session: Session) -> str:
            (view,) = story_views(session, [self.story])
            return plain(why_html(session, view, (CHAT, message), speech("en"), "UTC"))

        return self.database.read_now(read)


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    database = a_database(tmp_path)
    yield Reader(database)
    database.close()


async def test_why_names_the_outlets_the_topic_and_the_hour(reader: Reader) -> None:
    await reader.brief()
    said = reader.why()
    assert "Told by 1 publisher: The Lantern" in said
    assert "Why it is here: it fits “ferry” and it is only hours old." in said


async def test_why_says_what_found_no_place_and_what_had_nothing_new(reader: Reader) -> None:
    for n in range(7):
        reader.database.write_now(add_story, 1, f"Ferry number {n} stopped", NOW - HOUR)
    await reader.brief()
    assert "3 more stories found no place." in reader.why()
    await reader.brief(NOW + DAY)
    assert "5 stories had nothing new." in reader.why()


async def test_why_says_that_somebody_answered(reader: Reader) -> None:
    await reader.brief()
    answer = bullet(reader.article, "The ferrymen want it back", 200, "responses")
    reader.database.write_now(condense, reader.story, "Ferry stopped", [bullet(reader.article, "", 0), answer], NOW)
    await reader.brief(NOW + DAY)
    assert "somebody answered what you were told" in reader.why()


async def test_why_names_the_sources_that_were_down(reader: Reader) -> None:
    def down(session: Session) -> None:
        outlet = session.get_one(Source, add_outlet(session, "The <Courier>"))
        outlet.error_kind, outlet.error = "refused", "It answered 503."

    reader.database.write_now(down)
    await reader.brief()
    reader.database.write_now(lambda s: s.execute(update(Source).values(error_kind=None)) and None)
    assert "Could not be read: The <Courier>" in reader.why()
    assert "Could not be read" not in reader.why(message=99)


async def test_why_says_which_lines_proved_nothing(reader: Reader) -> None:
    def refuse(session: Session) -> None:
        session.get_one(Story, reader.story).dropped = {"number": 2, "speaker": 1}

    reader.database.write_now(refuse)
    assert "3 lines left out: a number is not in the article and who speaks is not in the article." in reader.why()


async def test_why_of_a_story_that_was_merged_is_still_known(reader: Reader) -> None:
    await reader.brief()

    def merge(session: Session) -> int:
        into, _ = add_story(session, 1, "Ferries halted")
        names = [session.get_one(Story, id).name for id in (reader.story, into)]
        file_articles(session, [Merge(*names)], NOW)
        return into

    reader.story = reader.database.write_now(merge)
    assert "it fits “ferry”" in reader.why()


async def test_outside_a_brief_nothing_is_said_of_the_choice(reader: Reader) -> None:
    assert "Why it is here" not in reader.why()
    assert reader.database.read_now(lambda s: s.exec(select(Subscription.id)).one()) == 1
