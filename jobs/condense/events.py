"""What a story is about: who makes the move, whom it concerns, and how a speaker stands to both.

Headline and lead say it: who is named before the first verb makes the move, unless the verb is one that is undergone
("was accused of"); who is named after it is concerned; whom the lead quotes is mostly the one who makes the move.
Identity is by names, organisations, countries and the nouns of a description, never by titles ("president").
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from jobs.condense.markers import Markers, tokens_of
from jobs.condense.sentences import Sentence
from jobs.condense.speakers import Speaker, Statement
from jobs.condense.vocabulary import Vocabulary

WORD = re.compile(r"[^\W\d_]+(?:\.[^\W\d_])*(?:-[^\W\d_]+)*")
STEM = 6  # letters by which nouns are compared
LEAD = 3  # sentences that say what happened, the headline included
VERBS = frozenset(("says", "thinks", "judges", "shows", "auxiliaries", "according"))
IDLE = frozenset(
    ("determiners", "adverbs", "prepositions", "conjunctions", "times", "titles", "possessives", "he", "she", "it",
     "they", "linkers", "who")
)  # fmt: skip


@dataclass(slots=True)
class Line:
    """A sentence as the panels are decided by."""

    article: int
    place: int  # among the article's sentences
    sentence: Sentence
    statement: Statement | None
    tokens: list[str]
    markers: dict[str, list[int]]
    folded: list[str] = field(default_factory=list)  # its words as they are compared

    @property
    def speaker(self) -> Speaker | None:
        return self.statement.speaker if self.statement else None


def lines_of(
    article: int, sentences: Sequence[Sentence], statements: Iterable[Statement], markers: Markers
) -> list[Line]:
    """An article's sentences as lines. Of several statements in a sentence the longest one counts."""
    said: dict[int, Statement] = {}
    for statement in statements:
        longest = said.get(statement.sentence)
        if longest is None or statement.end - statement.start > longest.end - longest.start:
            said[statement.sentence] = statement
    lines: list[Line] = []
    for place, sentence in enumerate(sentences):
        tokens = tokens_of(sentence.text)
        folded = [fold(token, markers.countries) for token in tokens]
        lines.append(Line(article, place, sentence, said.get(place), tokens, markers.of(tokens), folded))
    return lines


@dataclass(frozen=True, slots=True)
class Event:
    """Words (folded) that name who makes the move and whom it concerns."""

    movers: frozenset[str]
    concerned: frozenset[str]
    sources: frozenset[str]  # keys of the speakers of the lead
    words: frozenset[str]  # all content words of headline and lead


def fold(word: str, countries: Mapping[str, str]) -> str:
    """A word as it is compared: its country, or its first letters without a grammatical ending."""
    low = word.lower()
    country = _country(low, countries) if len(low) > 3 or word.isupper() else None
    if country:
        return country
    return low[: min(STEM, max(4, len(low) - 2))] if len(low) > 4 else low


def _country(low: str, countries: Mapping[str, str]) -> str | None:
    if low in countries:
        return countries[low]
    return next((countries[low[:end] + "*"] for end in range(4, 9) if low[:end] + "*" in countries), None)


def event_of(lines: Sequence[Line], title: str, words: Vocabulary, markers: Markers) -> Event:
    """The event of one article, from its title (if any) and its first sentences."""
    lead = [line for line in lines[: LEAD + 2] if not line.sentence.heading][: LEAD - 1]
    texts = [title] if title else [line.sentence.text for line in lines[:1] if line.sentence.heading]
    texts += [line.sentence.text for line in lead]
    movers: set[str] = set()
    concerned: set[str] = set()
    for text in texts:
        before, after = _halves(text, words, markers)
        movers |= before
        concerned |= after
    sources = {line.speaker.key for line in lead[:1] if line.speaker}
    return Event(frozenset(movers), frozenset(concerned - movers), frozenset(sources), frozenset(movers | concerned))


def _halves(text: str, words: Vocabulary, markers: Markers) -> tuple[set[str], set[str]]:
    """The naming words before and after the first verb; swapped when its subject undergoes it."""
    tokens = [match[0] for match in WORD.finditer(text)]
    verb = _verb(tokens, words, markers)
    before = naming(tokens[:verb], words, markers)
    after = naming(tokens[verb:], words, markers)
    undergone = markers.of(tokens_of(text)).get("undergoes", [])
    if undergone and abs(undergone[0] - verb) <= 3:
        return set(), before | after
    return before, after


def _verb(tokens: Sequence[str], words: Vocabulary, markers: Markers) -> int:
    for place, token in enumerate(tokens):
        low = token.lower()
        if place and (words.tags(low) & VERBS or "moves" in markers.of([low])):
            return place
    return min(len(tokens), 6)


def naming(tokens: Iterable[str], words: Vocabulary, markers: Markers) -> set[str]:
    """The folded words that tell who is meant: names and nouns, not titles or function words."""
    found: set[str] = set()
    initials = ""
    for token in tokens:
        low = token.lower()
        tags = words.tags(low)
        initials = initials + token[0] if token[0].isupper() else ("" if len(low) > 3 else initials)
        if len(initials) >= 3:
            found.add(initials.lower())
        if not tags & IDLE and (len(low) > 3 or token[0].isupper()):
            found.add(fold(token, markers.countries))
    return found


@dataclass(frozen=True, slots=True)
class Standing:
    """How a speaker stands to the event; each field says whether words of that sort are shared."""

    mover_name: bool
    mover_tie: bool
    concerned_name: bool
    concerned_tie: bool
    source: bool  # the lead quotes it
    kind: str
    nouns: Mapping[str, list[int]]  # cues in its description


def standing(speaker: Speaker, event: Event, words: Vocabulary, markers: Markers) -> Standing:
    """How a speaker stands to the event. A spokesman stands as who he speaks for."""
    names = naming(WORD.findall(speaker.name), words, markers)
    ties = naming(WORD.findall(f"{speaker.description} {speaker.behalf_of or ''}"), words, markers) - names
    if speaker.kind not in ("person", "organisation"):
        names, ties = set(), names | ties
    return Standing(
        mover_name=bool(names & event.movers),
        mover_tie=bool(ties & event.movers),
        concerned_name=bool(names & event.concerned),
        concerned_tie=bool(ties & event.concerned),
        source=speaker.key in event.sources,
        kind=speaker.kind,
        nouns=markers.of(tokens_of(f"{speaker.description} {speaker.name}")),
    )
