"""The words that mark panels and kinds, from the sections [roles], [choice], [marks], [kinds] of a language's file.

A list is a string of words between white space, `_` joins words in a row, and a word that ends in `*` stands for all
its endings ("declin*_to_comment"). Matching is by token, so its cost does not grow with the lists.
"""

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jobs.condense.vocabulary import Vocabulary, remember, vocabulary

SECTIONS = ("roles", "choice", "marks", "kinds")
TOKEN = re.compile(r"\d+(?:[.,:/]\d+)*|[^\W\d_]+(?:[-'’ʼ][^\W\d_]+)*|[%$€£₴₽]")

Rest = tuple[str, ...]
Starting = tuple[tuple[str, Rest], ...]  # the list, the words after the first


@dataclass(frozen=True, slots=True)
class Markers:
    """One language's lists by their first words; `said` holds its sentences for readers."""

    language: str
    words: Mapping[str, Starting]
    stems: Mapping[str, Starting]
    lengths: tuple[int, ...]  # of the stems, so that a token is cut only where a stem could end
    said: Mapping[str, str]
    countries: Mapping[str, str]  # a word or stem ("swed*") -> the country it stands for
    seats: Mapping[str, str]  # a title -> the house that speaks for who holds it in the country of most readers
    seen: dict[str, Starting] = field(default_factory=dict, compare=False, repr=False)
    phrases: dict[str, frozenset[str]] = field(default_factory=dict, compare=False, repr=False)
    # What `identity.named_in` remembers.
    named: dict[tuple[str, bool], Any] = field(default_factory=dict, compare=False, repr=False)

    def of(self, tokens: Sequence[str]) -> dict[str, list[int]]:
        """The lists that lower-case tokens touch, with the places where a word of theirs starts."""
        found: dict[str, list[int]] = {}
        seen = self.seen
        for place, token in enumerate(tokens):
            starting = seen.get(token)
            if starting is None:
                starting = self._starting(token)
            if not starting:
                continue
            # The second word's initial rules most rows out; "*" stands for any word.
            initial = tokens[place + 1][0] if place + 1 < len(tokens) else ""
            for kind, rest in starting:
                if not rest or (rest[0][0] in ("*", initial) and _continues(tokens, place + 1, rest)):
                    found.setdefault(kind, []).append(place)
        return found

    def kinds(self, token: str) -> frozenset[str]:
        """The lists that a lower-case token is in by itself."""
        return frozenset([kind for kind, rest in self._starting(token) if not rest])

    def told_by(self, text: str) -> frozenset[str]:
        """The lists that a name or description touches; remembered, since the same people speak in many articles."""
        found = self.phrases.get(text)
        if found is None:
            found = remember(self.phrases, text, frozenset(self.of(tokens_of(text))))
        return found

    def _starting(self, token: str) -> Starting:
        starting = self.seen.get(token)
        if starting is None:
            stems = (self.stems.get(token[:length], ()) for length in self.lengths if length <= len(token))
            starting = self.words.get(token, ()) + tuple(entry for entries in stems for entry in entries)
            remember(self.seen, token, starting)
        return starting


def _continues(tokens: Sequence[str], place: int, rest: Rest) -> bool:
    if place + len(rest) > len(tokens):
        return False
    for word in rest:
        token = tokens[place]
        if token != word and not (word[-1] == "*" and token.startswith(word[:-1])):
            return False
        place += 1
    return True


def tokens_of(text: str) -> list[str]:
    """Lower-case words and numbers, in order."""
    return TOKEN.findall(text.lower().replace("’", "'"))


@functools.cache
def markers_for(language: str) -> Markers | None:
    """The markers of a language; None when it has no file, or its file knows nothing of panels."""
    words = vocabulary(language)
    return markers_from(words) if words and words.tables.get("roles") else None


def markers_from(vocabulary: Vocabulary) -> Markers:
    """The markers of a language's file."""
    words: dict[str, Starting] = {}
    stems: dict[str, Starting] = {}
    for kind, listed in _lists(vocabulary):
        for entry in listed:
            first, *rest = entry.split("_")
            into, key = (stems, first[:-1]) if first.endswith("*") else (words, first)
            into[key] = (*into.get(key, ()), (kind, tuple(rest)))
    lengths = tuple(sorted({len(stem) for stem in stems}))
    said = dict(vocabulary.tables.get("missing", {}))
    return Markers(vocabulary.language, words, stems, lengths, said, _countries(vocabulary), _seats(vocabulary))


def _lists(vocabulary: Vocabulary) -> list[tuple[str, list[str]]]:
    return [
        (kind, listed.lower().split())
        for section in SECTIONS
        for kind, listed in vocabulary.tables.get(section, {}).items()
        if isinstance(listed, str) and kind not in ("countries", "seats")
    ]


def _countries(vocabulary: Vocabulary) -> dict[str, str]:
    listed = vocabulary.tables["roles"].get("countries", "").lower().split()
    return {word: country for country in listed for word in country.split("/")}


def _seats(vocabulary: Vocabulary) -> dict[str, str]:
    listed = vocabulary.tables["roles"].get("seats", "").lower().split()
    return {title: seat.replace("_", " ") for title, seat in (entry.split("/") for entry in listed)}
