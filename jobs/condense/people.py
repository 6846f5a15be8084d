"""One record per person or organisation of an article, and whom a later mention means."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from jobs.condense import nominative
from jobs.condense.asides import with_apposition
from jobs.condense.names import Phrase, after_office, phrase_of, same_name, worded
from jobs.condense.nominative import Gender
from jobs.condense.phrases import phrase_before
from jobs.condense.tokens import INSTITUTIONS, NOMINAL, OFFICES, Token
from jobs.condense.vocabulary import Vocabulary

Kind = Literal["person", "organisation", "group", "anonymous"]
TELLING = NOMINAL | {"represents"}
INSTITUTIONAL = frozenset(("organisations", "institutions", "countries", "groups", "wrapped"))
MALE = frozenset(("male", "male_names"))
FEMALE = frozenset(("female", "female_names"))
NAMESAKES = 20  # records under one surname, so that a list of a family stays linear
SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says something, as far as the article tells."""

    name: str  # "Andrii Sybiha"; for who has no name, the phrase: "two people familiar with the matter"
    description: str  # as the article words it, without the name: "Ukraine's foreign minister"; "" when it gives none
    key: str  # identity within the article, lower case: the surname, the whole name of an organisation, or the phrase
    kind: Kind
    behalf_of: str | None = None  # for whom a spokesman, lawyer or office speaks, as the article words it
    gender: Gender = ""
    leading: bool = False  # the description stands before the name ("Foreign Minister Andrii Sybiha")

    @property
    def label(self) -> str:
        """For readers: "Andrii Sybiha, Ukraine's foreign minister"."""
        if not self.description:
            return self.name
        return f"{self.description} {self.name}" if self.leading else f"{self.name}, {self.description}"


