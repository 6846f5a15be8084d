"""A question finds whose words it asks for; else what comes near it."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, delete, update

from db.engine import Database
from db.filing import file_articles
from db.records import Merge
from db.search import BLOCK, BLOCKS, RARE, index_articles, search_stories
from db.stories import story_views
from db.tables import Article, Bullet
from jobs.finding import Found, find, near
from jobs.lookup import near_words, query_terms
from jobs.questions import Question, read_question
from tests.archive import add_news
from tests.desk import NOW, a_database

DAY = timedelta(days=1)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    opened = a_database(tmp_path)
    opened.write_now(fill)
    return opened


def fill(session: Session) -> None:
    add_news(
        session,
        "Norland invites Southmark to talks",
        [
            ("offer", "President Ilse Marten of Norland", "The visit could take place within ten days."),
            ("responses", "Southmark’s foreign minister, Lena Roth", "It is a stage, not a table."),
            ("reactions", "Otto Brandis, head of the Coastal League", "Both sides talk past each other."),
        ],
        NOW - 2 * DAY,
    )
    add_news(
        session,
        "Ferry strike enters second week",
        [
            ("offer", "the EU Commission", "A mediator is offered."),
            ("responses", "Ukrainian Sea Workers’ Union", "We will look at it."),
            ("reactions", "Southmark’s foreign minister, Lena Roth", "Southmark has no ferries."),
        ],
        NOW - DAY,
    )
    add_news(session, "Old Bridge closed to lorries", [("offer", "Mayor Tilda Voss", "It stays closed.")], NOW)


def ask(database: Database, typed: str, within: tuple[int, ...] = ()) -> Found:
    asked = read_question(typed, NOW.date())
    since = None if asked.since is None else NOW.replace(hour=0) - (NOW.date() - asked.since)
    return database.read_now(find, asked, NOW, 10, since=since, within=within)


def words(found: Found) -> list[str]:
    return [one.bullet.bullet.text for one in found.statements]


def headlines(database: Database, found: Found) -> list[str]:
    return [view.headline for view in database.read_now(story_views, found.stories)]


def test_a_response_is_found_by_who_gave_it(database: Database) -> None:
    found = ask(database, "what did Southmark answer?")
    assert words(found) == ["It is a stage, not a table."]
    assert found.note == ""


def test_whatever_a_party_said_comes_newest_first(database: Database) -> None:
    assert words(ask(database, "what did Lena Roth say?")) == [
        "Southmark has no ferries.",
        "It is a stage, not a table.",
    ]


@pytest.mark.parametrize("typed", ["what did Ukraine say?", "what did Kyiv answer?", "що відповіла Україна?",
                                   "что ответил Киев?", "was sagt die Ukraine?"])  # fmt: skip
def test_a_country_is_found_by_its_people_in_any_language(database: Database, typed: str) -> None:
    assert words(ask(database, typed)) == ["We will look at it."]


@pytest.mark.parametrize("typed", ["and what did the EU say?", "what did Brussels say", "what did eu propose?"])
def test_a_union_is_found_by_its_short_name(database: Database, typed: str) -> None:
    assert words(ask(database, typed)) == ["A mediator is offered."]


def test_what_was_spoken_of_narrows_the_answer(database: Database) -> None:
    assert words(ask(database, "what did Lena Roth say about the ferry strike?")) == ["Southmark has no ferries."]


def test_where_the_panel_has_nothing_of_a_party_its_other_words_are_shown(database: Database) -> None:
    found = ask(database, "what did the mayor answer?")
    assert words(found) == ["It stays closed."]
    assert found.note == "other panel"


def test_who_is_not_quoted_is_looked_for_in_the_stories(database: Database) -> None:
    found = ask(database, "what did the lorries answer?")
    assert headlines(database, found) == ["Old Bridge closed to lorries"]
    assert found.note == "unsaid"


def test_who_is_only_spoken_of_is_found_in_what_others_said(database: Database) -> None:
    found = ask(database, "what did the mediator say?")
    assert words(found) == ["A mediator is offered."]
    assert found.note == "about"


def test_who_said_nothing_on_it_is_quoted_with_the_newest(database: Database) -> None:
    found = ask(database, "what did Lena Roth say about zeppelins?")
    assert len(words(found)) == 2
    assert found.note == "other topic"


def test_a_reply_is_about_the_stories_it_replies_to(database: Database) -> None:
    assert words(ask(database, "what did Lena Roth say?", within=(1,))) == ["It is a stage, not a table."]


def test_a_reply_that_finds_nothing_there_looks_everywhere(database: Database) -> None:
    found = ask(database, "what did Lena Roth say?", within=(3,))
    assert len(words(found)) == 2
    assert found.note == "other stories"


def test_a_reply_to_a_story_that_was_merged_is_about_its_heir(database: Database) -> None:
    database.write_now(file_articles, [Merge("s1", "s2")], NOW)
    assert len(words(ask(database, "what did Lena Roth say?", within=(1,)))) == 2


def test_who_responded_needs_no_party_within_a_story(database: Database) -> None:
    assert words(ask(database, "who responded?", within=(1,))) == ["It is a stage, not a table."]


def test_since_a_day_leaves_out_what_was_before(database: Database) -> None:
    assert headlines(database, ask(database, "since yesterday")) == [
        "Old Bridge closed to lorries",
        "Ferry strike enters second week",
    ]
    assert headlines(database, ask(database, "strike since yesterday")) == ["Ferry strike enters second week"]


def test_nothing_since_then_gives_the_last_there_was(database: Database) -> None:
    found = ask(database, "talks since yesterday")
    assert headlines(database, found) == ["Norland invites Southmark to talks"]
    assert found.note == "earlier"


def test_a_mistyped_word_is_met_by_the_nearest_in_a_headline(database: Database) -> None:
    there = database.read_now(near, Question("Norlant"))
    assert there.words == ("Norland",)
    assert near_words("hello there", ["Judges ban the cameras"]) == []


def test_a_part_of_the_words_is_better_than_nothing(database: Database) -> None:
    assert headlines(database, ask(database, "ferry zeppelin")) == []
    there = database.read_now(near, Question("ferry zeppelin"))
    assert [headline for _, headline, _ in there.headlines] == ["Ferry strike enters second week"]


def test_what_is_pruned_or_withdrawn_is_found_no_more(database: Database) -> None:
    def prune(session: Session) -> None:
        session.execute(delete(Article).where(col(Article.title).startswith("Old")))
        stage = col(Bullet.text).startswith("It is a stage")
        session.execute(update(Bullet).where(stage).values(withdrawn_at=NOW))

    database.write_now(prune)
    assert headlines(database, ask(database, "bridge")) == []
    assert words(ask(database, "what did Lena Roth say?")) == ["Southmark has no ferries."]


def test_a_word_in_capitals_is_another_word(database: Database) -> None:
    database.write_now(add_news, "US and IT firms meet")
    assert headlines(database, ask(database, "US")) == ["US and IT firms meet"]
    assert database.read_now(search_stories, query_terms("us"), 5) == []


def test_a_name_is_found_across_alphabets(database: Database) -> None:
    database.write_now(add_news, "Поїзди зупинилися: що каже Україна і Норланд", language="uk")
    assert headlines(database, ask(database, "Ukraine")) == ["Поїзди зупинилися: що каже Україна і Норланд"]


def far_later(session: Session) -> None:
    """So many articles later that the others are in old blocks of the index."""
    add_news(session, "Harbour opens", at=NOW)
    session.execute(update(Article).where(col(Article.title) == "Harbour opens").values(id=100_000))
    index_articles(session, [(100_000, "harbour open")])


def test_words_of_which_one_is_rare_are_found_however_old(database: Database) -> None:
    database.write_now(far_later)
    assert headlines(database, ask(database, "ferry strike")) == ["Ferry strike enters second week"]
    assert headlines(database, ask(database, "harbour open")) == ["Harbour opens"]


def test_words_that_all_are_common_are_asked_of_the_newest_only(database: Database) -> None:
    database.write_now(far_later)
    common = [(100_001 + n, "ferr" if n % 2 else "strik") for n in range(2 * (BLOCKS << BLOCK) // RARE + 4)]
    database.write_now(index_articles, common)
    assert ask(database, "ferry strike").stories == ()
    assert headlines(database, ask(database, "ferry strike enters")) == ["Ferry strike enters second week"]


SYNTAX = ['"', "*", "^", "NEAR(", "OR", "AND", "NOT", "stems:", "{", "}", "-", "+", "\0", "\u202e", "🙂", "'", ";",
          "bridge", "0b0", "0weu", "rowid", "%", "_", "\ud800", "ß", "א", "שלום", "?", "since", "answer"]  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(typed=st.text(max_size=200) | st.lists(st.sampled_from(SYNTAX), max_size=40).map(" ".join)
       | st.lists(st.sampled_from(SYNTAX), max_size=40).map("".join))  # fmt: skip
def test_whatever_is_typed_is_looked_up_as_words(database: Database, typed: str) -> None:
    found = ask(database, typed)
    assert len(found.stories) <= 4
    database.read_now(near, read_question(typed, NOW.date()))


def test_four_thousand_characters_are_looked_up(database: Database) -> None:
    for typed in ("a" * 4000, '"' * 4000, "bridge OR " * 400, "🙂" * 4000, "ї " * 2000):
        ask(database, typed)
        database.read_now(near, read_question(typed, NOW.date()))


def test_a_key_of_the_index_cannot_be_typed(database: Database) -> None:
    assert ask(database, "0b0").stories == ()
    assert ask(database, "0poffer").stories == ()
