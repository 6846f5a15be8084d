"""Whom a phrase means: a name by its record, a pronoun or a role by who was spoken of before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from jobs.condense import nominative
from jobs.condense.cues import Cue
from jobs.condense.names import Phrase, phrase_of, worded
from jobs.condense.nominative import Gender
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
from jobs.condense.sentences import Sentence
from jobs.condense.subjects import main_subject
from jobs.condense.tokens import (
    BREAKS,
    DASHES,
    NEVER_NAMES,
    NOUNLIKE,
    OFFICES,
    PRONOUNS,
    Token,
    in_title_case,
    lowered,
    tokens,
)
from jobs.condense.vocabulary import Vocabulary

Who = Record | Speaker | None  # None: in doubt

TOP = 4  # sentences in which a headline may stand
NEAR = 3  # sentences back in which a pronoun's person is looked for
SPOKE = 8  # sentences back in which a speaker of known gender is
FAR = 60  # sentences back in which the holder of a role is
MEANINGS = {"he": "he", "his": "he", "she": "she", "hers": "she", "it": "it", "they": "they", "theirs": "they"}
MEANINGS |= {"someone": "person"}  # of either gender: "the 56-year-old"
ARTICLES = {"he": "masculine", "she": "feminine", "person": ""}  # by which "er" and "sie" mean an institution, too
ALONE = frozenset(("qualifiers", "articles"))  # what may stand before a noun that takes up a speaker
COMPOUND = 5  # letters; a shorter word at the end of a longer one may be another word
SUBJECT = 6  # tokens in which a sentence's subject is looked for
NOT_FIRST = NEVER_NAMES | BREAKS | {"groups", "documents"}


@dataclass(slots=True)
class Reading:
    """An article while it is read: its sentences as tokens, whom they name, and who spoke last."""

    sentences: Sequence[Sentence]
    words: Vocabulary
    roll: Roll
    lines: list[list[Token]]
    named: list[list[Mention]] = field(default_factory=list)
    heard: tuple[int, Who] = (-SPOKE, None)  # the last statement's sentence, and whose it is


def opened(sentences: Sequence[Sentence], words: Vocabulary) -> Reading:
    """An article before its first statement is looked for: everyone it names is known."""
    lines = [tokens(sentence.text, words, sentence.opens) for sentence in sentences]
    titles = [number for number, line in enumerate(lines[:TOP]) if in_title_case(line)]
    pairs = enumerate(zip(sentences, lines, strict=True))
    texts = [line for number, (sentence, line) in pairs if not sentence.heading and number not in titles]
    inner = [line[2:] if line[0].text in DASHES else line[1:] for line in texts]
    known = {token.low for line in inner for token in line if token.capital and not token.quoted}
    for number in titles if texts else ():
        lines[number] = lowered(lines[number], known)
    roll = Roll(words)
    sure = {roll.stem(low) for low in known} if words.case_endings else known
    for line in lines:
        _lower_first(line, sure, roll)
    article = Reading(sentences, words, roll, lines)
    for sentence, line in zip(sentences, lines, strict=True):
        found = [] if sentence.heading else list(mentions(line, sentence.text, article.roll, sure))
        article.named.append([mention for mention in found if not mention.quoted])
    return article


def _lower_first(line: list[Token], sure: set[str], roll: Roll) -> None:
    """A sentence's first word is a name only where a capital or a colon follows or the article has it elsewhere."""
    at = next((i for i, token in enumerate(line[:4]) if token.text[0].isalpha()), None)
    if at is None or not line[at].capital or roll.stem(line[at].low) in sure:
        return
    follows = line[at + 1] if at + 1 < len(line) else None
    verb = line[at].tags & NOT_FIRST and not line[at].tags & NOUNLIKE
    if follows is None or not (follows.capital or follows.text == ":") or verb:
        line[at] = line[at]._replace(capital=False)


def meant(article: Reading, number: int, cue: Cue) -> Who:
    """Whom the subject of a cue in sentence `number` means; what it tells of a name is remembered."""
    line, phrase = article.lines[number], cue.subject
    names = names_of(line, phrase)
    head = line[phrase.head]
    office = _office_of(line, phrase) if names and article.words.nominative else None
    if office is not None:
        whole = replace(phrase, name=None, head=office)
        return _by_role(article, number, whole, line[office], _declined(line, cue, article.words))
    if names and not _several(line, phrase):
        return _by_name(article, number, cue, names)
    if (head.tags & PRONOUNS and "determiners" not in head.tags) or cue.first <= phrase.head < cue.last:
        return _by_pronoun(article, number, phrase, head)
    again = _again(article, number, cue, head)
    return again or _by_role(article, number, phrase, head, _declined(line, cue, article.words))


