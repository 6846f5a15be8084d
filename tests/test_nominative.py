"""A speaker's label is in the nominative, whatever case the article has it in."""

import pytest

from db.records import Bullet, Citation, Text
from jobs.condense import nominative
from jobs.condense.gate import check
from jobs.condense.sentences import read
from jobs.condense.speakers import attribute
from jobs.condense.vocabulary import read as read_vocabulary
from jobs.condense.vocabulary import vocabulary


def labels(text: str, code: str) -> list[str]:
    words = vocabulary(code)
    assert words
    said = attribute(read(Text("0", "", text), code), words)
    return [statement.speaker.label for statement in said if statement.speaker]


@pytest.mark.parametrize(
    ("code", "text", "label"),
    [
        ("uk", "За словами військового аналітика Романа Скиби, міст закриють.", "військовий аналітик Роман Скиба"),
        (
            "uk",
            "На думку колишньої міністерки Олени Ковальської, міст закриють.",
            "колишня міністерка Олена Ковальська",
        ),
        ("uk", "За оцінкою науковця Марка Дорошенка, міст закриють.", "науковець Марко Дорошенко"),
        ("uk", "За даними обласної прокуратури, міст закриють.", "обласна прокуратура"),
        ("uk", "У компанії «Ларкмор» заявили, що міст закриють.", "компанія «Ларкмор»"),
        ("uk", "На думку експертів, міст закриють.", "експерти"),
        ("ru", "По словам военного аналитика Романа Скворцова, мост закроют.", "военный аналитик Роман Скворцов"),
        ("ru", "По мнению бывшей чиновницы Анны Лавиной, мост закроют.", "бывшая чиновница Анна Лавина"),
        ("ru", "По данным городской администрации, мост закроют.", "городская администрация"),
        ("ru", "Об этом заявили в Министерстве обороны, мост закроют.", "Министерство обороны"),
        ("ru", "По мнению экспертов, мост закроют.", "эксперты"),
        ("de", "Laut dem früheren Präsidenten Otto Lenz bleibt die Brücke zu.", "früherer Präsident Otto Lenz"),
        ("de", "Laut der Vorsitzenden Ines Albers bleibt die Brücke zu.", "Vorsitzende Ines Albers"),
        ("de", "Nach Angaben des Ministeriums bleibt die Brücke zu.", "Ministerium"),
        ("de", "Laut einem Sprecher des Amtes bleibt die Brücke zu.", "ein Sprecher des Amtes"),
    ],
)
def test_who_is_met_in_another_case_is_named_in_the_nominative(code: str, text: str, label: str) -> None:
    assert labels(text, code) == [label]


@pytest.mark.parametrize(
    ("code", "text", "label"),
    [
        ("uk", "За словами голови спілки Богдана Кременя, міст закриють.", "голови спілки Богдана Кременя"),
        ("uk", "За словами Скиби, міст закриють.", "Скиби"),
        ("uk", "За даними двох експертів, міст закриють.", "двох експертів"),
    ],
)
def test_what_may_stand_for_several_words_is_left_as_the_article_has_it(code: str, text: str, label: str) -> None:
    assert labels(text, code) == [label]


def test_the_nominative_that_the_article_has_is_kept() -> None:
    text = "За словами голови спілки Богдана Кременя, міст закриють.\n«Ми чекали», — сказав Кремінь."
    assert labels(text, "uk") == ["голова спілки Богдан Кремінь"] * 2


def test_a_name_met_as_an_object_speaks_in_the_nominative() -> None:
    text = "Суд звільнив директора Романа Кравця.\nВін заявив, що подасть скаргу до вищого суду."
    assert labels(text, "uk") == ["директор Роман Кравець"]


def test_a_name_in_the_nominative_is_not_taken_for_another_case() -> None:
    assert labels("Заявила директорка Олександра Ковальська, що міст закриють.", "uk") == [
        "директорка Олександра Ковальська"
    ]


