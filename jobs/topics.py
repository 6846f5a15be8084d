"""Does a story fit what a person asked for? Words are compared by stem, in each of the four languages. Pure.

A topic is typed in words: all of them must stand in the headline or the lead. A comma begins an alternative; a word
after a minus sign may not stand there: "rocket launch, space station, -film".
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from db.records import StoryView
from jobs.terms import CYRILLIC, TOKEN, languages, spelling, stem

WORDS_MOST = 24  # of a topic; more are not read
READ = 20_000  # characters of a story's text
MINUS = re.compile(r"(?:^|[\s,;])[-–—−](?=\w)")
POINTS = re.compile(r"\b(?:[^\W\d_]\.){2,}")  # U.S. is US
LATIN_LANGUAGES, CYRILLIC_LANGUAGES = ("en", "de"), ("uk", "ru")

Keys = frozenset[str]  # what a word may be found by: any of them will do


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic in words, read. Without alternatives it fits every text that has none of the excluded words."""

    name: str
    alternatives: tuple[tuple[Keys, ...], ...] = ()  # one of them, with all its words
    excluded: tuple[Keys, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """What one subscription is to be brought; with no section, source or topic named: everything."""

    sections: frozenset[str] = frozenset()
    sources: frozenset[int] = frozenset()
    topics: tuple[Topic, ...] = ()
    excluded: tuple[Topic, ...] = ()


def read_topic(words: str) -> Topic:
    """Never fails: what has no word in it, emoji for instance, is a topic without words (`is_empty`)."""
    words = without_points(words[:2000])
    if words.isupper() and " " in words.strip():
        words = words.lower()  # shouted
    alternatives: list[tuple[Keys, ...]] = []
    excluded: list[Keys] = []
    left = WORDS_MOST
    for part in re.split(r"[,;\n|]", words):
        wanted: list[Keys] = []
        for token, against in _marked(part):
            keys = _asked(token)
            if left and keys:
                left -= 1
                (excluded if against else wanted).append(keys)
        if wanted:
            alternatives.append(tuple(wanted))
    return Topic(" ".join(words.split()), tuple(alternatives), tuple(excluded))


def is_empty(topic: Topic) -> bool:
    return not (topic.alternatives or topic.excluded)


def matches(topic: Topic, text: str) -> bool:
    """Whether a headline and lead, in any of the four languages, fit the topic; an empty topic fits nothing."""
    if is_empty(topic):
        return False
    told = _told(text[:READ])
    if any(_stands(keys, told) for keys in topic.excluded):
        return False
    return not topic.alternatives or any(all(_stands(keys, told) for keys in words) for words in topic.alternatives)


def read_wish(topics: Sequence[Mapping[str, Any]], exclude: Sequence[str] = ()) -> Wish:
    """From a subscription's rows: {"kind": "section" | "source" | "words", "value": name | source id | words}."""
    by_kind: dict[str, list[Any]] = {"section": [], "source": [], "words": []}
    for topic in topics:
        by_kind.setdefault(str(topic.get("kind")), []).append(topic.get("value"))
    return Wish(
        frozenset(str(name) for name in by_kind["section"]),
        frozenset(int(source) for source in by_kind["source"]),
        tuple(read_topic(str(words)) for words in by_kind["words"]),
        tuple(topic for topic in map(read_topic, exclude) if topic.alternatives),
    )


def fit(wish: Wish, story: StoryView) -> str | None:
    """The name of what the story fits; "" when everything is wanted, or a source; None when it is not wanted."""
    if any(matches(topic, story.text) for topic in wish.excluded):
        return None
    for topic in wish.topics:
        if matches(topic, story.text):
            return topic.name
    for section in story.sections:
        if section in wish.sections:
            return section
    if not (wish.sections or wish.sources or wish.topics) or not wish.sources.isdisjoint(story.sources):
        return ""
    return None


def without_points(text: str) -> str:
    return POINTS.sub(lambda point: point[0].replace(".", ""), text)


def _marked(part: str) -> Iterable[tuple[str, bool]]:
    """The words of one alternative, and whether each stands after a minus."""
    barred = {match.end() for match in MINUS.finditer(part)}
    for match in TOKEN.finditer(part):
        yield match[0], match.start() in barred


def _asked(word: str) -> Keys:
    """What a typed word is looked for by; none when it says nothing."""
    lower = word.lower()
    if word.isdigit():
        return frozenset(_stems(lower))
    says_nothing = any(lower in known.stops for known in languages().values())
    if len(word) == 1 or (says_nothing and not word.isupper()):
        return frozenset()
    if says_nothing or len(word) == 2:
        return frozenset({f"^{word.upper()}"})  # "US" is not "us", "IT" not "it", and "eu" is "EU"
    same = spelling(lower)
    spelled = {f"cyrillic:{same}", f"latin:{same}"} if CYRILLIC.search(lower) else {f"cyrillic:{same}"}
    return frozenset(_stems(lower)) | (spelled if same else set())


def _stems(lower: str) -> Iterable[str]:
    for language in CYRILLIC_LANGUAGES if CYRILLIC.search(lower) else LATIN_LANGUAGES:
        yield f"{language}:{stem(lower, language)}"


@lru_cache(maxsize=2048)
def _told(text: str) -> str:
    """Everything the words of a text are found by, a line each: one string is a tenth of a set of as many."""
    found: set[str] = set()
    for word in TOKEN.findall(without_points(text)):
        lower = word.lower()
        found.update(_stems(lower))
        found.add(f"{'cyrillic' if CYRILLIC.search(lower) else 'latin'}:{spelling(lower)}")
        if word.isupper() and len(word) > 1:
            found.add(f"^{word}")
    return "\n".join(["", *found, ""])


def _stands(keys: Keys, told: str) -> bool:
    """Whether a word that may be found by these keys is among what was told."""
    return any(f"\n{key}\n" in told for key in keys)
