"""What a person asks for is read from a few typed words, in four languages."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.records import Panel
from jobs.questions import Question, read_question

TUESDAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("typed", "party", "panel"),
    [
        ("what did Southmark answer?", "Southmark", "responses"),
        ("and what did the EU say?", "EU", None),
        ("how did Norhaven react", "Norhaven", "reactions"),
        ("What has President Marten proposed?", "President Marten", "offer"),
        ("has Norland responded?", "Norland", "responses"),
        ("was hat die EU geantwortet?", "EU", "responses"),
        ("und was sagt Marten?", "Marten", None),
        ("Wie reagiert Nordland?", "Nordland", "reactions"),
        ("що відповіла Україна?", "Україна", "responses"),
        ("а що сказав ЄС?", "ЄС", None),
        ("как отреагировала Польша?", "Польша", "responses"),
        ("что ответил Макрон?", "Макрон", "responses"),
        ("что думает Шольц?", "Шольц", "reactions"),
    ],
)
def test_a_plain_question_names_who_and_which_panel(typed: str, party: str, panel: Panel | None) -> None:
    assert read_question(typed, TUESDAY) == Question("", party, panel, said=True)


@pytest.mark.parametrize(
    ("typed", "party", "topic"),
    [
        ("what did Southmark answer to the invitation?", "Southmark", "invitation"),
        ("what did the US say about Iran?", "US", "Iran"),
        ("Southmark's response to the invitation", "Southmark's", "invitation"),
        ("reactions to the tariff", "", "tariff"),
        ("who rejected the invitation?", "", "invitation"),
        ("was sagt Merz zu den Renten?", "Merz", "Renten"),
        ("що відповіла Москва на план миру?", "Москва", "план миру"),
        ("що про мир сказав Зеленський?", "Зеленський", "мир"),
        ("что сказал Макрон о тарифах?", "Макрон", "тарифах"),
    ],
)
def test_what_was_spoken_of_is_told_from_who_spoke(typed: str, party: str, topic: str) -> None:
    asked = read_question(typed, TUESDAY)
    assert (asked.party, asked.topic, asked.said) == (party, topic, True)


@pytest.mark.parametrize(
    ("typed", "topic", "since"),
    [
        ("old bridge since Monday", "old bridge", date(2026, 11, 23)),
        ("since 12 Nov", "", date(2026, 11, 12)),
        ("ceasefire since November 12th", "ceasefire", date(2026, 11, 12)),
        ("since 3 December bridge", "bridge", date(2025, 12, 3)),
        ("bridge since yesterday", "bridge", date(2026, 11, 23)),
        ("bridge since 2026-11-01", "bridge", date(2026, 11, 1)),
        ("bridge since last Tuesday", "bridge", date(2026, 11, 17)),
        ("what happened since last week?", "", date(2026, 11, 17)),
        ("what happened yesterday?", "", date(2026, 11, 23)),
        ("Brücke seit letztem Montag", "Brücke", date(2026, 11, 23)),
        ("Brücke seit dem 12. November", "Brücke", date(2026, 11, 12)),
        ("Brücke seit 12.11.", "Brücke", date(2026, 11, 12)),
        ("was ist seit gestern passiert?", "", date(2026, 11, 23)),
        ("мости з понеділка", "мости", date(2026, 11, 23)),
        ("що нового з 12 листопада?", "", date(2026, 11, 12)),
        ("вибори від учора", "вибори", date(2026, 11, 23)),
        ("мосты со среды", "мосты", date(2026, 11, 18)),
        ("что нового с 12 ноября 2026", "", date(2026, 11, 12)),
    ],
)
def test_a_day_after_since_is_read(typed: str, topic: str, since: date) -> None:
    assert read_question(typed, TUESDAY) == Question(topic, since=since)


@pytest.mark.parametrize(
    "typed",
    ["old bridge", "IT", "переговори з Польщею", "Verhandlungen ab Werk", "since", "bridge since 31 February", "2026"],
)
def test_words_that_ask_nothing_are_a_topic_as_they_stand(typed: str) -> None:
    assert read_question(typed, TUESDAY) == Question(typed)


def test_fillers_of_a_question_are_no_topic() -> None:
    assert read_question("is there any news on the old bridge?", TUESDAY) == Question("old bridge")


TRICKY = ("since", "what", "did?", "from", "31", "99.", "Nov", "0.0.", "0000-00-00", "з", "з'єднання", "seit")


@given(st.text(max_size=300) | st.lists(st.sampled_from(TRICKY)).map(" ".join))
def test_anything_typed_is_read(typed: str) -> None:
    asked = read_question(typed, TUESDAY)
    assert asked.since is None or asked.since.year >= 1
