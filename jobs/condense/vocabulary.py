"""The words of one language, read from `words/<language>.toml`: the code that reads news knows no language itself.

A word list is a string of words between white space. A word that ends in `*` stands for every word that begins so
("заяв*"), a word with `_` for words in a row ("pointed_out"). Lists whose entries are themselves patterns (boilerplate
lines) are arrays of regular expressions. `en.toml` says what each list is for.
"""

import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any, TypeVar

K = TypeVar("K")
V = TypeVar("V")
Tags = frozenset[str]
Rules = tuple[tuple[str, str], ...]  # endings and what stands instead, longest first
NOTHING: Tags = frozenset()
NO_RULES: Mapping[str, Rules] = {}
SHORTEST_STEM = 2


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the word lists say about a word; `tables` is the whole file, for who needs more than tags."""

    language: str
    words: Mapping[str, Tags]  # lower case -> the lists that hold it
    stems: Mapping[str, Tags]
    rows: Mapping[str, tuple[tuple[tuple[str, ...], Tags], ...]]  # first word -> words in a row, longest first
    endings: tuple[tuple[str, str], ...]  # a word's ending -> its tag
    boilerplate: re.Pattern[str]  # matches at the start of a line that is not the article's own text
    function_words: frozenset[str]
    abbreviations: frozenset[str]  # with their dot; a sentence does not end after them
    free_order: bool  # a verb may stand before its subject although no quotation stands before the verb
    capital_nouns: bool  # common nouns are capitalised, so a capital alone makes no name
    case_endings: frozenset[str]  # of declined names
    case_lengths: tuple[int, ...]  # of these, longest first
    declined: tuple[str, ...]  # endings by which a noun or adjective is seen to be no subject
    fleeting: frozenset[str]  # vowels that a declined name loses or changes before its last consonant
    tables: Mapping[str, Any]
    nominative: Mapping[
        str, Mapping[str, Rules]
    ]  # kind of word, its last letter -> rules; empty where nothing is declined
    seen: dict[str, Tags] = field(default_factory=dict, compare=False, repr=False)  # answers given before, at most SEEN
    forms: dict[str, tuple[str, Tags, bool]] = field(default_factory=dict, compare=False, repr=False)  # as written

    def tags(self, word: str) -> Tags:
        """The lists that hold this word (lower case)."""
        found = self.seen.get(word)
        if found is None:
            found = remember(self.seen, word, self._found(word))
        return found

    def rules(self, kind: str, word: str) -> Rules:
        """The rules of a kind that may fit a word."""
        return self.nominative.get(kind, NO_RULES).get(word[-1:].lower(), ())

    def plural_declined(self, word: str) -> bool:
        """Whether a word for several people (lower case) stands in another case than a subject does."""
        return any(word.endswith(ending.lstrip("=")) for ending, _ in self.rules("nouns_they", word))

    def first_name(self, word: str) -> Tags:
        """The lists that hold the nominative of a declined first name (lower case)."""
        return frozenset(
            tag
            for sex, tag in (("first_he", "male_names"), ("first_she", "female_names"))
            for ending, instead in self.rules(sex, word)
            if f"={word}".endswith(ending)
            and tag in self.words.get(word[: len(word) - len(ending.lstrip("="))] + instead, NOTHING)
        )

    def _found(self, word: str) -> Tags:
        """The word's own lists and those of its stems; failing both, the lists of its ending."""
        found = self.words.get(word, NOTHING)
        for end in range(SHORTEST_STEM, min(len(word), LONGEST_STEM) + 1):
            found |= self.stems.get(word[:end], NOTHING)
        if found:
            return found
        parts = word.split("-")
        if len(parts) > 1 and any("roles" in self.words.get(part, NOTHING) for part in (parts[0], parts[-1])):
            return frozenset(("roles",))  # "director-general"
        ended = {tag for ending, tag in self.endings if word.endswith(ending) and len(word) > len(ending) + 1}
        return frozenset(ended) if ended else NOTHING  # one for all: thousands of words are in no list


