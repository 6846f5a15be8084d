"""What sets two events of one kind apart: which of a series it is, what the score was, how strong the quake."""

import re
from collections.abc import Iterable, Set

from jobs.terms import NO_WORDS, TOKEN, languages, stem

Label = tuple[str, str]  # what is numbered, its number

ORDINAL = re.compile(
    r"\b(\d{1,3})(?:st|nd|rd|th|-?(?:й|я|ю|е|го|му|м|х|ий|ий|ої|ому|ого|ту|та|ый|ой|ая|ое|ом|ым|ую))\s+(\w+)(?:\s+(\w+))?"
)
GERMAN = re.compile(r"\b(\d{1,3})\.\s+([A-ZÄÖÜ]\w+)(?:\s+([A-ZÄÖÜ]\w+))?")
NAMED = re.compile(r"\b([^\W\d_a-zа-яіїєґß]\w{2,}) (\d{1,3})\b(?![%.,:–-]\d|\s?[%$€])")
SCORE = re.compile(r"(?<![\d.,:–$€-])(\d{1,3})(?:[-–](\d{1,3})|:(\d))(?![\d.,:–%-]\d|\d|%|-)")
MAGNITUDE = re.compile(
    r"(?:magnitude|магнітуд\w+|магнитуд\w+|stärke)\D{0,12}(\d)[.,](\d)|\b(\d)[.,](\d)(?:-magnitude| магн)", re.I
)
SCORES, STRENGTHS, ANYTHING = "score", "magnitude", "#"
NO_LABELS: frozenset[Label] = frozenset()  # one for all articles that number nothing
SPOKEN_EVERYWHERE = frozenset({SCORES, STRENGTHS, ANYTHING})


def labels(opening: str, language: str) -> frozenset[Label]:
    """The numbered things that a headline and its lead name."""
    found = {(SCORES, score) for score in _scores(opening)}
    found |= {(STRENGTHS, strength) for strength in _strengths(opening)}
    known = languages().get(language, NO_WORDS)
    for number, words in _ordinals(opening, language):
        things = [stem(word.lower(), language) for word in words if word and word.lower() not in known.stops]
        if things and things[0] not in known.uncounted:
            found |= {(thing, str(number)) for thing in [*things, ANYTHING] if thing not in known.uncounted}
    return frozenset(found) or NO_LABELS


def _strengths(opening: str) -> Iterable[str]:
    """A first measure is often revised by a tenth or two."""
    for match in MAGNITUDE.finditer(opening):
        tenths = int("".join(filter(None, match.groups())))
        yield from (str(near) for near in (tenths - 1, tenths, tenths + 1))


def _ordinals(opening: str, language: str) -> Iterable[tuple[int, list[str]]]:
    for match in (GERMAN if language == "de" else ORDINAL).finditer(opening):
        yield int(match[1]), [match[2], match[3]]
    for match in NAMED.finditer(opening):
        yield int(match[2]), [match[1]]
    ordinals = languages().get(language, NO_WORDS).ordinals
    words = TOKEN.findall(opening)
    for at, word in enumerate(words):
        if (which := ordinals.get(stem(word.lower(), language))) is not None:
            yield which, words[at + 1 : at + 3]


def _scores(opening: str) -> Iterable[str]:
    for match in SCORE.finditer(opening):
        one, other = int(match[1]), int(match[2] or match[3])
        if max(one, other) <= 15 or min(one, other) >= 50:  # goals, votes of a bench; points: not ages, not a time
            yield f"{max(one, other)}-{min(one, other)}"


def conflict(one: Set[Label], other: Set[Label], *, across: bool = False) -> bool:
    """Both number the same thing, and never alike; across languages any numbered thing is taken for the same."""
    things = {thing for thing, _ in one} & {thing for thing, _ in other}
    things = things & SPOKEN_EVERYWHERE if across else things - {ANYTHING}
    return bool(things) and not any(thing in things for thing, _ in one & other)
