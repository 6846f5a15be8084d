"""What of an article is compared: its weighted terms, those that other languages share, and its numbered things."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from sys import intern

from db.records import Text
from jobs.group.numbered import Label, labels
from jobs.terms import Token, guess_language, languages, sound, stem, tokens

Vector = dict[str, float]

LONGEST = 20_000  # characters of a text that are read
LEAD = 300  # characters of a text that tell what it is about
TERMS = 42  # of an article, the heaviest: more of a long text adds memory and little else
BRIDGE = 21
TITLE_COUNTS, LEAD_COUNTS = 3.0, 1.5  # as so many occurrences in the body
NAME, NUMBER = 1.5, 1.2  # heavier than a word of the same rarity
STEPS = tuple(step / 1024 for step in range(1025))  # weights are whole steps: sums are exact, and objects are shared
PRIOR_ARTICLES = 1000  # as if so many had been read before the first
PRIOR_SHARES = (0.16, 0.033, 0.01)  # of them that hold a word of each rank of `common`
REMEMBERED = 60_000  # articles; then all counts are halved, so that old news is forgotten
KNOWN, KEPT = 100_000, 75_000  # terms; so many are kept once more are known, and the others weigh as if never seen


@dataclass(frozen=True, slots=True)
class Profile:
    """An article before it is known how rare its terms are."""

    language: str
    words: Vector  # stem -> occurrences, weighted by place and kind
    bridge: Vector  # sound -> the same, for names, numbers and long words
    names: frozenset[str]  # which of the words
    labels: frozenset[Label]


class Frequencies:
    """In how many articles a term was seen; halved from time to time."""

    def __init__(self, articles: float = 0, counts: Mapping[str, float] | None = None) -> None:
        self.articles = articles
        self.counts: Counter[str] = Counter(counts or {})

    def observe(self, terms: Iterable[str]) -> None:
        self.articles += 1
        self.counts.update(terms)
        if self.articles > REMEMBERED:
            self.articles /= 2
            self.counts = Counter({term: count // 2 for term, count in self.counts.items() if count > 1})
        if len(self.counts) > KNOWN:
            rarest_first = sorted(self.counts.items(), key=lambda pair: pair[1])  # of equally rare ones the oldest
            self.counts = Counter(dict(rarest_first[-KEPT:]))

    def rarity(self, term: str) -> float:
        return math.log((self.articles + PRIOR_ARTICLES + 1) / (self.counts[term] + prior().get(term, 0.0) + 1))


@cache
def prior() -> dict[str, float]:
    """In how many of PRIOR_ARTICLES a common word is expected, by stem and by bridge key."""
    expected: dict[str, float] = {}
    for language, words in languages().items():
        for share, rank in zip(PRIOR_SHARES, words.common, strict=True):
            for word in rank:
                for term in (stem(word, language), "~" + sound(word)):
                    expected[term] = max(expected.get(term, 0.0), share * PRIOR_ARTICLES)
    return expected


def profile(article: Text) -> Profile:
    headline, text = article.title[:LEAD], article.text[:LONGEST]
    language = (article.language or "")[:2].lower() or guess_language(f"{headline}\n{text}")
    title, body = tokens(headline, language), tokens(text, language)
    # A headline may capitalise every word: what is a name is learned from running text.
    running = body if sum(token.name for token in title) > len(title) / 2 else body + title
    names = {token.stem for token in running or title if token.name}
    words: Vector = {}
    bridge: Vector = {}
    for token, counts in _placed(title, body):
        boost = NUMBER if token.number else NAME if token.stem in names else 1.0
        words[token.stem] = words.get(token.stem, 0.0) + counts * boost
        if key := _bridge_key(token, names):
            bridge[key] = bridge.get(key, 0.0) + counts * boost
    return Profile(language, words, bridge, frozenset(names), labels(f"{headline}\n{text[:LEAD]}", language))


def _placed(title: list[Token], body: list[Token]) -> Iterable[tuple[Token, float]]:
    for token in title:
        yield token, TITLE_COUNTS
    for token in body:
        yield token, LEAD_COUNTS if token.at < LEAD else 1.0


def _bridge_key(token: Token, names: set[str]) -> str:
    if token.number:
        return intern("~" + token.stem)
    if token.stem in names or len(token.word) >= 6:
        key = sound(token.word)
        return key and intern("~" + key)
    return ""


def is_number(key: str) -> bool:
    """Of the keys of a bridge."""
    return key[1].isdigit()


def vector(counted: Vector, frequencies: Frequencies, limit: int) -> Vector:
    """The heaviest terms, of length one, in whole steps."""
    weights = {term: (1 + math.log(max(1.0, count))) * frequencies.rarity(term) for term, count in counted.items()}
    heaviest = sorted(weights, key=weights.__getitem__, reverse=True)[:limit]
    length = math.sqrt(sum(weights[term] ** 2 for term in heaviest)) or 1.0
    steps = {term: round(weights[term] / length * 1024) for term in heaviest}
    return {term: STEPS[step] for term, step in steps.items() if step}


def dot(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    if len(one) > len(other):
        one, other = other, one
    return sum(weight * other[term] for term, weight in one.items() if term in other)
