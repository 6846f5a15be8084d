"""Who says what: for each statement of an article its speaker, its cue, and whether it is word for word.

A sentence's cue (a verb of speech, "according to") is found first, then the phrase beside it that names the speaker,
then whom that phrase means: names by the record of the article, pronouns and roles by who was spoken of before. A
quotation without a cue continues the speaker before it. Where that is in doubt the statement has no speaker.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from jobs.condense.cues import Cue, cues
from jobs.condense.people import Kind, Mention, Record, Roll, Speaker, behalf, describe, mentions, names_of
from jobs.condense.phrases import PRONOUNS, Phrase, Token, tokens
from jobs.condense.sentences import Sentence
from jobs.condense.vocabulary import Vocabulary

__all__ = ["Speaker", "Statement", "attribute"]

NEAR = 3  # sentences back in which a pronoun's person is looked for


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


@dataclass(slots=True)
class Reading:
    """An article while it is read: its sentences as tokens, whom they name, and what was said so far."""

    sentences: Sequence[Sentence]
    words: Vocabulary
    roll: Roll
    lines: list[list[Token]]
    named: list[list[Mention]]
    statements: list[Statement]
    spoken: list[Record | Speaker | None]  # by whom, beside each statement


def attribute(sentences: Sequence[Sentence], vocabulary: Vocabulary) -> list[Statement]:
    """The statements of one article, in order. Pure and linear; never raises."""
    article = _opened(sentences, vocabulary)
    for number, (sentence, line) in enumerate(zip(sentences, article.lines, strict=True)):
        found = cues(line, vocabulary)
        if found:
            _hear(article, number, found)
        elif sentence.quoted:
            _continue(article, number)
    made: dict[int, Speaker] = {}
    return [
        replace(said, speaker=_speaker(who, made, vocabulary))
        for said, who in zip(article.statements, article.spoken, strict=True)
    ]


def _opened(sentences: Sequence[Sentence], words: Vocabulary) -> Reading:
    lines = [tokens(sentence.text, words, sentence.opens) for sentence in sentences]
    sure = {
        token.low
        for sentence, line in zip(sentences, lines, strict=True)
        if not sentence.heading
        for token in line[1:]
        if token.capital
    }
    roll = Roll(words)
    named: list[list[Mention]] = [[] for _ in lines]
    for number, (sentence, line) in enumerate(zip(sentences, lines, strict=True)):
        if not sentence.heading:
            named[number] = list(mentions(line, roll, sure))
    return Reading(sentences, words, roll, lines, named, [], [])


def _hear(article: Reading, number: int, found: list[Cue]) -> None:
    sentence, line = article.sentences[number], article.lines[number]
    for cue in found:
        first, last = cue.content
        said = line[first:last]
        if not said:
            continue
        phrase = cue.subject
        who = _meant(article, number, phrase)
        article.statements.append(
            Statement(
                sentence=number,
                start=sentence.start + said[0].start,
                end=sentence.start + said[-1].end,
                speaker=None,
                cue=sentence.text[line[cue.first].start : line[cue.last - 1].end],
                verbatim=any(token.quoted for token in said),
                mention=(sentence.start + line[phrase.first].start, sentence.start + line[phrase.last - 1].end),
            )
        )
        article.spoken.append(who)


def _meant(article: Reading, number: int, phrase: Phrase) -> Record | Speaker | None:
    line = article.lines[number]
    names = names_of(line, phrase)
    if names:
        record = article.roll.find(names) or article.roll.meet(names)
        describe(record, line, article.sentences[number].text, phrase)
        return record
    head = line[phrase.head]
    if head.tags & PRONOUNS and "determiners" not in head.tags:
        return _by_pronoun(article, number, phrase, head)
    return _by_role(article, number, phrase, head)


def _by_pronoun(article: Reading, number: int, phrase: Phrase, head: Token) -> Record | Speaker | None:
    """The nearest person or organisation that a pronoun can mean: who spoke last before who is only named."""
    wanted = next((tag for tag in ("he", "she", "it", "they") if tag in head.tags), "")
    if not wanted:
        return None
    for mention in article.named[number]:
        if mention.last <= phrase.first and _fits(mention.record, wanted):
            return mention.record
    if article.statements and number - article.statements[-1].sentence <= NEAR:
        who = article.spoken[-1]
        if who is not None and _fits(who, wanted):
            return who
    for back in range(number - 1, max(-1, number - 1 - NEAR), -1):
        for mention in article.named[back]:
            if _fits(mention.record, wanted):
                return mention.record
    return None


def _fits(who: Record | Speaker, wanted: str) -> bool:
    if wanted in ("he", "she"):
        return who.kind in ("person", "anonymous") and who.gender in (wanted, "")
    if wanted == "it":
        return who.kind == "organisation"
    return who.kind in ("group", "organisation")


def _by_role(article: Reading, number: int, phrase: Phrase, head: Token) -> Record | Speaker | None:
    """Whom "the minister" means, else the phrase itself."""
    line, sentence = article.lines[number], article.sentences[number]
    worded = sentence.text[line[phrase.first].start : line[phrase.last - 1].end]
    if "definite" in line[phrase.first].tags and head.tags & {"roles", "titles"}:
        for back in range(number, -1, -1):
            for mention in reversed(article.named[back]):
                if head.low in mention.record.words:
                    return mention.record
    kind: Kind = "group" if "groups" in head.tags else "anonymous"
    if head.tags & {"organisations", "documents"} and kind != "group":
        kind = "organisation"
    return Speaker(worded, "", worded.lower(), kind, behalf(worded, article.words))


def _continue(article: Reading, number: int) -> None:
    """A quotation without a cue goes on with the one before it."""
    if not article.statements:
        return
    sentence = article.sentences[number]
    last = article.statements[-1]
    article.statements.append(
        Statement(number, sentence.start, sentence.end, None, "", True, None, last.sentence == number - 1)
    )
    article.spoken.append(article.spoken[-1])


def _speaker(who: Record | Speaker | None, made: dict[int, Speaker], words: Vocabulary) -> Speaker | None:
    if who is None or isinstance(who, Speaker):
        return who
    if id(who) not in made:
        made[id(who)] = who.speaker(words)
    return made[id(who)]
