"""Who says what: for each statement of an article its speaker, its cue, and whether it is word for word.

A sentence's cue (a verb of speech, "according to") is found first, then the phrase beside it that names the speaker,
then whom that phrase means: names by the record of the article, pronouns and roles by who was spoken of before. A
quotation without a cue continues the speaker before it. Where that is in doubt the statement has no speaker.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from jobs.condense.cues import Cue, cues
from jobs.condense.people import (
    Kind,
    Mention,
    Record,
    Roll,
    Speaker,
    behalf,
    describe,
    gender_of,
    learn,
    mentions,
    names_of,
)
from jobs.condense.phrases import Phrase
from jobs.condense.sentences import Sentence
from jobs.condense.tokens import BREAKS, DASHES, NEVER_NAMES, PRONOUNS, Token, tokens
from jobs.condense.vocabulary import Vocabulary

__all__ = ["Speaker", "Statement", "attribute"]

SUBJECT = 6  # tokens in which a sentence's subject is looked for
NOT_FIRST = NEVER_NAMES | BREAKS | {"groups", "documents"}
FAR = 60  # sentences back in which the holder of a role is looked for
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
    waiting: list[int] = []  # sentences of a quotation whose speaker may be named at its end
    for number, (sentence, line) in enumerate(zip(sentences, article.lines, strict=True)):
        found = cues(line, vocabulary)
        if waiting and not _same_quotation(sentences, number):
            _continue(article, waiting)
            waiting = []
        if sentence.quoted and not found and not sentence.heading:
            waiting.append(number)
        elif found:
            _hear(article, number, found, waiting)
            waiting = []
        elif any("reported" in token.tags and not token.quoted for token in line):
            _report(article, number)
    _continue(article, waiting)
    made: dict[int, Speaker] = {}
    said = zip(article.statements, article.spoken, strict=True)
    return [replace(statement, speaker=_speaker(who, made, vocabulary)) for statement, who in said]


def _same_quotation(sentences: Sequence[Sentence], number: int) -> bool:
    return sentences[number].opens and sentences[number].paragraph == sentences[number - 1].paragraph


def _opened(sentences: Sequence[Sentence], words: Vocabulary) -> Reading:
    lines = [tokens(sentence.text, words, sentence.opens) for sentence in sentences]
    sure = {
        token.low
        for sentence, line in zip(sentences, lines, strict=True)
        if not sentence.heading
        for token in line[1:]
        if token.capital and not token.quoted
    }
    for line in lines:
        _lower_first(line, sure)
    roll = Roll(words)
    named: list[list[Mention]] = [[] for _ in lines]
    for number, (sentence, line) in enumerate(zip(sentences, lines, strict=True)):
        if not sentence.heading:
            named[number] = list(mentions(line, sentence.text, roll, sure))
    return Reading(sentences, words, roll, lines, named, [], [])


def _lower_first(line: list[Token], sure: set[str]) -> None:
    """A sentence's first word is a name only where another capital follows or the article has it elsewhere."""
    at = next((i for i, token in enumerate(line[:4]) if token.text[0].isalpha()), None)
    if at is None or not line[at].capital or line[at].low in sure:
        return
    if at + 1 >= len(line) or not line[at + 1].capital or line[at].tags & NOT_FIRST:
        line[at] = line[at]._replace(capital=False)


def _hear(article: Reading, number: int, found: list[Cue], waiting: list[int]) -> None:
    sentence, line = article.sentences[number], article.lines[number]
    for cue in found:
        first, last = cue.content
        said = _trimmed(line[first:last])
        if not said:
            continue
        phrase = cue.subject
        who = _meant(article, number, cue)
        if cue.kind == "colon" and not (isinstance(who, Record) and who.count > 1 and (who.person or who.institution)):
            continue
        leads = waiting if first == 0 and sentence.opens else []
        for place, earlier in enumerate(leads):
            _quote(article, earlier, who, place > 0)
        if waiting and not leads:
            _continue(article, waiting)
        waiting = []
        article.statements.append(
            Statement(
                sentence=number,
                start=sentence.start + said[0].start,
                end=sentence.start + said[-1].end,
                speaker=None,
                cue=sentence.text[line[cue.first].start : line[cue.last - 1].end],
                verbatim=any(token.quoted for token in said),
                mention=(sentence.start + line[phrase.first].start, sentence.start + line[phrase.last - 1].end),
                continues=bool(leads),
            )
        )
        article.spoken.append(who)


def _trimmed(said: list[Token]) -> list[Token]:
    """What is said without the commas and colons that join it to its attribution."""
    first, last = 0, len(said)
    while first < last and (said[first].text in (",", ":") or said[first].text in DASHES):
        first += 1
    while last > first and (said[last - 1].text == "," or said[last - 1].text in DASHES):
        last -= 1
    return said[first:last]


