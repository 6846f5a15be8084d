"""Words as they are compared: stems, figures, and names across alphabets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.group.numbered import conflict, labels
from jobs.terms import guess_language, number, sound, spelling, stem, tokens


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "election elections"),
        ("en", "strike strikes"),
        ("de", "Sanktion Sanktionen"),
        ("de", "Wahl Wahlen"),
        ("uk", "санкції санкцій санкціями"),
        ("uk", "вибори виборів виборами"),
        ("ru", "переговоры переговоров переговорам"),
        ("ru", "президента президентом президенту"),
    ],
)
def test_forms_of_one_word_have_one_stem(language: str, words: str) -> None:
    assert len({stem(word.lower(), language) for word in words.split()}) == 1


@pytest.mark.parametrize(
    "names",
    [
        "Kolasenko Коласенко Коласенка Коласенком",
        "Varhola Warhola Вархола Вархолу",
        "Kharzov Charsow Харзов Харзова",
        "Yermolin Jermolin Єрмолін Ермолин",
        "Schmidtke Шмідтке Шмидтке",
    ],
)
def test_spellings_of_one_name_sound_alike(names: str) -> None:
    assert len({sound(name.lower()) for name in names.split()}) == 1


def test_different_names_do_not_sound_alike() -> None:
    assert len({sound(name) for name in ("varga", "kolas", "marin", "osei", "voss", "holm", "petrak")}) == 7
    assert spelling("иран") == spelling("iran") != spelling("tirana")


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("4,300 people", "4300"),
        ("4.300 Menschen", "4300"),
        ("53,4 Prozent", "53.4"),
        ("53.40 per cent", "53.4"),
        ("40 thousand homes", "40000"),
        ("40 тысяч домов", "40000"),
        ("1,5 тис. мешканців", "1500"),
    ],
)
def test_figures_are_one_however_they_are_written(text: str, figure: str) -> None:
    assert [token.stem for token in tokens(text, guess_language(text)) if token.number] == [figure]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The prime minister said that talks would go on", "en"),
        ("Прем’єр-міністр заявив, що переговори триватимуть", "uk"),
        ("Премьер-министр заявил, что переговоры продолжатся", "ru"),
        ("Der Ministerpräsident sagte, die Gespräche gingen weiter", "de"),
    ],
)
def test_language_is_told_from_letters_and_function_words(text: str, language: str) -> None:
    assert guess_language(text) == language


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("EU adopts 12th sanctions package", "EU discusses thirteenth package", "en"),
        ("Рада схвалила 12-й пакет", "Готують тринадцятий пакет санкцій", "uk"),
        ("ЕС принял двенадцатый пакет", "Послы обсуждают 13-й пакет", "ru"),
        ("EU beschließt 12. Sanktionspaket", "Das 13. Sanktionspaket ist in Arbeit", "de"),
        ("Rovers beat Tolby 3-1", "Rovers held 0-0", "en"),
        ("Sieg mit 3:1", "Nur ein 0:0", "de"),
        ("Quake of magnitude 6.1", "Magnitude 5.4 quake", "en"),
        ("Flight 8 reaches orbit", "Starlift Flight 9 is put off", "en"),
    ],
)
def test_things_of_a_series_conflict(one: str, other: str, language: str) -> None:
    assert conflict(labels(one, language), labels(other, language))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12th sanctions package adopted", "Norland scorns the twelfth package"),
        ("Quake of magnitude 6.1", "Quake of magnitude 6.0, first put at 6.1"),
        ("12 dead in flood", "15 dead in flood"),
        ("On May 12 talks begin", "On May 13 talks go on"),
        ("Second time this year", "The third time this year"),
        ("Rovers beat Tolby 3-1", "Tolby lose 1-3 to Rovers"),
        ("Doors open at 10:30", "Doors open at 19:45"),
    ],
)
def test_updates_of_one_thing_do_not_conflict(one: str, other: str) -> None:
    assert not conflict(labels(one, "en"), labels(other, "en"))


@given(st.text(), st.sampled_from(["en", "uk", "ru", "de", "fr", ""]))
def test_any_text_has_tokens(text: str, language: str) -> None:
    for token in tokens(text, language):
        assert token.stem
        assert text[token.at : token.at + len(token.word)].lower() == token.word.lower()
        assert sound(token.word) == sound(token.word.replace("ʼ", "'"))
    labels(text, language)


@given(st.from_regex(r"\d+([.,]\d+)*", fullmatch=True), st.booleans())
def test_any_figure_is_digits(written: str, thousands: bool) -> None:
    assert number(written, thousands=thousands).replace(".", "", 1).isdigit()