SETTINGS = ("order", "head", "case_endings", "fleeting", "declined")  # strings in the tables that are no word lists
SEEN = 20_000
LONGEST_STEM = 24


def remember(memo: dict[K, V], key: K, answer: V) -> V:
    """The answer, kept for the next time. A full memo begins anew: what is asked for often is soon in it again."""
    if len(memo) >= SEEN:
        memo.clear()
    memo[key] = answer
    return answer


@functools.cache
def languages() -> frozenset[str]:
    """The languages that have a file."""
    folder = resources.files("jobs.condense") / "words"
    return frozenset(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".toml"))


@functools.cache
def vocabulary(language: str) -> Vocabulary | None:
    """The words of a language (two letters), or None where it has no file."""
    if language not in languages():
        return None
    return read(language, (resources.files("jobs.condense") / "words" / f"{language}.toml").read_text("utf-8"))


def read(language: str, toml: str) -> Vocabulary:
    """A vocabulary from the text of its file."""
    tables = tomllib.loads(toml)
    words: dict[str, set[str]] = {}
    stems: dict[str, set[str]] = {}
    rows: dict[tuple[str, ...], set[str]] = {}
    for table in ("speech", "names", "grammar"):
        for tag, listed in tables.get(table, {}).items():
            if isinstance(listed, str) and tag not in SETTINGS:
                _sort(tag, listed, words, stems, rows)
    grammar, names = tables.get("grammar", {}), tables.get("names", {})
    endings = names.get("case_endings", "").split()
    if grammar.get("head") == "first":
        leads = " ".join(names.get(tag, "") for tag in ("roles", "groups", "organisations", "documents"))
        _sort("leads", leads, words, stems, rows)
    return Vocabulary(
        language=language,
        words={word: frozenset(tags) for word, tags in words.items()},
        stems={stem: frozenset(tags) for stem, tags in stems.items()},
        rows=_by_first_word(rows),
        endings=tuple((ending, tag) for tag, listed in grammar.get("endings", {}).items() for ending in listed.split()),
        boilerplate=_one_of(tables.get("boilerplate", {}).get("lines", [])),
        function_words=frozenset(tables.get("language", {}).get("function_words", "").split()),
        abbreviations=frozenset(tables.get("language", {}).get("abbreviations", "").split()),
        free_order=grammar.get("order") == "free",
        capital_nouns=bool(grammar.get("capital_nouns")),
        case_endings=frozenset(endings),
        case_lengths=tuple(sorted({len(ending) for ending in endings}, reverse=True)),
        declined=tuple(names.get("declined", "").split()),
        fleeting=frozenset(names.get("fleeting", "").split()),
        tables=tables,
        nominative={kind: _rules(listed) for kind, listed in tables.get("nominative", {}).items()},
    )


def _rules(listed: str) -> Mapping[str, Rules]:
    """ "a>b ca>?": by the last letter, the longer ending first."""
    found: dict[str, Rules] = {}
    for ending, instead in sorted((entry.split(">") for entry in listed.split()), key=lambda pair: -len(pair[0])):
        found[ending[-1]] = (*found.get(ending[-1], ()), (ending, instead))
    return found


def _sort(
    tag: str, listed: str, words: dict[str, set[str]], stems: dict[str, set[str]], rows: dict[tuple[str, ...], set[str]]
) -> None:
    for word in listed.lower().split():
        if "_" in word:
            rows.setdefault(tuple(word.split("_")), set()).add(tag)
        elif word.endswith("*"):
            stems.setdefault(word[:-1], set()).add(tag)
        else:
            words.setdefault(word, set()).add(tag)


def _by_first_word(rows: dict[tuple[str, ...], set[str]]) -> dict[str, tuple[tuple[tuple[str, ...], Tags], ...]]:
    found: dict[str, list[tuple[tuple[str, ...], Tags]]] = {}
    for row, tags in sorted(rows.items(), key=lambda item: -len(item[0])):
        found.setdefault(row[0], []).append((row, frozenset(tags)))
    return {first: tuple(listed) for first, listed in found.items()}


def _one_of(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)", re.IGNORECASE)
