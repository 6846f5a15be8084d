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
PLACES = range(len(ROLES))


def roles_of(signs: Sequence[Signs]) -> list[dict[Role, float]]:
    """The probability of every role for every sentence of one article."""
    if not signs:
        return []
    scores = [score(sign) for sign in signs]
    links = [next(link for name, link in LINKS.items() if name in sign) for sign in signs]
    forward = [scores[0]]
    for here, link in zip(scores[1:], links[1:], strict=True):
        forward.append(_step(forward[-1], here, link))
    backward: list[Row] = [(0.0, 0.0, 0.0, 0.0)]
    for here, link in zip(reversed(scores[1:]), reversed(links[1:]), strict=True):
        backward.append(_step_back(backward[-1], here, link))
    backward.reverse()
    return [_shares(before, after) for before, after in zip(forward, backward, strict=True)]


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


def _step(before: Row, here: Row, link: Sequence[Row]) -> Row:
    row = [here[role] + _log_sum(before[last] + link[last][role] for last in PLACES) for role in PLACES]
    return row[0], row[1], row[2], row[3]


def _step_back(after: Row, here: Row, link: Sequence[Row]) -> Row:
    row = [
        _log_sum(link[role][following] + here[following] + after[following] for following in PLACES) for role in PLACES
    ]
    return row[0], row[1], row[2], row[3]


def _shares(before: Row, after: Row) -> dict[Role, float]:
    logs = [one + other for one, other in zip(before, after, strict=True)]
    total = _log_sum(logs)
    return {role: math.exp(log - total) for role, log in zip(ROLES, logs, strict=True)}


def _log_sum(logs: Iterable[float]) -> float:
    values = list(logs)
    top = max(values)
    return top + math.log(sum(math.exp(value - top) for value in values))
