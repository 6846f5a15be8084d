"""The window of articles: which of them share heavy terms with a new one."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass

from jobs.group.numbered import Label
from jobs.group.weigh import Vector, dot

PROBES = 24  # terms of an article that are looked up, the heaviest
NEWEST = 24  # articles looked at for a term, so that a common term costs no more in a large window
CANDIDATES = 24
COPY, OWN_COPY = 0.8, 0.6  # likeness of two prints of one report, by anyone and by one publisher


@dataclass(slots=True)
class Filed:
    """An article in the window."""

    article: str
    at: float  # hours
    language: str
    publisher: str
    words: Vector
    bridge: Vector
    names: tuple[str, ...]  # which of the words
    labels: frozenset[Label]
    story: str = ""
    copy: bool = False  # of one that its story already counts
    opening: str = ""  # kept for its meaning only


class Index:
    """Postings by term; an article that left the window is dropped from them when they are next read or swept."""

    def __init__(self) -> None:
        self.filed: dict[int, Filed] = {}
        self._postings: dict[str, list[int]] = {}
        self._languages: dict[str, int] = {}
        self._next = 0
        self._gone = 0

    def add(self, filed: Filed) -> int:
        serial = self._next
        self._next += 1
        self.filed[serial] = filed
        self._languages[filed.language] = self._languages.get(filed.language, 0) + 1
        for term in _posted(filed):
            self._postings.setdefault(term, []).append(serial)
        return serial

    def remove(self, serial: int) -> None:
        filed = self.filed.pop(serial)
        self._languages[filed.language] -= 1
        if not self._languages[filed.language]:
            del self._languages[filed.language]
        self._gone += 1
        if self._gone > len(self.filed) + 1000:
            self._sweep()

    def candidates(self, new: Filed) -> list[tuple[Filed, float]]:
        """The articles that share most with it, best first, and what their heaviest terms share.

        Those in other languages are found through the bridge.
        """
        found: dict[int, float] = {}
        self._probe(new.words, new.language + ":", found, bridge=False)
        for language in self._languages:
            if language != new.language:
                self._probe(new.bridge, language, found, bridge=True)
        best = heapq.nlargest(CANDIDATES, found, key=found.__getitem__)
        return [(self.filed[serial], found[serial]) for serial in best]

    def _probe(self, terms: Vector, prefix: str, found: dict[int, float], *, bridge: bool) -> None:
        filed = self.filed
        for term in list(terms)[:PROBES]:  # a vector lists its heaviest terms first
            weight = terms[term]
            for serial in reversed(self._postings.get(prefix + term, ())[-NEWEST:]):
                if (other := filed.get(serial)) is not None:
                    theirs = other.bridge if bridge else other.words
                    found[serial] = found.get(serial, 0.0) + weight * theirs[term]

    def _sweep(self) -> None:
        kept = {term: [s for s in serials if s in self.filed] for term, serials in self._postings.items()}
        self._postings = {term: serials for term, serials in kept.items() if serials}
        self._gone = 0


def _posted(filed: Filed) -> Iterator[str]:
    for term in filed.words:
        yield f"{filed.language}:{term}"
    for term in filed.bridge:
        yield filed.language + term


def likeness(one: Filed, other: Filed) -> float:
    """Cosine of two articles in one language, or of what a bridge carries between two."""
    if one.language == other.language:
        return dot(one.words, other.words)
    return dot(one.bridge, other.bridge)


def is_copy(one: Filed, other: Filed) -> bool:
    """Two prints of one report, or one publisher telling the same again."""
    if one.language != other.language:
        return False
    return likeness(one, other) >= (OWN_COPY if one.publisher == other.publisher else COPY)
