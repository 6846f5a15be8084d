"""What a story is about: who makes the move, whom it concerns, and how a speaker stands to both.

Headline and lead say it: the subject makes the move, unless its verb is one that is undergone ("was accused of"); who
is named after it is concerned; whom the lead is attributed to ("…, prosecutors said") makes the move too.
Identity is by names, countries and the nouns of a description, never by titles ("president").
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from jobs.condense.markers import Markers, tokens_of
from jobs.condense.sentences import Sentence
from jobs.condense.speakers import Speaker, Statement
from jobs.condense.subjects import main_subject
from jobs.condense.tokens import MARKS, NEVER_NAMES, Token, tokens
from jobs.condense.vocabulary import Vocabulary

STEM = 5  # letters by which words are compared
LEAD = 3  # sentences before the lead: headlines that look like sentences
LEAD_WORDS = 10  # words by which a lead is told from a headline
TITLE_CASE = 0.7  # of a headline's longer words that have capitals
BESIDE = 30  # characters in which a sentence's subject begins
SUBJECT = 8  # tokens in which a subject is looked for where the phrase finder finds none
UNDERGONE = 4  # tokens in a verb group
NOUNS = frozenset(("roles", "groups", "organisations"))
LATIN = "ɏ"  # the last Latin letter; names in other alphabets are declined at length
UNTELLING = frozenset(("titles", "documents"))
GENERIC = frozenset(("onlookers", "crowd", "generic"))  # nouns that tell nobody apart

Relation = Literal[
    "mover", "concerned", "third", "foreign", "home", "host", "media", "official", "nameless", "stranger"
]


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
    """An article's sentences as lines. Of several statements in one the first quotation counts, else the first."""
    said: dict[int, Statement] = {}
    for statement in statements:
        first = said.get(statement.sentence)
        around = first and statement.start <= first.start and statement.end >= first.end
        if first is None or around or (statement.verbatim and not first.verbatim):
            said[statement.sentence] = statement
    lines: list[Line] = []
    for place, sentence in enumerate(sentences):
        words = tokens_of(sentence.text)
        folded = [_cut(word) for word in words]
        lines.append(Line(article, place, sentence, said.get(place), words, markers.of(words), folded))
    return lines


@dataclass(frozen=True, slots=True)
class Named:
    """The words that tell who is meant, folded: names, countries, and nouns such as "doctors"."""

    names: frozenset[str] = frozenset()
    nouns: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()

    def __or__(self, other: "Named") -> "Named":
        return Named(self.names | other.names, self.nouns | other.nouns, self.countries | other.countries)

    def without(self, other: "Named") -> "Named":
        return Named(self.names - other.names, self.nouns - other.nouns, self.countries - other.countries)

    def __bool__(self) -> bool:
        return bool(self.names or self.nouns or self.countries)


@dataclass(frozen=True, slots=True)
class Event:
    """Who makes the move, whom it concerns, whose words the lead is, and the content words of headline and lead."""

    movers: Named
    concerned: Named
    sources: frozenset[str]  # keys of speakers
    words: frozenset[str]
    addressee: str = ""  # the first of the concerned, as the lead words it; "" when it names none
    answering: bool = False  # the article tells an answer to a move that an earlier one told


def fold(word: str, countries: Mapping[str, str]) -> tuple[str, bool]:
    """A word as it is compared, and whether it stands for a country."""
    low = word.lower()
    if len(low) > 3 or word.isupper():
        stems = (low[:end] + "*" for end in range(4, max(4, min(len(low), 10)) + 1))
        country = countries.get(low) or next(filter(None, map(countries.get, stems)), None)
        if country:
            return country, True
    return (_named(low) if word[0].isupper() else _cut(low)), False


def _named(low: str) -> str:
    """A name as it is compared: without the ending of its case."""
    return low[:STEM] if low[0] > LATIN else low.rstrip("s")


def _cut(low: str) -> str:
    """A word without its grammatical ending, as far as its length tells."""
    return low[:STEM]


