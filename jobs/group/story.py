"""A story as the sum of its articles, and how alike two of them are."""

import math
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from jobs.group.index import Filed, likeness
from jobs.group.numbered import Label, conflict
from jobs.group.weigh import Vector, is_number

FADES = 30.0  # hours in which likeness falls to a half
APART = 0.14  # average likeness below which the halves of a story are two stories
STRANGE = 0.06  # the same for the median pair: a round-up that tells both halves does not hold them together
SEEN = 16  # newest articles of a story that are looked through
HOPELESS = 0.1  # no story is joined from so little
FEW = 0.01  # of likeness is as good as nothing
ELSEWHERE = 0.6  # the same people, in another affair
STRANGERS, NAMED = 0.25, 0.25  # the same kind of affair, told with other names: so much of it must be names
OTHER_NUMBERS = 0.55  # the same people, across languages, with other figures
CONFLICTS = 0.4  # the 12th and the 13th of something


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
            self.sums[filed.language] = _sum(self.sums.get(filed.language), filed.words, 1)
            self.bridge = _sum(self.bridge, filed.bridge, 1)
            self.counts[filed.language] += 1
            self.names.update(filed.names)
            self.labels.update(filed.labels)

    def remove(self, serial: int, filed: Filed) -> None:
        self.members.remove(serial)
        if not filed.copy:
            self.sums[filed.language] = _sum(self.sums[filed.language], filed.words, -1)
            self.bridge = _sum(self.bridge, filed.bridge, -1)
            self.counts[filed.language] -= 1
            self.names -= Counter(filed.names)
            self.labels -= Counter(filed.labels)

    def likeness(self, new: Filed, bridged: float) -> float:
        """The average over its articles: those in the same language when there are such, else over the bridge.

        `bridged`: what a likeness over the bridge counts for.
        """
        same = self.counts[new.language]
        if same:
            alike = balanced(new.words, new.names, self.sums[new.language], same)
        else:
            alike = bridged * across(new.bridge, self.bridge) / (self.counts.total() or 1)
        return alike * (CONFLICTS if conflict(new.labels, self.labels.keys(), across=not same) else 1.0)

    def kinship(self, other: "Story", bridged: float) -> float:
        """The average over all pairs of articles of two stories, in the language most of them share."""
        common = {lang: n * other.counts[lang] for lang, n in self.counts.items() if n and other.counts[lang]}
        if common:
            language = max(common, key=common.__getitem__)
            alike = balanced(self.sums[language], self.names.keys(), other.sums[language], common[language])
        else:
            alike = bridged * across(self.bridge, other.bridge) / ((self.counts.total() * other.counts.total()) or 1)
        return alike * (CONFLICTS if conflict(self.labels.keys(), other.labels.keys(), across=not common) else 1.0)

    def apart(self, first: float, last: float) -> float:
        """Hours between it and a span of time; 0 when they overlap."""
        return max(0.0, first - self.last, self.first - last)


def fading(hours: float) -> float:
    return 1 / (1 + hours / FADES)


def across(one: Vector, other: Vector) -> float:
    """What the bridges of two languages share: less when both give numbers and none of them is the same."""
    names = numbers = 0.0
    for key, weight in one.items():
        if key in other:
            if is_number(key):
                numbers += weight * other[key]
            else:
                names += weight * other[key]
    if numbers or not (any(map(is_number, one)) and any(map(is_number, other))):
        return names + numbers
    return OTHER_NUMBERS * names


def balanced(terms: Vector, names: Container[str], total: Vector, pairs: int) -> float:
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
    if alike < HOPELESS:
        return alike
    if shared < 2 or plain < FEW * pairs:
        alike *= ELSEWHERE
    if named < FEW * pairs and _named(terms, names) > NAMED:
        alike *= STRANGERS
    return alike


def _named(terms: Vector, names: Container[str]) -> float:
    """How much of it is names, of 1."""
    weights = [(weight * weight, term in names) for term, weight in terms.items()]
    return sum(weight for weight, name in weights if name) / (sum(weight for weight, _ in weights) or 1.0)


def halves(members: Sequence[Filed]) -> list[Filed]:
    """Those that prove to tell another story than the rest, the fewer of the two; none when it is one story.

    The two least alike draw the others to them; the halves are two stories when an average pair across is below APART.
    """
    seen = members[-SEEN:]
    alike = [[1.0 if one is other else pair(one, other) for other in seen] for one in seen]
    near, far = min(combinations(range(len(seen)), 2), key=lambda ends: alike[ends[0]][ends[1]])
    if alike[near][far] >= APART:
        return []
    one = [i for i in range(len(seen)) if alike[i][near] >= alike[i][far]]
    two = [i for i in range(len(seen)) if alike[i][near] < alike[i][far]]
    across = sorted(alike[i][j] for i in one for j in two)
    if sum(across) / len(across) >= APART and across[(len(across) - 1) // 2] >= STRANGE:
        return []
    older = len(members) - len(seen)
    return [seen[i] for i in (two if len(two) <= len(one) + older else one)]


def pair(one: Filed, other: Filed) -> float:
    alike = likeness(one, other)
    return alike * CONFLICTS if conflict(one.labels, other.labels, across=one.language != other.language) else alike


def _sum(total: Vector | None, terms: Vector, sign: int) -> Vector:
    """A new vector; that of a single article is shared, not copied."""
    if not total:
        return terms
    changed = {term: total.get(term, 0.0) + sign * weight for term, weight in terms.items()}
    return {term: weight for term, weight in (total | changed).items() if weight}
