"""An answer is one message, in the languages its reader reads where there is something in them."""

from pathlib import Path

import pytest
from sqlmodel import Session

from bot.found import Answer, Ask, Reader, compose
from bot.messages import MESSAGE_UNITS, plain
from bot.speech import speech
from db.engine import Database
from tests.archive import add_news
from tests.desk import NOW, a_database


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return a_database(tmp_path)


def answer(database: Database, words: str, *reads: str, offset: int = 0) -> Answer:
    reader = Reader(speech("en"), NOW, reads=frozenset(reads or ("en",)))
    return database.read_now(compose, Ask(words, (), offset), reader)


def two_languages(session: Session) -> None:
    add_news(session, "Norland on the ferries", [("responses", "Norland", "It is a stage.")])
    add_news(session, "Норланд про пороми", [("responses", "Норланд", "Це сцена.")], language="uk")


@pytest.mark.parametrize(("reads", "shown"), [("en", (True, False)), ("uk", (False, True)), ("de", (True, True))])
def test_words_come_in_the_languages_that_are_read_where_there_are_some(
    database: Database, reads: str, shown: tuple[bool, bool]
) -> None:
    database.write_now(two_languages)
    html = answer(database, "what did Norland answer?", reads).html
    assert ("It is a stage." in html, "Це сцена." in html) == shown


def test_a_long_answer_is_one_message_and_goes_on_where_it_stopped(database: Database) -> None:
    words = "The mediator spoke of ferries at length. " * 15
    for n in range(6):
        said = [(panel, f"Speaker {n}", words) for panel in ("offer", "offer", "responses", "reactions")]
        database.write_now(add_news, f"Ferry talks, round {n}", said)  # type: ignore[arg-type]
    seen, offset = 0, 0
    while True:
        found = answer(database, "what did speaker say about ferry talks?", offset=offset)
        assert len(plain(found.html).encode("utf-16-le")) // 2 <= MESSAGE_UNITS
        seen += len(found.numbers)
        if found.after is None:
            break
        assert found.after > offset
        offset = found.after
    assert seen == 6


def test_without_any_news_it_says_so(database: Database) -> None:
    assert "no news yet" in answer(database, "").html
