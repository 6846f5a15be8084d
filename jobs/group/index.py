"""The window of articles: which of them share heavy terms with a new one."""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from jobs.group.numbered import Label
from jobs.group.weigh import Vector, dot

PROBES = 24  # terms of an article that are looked up, the heaviest
NEWEST = 24  # articles kept for a term, so that a common term costs no more in a large window
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
    """Postings by language and term: the newest articles that hold it. The keys of a bridge are told by their "~"."""

    def __init__(self) -> None:
        self.filed: dict[int, Filed] = {}
        self._postings: dict[str, dict[str, tuple[int, ...]]] = {}
        self._next = 0

    def add(self, filed: Filed) -> int:
        serial = self._next
        self._next += 1
        self.filed[serial] = filed
        here = self._postings.setdefault(filed.language, {})
        alone = (serial,)  # one for all its terms that no other article holds
        for term in chain(filed.words, filed.bridge):
            others = here.get(term)
            here[term] = (*others[1 - NEWEST :], serial) if others else alone
        return serial

    def remove(self, serial: int) -> None:
        filed = self.filed.pop(serial)
        here = self._postings[filed.language]
        for term in chain(filed.words, filed.bridge):
            others = here.get(term, ())
            if others == (serial,):
                del here[term]
            elif serial in others:
                here[term] = tuple(other for other in others if other != serial)
        if not here:
            del self._postings[filed.language]

    def candidates(self, new: Filed) -> list[tuple[Filed, float]]:
        """The articles that share most with it, best first, and what their heaviest terms share.

        Those in other languages are found through the bridge.
        """
        found: dict[int, float] = {}
        for language, here in self._postings.items():
            if language == new.language:
                self._probe(new.words, here, found, bridge=False)
            else:
                self._probe(new.bridge, here, found, bridge=True)
        best = heapq.nlargest(CANDIDATES, found, key=found.__getitem__)
        return [(self.filed[serial], found[serial]) for serial in best]

    def _probe(
        self, terms: Vector, here: Mapping[str, Sequence[int]], found: dict[int, float], *, bridge: bool
    ) -> None:
        for term in list(terms)[:PROBES]:  # a vector lists its heaviest terms first
            weight = terms[term]
            for serial in reversed(here.get(term, ())):
                other = self.filed[serial]
                theirs = other.bridge if bridge else other.words
                found[serial] = found.get(serial, 0.0) + weight * theirs[term]


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