@dataclass(slots=True)
class Record:
    """What an article tells of one person or organisation."""

    names: list[str]  # the longest form met
    gender: Gender = ""
    leading: str = ""  # the longest description before the name
    apposition: str = ""  # the longest after it
    beside: list[str] = field(default_factory=list)  # the name's words as they stand with the first of these
    words: set[str] = field(default_factory=set)  # of all its descriptions, lower case, without case endings
    declined: set[tuple[str, ...]] = field(default_factory=set)  # forms of the name met outside the nominative
    last: str = ""  # the last word of the name as a subject
    wrap: str = ""  # the marks around a name ("«»")
    person: bool = False  # a title, a first name or a description says so
    institution: bool = False  # a word of its name says so
    spoke: bool = False  # said something under more than one name
    count: int = 0
    alone: int = 0  # times it was met by its last name only, as people are

    @property
    def kind(self) -> Kind:
        if self.person and not self.institution:
            return "person"
        always_whole = self.count > 2 and not self.alone
        return "organisation" if self.institution or len(self.names) == 1 or always_whole else "person"

    def stood(self, names: list[str], declined: bool, words: Vocabulary) -> None:
        """Remember in which form a name spoke: that of a subject is the nominative."""
        if declined:
            self.declined.add(tuple(names))
            told = nominative.person(names, self.gender, words, known=True) if len(names) > 1 else None
            if told:
                self.gender, self.person = told[1], True
            return
        self.last = names[-1]
        if len(names) == len(self.names):
            self.names = names

    def speaker(self, words: Vocabulary) -> Speaker:
        before = bool(self.leading) and len(self.leading) >= len(self.apposition)
        description = self.leading if before else self.apposition
        names, gender = self._nominative(words) if words.nominative else (self.names, self.gender)
        if description and words.nominative and self._apart(description, names, before, words):
            description = nominative.phrase(description, words, gender)
        wrap = self.wrap if words.nominative else ""
        name = f"{wrap[:1]}{' '.join(names)}{wrap[1:]}"
        return Speaker(
            name=name,
            description=description,
            key=surname(self.names) if self.kind == "person" else " ".join(names).lower(),
            kind=self.kind,
            behalf_of=behalf(description, words),
            gender=gender or ("it" if self.kind == "organisation" else ""),
            leading=before,
        )

    def _nominative(self, words: Vocabulary) -> tuple[list[str], Gender]:
        known = tuple(self.names) in self.declined
        if self.kind == "person":
            return nominative.person(self.names, self.gender, words, known, self.last) or (self.names, self.gender)
        alone = known and not self.leading  # after a noun of its own a name has the case of an owner
        return (nominative.phrase(" ".join(self.names), words).split() if alone else self.names), self.gender

    def _apart(self, description: str, names: list[str], before: bool, words: Vocabulary) -> bool:
        """Whether a description has an article, or stands beside another form of the name than this, its nominative."""
        if nominative.articled(description.partition(" ")[0], words):
            return True
        met = self.beside if before else self.names
        if not met or (self.kind != "person" and tuple(met) in self.declined):
            return bool(met)
        return met[-1] != names[-1] or (len(met) > 1 and met[0] != names[0])


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a sentence, by its tokens."""

    record: Record
    first: int
    last: int
    quoted: bool


@dataclass(slots=True)
class Roll:
    """Everyone an article names, met in reading order."""

    words: Vocabulary
    by_last: dict[str, list[Record]] = field(default_factory=dict)
    stems: dict[str, str] = field(default_factory=dict)  # answers given before

    def find(self, names: Sequence[str], gender: Gender = "") -> Record | None:
        """The record these words of a name mean: by the whole name, else by the surname and a title's gender."""
        found = [record for record in self.by_last.get(self.stem(surname(names)), ()) if self._agree(record, names)]
        if len(names) > 1:
            found = [record for record in found if len(record.names) > 1 or not record.institution]
        if gender:
            found = [record for record in found if record.gender in (gender, "")]
        return max(found, key=lambda record: record.count) if found else None

    def meet(self, names: Sequence[str], gender: Gender = "") -> Record:
        record = self.find(names, gender)
        if record is None:
            record = Record(list(names))
            namesakes = self.by_last.setdefault(self.stem(surname(names)), [])
            if len(namesakes) < NAMESAKES:
                namesakes.append(record)
        else:
            self.extend(record, names)
            record.alone += len(names) == 1 < len(record.names)
        record.count += 1
        return record

    def extend(self, record: Record, names: Sequence[str]) -> None:
        """Keep the longer form of a name, but not one that an office before it has run into."""
        if len(names) == len(record.names):
            return
        known, met = self._mixed(record.names), self._mixed(names)
        person = record.person or record.gender
        if 1 < len(names) < len(record.names) and known and not met and person:
            record.names, record.institution = list(names), False
        elif len(names) > len(record.names) and (len(record.names) == 1 or known or not (met and person)):
            record.names = list(names)

    def _mixed(self, names: Sequence[str]) -> bool:
        return any(self.words.tags(name.lower()) & INSTITUTIONS for name in names)

    def stem(self, word: str) -> str:
        """A declined name's stem: without its case ending, three letters at least."""
        if not self.words.case_endings:
            return word
        found = self.stems.get(word)
        if found is None:
            found = self.stems[word] = self._stem(word)
        return found

    def _stem(self, word: str) -> str:
        for _ in range(2):  # "Дроздова" is "Дроздов" before that looks like a case of "Дрозд"
            for length in self.words.case_lengths:
                if len(word) - length >= 3 and word[-length:] in self.words.case_endings:
                    word = word[:-length]
                    break
        fleeting = len(word) > 3 and word[-2] in self.words.fleeting
        return word[:-2] + word[-1] if fleeting else word

    def _agree(self, record: Record, names: Sequence[str]) -> bool:
        if names == record.names:
            return True
        shorter, longer = sorted((record.names, names), key=len)
        have = {self.stem(plain(word)) for word in longer}
        return all(self.stem(plain(word)) in have or re.fullmatch(r"\w\.?", word) for word in shorter)