def named(line: Iterable[Token], markers: Markers) -> Named:
    """Who is meant by these tokens."""
    names: set[str] = set()
    nouns: set[str] = set()
    countries: set[str] = set()
    initials = ""
    for token in line:
        if token.capital:
            initials += token.text[0].lower()
        elif len(token.low) > 3 or not token.text[0].isalpha():
            _add_acronym(initials, names)
            initials = ""
        if token.tags & NEVER_NAMES or not token.text[0].isalpha():
            continue
        folded, country = fold(token.text.rstrip("."), markers.countries)
        if country:
            countries.add(folded)
        elif token.tags & NOUNS and not token.tags & UNTELLING:
            if not markers.of([token.low]).keys() & GENERIC:
                nouns.add(_cut(token.low))
        elif token.capital and "titles" not in token.tags:
            names.add(folded)
    _add_acronym(initials, names)
    return Named(frozenset(names), frozenset(nouns), frozenset(countries))


def _add_acronym(initials: str, names: set[str]) -> None:
    if 3 <= len(initials) <= 6:
        names.add(initials)


def event_of(lines: Sequence[Line], title: str, words: Vocabulary, markers: Markers) -> Event:
    """The event of one article, from its title (if any), its lead, and the sentence after that."""
    body = [line for line in lines[: LEAD + 3] if not line.sentence.heading]
    lead = next((at for at, line in enumerate(body) if not _headline(line)), 0)
    texts = [title] if title else [line.sentence.text for line in lines[:1] if line.sentence.heading]
    movers, concerned = Named(), Named()
    for text in (*texts, *(line.sentence.text for line in body[: min(lead, LEAD) + 1])):
        subject, rest = _halves(text, words, markers)
        movers |= subject
        concerned |= rest
    sources = [line.speaker for line in body[lead : lead + 1] if line.speaker and _named_by(line)]
    for source in sources:
        movers |= named(tokens(source.name, words), markers)
    for line in body[lead + 1 : lead + 2]:
        subject, rest = _parts(line, words, markers)
        joins = not movers or _shares(subject, movers) or bool(subject.countries & movers.countries)
        joins = joins or (_quotes(line) and not _shares(subject, concerned))
        movers, concerned = (movers | subject, concerned | rest) if joins else (movers, concerned | subject | rest)
    texts += [line.sentence.text for line in body[: lead + 2]]
    content = {_cut(word) for text in texts for word in tokens_of(text) if len(word) > 3}
    keys = frozenset(source.key for source in sources)
    concerned = concerned.without(movers)
    addressee = next((who for text in texts if (who := _addressee(text, concerned, words, markers))), "")
    return Event(movers, concerned, keys, frozenset(content), addressee)


def seen_from(event: Event, opening: Event) -> Event:
    """A later article's event as the story's first article has it: who was concerned there and leads here answers."""
    own, theirs = event.movers, opening.concerned
    answers = _shares(own, theirs) or bool(own.countries & theirs.countries)
    if not answers or _shares(own, opening.movers) or own.countries & opening.movers.countries:
        return event
    concerned = (theirs | own).without(opening.movers)
    return Event(opening.movers, concerned, frozenset(), frozenset(), event.addressee, answering=True)


def _addressee(text: str, concerned: Named, words: Vocabulary, markers: Markers) -> str:
    """The first run of capitals in a text that names one of the concerned."""
    run: list[Token] = []
    for token in (*tokens(text, words), None):
        if token is not None and token.capital and "times" not in token.tags and not token.quoted:
            run.append(token)
            continue
        if len(run) > 1 and named(run, markers).names & concerned.names:
            return text[run[0].start : run[-1].end]
        run = []
    return ""


def _headline(line: Line) -> bool:
    """Whether a sentence is a headline although it ends like a sentence: it is short, or its words have capitals."""
    long = [word for word in line.sentence.text.split() if len(word) > 3]
    return len(line.tokens) < LEAD_WORDS or sum(word[0].isupper() for word in long) > TITLE_CASE * len(long)


def _named_by(line: Line) -> bool:
    """Whether the speaker of a lead is its subject or stands at its end ("…, prosecutors said")."""
    statement = line.statement
    if statement is None or statement.mention is None:
        return False
    leads = statement.mention[0] - line.sentence.start <= BESIDE
    return leads or statement.start == line.sentence.start


def _quotes(line: Line) -> bool:
    """Whether a sentence begins with a quotation: right after a lead it is the mover's."""
    statement = line.statement
    return bool(statement and statement.verbatim and statement.start == line.sentence.start)


