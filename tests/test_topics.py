"""What a typed topic finds, and what it does not."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.records import StoryView
from jobs.topics import Wish, fit, is_empty, matches, read_topic, read_wish

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def view(text: str, *, sections: tuple[str, ...] = (), sources: tuple[int, ...] = (1,)) -> StoryView:
    return StoryView(1, text, NOON, NOON, (), ("Outlet",), ("Publisher",), sources, sections, text)


@pytest.mark.parametrize(
    ("topic", "text"),
    [
        ("election", "Elections in Ronne are put off"),
        ("elections", "The election in Ronne"),
        ("strike rail", "Rail workers in Veldia go on strike"),
        ("floods", "A flood drowned the lower town of Karsk"),
        ("Wahlen", "Die Wahl in Ronne wird verschoben"),
        ("Sanktion", "EU beschließt neue Sanktionen gegen Norland"),
        ("санкції", "Рада схвалила пакет санкцій проти Норланду"),
        ("вибори", "На виборах у Ронне переміг Петрак"),
        ("забастовка", "В Вельдии начались забастовки машинистов"),
        ("выборы", "Губернатор признал поражение на выборах"),
        ("NATO", "Die Nato berät über Norland"),
        ("eu", "EU adopts its 12th package"),
        ("US", "The U.S. and Norland resume talks"),
        ("WHO", "WHO warns of a new fever"),
    ],
)
def test_words_are_found_in_any_form(topic: str, text: str) -> None:
    assert matches(read_topic(topic), text)


@pytest.mark.parametrize(
    ("topic", "text"),
    [
        ("Iran", "Storm over Tirana"),
        ("art", "The party starts a campaign"),
        ("US", "They told us to leave"),
        ("WHO", "Who will lead Norland?"),
        ("rail strike", "Rail fares rise in Veldia"),
        ("Иран", "Буря над Тираной"),
        ("Niger", "Floods in Nigeria"),
        ("Gaza", "Касса взаимопомощи закрыта"),
        ("Нигер", "Floods in Nigeria"),
        ("Klima", "Das Unternehmen baut Klimaanlagen"),
        ("😀" * 4000, "😀 smile"),
        ("", "anything"),
        ("the of", "The head of the council"),
    ],
)
def test_parts_of_other_words_are_not_found(topic: str, text: str) -> None:
    assert not matches(read_topic(topic), text)


@pytest.mark.parametrize(
    ("topic", "text"),
    [
        ("Ukraine", "Україна відповіла на пропозицію"),
        ("Ukraine", "Заявление сделали в Украине"),
        ("Україна", "Talks on Ukraine resume"),
        ("Україна", "В Украину прибыли послы"),
        ("Berlin", "Встреча в Берлине отложена"),
        ("Зеленський", "Zelensky declines the invitation"),
        ("Zelensky", "Реакція Зеленського"),
        ("Иран", "Iran answers the offer"),
        ("Kyiv", "Київ відповів на пропозицію"),
        ("Gaza", "Переговоры о перемирии в Газе"),
    ],
)
def test_names_are_found_across_alphabets(topic: str, text: str) -> None:
    assert matches(read_topic(topic), text)


def test_excluded_words_and_alternatives() -> None:
    topic = read_topic("rocket launch, space station, -film")
    assert matches(topic, "Launch of the Starlift rocket")
    assert matches(topic, "Crew leaves the space station")
    assert not matches(topic, "Rocket parts found in Ronne")
    assert not matches(topic, "A film about a rocket launch")
    assert not matches(read_topic("Orbix -акції"), "Orbix: акції рухнули")
    assert matches(read_topic("Covid-19"), "Covid 19 returns")


def test_topic_without_words_is_known_as_such() -> None:
    assert is_empty(read_topic("😀 …"))
    assert not is_empty(read_topic("-film"))


def test_wish_for_nothing_special_takes_everything_but_what_is_excluded() -> None:
    wish = read_wish([], ["football"])
    assert fit(wish, view("Dam breaks")) == ""
    assert fit(wish, view("Football: Rovers win")) is None


def test_wish_names_what_a_story_fits() -> None:
    wish = read_wish(
        [
            {"kind": "section", "value": "Science"},
            {"kind": "words", "value": "space launches"},
            {"kind": "source", "value": 7},
            {"kind": "unheard of", "value": "x"},
        ]
    )
    assert fit(wish, view("Space launch delayed", sections=("Science",))) == "space launches"
    assert fit(wish, view("Bees dance", sections=("Science",))) == "Science"
    assert fit(wish, view("Dam breaks", sources=(3, 7))) == ""
    assert fit(wish, view("Dam breaks")) is None
    assert fit(Wish(), view("Dam breaks")) == ""


@given(st.text(), st.text())
def test_any_topic_and_any_text_are_answered(words: str, text: str) -> None:
    topic = read_topic(words)
    assert not (is_empty(topic) and matches(topic, text))


@given(st.lists(st.sampled_from(["dam", "Karsk", "strike", "Вибори", "Überflutung"]), min_size=1, max_size=4))
def test_a_text_fits_the_topic_of_its_own_words(words: list[str]) -> None:
    assert matches(read_topic(" ".join(words)), " ".join(reversed(words)))