def surname(names: Sequence[str]) -> str:
    """The word that identifies a person, lower case."""
    last = [name for name in names if len(name) > 3 or not SUFFIX.fullmatch(name)] or list(names)
    return plain(last[-1]).rstrip(".") if last else ""


def plain(name: str) -> str:
    """A word of a name in lower case, its apostrophe straight: outlets write both in one article."""
    return name.lower().replace("’", "'")


def names_of(line: Sequence[Token], phrase: Phrase) -> list[str]:
    """The words of the name in a phrase."""
    if phrase.name is None:
        return []
    words = [
        token for token in line[phrase.name[0] : phrase.name[1]] if token.text[0].isalnum() or token.text[0] == "@"
    ]
    return [token.text if len(token.text) < 3 else token.text.rstrip(".") for token in words]


def mentions(line: list[Token], text: str, roll: Roll, sure: set[str]) -> Iterator[Mention]:
    """The names in a sentence, each put on the roll with what stands beside it. `sure`: words known to be names."""
    end = 0
    for at, token in enumerate(line):
        if at < end or not token.capital:
            continue
        end = _run_end(line, at)
        phrase = _introduced(line, at, end)
        names = names_of(line, phrase)
        adjective = end < len(line) and ({"leads", "organisations"} <= line[end].tags or _of_country(line, at, end))
        if phrase.name is None or not names or adjective:
            continue
        if phrase.name[0] > 0 or len(names) > 1 or roll.stem(names[0].lower()) in sure:
            record = _enrolled(line, text, roll, phrase, names)
            yield Mention(record, phrase.name[0], phrase.name[1], line[phrase.name[0]].quoted)


def _of_country(line: list[Token], at: int, end: int) -> bool:
    """Whether a country or house only tells where somebody is from ("the US tycoon", "the EU envoy")."""
    country = line[at].tags & {"countries", "institutions"} or line[at].text.isupper()
    return end - at == 1 and bool(country) and "roles" in line[end].tags and not line[end].capital


def _run_end(line: list[Token], at: int) -> int:
    """Where the run of capitals that begins at `at` ends."""
    end = at + 1
    while end < len(line) and same_name(line, at, end):
        if not line[end].capital and not ("particles" in line[end].tags and _capital(line, end + 1)):
            break
        end += 1
    return end


def _enrolled(line: list[Token], text: str, roll: Roll, phrase: Phrase, names: list[str]) -> Record:
    """The record of a name. What somebody else calls its bearer, in a quotation, tells nothing about it."""
    gender = gender_of(line, phrase)
    quoted = phrase.name is not None and line[phrase.name[0]].quoted
    known = roll.find(names, gender) if quoted else None
    if known is not None:
        known.count += 1
        return known
    record = roll.meet(names, gender)
    learn(record, line, phrase, text)
    if not quoted:
        describe(record, line, text, phrase, roll)
    return record


def _introduced(line: list[Token], at: int, end: int) -> Phrase:
    """A name with its titles, and with the role before it or the apposition after it where it is told in full."""
    back = next((i for i in range(at - 1, max(-1, at - 5), -1) if line[i].tags & OFFICES), None)
    if back is not None and (back == at - 1 or "leads" in line[back].tags):
        phrase = phrase_before(line, end)
        if phrase is not None and phrase.name:
            return phrase
    if at > 1 and "tight" in line[at - 1].tags and "titles" in line[at - 2].tags:
        at = after_office(line, at, end) or at
    return with_apposition(line, phrase_of(line, at, end))


def _capital(line: Sequence[Token], at: int) -> bool:
    return at < len(line) and line[at].capital


