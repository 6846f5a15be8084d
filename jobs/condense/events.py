"""What a story is about: who makes the move, whom it concerns, and how a speaker stands to both.

Headline and lead say it: the subject makes the move, unless its verb is one that is undergone ("was accused of"); who
is named after it is concerned; whom the lead is attributed to ("…, prosecutors said") makes the move too.
Identity is by names, countries and the nouns of a description, never by titles ("president").
"""

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from jobs.condense import nominative
from jobs.condense.asides import subject_after
from jobs.condense.identity import NOBODY, STEM, Named, cut, identity, named, named_in
from jobs.condense.markers import Markers, tokens_of
from jobs.condense.sentences import Sentence
from jobs.condense.speakers import Speaker, Statement
from jobs.condense.subjects import main_subject
from jobs.condense.tokens import MARKS, Token, in_title_case, lowered, tokens
from jobs.condense.vocabulary import Vocabulary

LEAD = 3  # sentences before the lead: headlines that look like sentences
LEAD_WORDS = 11  # words by which a lead is told from a headline
BESIDE = 30  # characters in which a sentence's subject begins
SUBJECT = 8  # tokens in which a subject or its verb is looked for
NAMING = 6  # sentences in which the names of a headline occur
AGENT = 12  # tokens after a passive verb in which who does it is named
VERBS = frozenset(("auxiliaries", "says", "judges", "thinks"))
UNDERGONE = 4  # tokens in a verb group

