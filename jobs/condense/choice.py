"""Which sentences become bullets: the surest and most telling of each panel, within a budget of words.

A panel is filled only when its best sentence is sure enough, since an empty panel is better than a wrong one.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from db.records import PANELS, Panel
from jobs.condense.events import Line
from jobs.condense.roles import Role
from jobs.condense.signs import Signs

FEWEST_WORDS = 6
FEWEST_SILENT = 4  # "Quill declined to comment" says all there is
OPENS = {"offer": 0.0, "responses": 0.42, "reactions": 0.38}  # the probability a panel's best sentence must reach
JOINS = {"offer": 0.2, "responses": 0.2, "reactions": 0.2}  # and that of its others
MOST = {1: 4, 2: 6}  # bullets a panel, for one article and for more
SHARE_OF_WORDS, LEAST_BUDGET, MOST_BUDGET = 0.5, 130, 300  # words of a brief before they are cut, by words of the story
TELLING_WORDS = 28  # a longer sentence tells no more
WORTH = {
    "lead_words": 0.5,
    "number": 0.15,
    "approves": 0.1,
    "objects": 0.1,
    "question": -0.5,
    "starts_leaning": -0.25,
    "by_vague": -0.3,
    "by_nobody": -0.2,
    "continues": -0.35,
}
LEAST_TELLING = 0.05
CONDITIONS = 0.4  # of an offer's worth
TERMS = 0.1  # of an offer: who, what, when, how much, on what condition
HEARD = 0.75  # of its value is left to a speaker's second bullet
BEGINS = 0.85  # of the best one's value: what a panel may begin with
SAME = 0.6  # of the shorter one's words: two sentences that say the same


@dataclass(slots=True)
class Candidate:
    """A sentence that may stand in a panel, and those of other outlets that say the same."""

    line: Line
    panel: Panel
    sure: float  # probability of the panel
    value: float
    same: list["Candidate"] = field(default_factory=list)


def choose(
    lines: Sequence[Line], roles: Sequence[Mapping[Role, float]], signs: Sequence[Signs], articles: int
) -> dict[Panel, list[Candidate]]:
    """The chosen sentences of a story: of each panel the one to begin with, then the others in the order of reading.

    The three sequences run in parallel.
    """
    found = [c for c in map(candidate, lines, roles, signs) if c is not None]
    if not any(c.panel == "offer" for c in found):
        found += _lead(lines, {id(c.line) for c in found if c.sure >= OPENS[c.panel]})
    found.sort(key=lambda c: (-c.value, c.line.article, c.line.place))
    budget = budget_of(sum(len(line.tokens) for line in lines))
    chosen = _within(found, budget, MOST[1 if articles < 2 else 2])
    return {panel: _in_order(chosen[panel]) for panel in PANELS}


def _lead(lines: Sequence[Line], taken: Set[int]) -> list[Candidate]:
    """The first sentence that can be a bullet: what happened, where no sentence is sure to say it."""
    for line in lines:
        if id(line) not in taken and not line.sentence.heading and len(line.tokens) >= FEWEST_WORDS:
            return [Candidate(line, "offer", OPENS["offer"], 1.0)]
    return []


def budget_of(words: int) -> int:
    """How many words a brief of a story of so many words may have."""
    return round(min(MOST_BUDGET, max(LEAST_BUDGET, SHARE_OF_WORDS * words)))


def candidate(line: Line, roles: Mapping[Role, float], signs: Signs) -> Candidate | None:
    """The sentence as a candidate for its likeliest panel; None when it can be no bullet."""
    fewest = FEWEST_SILENT if "silence" in line.markers and not line.markers.get("leaning") else FEWEST_WORDS
    if line.sentence.heading or len(line.tokens) < fewest or 0 in line.markers.get("hollow", ()):
        return None
    if line.speaker and line.speaker.kind in ("anonymous", "group") and 0 in line.markers.get("leaning", ()):
        return None  # "his chief of staff": nobody who is known here
    named = line.speaker is not None and line.speaker.kind != "anonymous"
    if not named and 0 in line.markers.get("attributed", ()):
        return None  # "according to her": without a name it leans, and without that it would be the newsroom's claim
    panel = max(PANELS, key=lambda name: roles[name])
    if roles[panel] < JOINS[panel] or (panel == "offer" and "question" in signs):
        return None
    return Candidate(line, panel, roles[panel], roles[panel] * weight(line, signs, panel))


def weight(line: Line, signs: Signs, panel: Panel) -> float:
    """How telling a sentence is: new, of the event, with a number or a stance, and neither short nor leaning."""
    telling = 0.8 + 0.4 * min(len(line.tokens), TELLING_WORDS) / TELLING_WORDS
    for sign, worth in WORTH.items():
        telling += worth * signs.get(sign, 0.0)
    late = signs.get("late_told", 0.0) + signs.get("late_said", 0.0)
    telling -= (0.5 if panel == "offer" else 0.2) * late
    if panel == "offer":
        telling += TERMS * ("terms" in signs) + CONDITIONS * ("conditions" in line.markers)
    return max(telling, LEAST_TELLING)


def _within(found: Iterable[Candidate], budget: int, most: int) -> dict[Panel, list[Candidate]]:
    chosen: dict[Panel, list[Candidate]] = {panel: [] for panel in PANELS}
    waiting = {panel: [c for c in found if c.panel == panel] for panel in PANELS}
    waiting = {panel: listed if opens(panel, listed) else [] for panel, listed in waiting.items()}
    for _ in range(most):
        for panel in PANELS:
            best = _next(waiting[panel], chosen)
            if best is not None and len(best.line.tokens) <= budget:
                chosen[panel].append(best)
                budget -= len(best.line.tokens)
    return chosen


def opens(panel: Panel, listed: Sequence[Candidate]) -> bool:
    """Whether a panel's candidates are sure enough for it to be filled at all."""
    return any(c.sure >= OPENS[panel] for c in listed)


def _next(waiting: list[Candidate], chosen: Mapping[Panel, list[Candidate]]) -> Candidate | None:
    """The best of what waits, most valued first, that says something new; a new speaker before one who was heard."""
    heard = {c.line.speaker.key for listed in chosen.values() for c in listed if c.line.speaker}
    while waiting:
        best = waiting[0]
        if _heard(best, heard):
            fresh = next((c for c in waiting if not _heard(c, heard)), None)
            best = fresh if fresh and fresh.value > HEARD * best.value else best
        waiting.remove(best)
        twin = next((c for listed in chosen.values() for c in listed if same(c, best)), None)
        if twin is None:
            return best
        if twin.panel == best.panel and twin.line.article != best.line.article:
            twin.same.append(best)
    return None


def _heard(candidate: Candidate, heard: Set[str]) -> bool:
    return candidate.line.speaker is not None and candidate.line.speaker.key in heard


def same(one: Candidate, other: Candidate) -> bool:
    """Whether two sentences say the same."""
    words, others = one.line.content, other.line.content
    shorter = min(len(words), len(others))
    return shorter > 0 and len(words & others) / shorter > SAME


def _in_order(chosen: Sequence[Candidate]) -> list[Candidate]:
    """What its article tells first among the most telling, then the others: a reader may see the first one only."""
    if not chosen:
        return []
    best = max(c.value for c in chosen)
    first = min((c for c in chosen if c.value >= BEGINS * best), key=lambda c: (c.line.place, -c.value))
    return [first, *sorted((c for c in chosen if c is not first), key=reading_place)]


def reading_place(candidate: Candidate) -> tuple[int, int]:
    return candidate.line.article, candidate.line.place
