"""What a person asks: of which topic, since when, and whose words. Pure.

"what did Ukraine answer to the plan?"    party Ukraine, panel responses, topic the plan
"ceasefire since Monday"                  topic ceasefire, since that day
"old bridge"                              a topic, as it was typed
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from babel import Locale

from db.records import Panel
from jobs.terms import CYRILLIC, languages

WORD = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\.\d{1,2}\.?(?:\d{4})?|[^\W_]+(?:[-'’ʼ.][^\W_]+)*\.?")
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})$")
DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.?(\d{4})?$")
DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th|-?го|\.)?$")
YEAR = re.compile(r"20\d\d$")
BEFORE_DAY = 3  # words from "since" to the day: "since the last Monday"
LAST = ("last", "past", "this", "letz", "verg", "dies", "мину", "цьог", "прош", "этог")  # what such a word begins with
READ = 500  # characters

Cue = Panel | Literal["say"]


@dataclass(frozen=True, slots=True)
class Question:
    topic: str  # "": of anything
    party: str = ""  # whose words; "": anybody's
    panel: Panel | None = None  # None: any
    said: bool = False  # somebody's words are asked for, not a story
    since: date | None = None  # in the asker's zone; None: no day was named


@dataclass(frozen=True, slots=True)
class Phrases:
    """What `questions.toml` and CLDR know of a language."""

    asks: frozenset[str]
    who: frozenset[str]
    about: frozenset[str]
    idle: frozenset[str]
    since: frozenset[str]
    says: Mapping[str, Cue]  # a word, or the beginning of words with a "*"
    days: Mapping[str, int]
    weekdays: Mapping[str, int]  # 0: Monday
    months: Mapping[str, int] = field(default_factory=dict)

    def cue(self, lower: str) -> Cue | None:
        exact = self.says.get(lower)
        stems = (self.says.get(lower[:end] + "*") for end in range(len(lower), 2, -1))
        return exact or next(filter(None, stems), None)

    def knows(self, lower: str) -> bool:
        return lower in self.asks or lower in self.since or lower in self.days or self.cue(lower) is not None


def read_question(text: str, today: date) -> Question:
    """Never fails: what is no question is a topic in the words it has."""
    typed = text[:READ]
    words = [match[0] for match in WORD.finditer(typed)]
    phrases = _phrases_for(words)
    asking = typed.rstrip().endswith("?") or any(plain_word(word) in phrases.asks for word in words)
    since, left = _without_since(words, phrases, today, asking=asking)
    if asking or _speaks_of(left, phrases):
        said = _said(left, phrases)
        if said is not None:
            return Question(*said, said=True, since=since)
    if asking or since is not None:
        return Question(" ".join(w for w in left if not _is_idle(w, phrases)), since=since)
    return Question(" ".join(typed.split()))


def plain_word(word: str) -> str:
    """As it is compared: phones type other apostrophes than dictionaries."""
    return word.lower().replace("’", "'").replace("ʼ", "'").rstrip(".")


def _phrases_for(words: Sequence[str]) -> Phrases:
    """Those of the language, among the two of the alphabet, that knows most of the words."""
    cyrillic = any(CYRILLIC.search(word) for word in words)
    candidates = [phrases_of(language) for language in (("uk", "ru") if cyrillic else ("en", "de"))]
    return max(candidates, key=lambda phrases: sum(phrases.knows(plain_word(word)) for word in words))


@cache
def phrases_of(language: str) -> Phrases:
    tables = tomllib.loads(Path(__file__).with_name("questions.toml").read_text(encoding="utf-8"))
    table: dict[str, Any] = tables[language]
    cldr = Locale(language)
    weekdays = {name: day for day, name in enumerate(table["weekdays"].split())}
    says: dict[str, Cue] = {word: panel for panel, words in table["says"].items() for word in words.split()}
    return Phrases(
        frozenset(table["asks"].split()),
        frozenset(table["who"].split()),
        frozenset(table["about"].split()),
        frozenset(table["idle"].split()) | languages()[language].stops,
        frozenset(table["since"].split()),
        says,
        table["days"],
        weekdays | _names(cldr.days, "wide", "abbreviated"),
        _names(cldr.months, "wide", "abbreviated"),
    )


def weekdays_of(language: str) -> dict[str, int]:
    """Every name of a weekday, the shortest too, as `plain_word` has it; 0: Monday."""
    return _names(Locale.parse(language).days, "wide", "abbreviated", "short")


def _names(calendar: Mapping[str, Any], *widths: str) -> dict[str, int]:
    """CLDR's names of days or months with their numbers."""
    there = [calendar[use].get(width, {}) for use in ("format", "stand-alone") for width in widths]
    return {plain_word(str(name)): number for names in there for number, name in names.items()}