def _again(article: Reading, number: int, cue: Cue, head: Token) -> Record | None:
    """Who spoke just before, where a noun after the verb takes that person up ("…», — пояснив посадовець")."""
    at, who = article.heard
    named = article.named[number - 1] if number else []
    if at < number - 1 and named and named[0].first <= SUBJECT and named[0].record.person:
        at, who = number - 1, named[0].record
    before = article.lines[number][cue.subject.first : cue.subject.head]
    alone = cue.subject.last == cue.subject.head + 1 and cue.subject.first >= cue.last
    if not alone or "again" not in head.tags or any(not token.tags & ALONE for token in before):
        return None
    if not isinstance(who, Record) or not who.person:
        return None
    first = number
    while (
        first > max(at + 1, number - SPOKE)
        and article.sentences[first - 1].paragraph == article.sentences[number].paragraph
    ):
        first -= 1  # the sentences of one quotation
    if first - at > 1:
        return None
    near = article.sentences[number].paragraph - article.sentences[at].paragraph <= 1
    told: Gender = "he" if "male" in head.tags else "she" if "female" in head.tags else ""
    return who if near and (not told or who.gender in ("", told)) else None


def _office_of(line: list[Token], phrase: Phrase) -> int | None:
    """The head of a phrase that ends with whose it is ("пресслужба «Хвилі»", "уряд Карстії", "речник «Хвилі»")."""
    if phrase.name is None:
        return None
    head = next((at for at in range(phrase.first, phrase.name[0]) if "leads" in line[at].tags), None)
    unknown = line[phrase.first : phrase.name[0]]
    if head is None and unknown and "wrapped" in line[phrase.name[0]].tags and not any(t.tags for t in unknown):
        return phrase.name[0] - 1  # a noun in no list: "фан-сектор «Хвилі»"
    if head is None or (line[head].capital and head > 0):
        return None
    tags, wrapped = line[head].tags, "wrapped" in line[phrase.name[0]].tags
    if tags & OFFICES or "groups" in tags:
        return head if wrapped else None
    return head if "organisations" in tags and (not wrapped or "proxies" in tags) else None


def _declined(line: list[Token], cue: Cue, words: Vocabulary) -> bool:
    """Whether the subject of a cue stands in another case than a subject does: after its cue's own words ("за словами
    Квілла"), or after a preposition ("у компанії заявили")."""
    first = cue.subject.first
    if not words.nominative or cue.kind == "according" or first == 0:
        return cue.kind == "according"
    if "prepositions" not in line[first - 1].tags:
        return False
    articled = nominative.articled(line[first].low, words)
    return articled or "determiners" not in line[first].tags or "impersonal" in line[cue.first].tags


def _by_name(article: Reading, number: int, cue: Cue, names: list[str]) -> Record:
    line, phrase = article.lines[number], cue.subject
    gender = gender_of(line, phrase)
    record = article.roll.find(names, gender) or article.roll.meet(names, gender)
    article.roll.extend(record, names)
    if article.words.case_endings:
        record.stood(names, _declined(line, cue, article.words), article.words)
    text = article.sentences[number].text
    learn(record, line, phrase, text)
    describe(record, line, text, phrase, article.roll)
    record.spoke = record.spoke or (len(names) > 1 and cue.kind == "says")
    return record


def _several(line: list[Token], phrase: Phrase) -> bool:
    """Whether the phrase joins names, or counts people of a name: they speak together."""
    if {"determiners", "groups"} <= line[phrase.first].tags:
        return True
    return any(
        "coordinators" in line[at].tags and at + 1 < phrase.last and line[at + 1].capital
        for at in range(phrase.head + 1, phrase.last)
    )


def _by_pronoun(article: Reading, number: int, phrase: Phrase, head: Token) -> Who:
    """The nearest one a pronoun can mean, but nobody who is named after it in its own sentence."""
    wanted = next((meaning for tag, meaning in MEANINGS.items() if tag in head.tags), "")
    if wanted and (subject := _last_subject(article, number, wanted)) is not None:
        return subject
    objects = {id(mention.record) for mention in article.named[number] if mention.first >= phrase.last}
    candidates = _candidates(article, number, phrase)
    return next((who for who in candidates if id(who) not in objects and _fits(who, wanted)), None)


def _last_subject(article: Reading, number: int, wanted: str) -> Who:
    """The subject of the sentence before, where it is a group, a document or an institution without a name."""
    line = article.lines[number - 1] if number else []
    phrase = main_subject(line) if line else None
    kinds = {"groups"} if wanted == "they" else {"organisations", "documents"}
    if phrase is None or phrase.name or not line[phrase.head].tags & kinds:
        return None
    if wanted in ARTICLES and (ARTICLES[wanted] not in line[phrase.first].tags or _person_in(article, number - 1)):
        return None
    return _by_role(article, number - 1, phrase, line[phrase.head])


def _person_in(article: Reading, number: int) -> bool:
    return any(mention.record.person for mention in article.named[number])


