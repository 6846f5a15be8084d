"""Who says what: for each statement of an article its speaker, its cue, and whether it is word for word.

A sentence's cue (a verb of speech, "according to") is found first, then the phrase beside it that names the speaker,
then whom that phrase means: names by the record of the article, pronouns and roles by who was spoken of before. A
quotation without a cue continues the speaker before it. Where that is in doubt the statement has no speaker.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from jobs.condense.people import Kind, Record, Roll, Speaker, names_of
from jobs.condense.phrases import (
    CLOSING,
    NOMINAL,
    PRONOUNS,
    QUOTES,
    STOPS,
    Phrase,
    Token,
    subject_after,
    subject_before,
    tokens,
)
from jobs.condense.sentences import Sentence
from jobs.condense.vocabulary import Vocabulary

__all__ = ["Speaker", "Statement", "attribute"]

CUES = frozenset(("says", "thinks", "judges", "shows", "according"))


@dataclass(frozen=True, slots=True)
class Statement:
    """Something said. `start`, `end` and `mention` count characters of the article's text."""

    sentence: int  # index in the sentences given
    start: int
    end: int
    speaker: Speaker | None  # None: nobody, or in doubt
    cue: str  # "" for a quotation that continues
    verbatim: bool  # the words stand in quotation marks
    mention: tuple[int, int] | None = None  # of the phrase that names the speaker here
    continues: bool = False  # goes on with the statement before it


@dataclass(frozen=True, slots=True)
class Cue:
    first: int  # tokens
    last: int
    kind: str
    subject: Phrase
    content: tuple[int, int]  # tokens


def attribute(sentences: Sequence[Sentence], vocabulary: Vocabulary) -> list[Statement]:
    """The statements of one article, in order. Pure and linear; never raises."""
    roll = Roll()
    found: list[Statement] = []
    for number, sentence in enumerate(sentences):
        line = tokens(sentence.text, vocabulary, sentence.opens)
        here = [_statement(number, sentence, line, cue, roll) for cue in cues(line, vocabulary)]
        found += here or _continued(number, sentence, found)
    return found


def cues(line: list[Token], vocabulary: Vocabulary) -> Iterator[Cue]:
    """The cues of a sentence that have a speaker beside them."""
    at = 0
    while at < len(line):
        kind, last = _cue_at(line, at, vocabulary)
        if kind and (cue := _with_subject(line, at, last, kind)) is not None:
            yield cue
        at = last


def _cue_at(line: list[Token], at: int, vocabulary: Vocabulary) -> tuple[str, int]:
    token = line[at]
    if token.quoted:
        return "", at + 1
    for row, tags in vocabulary.rows.get(token.low, ()):
        if tuple(later.low for later in line[at : at + len(row)]) == row:
            return next(iter(tags & CUES), ""), at + len(row)
    return next((kind for kind in ("says", "thinks", "judges", "shows", "according") if kind in token.tags), ""), at + 1


def _with_subject(line: list[Token], at: int, last: int, kind: str) -> Cue | None:
    if kind == "according":
        subject = subject_after(line, last)
        return Cue(at, last, kind, subject, (0, len(line))) if subject else None
    before = line[at - 1] if at else None
    if before and before.tags & {"determiners", "possessives", "prepositions"}:
        return None
    inverted = before is not None and (before.text in QUOTES or before.text in STOPS)
    if inverted and (subject := subject_after(line, last)) and _can_speak(line, subject):
        return Cue(at, last, kind, subject, (0, at))
    subject = subject_before(line, at)
    if subject is None or not _can_speak(line, subject):
        return None
    return Cue(at, last, kind, subject, _content(line, subject, last))


def _can_speak(line: list[Token], subject: Phrase) -> bool:
    return subject.name is not None or bool(line[subject.head].tags & (NOMINAL | PRONOUNS))


def _content(line: list[Token], subject: Phrase, last: int) -> tuple[int, int]:
    before = line[subject.first - 1] if subject.first else None
    after = line[last] if last < len(line) else None
    if before and (before.text in CLOSING or before.text in QUOTES):
        return 0, subject.first
    ends = after is None or after.text in STOPS or bool(after.tags & {"times", "prepositions"})
    if before and before.text in STOPS and ends and subject.first > 4:
        return 0, subject.first
    return last, len(line)


def _statement(number: int, sentence: Sentence, line: list[Token], cue: Cue, roll: Roll) -> Statement:
    first, last = cue.content
    said = line[first:last] or line[-1:]
    phrase = cue.subject
    return Statement(
        sentence=number,
        start=sentence.start + said[0].start,
        end=sentence.start + said[-1].end,
        speaker=_speaker(sentence, line, phrase, roll),
        cue=" ".join(token.text for token in line[cue.first : cue.last]),
        verbatim=any(token.quoted for token in said),
        mention=(sentence.start + line[phrase.first].start, sentence.start + line[phrase.last - 1].end),
    )


def _speaker(sentence: Sentence, line: list[Token], phrase: Phrase, roll: Roll) -> Speaker | None:
    names = names_of(line, phrase)
    text = sentence.text[line[phrase.first].start : line[phrase.last - 1].end]
    head = line[phrase.head]
    if names:
        return _named(roll, names, head).speaker()
    if head.tags & PRONOUNS:
        return None
    kind: Kind = "organisation" if "organisations" in head.tags else "group" if "groups" in head.tags else "anonymous"
    return Speaker(text, "", text.lower(), kind)


def _named(roll: Roll, names: list[str], head: Token) -> Record:
    kind: Kind = "organisation" if "organisations" in head.tags else "person"
    return roll.meet(names, kind, "")


def _continued(number: int, sentence: Sentence, found: list[Statement]) -> list[Statement]:
    if not sentence.quoted or not found:
        return []
    return [
        replace(
            found[-1],
            sentence=number,
            start=sentence.start,
            end=sentence.end,
            cue="",
            verbatim=True,
            mention=None,
            continues=True,
        )
    ]
