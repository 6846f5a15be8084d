"""A story as the sum of its articles, and how alike two of them are."""

import math
from collections import Counter
from dataclasses import dataclass, field

from jobs.group.index import Filed
from jobs.group.weigh import Vector, dot

FADES = 48.0  # hours in which likeness falls to a third
ACROSS = 1.0  # a likeness across languages, made comparable to one within a language


@dataclass(slots=True)
class Story:
    """Copies belong to it and do not count in its sums: a wire report in nine papers weighs once."""

    name: str
    members: list[int] = field(default_factory=list)
    sums: dict[str, Vector] = field(default_factory=dict)  # by language
    counts: Counter[str] = field(default_factory=Counter)  # articles in each sum
    bridge: Vector = field(default_factory=dict)
    first: float = math.inf
    last: float = -math.inf
    held: bool = False

    def add(self, serial: int, filed: Filed) -> None:
        filed.story = self.name
        self.members.append(serial)
        self.first, self.last = min(self.first, filed.at), max(self.last, filed.at)
        if not filed.copy:
            self.counts[filed.language] += 1
            _plus(self.sums.setdefault(filed.language, {}), filed.words, 1)
            _plus(self.bridge, filed.bridge, 1)

    def remove(self, serial: int, filed: Filed) -> None:
        self.members.remove(serial)
        if not filed.copy:
            self.counts[filed.language] -= 1
            _plus(self.sums[filed.language], filed.words, -1)
            _plus(self.bridge, filed.bridge, -1)

    def likeness(self, new: Filed) -> float:
        """The average over its articles: those in the same language when there are such, else over the bridge."""
        if same := self.counts[new.language]:
            return dot(new.words, self.sums[new.language]) / same
        return ACROSS * dot(new.bridge, self.bridge) / (self.counts.total() or 1)

    def kinship(self, other: "Story") -> float:
        """The average over all pairs of articles of two stories."""
        shared = [language for language in self.counts if self.counts[language] and other.counts[language]]
        if not shared:
            pairs = (self.counts.total() * other.counts.total()) or 1
            return ACROSS * dot(self.bridge, other.bridge) / pairs
        alike = sum(dot(self.sums[language], other.sums[language]) for language in shared)
        return alike / sum(self.counts[language] * other.counts[language] for language in shared)

    def apart(self, first: float, last: float) -> float:
        """Hours between it and a span of time; 0 when they overlap."""
        return max(0.0, first - self.last, self.first - last)


def fading(hours: float) -> float:
    return math.exp(-hours / FADES)


def _plus(total: Vector, terms: Vector, sign: int) -> None:
    for term, weight in terms.items():
        changed = total.get(term, 0.0) + sign * weight
        if changed:
            total[term] = changed
        else:
            del total[term]
