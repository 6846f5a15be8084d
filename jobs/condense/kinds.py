"""What sort of text a story is, an event with answers and reactions to it or something else; and marked statements.

An obituary, a digest, a match report, a live blog or an opinion piece gets an offer at most. A kind is told by words
of its list near the top, or, for what does not name itself, by how such texts are written.
"""

import re
from collections.abc import Sequence
from typing import Literal

from jobs.condense.events import Line
from jobs.condense.markers import Markers, tokens_of
from jobs.condense.signs import denies

Mark = Literal["denial", "correction", "withdrawal"]
MARKS: tuple[Mark, ...] = ("withdrawal", "correction", "denial")
QUOTED = re.compile(r"[“«„\"][^“”«»„\"]*[”»“\"]")

NEAR_TOP = 4  # sentences in which a text names its kind
MATCH_WORDS, MATCH_SHARE = 5, 0.3  # sentences with words of play or a score by which a match report is told
SCORE = re.compile(r"(?<![\d.,-])\d{1,3}[-–:]\d{1,3}(?![\d.,–-])")
MARKET_SHARE = 0.4  # of the sentences speak of prices and indices: a market report, which is a digest
OPINION_SHARE = 0.15  # of the sentences judge, ask, or speak of the writer
JUDGING = 4  # sentences at least
FEW_STATEMENTS = 0.15
LITTLE_SAID = 0.3  # of the sentences tell what somebody else says
LABEL = 6  # words; a longer line that has a kind's words names its kind only where it begins with them


def kind_of(lines: Sequence[Line], title: Sequence[str]) -> str:
    """news, or obituary, digest, match, live, opinion; `title` is the kinds whose words stand in the title."""
    body = [line for line in lines if not line.sentence.heading]
    for kind in ("obituary", "live", "digest", "opinion"):
        if kind in title or any(_names(line, kind) for line in lines[:NEAR_TOP]):
            return kind
    if _few_speak(body) and any("opinion" in line.markers for line in lines[:NEAR_TOP]):
        return "opinion"
    if not body:
        return "news"
    if any("survivors" in line.markers for line in body):
        return "obituary"
    played = sum("match" in line.markers or bool(SCORE.search(line.sentence.text)) for line in body)
    if played >= max(MATCH_WORDS, MATCH_SHARE * len(body)) and any("match" in line.markers for line in body):
        return "match"
    if sum("market" in line.markers for line in body) >= MARKET_SHARE * len(body) and _few_speak(body):
        return "digest"
    return "opinion" if _few_speak(body) and _judging(body) else "news"


def _few_speak(body: Sequence[Line]) -> bool:
    """Whether hardly anybody but the writer says something word for word."""
    return sum(bool(line.statement and line.statement.verbatim) for line in body) <= FEW_STATEMENTS * len(body)


def _names(line: Line, kind: str) -> bool:
    """Whether a line names the text's kind: an obituary's words may stand anywhere, the others label or begin it."""
    places = line.markers.get(kind, ())
    return bool(places) and (kind == "obituary" or len(line.tokens) <= LABEL or 0 in places)


def _judging(body: Sequence[Line]) -> bool:
    """Whether the writer judges much, or judges, asks and speaks of himself while others say little."""
    own = [line for line in body if not line.statement and not line.sentence.quoted]
    judging = sum("judging" in line.markers for line in own)
    present = sum(bool(line.markers.keys() & {"judging", "writer"}) or line.sentence.text.endswith("?") for line in own)
    little = len(body) - len(own) <= LITTLE_SAID * len(body)
    return max(judging, present * little) >= max(JUDGING, OPINION_SHARE * len(body))


def mark_of(line: Line, markers: Markers) -> Mark | None:
    """Whether the speaker says outside of quotations that an earlier statement is wrong or taken back."""
    if not line.markers.keys() & set(MARKS) or (line.speaker is None and not denies(line)):
        return None
    outside = markers.of(tokens_of(QUOTED.sub(" ", line.sentence.text)))
    return next((mark for mark in MARKS if mark in outside), None)
