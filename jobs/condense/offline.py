"""The condenser that needs nothing: no key, no network, no model. It extracts, it does not write.

Text --read, attribute-->  Lines      sentences and who speaks in them
Lines --event_of-------->  Event      who makes the move, whom it concerns
Lines --roles_of-------->  roles      how likely each sentence belongs to each panel
all   --choose---------->  Candidates the most telling ones within a budget
each  --bullet---------->  Bullet     shortened, with citations
each  --gate.passed----->  Brief
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from db.records import PANELS, Brief, Bullet, Citation, Panel, Text
from jobs.condense import gate
from jobs.condense.choice import Candidate, choose, reading_place
from jobs.condense.events import Event, Line, event_of, lines_of, seen_from
from jobs.condense.kinds import kind_of, mark_of
from jobs.condense.markers import Markers, markers_for, tokens_of
from jobs.condense.missing import missing, not_of_the_kind, unread
from jobs.condense.roles import Role, roles_of
from jobs.condense.sentences import Sentence, language_of, read
from jobs.condense.shorten import FEWEST_WORDS, extract, label_of
from jobs.condense.signs import Signs, signs_of
from jobs.condense.speakers import attribute
from jobs.condense.vocabulary import vocabulary

HEADLINE = 140  # characters
OFFERED = 2  # bullets of what is not the news of an event


@dataclass(slots=True)
class Reading:
    """What was made of one article."""

    text: Text
    language: str
    sentences: list[Sentence]
    lines: list[Line]
    roles: list[dict[Role, float]]
    signs: list[Signs]
    kind: str = "news"
    event: Event | None = None
    markers: Markers | None = None  # None: its language cannot be read for panels


def condense(texts: Sequence[Text]) -> Brief:
    """The brief of a story. Pure; never raises; an article whose language is unknown gives its lead only."""
    readings = _read(texts)
    known = [one for one in readings if one.markers is not None]
    told = [one for one in known if one.kind == "news"] or known
    kind = told[0].kind if told else "news"
    chosen = choose(
        [line for one in told for line in one.lines],
        [role for one in told for role in one.roles],
        [sign for one in told for sign in one.signs],
        len(told),
    )
    if kind != "news":
        chosen = {"offer": sorted(chosen["offer"], key=reading_place)[:OFFERED], "responses": [], "reactions": []}
    dropped: Counter[str] = Counter()
    bullets = {panel: [_bullet(candidate, readings) for candidate in chosen[panel]] for panel in PANELS}
    bullets["offer"] = bullets["offer"] or ([] if known else _leads(readings))
    panels = {panel: gate.passed(bullets[panel], texts, dropped) for panel in PANELS}
    return Brief(
        headline=_headline(readings),
        offer=tuple(panels["offer"]),
        responses=tuple(panels["responses"]),
        reactions=tuple(panels["reactions"]),
        missing=_missing(panels, told, kind, len(texts), any(one.sentences for one in readings)),
        dropped=dict(dropped),
        kind=kind,
    )


def _missing(
    panels: dict[Panel, list[Bullet]], told: Sequence[Reading], kind: str, articles: int, wordy: bool
) -> dict[Panel, str]:
    markers = told[0].markers if told else None
    if markers is None:
        english = markers_for("en")
        said = english.said if english else {}
        return unread(panels, said) if wordy else missing(panels, said, articles, "")
    if kind != "news":
        return not_of_the_kind(panels, markers.said, kind)
    addressee = next((one.event.addressee for one in told if one.event and one.event.addressee), "")
    return missing(panels, markers.said, articles, addressee)


def _leads(readings: Sequence[Reading]) -> list[Bullet]:
    """The first sentence of what cannot be read for panels."""
    for one in readings:
        for sentence in one.sentences:
            if not sentence.heading and len(sentence.text.split()) >= FEWEST_WORDS:
                cited = _citation(one.text, sentence.start, sentence.end)
                return [Bullet(sentence.text, None, False, (cited,), language=one.language)]
    return []


def _read(texts: Sequence[Text]) -> list[Reading]:
    """The articles in their order. Whose move it is the earliest says, where dates tell which that is."""
    readings: dict[int, Reading] = {}
    dated = sorted((text.published_at, number) for number, text in enumerate(texts) if text.published_at)
    opening: Event | None = None
    for _, number in dated:
        readings[number] = one = reading(number, texts[number], opening)
        if opening is None and one.kind == "news":
            opening = one.event
    return [readings.get(number) or reading(number, text) for number, text in enumerate(texts)]


def reading(number: int, text: Text, opening: Event | None = None) -> Reading:
    """One article, read; `opening` is the event of an earlier one of its story."""
    language = language_of(text)
    sentences = read(text, language)
    words, markers = vocabulary(language), markers_for(language)
    if words is None or markers is None:
        return Reading(text, language, sentences, [], [], [])
    lines = lines_of(number, sentences, attribute(sentences, words), markers)
    event = event_of(lines, text.title, words, markers)
    if opening:
        event = seen_from(event, opening)
    signs = signs_of(lines, event, words, markers)
    kind = kind_of(lines, list(markers.of(tokens_of(text.title))))
    return Reading(text, language, sentences, lines, roles_of(signs), signs, kind, event, markers)


def _bullet(candidate: Candidate, readings: Sequence[Reading]) -> Bullet:
    line = candidate.line
    one = readings[line.article]
    assert one.markers is not None
    said = extract(line, one.text.text, one.markers)
    others = [
        _citation(readings[c.line.article].text, c.line.sentence.start, c.line.sentence.end) for c in candidate.same
    ]
    return Bullet(
        text=said.text,
        speaker=(label_of(line.speaker.label, one.markers) or None) if line.speaker else None,
        verbatim=said.verbatim,
        mark=mark_of(line, one.markers),
        citations=(_citation(one.text, said.start, said.end), *others),
        language=one.language,
    )


def _citation(text: Text, start: int, end: int) -> Citation:
    return Citation(text.article, text.source, text.url, (start, end))


def _headline(readings: Sequence[Reading]) -> str:
    for one in readings:
        headline = one.text.title or (one.sentences[0].text if one.sentences else "")
        if headline:
            return headline if len(headline) <= HEADLINE else headline[:HEADLINE].rsplit(" ", 1)[0] + "…"
    return ""
