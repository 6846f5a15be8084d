"""Words as the grouper and the topics compare them: tokens, stems, numbers, and spellings that meet across languages.

English, Ukrainian, Russian and German have stems of their own; any other language is compared word for word.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from sys import intern
from typing import Any

TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")
SENTENCE_END = frozenset('.!?…:;\n"“”„«»([–—•|')
CYRILLIC = re.compile(r"[\u0400-\u04ff]")

LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "ё": "e", "є": "e", "ж": "zh", "з": "z",
    "и": "i", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ы": "i",
    "ь": "", "э": "e", "ю": "iu", "я": "ia", "ß": "ss",
}  # fmt: skip
# What different alphabets and habits of spelling make of one sound, in the order it is replaced.
SOUNDS = (
    ("dzh", "i"), ("tsch", "k"), ("sch", "s"), ("tch", "k"), ("zh", "s"), ("sh", "s"), ("ch", "k"), ("kh", "g"),
    ("ck", "k"), ("ph", "f"), ("th", "t"), ("x", "ks"), ("ts", "s"), ("tz", "s"), ("ce", "se"), ("ci", "si"),
    ("c", "k"),
    ("qu", "kv"), ("q", "k"), ("h", "g"), ("w", "v"), ("z", "s"), ("j", "i"), ("y", "i"),
)  # fmt: skip
CASES = re.compile(r"(?:[оеєиыі]м|[ое][йю]|ого|ому|[ая]ми|[ая]х)$")
REMEMBERED = 1 << 14  # words of each kind: the common ones, and the names of the hour
THOUSAND = re.compile(r"\s(?:thousand|тис|тыс|tausend|Tausend)")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: its stem, how it stood there, and whether it looks like a name or is a number."""

    stem: str
    word: str
    name: bool
    number: bool
    at: int  # in characters of the text


def guess_language(text: str) -> str:
    """Two letters for the four languages that have stems here, told apart by letters and function words."""
    sample = text[:1500].lower()
    if len(CYRILLIC.findall(sample)) * 3 > len(sample):
        ukrainian = sum(sample.count(letter) for letter in "іїєґ")
        return "uk" if ukrainian > sum(sample.count(letter) for letter in "ыэёъ") else "ru"
    words = TOKEN.findall(sample)
    german = sum(word in languages()["de"].stops for word in words) + 2 * sum(
        "ß" in word or "ü" in word for word in words
    )
    return "de" if german > sum(word in languages()["en"].stops for word in words) else "en"


@dataclass(frozen=True, slots=True)
class Words:
    """What `terms.toml` knows of a language."""

    stops: frozenset[str] = frozenset()
    endings: tuple[str, ...] = ()  # longest first; what is left keeps at least three letters
    ordinals: Mapping[str, int] = field(default_factory=dict)  # stem -> which
    uncounted: frozenset[str] = frozenset()  # stems that a number stands before without naming a numbered thing
    common: tuple[frozenset[str], ...] = ()  # words of news that many articles share, the commonest first


@cache
def languages() -> dict[str, Words]:
    tables = tomllib.loads(Path(__file__).with_name("terms.toml").read_text(encoding="utf-8"))
    return {language: _words(table) for language, table in tables.items()}


def _words(table: dict[str, Any]) -> Words:
    endings = tuple(table["endings"].split())
    return Words(
        frozenset(table["stops"].split()),
        endings,
        {_stem(word, endings): which for which, word in enumerate(table["ordinals"].split(), 2)},
        frozenset(_stem(word, endings) for word in table["uncounted"].split()),
        tuple(frozenset(words.split()) for words in table["common"]),
    )


NO_WORDS = Words()


@lru_cache(maxsize=REMEMBERED)
def stem(word: str, language: str) -> str:
    """A lower-case word without its ending; the four languages only. Interned: many articles keep it."""
    return intern(_stem(word, languages().get(language, NO_WORDS).endings))


def _stem(word: str, endings: tuple[str, ...]) -> str:
    word = word.replace("’", "'").replace("ʼ", "'").removesuffix("'s").replace("'", "").replace("ё", "е")
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def latin(word: str) -> str:
    """A lower-case word in Latin letters without marks: "Київ" and "Kyjiw" come near each other, not equal."""
    spelled = "".join(LATIN.get(letter, letter) for letter in word)
    return "".join(c for c in unicodedata.normalize("NFKD", spelled) if "a" <= c <= "z" or c.isdigit())


@lru_cache(maxsize=REMEMBERED)
def sound(word: str) -> str:
    """The consonants a word begins with: what spellings of one name or loan word share across the four languages.

    At most five; two with the vowels between them for a short word; "" for a word too short to tell.
    """
    key = _folded(latin(CASES.sub("", word) if len(word) > 5 else word)).replace("g", "k")
    bones = "".join(b for a, b in pairwise(" " + key) if b not in "aeiou" and a != b)
    if key[:1] in set("aeiou"):
        bones = "a" + bones
    if len(bones) >= 3:
        return bones[:5]
    return key.rstrip("aeiou").replace("e", "i").replace("u", "o") if len(bones) == 2 and len(word) >= 4 else ""


@lru_cache(maxsize=REMEMBERED)
def spelling(word: str) -> str:
    """One spelling, vowels and all, of a lower-case name in both alphabets: "України" and "Ukraine" are one.

    "" for a word too short to tell.
    """
    key = _folded(latin(CASES.sub("", word) if len(word) > 5 else word))
    plain = key[:1] + "".join(b for a, b in pairwise(key) if a != b)
    plain = plain[:-1] if plain[-1:] in set("aeou") else plain.rstrip("i")
    return plain if len(word) >= 4 and len(plain) >= 3 else ""


def _folded(key: str) -> str:
    for one, other in SOUNDS:
        key = key.replace(one, other)
    return key


def number(written: str, *, thousands: bool = False) -> str:
    """One spelling for "4,300" and "4.300", for "53.4" and "53,4", for "40 thousand" and "40,000"."""
    parts = re.split("[.,]", written)
    if len(parts) > 1 and len(parts[-1]) != 3:
        whole, tail = "".join(parts[:-1]), parts[-1].rstrip("0")
    else:
        whole, tail = "".join(parts), ""
    if thousands and len(tail) <= 3:
        whole, tail = (whole + tail.ljust(3, "0")).lstrip("0") or "0", ""
    return f"{whole}.{tail}" if tail else whole


def tokens(text: str, language: str) -> list[Token]:
    """The words of a text that mean something: no function words, no single letters; numbers in digits alone."""
    stops = languages().get(language, NO_WORDS).stops
    found = []
    fresh = True
    last = 0
    for match in TOKEN.finditer(text):
        word = match.group()
        fresh = fresh or last == 0 or not SENTENCE_END.isdisjoint(text[last : match.start()])
        last = match.end()
        if word[0].isdigit():
            one = intern(number(word, thousands=bool(THOUSAND.match(text, last))))
            found.append(Token(one, word, False, True, match.start()))
        elif len(word) > 1 and (lower := word.lower()) not in stops:
            name = word[0].isupper() and (not fresh or word.isupper())
            found.append(Token(stem(lower, language), lower, name, False, match.start()))
        fresh = False
    return found