def _candidates(article: Reading, number: int, phrase: Phrase) -> Iterator[Record | Speaker]:
    """Who was spoken of before a phrase, the likeliest first: of each sentence who spoke before who is only named."""
    at, who = article.heard
    yield from (mention.record for mention in article.named[number] if mention.last <= phrase.first)
    for back in range(number - 1, max(-1, number - 1 - NEAR), -1):
        if at == back and who is not None:
            yield who
        opening = back == number - 1 or at < back
        yield from (m.record for m in article.named[back] if m.first <= SUBJECT or not opening)
    if number - SPOKE <= at and who is not None and who.gender:
        yield who


def _fits(who: Record | Speaker, wanted: str) -> bool:
    if wanted in ("he", "she", "person"):
        spoke = isinstance(who, Record) and who.spoke and who.kind == "person"
        known = spoke or (who.person if isinstance(who, Record) else who.kind == "anonymous")
        return known and (who.gender in (wanted, "") or wanted == "person")
    if wanted == "it":
        return who.kind == "organisation"
    return who.kind == "group"


def _by_role(
    article: Reading, number: int, phrase: Phrase, head: Token, declined: bool = False
) -> Record | Speaker | None:
    """Whom "the minister" means, else the phrase itself."""
    line, sentence = article.lines[number], article.sentences[number]
    name = worded(sentence.text, line, phrase.first, phrase.last)
    alone = phrase.last - phrase.first == 1
    if ("definite" in line[phrase.first].tags or alone) and head.tags & OFFICES:
        record = _holder(article, number, line[phrase.first + 1 : phrase.head], head.low)
        if record is not None:
            if (
                declined
                and not record.last
                and not any(record is m.record for n in article.named[max(0, number - FAR) : number] for m in n)
            ):
                record.stood(record.names, True, article.words)  # its name stands here alone, in the case of the cue
            return record
    if ("definite" in line[phrase.first].tags or alone) and "organisations" in head.tags and not phrase.name:
        record = _organisation(article, number, head) if phrase.last - phrase.first <= 2 else None
        if record is not None:
            return record
    if article.words.nominative and "documents" in head.tags and phrase.head + 1 < phrase.last:
        return _by_owner(article, number, phrase)
    if declined:
        name = nominative.phrase(name, article.words)
    several = "groups" in head.tags or (phrase.name is not None)
    kind: Kind = "group" if several else "anonymous"
    if head.tags & {"organisations", "documents"} and kind != "group":
        kind = "organisation"
    return Speaker(name, "", name.lower(), kind, behalf(name, article.words))


def _by_owner(article: Reading, number: int, phrase: Phrase) -> Record | Speaker | None:
    """Who speaks in a document: whose it is ("у заяві клубу")."""
    line = article.lines[number]
    owner = phrase_of(line, phrase.head + 1, phrase.last)
    return _by_role(article, number, owner, line[owner.head], declined=True)


def _holder(article: Reading, number: int, adjectives: list[Token], role: str) -> Record | None:
    """The last one named who is described with this role, and with the words that stand before it here."""
    role = article.roll.stem(role)
    wanted = {article.roll.stem(token.low) for token in adjectives if token.capital}
    for back in range(number, max(-1, number - FAR), -1):
        for mention in reversed(article.named[back]):
            if wanted <= mention.record.words and any(_same_role(word, role) for word in mention.record.words):
                return mention.record
    return None


def _organisation(article: Reading, number: int, head: Token) -> Record | None:
    """The organisation that "the council" means: the last one with this word in its name or description; for "the
    company" also the one that the article is about."""
    role, about = article.roll.stem(head.low), "companies" in head.tags
    met: dict[int, Record] = {}
    for back in range(number, max(-1, number - FAR), -1):
        for mention in reversed(article.named[back]):
            record = mention.record
            if record.person or record.kind != "organisation":
                continue
            before = article.lines[back][mention.first - 1].low if mention.first and record.wrap else ""
            if _called(record, role, article.roll) or (before and _same_role(article.roll.stem(before), role)):
                return record
            met[id(record)] = record
    most = sorted(met.values(), key=lambda record: -record.count)[:2] if about else []
    if not most or most[0].count < 2:
        return None
    return most[0] if len(most) == 1 or most[0].count >= 2 * most[1].count else None


def _called(record: Record, role: str, roll: Roll) -> bool:
    """Whether an organisation is described with a word, or has it in a name of several words."""
    if any(_same_role(word, role) for word in record.words):
        return True
    return len(record.names) > 1 and any(_same_role(roll.stem(word.lower()), role) for word in record.names)


def _same_role(word: str, role: str) -> bool:
    """Whether a description's word is the role, or a compound of it ("Verkehrsministerin")."""
    return word == role or (len(role) > COMPOUND and word.endswith(role))