def learn(record: Record, line: Sequence[Token], phrase: Phrase, text: str) -> None:
    """Kind and gender, from the name's own words and the titles before it."""
    assert phrase.name is not None
    name = line[phrase.name[0] : phrase.name[1]]
    titles = [token for token in line[phrase.first : phrase.name[0]] if token.tags & OFFICES]
    if any(not token.tags.isdisjoint(INSTITUTIONAL) for token in name):
        record.institution = True
    elif len(name) == 1 and len(name[0].text) > 1 and name[0].text.isupper() and not titles:
        record.institution = record.institution or not record.person
    if all("wrapped" in token.tags for token in name):
        record.wrap = text[name[0].start - 1] + text[name[-1].end]
    elif titles:
        record.person = True
    if told := gender_of(line, phrase):
        record.gender, record.person = record.gender or told, True


def gender_of(line: Sequence[Token], phrase: Phrase) -> Gender:
    """What a title before a name, or the first name, says."""
    if phrase.name is None:
        return ""
    for token in (*line[phrase.first : phrase.name[0]], line[phrase.name[0]]):
        if not token.tags.isdisjoint(MALE):
            return "he"
        if not token.tags.isdisjoint(FEMALE):
            return "she"
    return ""


def describe(record: Record, line: Sequence[Token], text: str, phrase: Phrase, roll: Roll) -> None:
    """Add what a phrase says of a name; the longest description of a decent length stays."""
    if phrase.described is None:
        return
    first, last = phrase.described
    tokens = [token for token in line[first:last] if token.text not in ("(", ")")]
    if not any(token.tags & TELLING and not token.tags & {"honorifics", "qualifiers"} for token in tokens):
        return
    if _another(record, tokens) if phrase.before else "adverbs" in tokens[0].tags:  # "Marsh, then foreign minister"
        return
    record.words.update(roll.stem(token.low.rstrip(".")) for token in tokens)
    record.person = record.person or any("roles" in token.tags for token in tokens)
    if any("male" in token.tags for token in tokens):
        record.gender = record.gender or "he"
    if any("female" in token.tags for token in tokens):
        record.gender = record.gender or "she"
    while phrase.before and first < last - 1 and "articles" in line[first].tags:
        owner = "possessives" in line[first + 2].tags and not line[first + 1].capital if first + 2 < last else False
        if owner or nominative.articled(line[first].low, roll.words):
            break  # "the city's sports director"; or the article tells the case
        first += 1
    told = worded(text, line, first, last)
    if phrase.before and len(told) > len(record.leading):
        record.leading, record.beside = told, names_of(line, phrase)
    elif not phrase.before and len(told) > len(record.apposition):
        record.apposition = told


def _another(record: Record, tokens: Sequence[Token]) -> bool:
    """Whether the words before a name, in languages that begin with the head, are about something else: a document of
    his, an institution that has his name further on ("у МЗС слова Бранда")."""
    head = next((token.tags for token in tokens if "leads" in token.tags), frozenset())
    if head & OFFICES and "organisations" not in head:
        return bool(record.wrap)  # "директор «Хвилі»" is not «Хвиля»
    if not head:
        return False
    if "proxies" in head:
        return True
    return "documents" in head or bool("organisations" in head and (record.person or record.gender))


def behalf(description: str, words: Vocabulary) -> str | None:
    """For whom "a spokesman for the ministry", "Odell's lawyer" or one "who represents Odell" speaks."""
    parts = description.split()
    lows = [part.lower().strip(".,") for part in parts]
    if (verb := next((i for i, low in enumerate(lows) if "represents" in words.tags(low)), None)) is not None:
        return " ".join(parts[verb + 1 :]) or None
    at = next((i for i, low in enumerate(lows) if "proxies" in words.tags(low)), None)
    if at is None or any("independent" in words.tags(low) for low in lows):
        return None
    if at + 2 <= len(parts) - 1 and "on_behalf" in words.tags(lows[at + 1]):
        return " ".join(parts[at + 2 :])
    if at + 1 <= len(parts) - 1 and "leads" in words.tags(lows[at]):
        return " ".join(parts[at + 1 :])
    whose = [part for part, low in zip(parts[:at], lows, strict=False) if "determiners" not in words.tags(low)]
    return re.sub(r"[’']s?$", "", " ".join(whose)) or None
