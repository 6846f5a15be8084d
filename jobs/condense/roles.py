"""Which panel a sentence belongs to, as probabilities.

Signs of a sentence (`signs.py`) speak for a role with the weights of `weights.py`; roles come in blocks, so the
sentences of an article are decided together: a linear chain whose marginals are summed forward and backward.
(Lafferty, McCallum, Pereira: Conditional Random Fields, 2001.)
"""

import math
from collections.abc import Sequence
from typing import Literal

from jobs.condense.signs import Signs
from jobs.condense.weights import LINKS, WEIGHTS

Role = Literal["offer", "responses", "reactions", "background"]
ROLES: tuple[Role, ...] = ("offer", "responses", "reactions", "background")
Row = tuple[float, float, float, float]
EVEN: Row = (0.25, 0.25, 0.25, 0.25)
ODDS = {name: tuple(tuple(math.exp(log) for log in row) for row in link) for name, link in LINKS.items()}


def roles_of(signs: Sequence[Signs]) -> list[dict[Role, float]]:
    """The probability of every role for every sentence of one article."""
    odds = [_odds(sign) for sign in signs]
    links = [next(link for name, link in ODDS.items() if name in sign) for sign in signs]
    forward: list[Row] = []
    for here, link in zip(odds, links, strict=True):
        before = forward[-1] if forward else EVEN
        reached = _onward(before, link) if forward else EVEN
        forward.append(_normal([one * other for one, other in zip(here, reached, strict=True)]))
    backward: list[Row] = [EVEN]
    for here, link in zip(odds[:0:-1], links[:0:-1], strict=True):
        offer, answer, reaction, rest = (one * other for one, other in zip(here, backward[-1], strict=True))
        backward.append(_normal([a * offer + b * answer + c * reaction + d * rest for a, b, c, d in link]))
    both = zip(forward, reversed(backward), strict=True) if forward else ()
    return [dict(zip(ROLES, _normal([a * b for a, b in zip(*rows, strict=True)]), strict=True)) for rows in both]


def _odds(signs: Signs) -> Row:
    """What the signs of one sentence say for each role, before its neighbours are asked; the likeliest role has 1."""
    row = score(signs)
    top = max(row)
    return math.exp(row[0] - top), math.exp(row[1] - top), math.exp(row[2] - top), math.exp(row[3] - top)


def _onward(before: Row, link: Sequence[Sequence[float]]) -> list[float]:
    """What reaches each role from the sentence before."""
    a, b, c, d = before
    return [a * one + b * two + c * three + d * four for one, two, three, four in zip(*link, strict=True)]


def _normal(row: Sequence[float]) -> Row:
    total = sum(row)
    return row[0] / total, row[1] / total, row[2] / total, row[3] / total


def score(signs: Signs) -> Row:
    """What the signs of one sentence say for each role, before its neighbours are asked."""
    offer = responses = reactions = background = 0.0
    for name, value in signs.items():
        weights = WEIGHTS.get(name)
        if weights:
            offer += value * weights[0]
            responses += value * weights[1]
            reactions += value * weights[2]
            background += value * weights[3]
    return offer, responses, reactions, background