def _is_idle(word: str, phrases: Phrases) -> bool:
    lower = plain_word(word)
    if word.isupper() and len(word) > 1:
        return False  # US, IT
    return len(lower) == 1 or lower in phrases.idle or lower in phrases.asks


def _without_since(
    words: Sequence[str], phrases: Phrases, today: date, *, asking: bool
) -> tuple[date | None, list[str]]:
    """The day after "since", and the other words; in a question "yesterday" needs no "since"."""
    for at, word in enumerate(words):
        lower = plain_word(word)
        if lower in phrases.since:
            for start in range(at + 1, min(at + 1 + BEFORE_DAY, len(words))):
                day, end = _day(words, start, phrases, today)
                if day is not None:
                    return day, [*words[:at], *words[end:]]
                if not _is_idle(words[start], phrases) and not plain_word(words[start]).startswith(LAST):
                    break
        elif asking and lower in phrases.days:
            return today - timedelta(days=phrases.days[lower]), [*words[:at], *words[at + 1 :]]
    return None, list(words)


def _day(words: Sequence[str], at: int, phrases: Phrases, today: date) -> tuple[date | None, int]:
    """The day that is written from there on, and where the words go on; None when there is none."""
    lower = plain_word(words[at])
    after = [plain_word(word) for word in words[at + 1 : at + 3]] + ["", ""]
    if written := ISO.match(lower):
        year, month, day = map(int, written.groups())
        return _date(year, month, day, today), at + 1
    if written := DOTTED.match(words[at]):
        return _date(int(written[3] or 0), int(written[2]), int(written[1]), today), at + 1
    for first, second in ((lower, after[0]), (after[0], lower)):
        number = DAY.match(first)
        if number and second in phrases.months:
            year = int(after[1]) if YEAR.match(after[1]) else 0
            return _date(year, phrases.months[second], int(number[1]), today), at + (3 if year else 2)
    if lower in phrases.weekdays:
        return today - timedelta(days=(today.weekday() - phrases.weekdays[lower] - 1) % 7 + 1), at + 1
    if lower in phrases.days:
        return today - timedelta(days=phrases.days[lower]), at + 1
    return None, at


def _date(year: int, month: int, day: int, today: date) -> date | None:
    """Year 0: the last such day that has come."""
    try:
        found = date(year or today.year, month, day)
        return found if year or found <= today else found.replace(year=today.year - 1)
    except ValueError:
        return None


def _speaks_of(words: Sequence[str], phrases: Phrases) -> bool:
    """ "Ukraine's response to the plan" is asked for, though it is no question."""
    lower = [plain_word(word) for word in words]
    return any(phrases.cue(one) and other in phrases.about for one, other in pairwise(lower))


def _said(words: Sequence[str], phrases: Phrases) -> tuple[str, str, Panel | None] | None:
    """(topic, party, panel) where somebody's words are asked for."""
    cues = [cue for word in words if (cue := phrases.cue(plain_word(word)))]
    if not cues:
        return None
    panel = next((cue for cue in cues if cue != "say"), None)
    parts: dict[str, list[str]] = {"party": [], "topic": []}
    for into, word in _sorted(words, phrases):
        parts[into].append(word)
    return " ".join(parts["topic"]), " ".join(parts["party"]), panel


def _sorted(words: Sequence[str], phrases: Phrases) -> Iterator[tuple[str, str]]:
    """Each word that says something, as one of the party's or of the topic's.

    The party stands before the verb or right after it; what it spoke of stands after a preposition or after both.
    """
    who = any(plain_word(word) in phrases.who for word in words)
    into, named, ready = "topic" if who else "party", False, False
    for word in words:
        lower = plain_word(word)
        if phrases.cue(lower):
            into, ready = "topic" if named or who else "party", True
        elif lower in phrases.about and ready:
            into = "topic"
        elif not _is_idle(word, phrases):
            named, ready = named or into == "party", True
            yield into, word
        elif lower in phrases.asks:
            ready = True
