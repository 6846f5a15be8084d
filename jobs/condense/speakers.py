"""Who says what: for each statement of an article its speaker, its cue, and whether it is word for word.

A sentence's cue (a verb of speech, "according to") is found first, then the phrase beside it that names the speaker,
then whom that phrase means: names by the record of the article, pronouns and roles by who was spoken of before. A
quotation without a cue continues the speaker before it. Where that is in doubt the statement has no speaker.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from jobs.condense.cues import Cue, cues
from jobs.condense.names import phrase_of
from jobs.condense.people import Record, Speaker
from jobs.condense.references import Reading, Who, meant, opened
from jobs.condense.sentences import Sentence
from jobs.condense.subjects import main_subject
from jobs.condense.tokens import DASHES, Token
from jobs.condense.vocabulary import Vocabulary

__all__ = ["Speaker", "Statement", "attribute"]

POST = 8  # sentences that one signature can cover


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
class Account:
    """What was said so far, and by whom."""

    statements: list[Statement]
    spoken: list[Who]
    waiting: list[int]  # sentences of a quotation whose speaker may be named at its end
    dashed: list[int]  # sentences of a paragraph that begins with a dash, before its speaker is named
    announced: int = -1  # the sentence before which a speaker was named and a colon set
    speech: int = -1  # the paragraph that began with a speaker's name and a colon


def attribute(sentences: Sequence[Sentence], vocabulary: Vocabulary) -> list[Statement]:
    """The statements of one article, in order. Pure and linear; never raises."""
    article, account = opened(sentences, vocabulary), Account([], [], [], [])
    for number, sentence in enumerate(sentences):
        found = cues(article.lines[number], vocabulary)
        if account.waiting and not _same_quotation(sentences, number):
            _continue(article, account)
        if found:
            _hear(article, account, number, found)
        elif sentence.quoted and not sentence.heading:
            account.waiting.append(number)
        elif sentence.heading:
            _sign(article, account, number)
        elif vocabulary.free_order and _begins_speech(article, account, number):
            account.dashed.append(number)
        elif sentence.paragraph == account.speech or _reported(article.lines[number]) or _resumes(article, number):
            _go_on(article, account, number)
    _continue(article, account)
    made: dict[int, Speaker] = {}
    said = zip(account.statements, account.spoken, strict=True)
    return [replace(statement, speaker=_speaker(who, made, vocabulary)) for statement, who in said]


def _same_quotation(sentences: Sequence[Sentence], number: int) -> bool:
    return sentences[number].opens and sentences[number].paragraph == sentences[number - 1].paragraph


def _hear(article: Reading, account: Account, number: int, found: list[Cue]) -> None:
    """The statements that the cues of a sentence make."""
    for cue in found:
        who = meant(article, number, cue)
        if cue.kind in ("colon", "introduced"):
            known = isinstance(who, Record) and who.count > 1 and (who.person or who.institution)
            if cue.kind == "colon" and not known:
                continue
            account.speech = article.sentences[number].paragraph
        line = article.lines[number]
        if cue.kind == "signed":
            _post(article, account, number, article.sentences[number].paragraph, who)
        said = _bare(line[slice(*cue.content)]) or (line[cue.first : cue.last] if cue.kind == "feels" else [])
        article.heard = (number, who)
        if said:
            _say(article, account, number, cue, who, said)
        else:
            account.announced = number + 1
            _continue(article, account)


def _say(article: Reading, account: Account, number: int, cue: Cue, who: Who, said: list[Token]) -> None:
    sentence, line, phrase = article.sentences[number], article.lines[number], cue.subject
    leads = account.waiting if cue.content[0] == 0 and sentence.opens else []
    if leads:
        account.waiting = []
    elif account.dashed and _same_paragraph(article, account.dashed[-1], number) and _after_dash(line, cue):
        leads = account.dashed
    account.dashed = []
    for place, earlier in enumerate(leads):
        _quote(article, account, earlier, who, place > 0)
    _continue(article, account)
    account.statements.append(
        Statement(
            sentence=number,
            start=sentence.start + said[0].start - ("wrapped" in said[0].tags),  # with the marks of a name
            end=sentence.start + said[-1].end + ("wrapped" in said[-1].tags),
            speaker=None,
            cue=sentence.text[line[cue.first].start : line[cue.last - 1].end],
            verbatim=any(t.quoted for t in said) or _dashed(line, cue) or bool(leads) or cue.kind == "signed",
            mention=(sentence.start + line[phrase.first].start, sentence.start + line[phrase.last - 1].end),
            continues=bool(leads),
        )
    )
    account.spoken.append(who)


def _bare(said: list[Token]) -> list[Token]:
    """What is said without the commas, colons and dashes that join it to its attribution."""
    first, last = 0, len(said)
    while first < last and (said[first].text in (",", ":") or said[first].text in DASHES):
        first += 1
    while last > first and (said[last - 1].text == "," or said[last - 1].text in DASHES):
        last -= 1
    return said[first:last] if any(token.text[0].isalnum() for token in said[first:last]) else []


def _continue(article: Reading, account: Account) -> None:
    """A quotation without a cue goes on with the one right before it, or belongs to who was named before a colon."""
    for number in account.waiting:
        at, who = article.heard
        last = account.statements[-1] if account.statements else None
        follows = last is not None and last.sentence == number - 1
        known = follows or (account.announced == number and at == number - 1)
        _quote(article, account, number, who if known else _told_of(article, number - 1), follows)
    account.waiting = []


def _told_of(article: Reading, number: int) -> Who:
    """The person a narrated sentence is about; a quotation right after it is his."""
    line = article.lines[number] if number >= 0 else []
    phrase = main_subject(line) if line and not article.sentences[number].heading else None
    who = meant(article, number, Cue(0, 0, "told", phrase, (0, 0))) if phrase else None
    return who if isinstance(who, Record) and who.kind == "person" and (who.person or who.gender) else None


def _reported(line: list[Token]) -> bool:
    return any("reported" in token.tags and not token.quoted for token in line)


def _begins_speech(article: Reading, account: Account, number: int) -> bool:
    """Whether a sentence begins a paragraph with a dash, as speech does, or goes on in such a one."""
    if number and article.sentences[number].paragraph == article.sentences[number - 1].paragraph:
        return bool(account.dashed) and account.dashed[-1] == number - 1
    account.dashed = []
    return article.lines[number][0].text in ("—", "–")


def _same_paragraph(article: Reading, last: int, number: int) -> bool:
    return last == number - 1 and article.sentences[last].paragraph == article.sentences[number].paragraph


def _after_dash(line: list[Token], cue: Cue) -> bool:
    return cue.first > 0 and line[cue.first - 1].text in DASHES


def _dashed(line: list[Token], cue: Cue) -> bool:
    """Whether a sentence is speech between dashes: "— Ні, — сказав Квілл."."""
    return line[0].text in DASHES and cue.first > 1 and line[cue.first - 1].text in DASHES


def _resumes(article: Reading, number: int) -> bool:
    """Whether a sentence begins with a dash that takes up the speech of the sentence before."""
    same = number and article.sentences[number].paragraph == article.sentences[number - 1].paragraph
    return bool(same and article.lines[number][0].text in DASHES)


def _go_on(article: Reading, account: Account, number: int) -> None:
    """A sentence in the mood of reported speech, or in a speaker's own paragraph, goes on with the one before it."""
    if account.statements and account.statements[-1].sentence == number - 1:
        _quote(article, account, number, account.spoken[-1], True)
        if article.sentences[number].paragraph != account.speech and _reported(article.lines[number]):
            account.statements[-1] = replace(account.statements[-1], verbatim=False)