def _meant(article: Reading, number: int, cue: Cue) -> Record | Speaker | None:
    line, phrase = article.lines[number], cue.subject
    names = names_of(line, phrase)
    head = line[phrase.head]
    if names and not _several(line, phrase):
        gender = gender_of(line, phrase)
        record = article.roll.find(names, gender) or article.roll.meet(names, gender)
        if len(names) > len(record.names):
            record.names = names
        learn(record, line, phrase)
        describe(record, line, article.sentences[number].text, phrase)
        record.person = record.person or (len(names) > 1 and not record.institution and cue.kind == "says")
        if article.words.case_endings and cue.kind != "according" and len(names) == len(record.names):
            record.names = names  # a subject stands in the nominative
        return record
    if head.tags & PRONOUNS and "determiners" not in head.tags:
        return _by_pronoun(article, number, phrase, head)
    return _by_role(article, number, phrase, head)


def _several(line: list[Token], phrase: Phrase) -> bool:
    """Whether the phrase joins names, or counts people of a name: they speak together."""
    if {"determiners", "groups"} <= line[phrase.first].tags:
        return True
    return any(
        "coordinators" in line[at].tags and at + 1 < phrase.last and line[at + 1].capital
        for at in range(phrase.head + 1, phrase.last)
    )


def _by_pronoun(article: Reading, number: int, phrase: Phrase, head: Token) -> Record | Speaker | None:
    """The nearest person or organisation that a pronoun can mean: who spoke last before who is only named."""
    wanted = next((tag for tag in ("he", "she", "it", "they") if tag in head.tags), "")
    if not wanted:
        return None
    here = article.named[number]
    objects = {id(mention.record) for mention in here if mention.first >= phrase.last and not mention.quoted}

    def fits(who: Record | Speaker | None) -> bool:
        return who is not None and id(who) not in objects and _fits(who, wanted)

    for mention in here:
        if mention.last <= phrase.first and not mention.quoted and fits(mention.record):
            return mention.record
    last = article.statements[-1].sentence if article.statements else -NEAR
    for back in range(number - 1, max(-1, number - 1 - NEAR), -1):
        if last == back and fits(article.spoken[-1]):
            return article.spoken[-1]
        opening = back == number - 1 or last < back
        for mention in article.named[back]:
            near = mention.first <= SUBJECT or not opening
            if near and not mention.quoted and fits(mention.record):
                return mention.record
    return None


def _fits(who: Record | Speaker, wanted: str) -> bool:
    if wanted in ("he", "she"):
        known = who.person if isinstance(who, Record) else who.kind == "anonymous"
        return known and who.gender in (wanted, "")
    if wanted == "it":
        return who.kind == "organisation"
    return who.kind == "group"


def _by_role(article: Reading, number: int, phrase: Phrase, head: Token) -> Record | Speaker | None:
    """Whom "the minister" means, else the phrase itself."""
    line, sentence = article.lines[number], article.sentences[number]
    worded = sentence.text[line[phrase.first].start : line[phrase.last - 1].end]
    if "definite" in line[phrase.first].tags and head.tags & {"roles", "titles"}:
        record = _holder(article, number, line[phrase.first + 1 : phrase.head], head.low)
        if record is not None:
            return record
    several = "groups" in head.tags or (phrase.name is not None)
    kind: Kind = "group" if several else "anonymous"
    if head.tags & {"organisations", "documents"} and kind != "group":
        kind = "organisation"
    return Speaker(worded, "", worded.lower(), kind, behalf(worded, article.words))


def _holder(article: Reading, number: int, adjectives: list[Token], role: str) -> Record | None:
    """The last one named who is described with this role, and with the words that stand before it here."""
    wanted = {token.low for token in adjectives if token.capital}
    for back in range(number, max(-1, number - FAR), -1):
        for mention in reversed(article.named[back]):
            if role in mention.record.words and wanted <= mention.record.words:
                return mention.record
    return None


def _continue(article: Reading, numbers: list[int]) -> None:
    """A quotation without a cue goes on with the one right before it, if there is one."""
    for number in numbers:
        last = article.statements[-1] if article.statements else None
        follows = last is not None and last.sentence == number - 1 and (last.verbatim or _introduces(article, number))
        _quote(article, number, article.spoken[-1] if follows else None, follows)


def _report(article: Reading, number: int) -> None:
    """A sentence in the mood of reported speech goes on with the statement right before it."""
    if article.statements and article.statements[-1].sentence == number - 1:
        _quote(article, number, article.spoken[-1], True)
        article.statements[-1] = replace(article.statements[-1], verbatim=False)


def _introduces(article: Reading, number: int) -> bool:
    """Whether the sentence before a quotation leads over to it."""
    before, here = article.sentences[number - 1], article.sentences[number]
    return before.text.endswith(":") or before.paragraph == here.paragraph


def _quote(article: Reading, number: int, who: Record | Speaker | None, continues: bool) -> None:
    sentence = article.sentences[number]
    article.statements.append(Statement(number, sentence.start, sentence.end, None, "", True, None, continues))
    article.spoken.append(who)


def _speaker(who: Record | Speaker | None, made: dict[int, Speaker], words: Vocabulary) -> Speaker | None:
    if who is None or isinstance(who, Speaker):
        return who
    if id(who) not in made:
        made[id(who)] = who.speaker(words)
    return made[id(who)]
