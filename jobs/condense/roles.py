"""Which panel a sentence belongs to, as probabilities.

Signs of a sentence (`signs.py`) speak for a role with the weights of `weights.py`; roles come in blocks, so the
sentences of an article are decided together: a linear chain whose marginals are summed forward and backward.
(Lafferty, McCallum, Pereira: Conditional Random Fields, 2001.)
"""

import math
from collections.abc import Iterable, Sequence
from typing import Literal

from jobs.condense.signs import Signs
from jobs.condense.weights import LINKS, WEIGHTS

Role = Literal["offer", "responses", "reactions", "background"]
ROLES: tuple[Role, ...] = ("offer", "responses", "reactions", "background")
Row = tuple[float, float, float, float]
EVEN: Row = (0.25, 0.25, 0.25, 0.25)
ODDS: dict[str, tuple[Row, ...]] = {
    name: tuple((math.exp(a), math.exp(b), math.exp(c), math.exp(d)) for a, b, c, d in link)
    for name, link in LINKS.items()
}


def roles_of(signs: Sequence[Signs]) -> list[dict[Role, float]]:
    """The probability of every role for every sentence of one article."""
    odds = [_odds(sign) for sign in signs]
    links = [next(link for name, link in ODDS.items() if name in sign) for sign in signs]
    forward: list[Row] = []
    for here, link in zip(odds, links, strict=True):
        forward.append(_times(here, _onward(forward[-1], link) if forward else EVEN))
    backward: list[Row] = [EVEN]
    for here, link in zip(odds[:0:-1], links[:0:-1], strict=True):
        backward.append(_onward(_times(here, backward[-1]), zip(*link, strict=True)))
    both = zip(forward, reversed(backward), strict=True) if forward else ()
    return [dict(zip(ROLES, _times(*rows), strict=True)) for rows in both]


def _odds(signs: Signs) -> Row:
    """What the signs of one sentence say for each role, before its neighbours are asked; the likeliest role has 1."""
    row = score(signs)
    top = max(row)
    return math.exp(row[0] - top), math.exp(row[1] - top), math.exp(row[2] - top), math.exp(row[3] - top)


def _onward(row: Row, link: Iterable[Row]) -> Row:
    """What reaches each role from the sentence before, over a link's rows; from the one after, over its columns."""
    (a, b, c, d), (one, two, three, four) = row, link
    return (
        a * one[0] + b * two[0] + c * three[0] + d * four[0],
        a * one[1] + b * two[1] + c * three[1] + d * four[1],
        a * one[2] + b * two[2] + c * three[2] + d * four[2],
        a * one[3] + b * two[3] + c * three[3] + d * four[3],
    )


def _times(one: Row, other: Row) -> Row:
    """The product of two rows, its sum made 1."""
    a, b, c, d = one[0] * other[0], one[1] * other[1], one[2] * other[2], one[3] * other[3]
    total = a + b + c + d
    return a / total, b / total, c / total, d / total


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