def _sign(article: Reading, account: Account, number: int) -> None:
    """A post's own signature ("— Edda Quill (@quill)") tells whose the lines before it are."""
    line, sentences = article.lines[number], article.sentences
    bracket = next((at for at, token in enumerate(line) if token.text == "("), 0)
    if bracket < 2 or line[0].text not in DASHES or not any(t.text.startswith("@") for t in line[bracket:]):
        return
    who = meant(article, number, Cue(0, 1, "signed", phrase_of(line, 1, bracket), (0, 0)))
    _post(article, account, number, sentences[number - 1].paragraph, who)


def _post(article: Reading, account: Account, number: int, paragraph: int, who: Who) -> None:
    """The sentences of a paragraph before a signature, where nobody said them yet, are its writer's."""
    first = number
    while first and article.sentences[first - 1].paragraph == paragraph and number - first < POST:
        first -= 1
    if account.waiting or (account.statements and account.statements[-1].sentence >= first):
        return
    for earlier in range(first, number):
        _quote(article, account, earlier, who, earlier > first)


def _quote(article: Reading, account: Account, number: int, who: Who, continues: bool) -> None:
    sentence = article.sentences[number]
    account.statements.append(Statement(number, sentence.start, sentence.end, None, "", True, None, continues))
    account.spoken.append(who)
    article.heard = (number, who)


def _speaker(who: Who, made: dict[int, Speaker], words: Vocabulary) -> Speaker | None:
    if not isinstance(who, Record):
        return who
    if id(who) not in made:
        made[id(who)] = who.speaker(words)
    return made[id(who)]