Split = Callable[[str], list[Token]]  # a text as tokens, remembered while an article is read
Relation = Literal[
    "mover", "concerned", "third", "politician", "foreign", "home", "host", "media", "official", "nameless", "stranger"
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
    content: frozenset[str] = frozenset()  # its longer words as they are compared

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
        content = frozenset([word[:STEM] for word in words if len(word) > 3])
        lines.append(Line(article, place, sentence, said.get(place), words, markers.of(words), content))
    return lines


@dataclass(frozen=True, slots=True)
class Event:
    """Who makes the move, whom it concerns, whose words the lead is, and the content words of headline and lead."""

    movers: Named
    concerned: Named
    sources: frozenset[str]  # keys of speakers
    words: frozenset[str]
    addressee: str = ""  # the first of the concerned, in the nominative; "" when it names none
    answering: bool = False  # the article tells an answer to a move that an earlier one told


def event_of(lines: Sequence[Line], title: str, words: Vocabulary, markers: Markers) -> Event:
    """The event of one article, from its title (if any), its lead, and the sentence after that."""
    split = functools.cache(functools.partial(tokens, words=words))
    body = [line for line in lines[: LEAD + 3] if not line.sentence.heading]
    lead = next((at for at, line in enumerate(body) if not _headline(line, split)), 0)
    texts = [title] if title else [line.sentence.text for line in lines[:1] if line.sentence.heading]
    movers = concerned = NOBODY
    for text in (*texts, *(line.sentence.text for line in body[: min(lead, LEAD) + 1])):
        subject, rest = _halves(_after_topic(_tokens(text, body[lead:], split), markers), markers)
        movers |= subject
        concerned |= rest
    sources = [line.speaker for line in body[lead : lead + 1] if line.speaker and _vouches(line, movers, markers)]
    for source in sources:
        movers |= named_in(source.name, words, markers)
    for line in body[lead + 1 : lead + 2]:
        subject, rest = _parts(line, split, words, markers, movers)
        joins = not movers or subject.touches(movers)
        joins = joins or (_leads_on(line, markers) and not subject.shares(concerned))
        movers, concerned = (movers | subject, concerned | rest) if joins else (movers, concerned | subject | rest)
    texts += [line.sentence.text for line in body[: lead + 2]]
    content = {cut(word) for text in texts for word in tokens_of(text) if len(word) > 3}
    keys = frozenset(source.key for source in sources)
    concerned = concerned.without(movers)
    addressee = next((who for text in texts if (who := _addressee(split(text), text, concerned, words, markers))), "")
    return Event(movers, concerned, keys, frozenset(content), addressee)


def _tokens(text: str, body: Sequence[Line], split: Split) -> list[Token]:
    """A headline's or lead's tokens; where all words of a headline have capitals, only names keep theirs."""
    line = split(text)
    if not in_title_case(line) or not body:
        return line
    after = [split(other.sentence.text) for other in body[:NAMING]]
    return lowered(line, {token.low for other in after for token in other[1:] if token.capital})


def _after_topic(line: list[Token], markers: Markers) -> list[Token]:
    """A headline's tokens, its topic last: "Ferry row: Quill sues the board" tells what Quill does."""
    colon = next((at for at, token in enumerate(line) if token.text == ":" and not token.quoted), 0)
    after = line[colon + 1 :]
    phrase = main_subject(after) if colon and after else None
    if phrase is None or not named(after[phrase.first : phrase.last], markers).names:
        return line
    return after + line[:colon] if _verb(after, phrase.last, markers) == phrase.last else line


def seen_from(event: Event, opening: Event) -> Event:
    """A later article's event as the story's first article has it: who was concerned there and leads here answers."""
    own, theirs = event.movers, opening.concerned
    answers = own.shares(theirs) or bool(own.countries & theirs.countries)
    if not answers or own.shares(opening.movers) or own.countries & opening.movers.countries:
        return event
    concerned = (theirs | own).without(opening.movers)
    return Event(opening.movers, concerned, frozenset(), frozenset(), event.addressee, answering=True)


def _addressee(line: list[Token], text: str, concerned: Named, words: Vocabulary, markers: Markers) -> str:
    """The first run of capitals in a text that names one of the concerned, in the nominative."""
    run: list[Token] = []
    for token in (*line, None):
        if token is not None and token.capital and "times" not in token.tags and not token.quoted:
            run.append(token)
            continue
        if len(run) > 1 and named(run, markers).names & concerned.names:
            return nominative.named(text[run[0].start : run[-1].end], words)
        run = []
    return ""


def _headline(line: Line, split: Split) -> bool:
    """Whether a sentence is a headline although it ends like a sentence: it is short, or its words have capitals."""
    return len(line.tokens) < LEAD_WORDS or in_title_case(split(line.sentence.text))


def _vouches(line: Line, movers: Named, markers: Markers) -> bool:
    """Whether the lead is its speaker's own word: its subject's, or that of who stands at its end ("…, police said").

    A newsroom only passes a word on, and an onlooker makes no move where somebody else does.
    """
    statement, speaker = line.statement, line.speaker
    if statement is None or statement.mention is None or speaker is None:
        return False
    kinds = markers.told_by(f"{speaker.description} {speaker.name}")
    if "media" in kinds or (movers.names and kinds & {"onlookers", "crowd"}):
        return False
    leads = statement.mention[0] - line.sentence.start <= BESIDE
    return leads or statement.start == line.sentence.start


def _leads_on(line: Line, markers: Markers) -> bool:
    """Whether a statement right after the lead goes on with the move, as most do, rather than answers it."""
    if line.statement is None or line.speaker is None:
        return False
    kinds = markers.told_by(f"{line.statement.cue} {line.speaker.description} {line.speaker.name}")
    return not kinds & {"answers", "denies", "objects", "approves", "silence", "onlookers", "crowd", "media"}


def _parts(line: Line, split: Split, words: Vocabulary, markers: Markers, movers: Named) -> tuple[Named, Named]:
    """Who speaks or is the subject in a sentence, and who else is named outside of quotations."""
    speaker = line.speaker
    if speaker is None or "media" in markers.told_by(speaker.name):
        return _halves(split(line.sentence.text), markers, movers)
    subject = named_in(speaker.label, words, markers)
    others = [token for token in split(line.sentence.text) if not token.quoted]
    return subject, named(others, markers).without(subject)


def _halves(line: list[Token], markers: Markers, known: Named = NOBODY) -> tuple[Named, Named]:
    """Who makes the move in a sentence, and who else is named: of a passive, who stands after "by" makes it.

    `known` is who makes it by an earlier sentence: as the subject of a passive, too, that is the mover.
    """
    if not line:
        return NOBODY, NOBODY
    phrase = main_subject(line)
    verb = _verb(line, phrase.last if phrase else 0, markers)
    first, last = (phrase.first, phrase.last) if phrase else (0, min(len(line), SUBJECT) if verb is None else verb)
    if phrase and phrase.described:
        first, last = min(first, phrase.described[0]), max(last, phrase.described[1])
    if phrase and verb is not None and not any(token.text in MARKS for token in line[last:verb]):
        last = max(last, verb)
    subject = named(line[first:last], markers)
    rest = named(line[:first] + line[last:], markers)
    if verb is None or subject.shares(known):
        return subject, rest
    agent = _agent(line, verb, markers)
    if agent or _undergone(line, verb, markers):
        return agent, (subject | rest).without(agent)
    return subject, rest


def _agent(line: list[Token], verb: int, markers: Markers) -> Named:
    """Who does what a passive tells ("was fined by the council"); nobody for other verbs."""
    group = line[verb : verb + UNDERGONE]
    passive = any("being" in token.tags for token in group)
    if not passive and "undergoes" not in markers.of([token.low for token in group]):
        return NOBODY
    for at in range(verb + 1, min(len(line) - 1, verb + AGENT)):
        if line[at].text in MARKS or line[at].tags & {"who", "that"}:
            break
        if "authors" in line[at].tags:
            agent = subject_after(line, at + 1)
            return named(line[at + 1 : agent.last], markers) if agent else NOBODY
    return NOBODY


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
    return "moves" in markers.kinds(following.low)


def _verb(line: Sequence[Token], start: int, markers: Markers) -> int | None:
    """Where the first verb group at or after a token begins; None where no word is known to be a verb."""
    for place in range(start, min(len(line), start + SUBJECT)):
        token = line[place]
        if not token.quoted and (token.tags & VERBS or "moves" in markers.kinds(token.low)):
            return place
    return None


def relation(speaker: Speaker, event: Event, words: Vocabulary, markers: Markers, home: str = "") -> Relation:
    """How a speaker stands to the event. `home` is what else the sentence says of him ("who represents Quill").

    mover, concerned    by name, organisation or noun; a spokesman stands as who he speaks for
    nameless            a thing or an office whose holder is not named here ("the company", "a spokeswoman")
    official            reports what happened by office ("police")
    third               an onlooker by trade ("economist"), or many ("residents")
    politician          looks on, or is the other side
    home, host          shares no more than the country with the mover, with the concerned
    foreign             of a country that has no part in the event
    media               a newsroom, which is but the source
    """
    own = identity(speaker, words, markers)
    if speaker.key in event.sources or own.shares(event.movers):
        return "mover"
    if own.shares(event.concerned):
        return "concerned"
    ties = named_in(f"{speaker.description} {speaker.behalf_of or ''} {home}".strip(), words, markers, titles=False)
    described = speaker.description if speaker.kind == "person" else f"{speaker.description} {speaker.name}"
    kinds = markers.told_by(described)
    if "media" in kinds and not speaker.description:
        return "media"
    if "authors" in kinds:
        return "mover"
    if "apart" in kinds or {"onlookers", "academia"} <= kinds:
        return "third"
    if "defenders" in kinds and not ties.names:
        return "concerned"
    if ties.shares(event.movers):
        return "mover"
    if "onlookers" in kinds:
        return "third"
    if "informed" in kinds:
        return "nameless"
    if ties.shares(event.concerned):
        return "concerned"
    if "politicians" in kinds:
        return "politician"
    if "third" in kinds or "crowd" in kinds:
        return "third"
    if "officials" in kinds:
        return "official"
    if not own.names and not ties.names and ("insider" in kinds or speaker.kind == "organisation"):
        return "nameless"
    if "insider" in kinds and not ties.names and not ties.countries:
        return "nameless"
    return _by_country(ties.countries | own.countries, event) or "stranger"


def _by_country(countries: frozenset[str], event: Event) -> Relation | None:
    if countries & event.movers.countries:
        return "home"
    if countries & event.concerned.countries:
        return "host"
    return "foreign" if countries and (event.movers.countries or event.concerned.countries) else None