def _parts(line: Line, words: Vocabulary, markers: Markers) -> tuple[Named, Named]:
    """Who speaks or is the subject in a sentence, and who else is named outside of quotations."""
    if line.statement is None or line.speaker is None:
        return _halves(line.sentence.text, words, markers)
    subject = named(tokens(line.speaker.label, words), markers)
    others = [token for token in tokens(line.sentence.text, words) if not token.quoted]
    return subject, named(others, markers).without(subject)


def _halves(text: str, words: Vocabulary, markers: Markers) -> tuple[Named, Named]:
    """Who is named in the subject of a sentence, and who in the rest; all in the rest when the subject undergoes it."""
    line = tokens(text, words)
    if not line:
        return Named(), Named()
    phrase = main_subject(line)
    first, last = (phrase.first, phrase.last) if phrase else (0, _verb(line, markers))
    if phrase and phrase.described:
        first, last = min(first, phrase.described[0]), max(last, phrase.described[1])
    verb = last + _verb(line[last:], markers)
    if phrase and not any(token.text in MARKS for token in line[last:verb]):
        last = verb
    subject = named(line[first:last], markers)
    rest = named(line[:first] + line[last:], markers)
    return (Named(), subject | rest) if _undergone(line, verb, markers) else (subject, rest)


def _undergone(line: Sequence[Token], verb: int, markers: Markers) -> bool:
    """Whether the verb group that begins at a token is passive."""
    group = line[verb : verb + UNDERGONE]
    if markers.of([token.low for token in line[verb : verb + UNDERGONE + 1]]).get("undergoes"):
        return True
    being = next((at for at, token in enumerate(group) if "being" in token.tags), None)
    if being is None:
        return False
    following = next((token for token in group[being + 1 :] if not token.tags & {"adverbs", "auxiliaries"}), None)
    if following is None or following.tags & {"gerunds", "saying"}:
        return False
    return "moves" in markers.of([following.low])


def _verb(line: Sequence[Token], markers: Markers) -> int:
    for place, token in enumerate(line):
        if not token.quoted and ("auxiliaries" in token.tags or "moves" in markers.of([token.low])):
            return place
    return min(len(line), SUBJECT)


def relation(speaker: Speaker, event: Event, words: Vocabulary, markers: Markers, home: str = "") -> Relation:
    """How a speaker stands to the event. `home` is what else the sentence says of him ("who represents Quill").

    mover, concerned    by name, organisation or noun; a spokesman stands as who he speaks for
    nameless            a thing or an office whose holder is not named here ("the company", "a spokeswoman")
    official            reports what happened by office ("police")
    third               an onlooker by trade ("economist"), or many ("residents")
    home, host          shares no more than the country with the mover, with the concerned
    foreign             of a country that has no part in the event
    media               a newsroom, which is but the source
    """
    own = named(tokens(speaker.name, words), markers)
    ties = named(tokens(f"{speaker.description} {speaker.behalf_of or ''} {home}", words), markers)
    described = speaker.description if speaker.kind == "person" else f"{speaker.description} {speaker.name}"
    kinds = markers.of(tokens_of(described))
    if speaker.key in event.sources or _shares(own, event.movers):
        return "mover"
    if _shares(own, event.concerned):
        return "concerned"
    if "media" in kinds and not speaker.description:
        return "media"
    if "authors" in kinds:
        return "mover"
    if "onlookers" in kinds:
        return "third"
    if "informed" in kinds:
        return "nameless"
    if _shares(ties, event.movers):
        return "mover"
    if _shares(ties, event.concerned):
        return "concerned"
    if "third" in kinds or "crowd" in kinds:
        return "third"
    if "officials" in kinds:
        return "official"
    if not own.names and not ties.names and ("insider" in kinds or speaker.kind == "organisation"):
        return "nameless"
    if "insider" in kinds and not ties.names and not ties.countries:
        return "nameless"
    return _by_country(ties.countries | own.countries, event) or "stranger"


def _shares(one: Named, other: Named) -> bool:
    return bool(one.names & other.names or one.nouns & other.nouns)


def _by_country(countries: frozenset[str], event: Event) -> Relation | None:
    if countries & event.movers.countries:
        return "home"
    if countries & event.concerned.countries:
        return "host"
    return "foreign" if countries and (event.movers.countries or event.concerned.countries) else None
