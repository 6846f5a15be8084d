"""A story as the sum of its articles, and how alike two of them are."""

import math
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, field

from jobs.group.index import Filed, likeness
from jobs.group.numbered import Label, conflict
from jobs.group.weigh import Vector, dot

FADES = 30.0  # hours in which likeness falls to a half
APART = 0.14  # average likeness below which the halves of a story are two stories
SEEN = 16  # newest articles of a story that are looked through
FEW = 0.01  # of likeness is as good as nothing
ELSEWHERE = 0.6  # the same people, in another affair
STRANGERS, NAMED = 0.25, 0.25  # the same kind of affair, told with other names: so much of it must be names
CONFLICTS = 0.4  # the 12th and the 13th of something
ACROSS = 1.0  # a likeness across languages, made comparable to one within a language


@dataclass(slots=True)
class Story:
    """Copies belong to it and do not count in its sums: a wire report in nine papers weighs once."""

    name: str
    members: list[int] = field(default_factory=list)
    sums: dict[str, Vector] = field(default_factory=dict)  # by language
    counts: Counter[str] = field(default_factory=Counter)  # articles in each sum
    bridge: Vector = field(default_factory=dict)
    names: Counter[str] = field(default_factory=Counter)
    labels: Counter[Label] = field(default_factory=Counter)
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
            self.names.update(filed.names)
            self.labels.update(filed.labels)

    def remove(self, serial: int, filed: Filed) -> None:
        self.members.remove(serial)
        if not filed.copy:
            self.counts[filed.language] -= 1
            _plus(self.sums[filed.language], filed.words, -1)
            _plus(self.bridge, filed.bridge, -1)
            self.names -= Counter(filed.names)
            self.labels -= Counter(filed.labels)

    def likeness(self, new: Filed) -> float:
        """The average over its articles: those in the same language when there are such, else over the bridge."""
        if same := self.counts[new.language]:
            alike = balanced(new.words, new.names, self.sums[new.language], same)
        else:
            alike = ACROSS * dot(new.bridge, self.bridge) / (self.counts.total() or 1)
        return alike * (CONFLICTS if conflict(new.labels, self.labels.keys()) else 1.0)

    def kinship(self, other: "Story") -> float:
        """The average over all pairs of articles of two stories, in the language most of them share."""
        common = {lang: n * other.counts[lang] for lang, n in self.counts.items() if n and other.counts[lang]}
        if common:
            language = max(common, key=common.__getitem__)
            alike = balanced(self.sums[language], self.names.keys(), other.sums[language], common[language])
        else:
            alike = ACROSS * dot(self.bridge, other.bridge) / ((self.counts.total() * other.counts.total()) or 1)
        return alike * (CONFLICTS if conflict(self.labels.keys(), other.labels.keys()) else 1.0)

    def apart(self, first: float, last: float) -> float:
        """Hours between it and a span of time; 0 when they overlap."""
        return max(0.0, first - self.last, self.first - last)


def fading(hours: float) -> float:
    return 1 / (1 + hours / FADES)


def balanced(terms: Vector, names: Set[str], total: Vector, pairs: int) -> float:
    """The average likeness of so many pairs: less when it rests on names alone, on words alone, or on one term."""
    named = plain = 0.0
    shared = 0
    for term, weight in terms.items():
        if term in total:
            shared += 1
            if term in names:
                named += weight * total[term]
            else:
                plain += weight * total[term]
    alike = (named + plain) / pairs
    if shared < 2 or plain < FEW * pairs:
        alike *= ELSEWHERE
    if named < FEW * pairs and _named(terms, names) > NAMED:
        alike *= STRANGERS
    return alike


def _named(terms: Vector, names: Set[str]) -> float:
    """How much of it is names, of 1."""
    weights = [(weight * weight, term in names) for term, weight in terms.items()]
    return sum(weight for weight, name in weights if name) / (sum(weight for weight, _ in weights) or 1.0)


def halves(members: Sequence[tuple[int, Filed]]) -> tuple[list[int], list[int]] | None:
    """The two stories that one proves to be, the larger first; None when it is one.

    The two least alike draw the others to them; the halves stand apart when an average pair across is below APART.
    """
    seen = members[-SEEN:]
    alike = {(i, j): pair(seen[i][1], seen[j][1]) for j in range(len(seen)) for i in range(j)}
    near, far = min(alike, key=alike.__getitem__)

    def to(i: int, j: int) -> float:
        return 1.0 if i == j else alike[min(i, j), max(i, j)]

    one = [i for i in range(len(seen)) if to(i, near) >= to(i, far)]
    two = [i for i in range(len(seen)) if to(i, near) < to(i, far)]
    across = sum(to(i, j) for i in one for j in two) / (len(one) * len(two))
    if across >= APART:
        return None
    if len(two) > len(one):
        one, two = two, one
    older = [serial for serial, _ in members[:-SEEN]]
    return older + [seen[i][0] for i in one], [seen[i][0] for i in two]


def pair(one: Filed, other: Filed) -> float:
    alike = likeness(one, other)
    return alike * CONFLICTS if conflict(one.labels, other.labels) else alike


def _plus(total: Vector, terms: Vector, sign: int) -> None:
    for term, weight in terms.items():
        changed = total.get(term, 0.0) + sign * weight
        if changed:
            total[term] = changed
        else:
            del total[term]
