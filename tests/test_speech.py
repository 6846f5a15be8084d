"""What is said in each language: CLDR's dates, hours and lists, plurals, and text from strangers that stays text."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.choices import set_days, set_length
from bot.speech import Html, catalogue_path, languages, speech, spoken
from db.tables import Subscriber, Subscription
from jobs.errors import BadCompression, ClientError, Network, SourceError, TooLarge, kept_error

AT = datetime(2026, 11, 24, 6, 5, tzinfo=UTC)  # a Tuesday

ERRORS = (
    ClientError("https://paper.example/feed", 403),
    TooLarge("https://paper.example/feed", "is larger than {size} MiB", size=5),
    BadCompression("https://paper.example/feed", "is compressed as '{x', which is not read"),
    Network("https://paper.example/feed", "leads to {address}, which {what}", address="a", what="is empty"),
)

POLISH = """
msgid ""
msgstr ""
"Language: pl\\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\\n"
"Content-Type: text/plain; charset=utf-8\\n"

msgid "Hello, {name}"
msgstr "Witaj, {name}"

msgid "{n} source"
msgid_plural "{n} sources"
msgstr[0] "{n} źródło"
msgstr[1] "{n} źródła"
msgstr[2] "{n} źródeł"
"""


@pytest.fixture
def polish(tmp_path: Path) -> Path:
    """A folder with a catalogue that the product does not have."""
    path = catalogue_path("pl", tmp_path)
    path.parent.mkdir(parents=True)
    path.write_text(POLISH, "utf-8")
    return tmp_path


def test_a_catalogue_is_all_that_a_language_needs(polish: Path) -> None:
    assert languages(polish) == ("en", "pl")
    assert spoken("pl-PL", polish) == "pl"
    say = speech("pl", polish)
    assert say("Hello, {name}", name="Ala") == "Witaj, Ala"
    assert [say.count("{n} source", "{n} sources", n) for n in (1, 3, 5)] == ["1 źródło", "3 źródła", "5 źródeł"]
    assert say.moment(AT, "Europe/Warsaw") == "wtorek, 07:05"


def test_nothing_is_said_for_nothing(polish: Path) -> None:
    assert speech("pl", polish)("") == ""


def test_what_a_catalogue_does_not_have_is_said_in_english(polish: Path) -> None:
    assert speech("pl", polish)("Good night") == "Good night"
    assert speech("eo", polish)("Good night") == "Good night"
    assert spoken("eo", polish) == spoken(None, polish) == "en"


@pytest.mark.parametrize(
    ("language", "moment", "date", "day", "stamp"),
    [
        ("en", "Tuesday 8:05 AM", "Tuesday, November 24", "Tue, Nov 24", "Nov 24, 8:05\u202fAM"),
        ("uk", "вівторок 08:05", "вівторок, 24 листопада", "вт, 24 листопада", "24 лист., 08:05"),
        ("ru", "вторник 08:05", "вторник, 24 ноября", "вт, 24 нояб.", "24 нояб., 08:05"),
        ("de", "Dienstag, 08:05", "Dienstag, 24. November", "Di., 24. November", "24. Nov., 08:05"),
    ],
)
def test_dates_and_hours_are_written_as_the_language_writes_them(
    language: str, moment: str, date: str, day: str, stamp: str
) -> None:
    say, zone = speech(language), "Europe/Kyiv"
    assert (say.moment(AT, zone), say.date(AT, zone), say.day(AT, zone)) == (moment, date, day)
    assert say.stamp(AT, zone) == stamp


@pytest.mark.parametrize(
    ("language", "listed", "ago", "monday"),
    [
        ("en", "a, b, and c", "2 hours ago", "Mon"),
        ("uk", "a, b і c", "2 години тому", "пн"),
        ("ru", "a, b и c", "2 часа назад", "пн"),
        ("de", "a, b und c", "vor 2 Stunden", "Mo"),
    ],
)
def test_lists_and_spans_are_written_as_the_language_writes_them(
    language: str, listed: str, ago: str, monday: str
) -> None:
    say = speech(language)
    assert say.listed(["a", "b", "c"]) == listed
    assert say.ago(AT, AT + timedelta(hours=2)) == ago
    assert say.weekday(0) == monday


def test_values_from_strangers_stay_text_and_our_own_markup_stays_markup() -> None:
    said = speech("en")("<b>{title}</b> {more}", title="<i>\u202ex</i>", more=Html("<u>y</u>"))
    assert said == "<b>&lt;i&gt;x&lt;/i&gt;</b> <u>y</u>"


@pytest.mark.parametrize("error", ERRORS)
def test_a_source_error_is_said_as_the_error_says_itself(error: SourceError) -> None:
    assert speech("en").fault(error) == str(error)


@pytest.mark.parametrize("language", ["en", "uk", "ru", "de"])
@pytest.mark.parametrize("error", ERRORS)
def test_an_error_whose_words_were_kept_is_said_as_when_it_happened(error: SourceError, language: str) -> None:
    again, say = kept_error(error.kind, error.url, str(error)), speech(language)
    assert str(again) == str(error)
    assert say.fault(again) == say.fault(error)
    assert str(error.url) not in say.fault(again, named=False)


def test_words_that_no_error_says_are_kept_as_they_are() -> None:
    assert speech("uk").fault(kept_error("", "https://paper.example", "went <up> in {smoke}")) == (
        "https://paper.example went &lt;up&gt; in {smoke}."
    )


@pytest.mark.parametrize(
    ("language", "typed"), [("en", "Full"), ("uk", "повністю"), ("ru", "полностью"), ("de", "full")]
)
def test_what_has_a_name_is_typed_in_ones_own_language_or_in_english(language: str, typed: str) -> None:
    reader = Subscriber(chat_id=1, language=language, created_at=AT)
    subscription = Subscription(subscriber_id=1, weekdays=[1], created_at=AT)
    set_length(reader, subscription, typed, AT)
    assert reader.length == "full"
    set_days(reader, subscription, speech(language)("every day"), AT)
    assert subscription.weekdays == []