VORUNESE = """
[language]
name = "Vorunese"
[speech]
says = "nunsal"
according = "lau"
that = "ke"
[names]
roles = "minist*"
male_names = "orlo"
case_endings = "n"
[grammar]
head = "first"
linkers = "de"
prepositions = "de"
[nominative]
first_he = "on>o"
last_he = "ntin>ntis"
nouns_he = "istron>isto"
"""


def test_a_language_brings_its_cases_along_without_code() -> None:
    words = read_vocabulary("vo", VORUNESE)
    (said,) = attribute(read(Text("0", "", "Lau ministron Orlon Bentin, la ponte resta ferma."), "vo"), words)
    assert said.speaker
    assert said.speaker.label == "ministo Orlo Bentis"


def test_a_rule_is_tried_longest_ending_first_and_may_say_that_it_cannot_tell() -> None:
    rules = (("=посла", "посол"), ("еня", "?"), ("а", ""))
    assert nominative.changed("посла", rules) == "посол"
    assert nominative.changed("Кременя", rules) is None
    assert nominative.changed("Романа", rules) == "Роман"
    assert nominative.changed("Марко", rules) == "Марко"


@pytest.mark.parametrize(
    ("speaker", "text", "passes"),
    [
        ("продавець Іван Кравець", "За словами продавця Івана Кравця, міст закриють.", True),
        ("früherer Präsident Otto Lenz", "Laut dem früheren Präsidenten Otto Lenz bleibt die Brücke zu.", True),
        ("Hydrologe Otto Lenz", "Laut dem Juristen Otto Lenz bleibt die Brücke zu.", False),
        ("Іран", "За словами Іраку, міст закриють.", False),
    ],
)
def test_the_gate_knows_a_speaker_in_another_case_and_nobody_else(speaker: str, text: str, passes: bool) -> None:
    said = text.partition(", ")[2] or text.rpartition(" bleibt ")[2]
    start = text.index(said)
    bullet = Bullet(said, speaker, False, (Citation("0", "", "", (start, len(text))),))
    refusal = check(bullet, [Text("0", "", text)])
    assert (refusal is None) == passes


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("uk", "Романа Кравця", "Роман Кравець"),
        ("uk", "Дубровицької міської ради", "Дубровицька міська рада"),
        ("uk", "Міністерство оборони", "Міністерство оборони"),
        ("ru", "Министерства обороны", "Министерство обороны"),
        ("ru", "Торговая палата Вельдена", "Торговая палата Вельдена"),
        ("de", "Otto Lenz", "Otto Lenz"),
        ("en", "Larkmoor Council", "Larkmoor Council"),
    ],
)
def test_a_name_from_a_lead_comes_to_the_nominative_only_where_its_ending_shows_the_case(
    code: str, text: str, expected: str
) -> None:
    words = vocabulary(code)
    assert words
    assert nominative.named(text, words) == expected


def test_a_company_and_its_apposition_are_not_declined_apart() -> None:
    assert labels("За даними мережі супермаркетів «Рись», ціни зростуть.", "uk") == ["мережа супермаркетів «Рись»"]
    assert labels("По данным пресс-службы «Волны», цены вырастут.", "ru") == ["пресс-служба «Волны»"]


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("ru", "городского совета", "городской совет"),
        ("ru", "представителей профсоюза", "представители профсоюза"),
        ("uk", "колишнього судді", "колишній суддя"),
        ("uk", "військових експертів", "військові експерти"),
        ("de", "des Deutschen Wetterdienstes", "Deutscher Wetterdienst"),
        ("de", "dem Auswärtigen Amt", "Auswärtiges Amt"),
        ("de", "der grünen Abgeordneten", "grüne Abgeordnete"),
    ],
)
def test_an_adjective_agrees_with_its_noun(code: str, text: str, expected: str) -> None:
    words = vocabulary(code)
    assert words
    assert nominative.phrase(text, words) == expected
