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
from jobs.condense.choice import Candidate, choose
from jobs.condense.events import Line, event_of, lines_of
from jobs.condense.kinds import kind_of
from jobs.condense.markers import Markers, markers_for, tokens_of
from jobs.condense.roles import Role, roles_of
from jobs.condense.sentences import Sentence, language_of, read
from jobs.condense.shorten import bullet_text
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
    markers: Markers | None = None  # None: its language cannot be read for panels


def condense(texts: Sequence[Text]) -> Brief:
    """The brief of a story. Pure; never raises; an article whose language is unknown gives its lead only."""
    readings = [reading(number, text) for number, text in enumerate(texts)]
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
        chosen = {panel: chosen[panel][:OFFERED] if panel == "offer" else [] for panel in PANELS}
    dropped: Counter[str] = Counter()
    panels = {panel: gate.passed([_bullet(c, readings) for c in chosen[panel]], texts, dropped) for panel in PANELS}
    return Brief(
        headline=_headline(readings),
        offer=tuple(panels["offer"]),
        responses=tuple(panels["responses"]),
        reactions=tuple(panels["reactions"]),
        missing=_missing(panels, len(texts)),
        dropped=dict(dropped),
        kind=kind,
    )


def reading(number: int, text: Text) -> Reading:
    """One article, read."""
    language = language_of(text)
    sentences = read(text, language)
    words, markers = vocabulary(language), markers_for(language)
    if words is None or markers is None:
        return Reading(text, language, sentences, [], [], [])
    lines = lines_of(number, sentences, attribute(sentences, words), markers)
    event = event_of(lines, text.title, words, markers)
    signs = signs_of(lines, text.text, event, words, markers)
    kind = kind_of(lines, list(markers.of(tokens_of(text.title))))
    return Reading(text, language, sentences, lines, roles_of(signs), signs, kind, markers)


def _bullet(candidate: Candidate, readings: Sequence[Reading]) -> Bullet:
    line = candidate.line
    one = readings[line.article]
    assert one.markers is not None
    speaker = line.speaker
    return Bullet(
        text=bullet_text(line, one.markers),
        speaker=speaker.label if speaker else None,
        verbatim=bool(line.statement and line.statement.verbatim),
        citations=tuple(_citation(c.line, readings) for c in (candidate, *candidate.same)),
        language=one.language,
    )


def _citation(line: Line, readings: Sequence[Reading]) -> Citation:
    text = readings[line.article].text
    return Citation(text.article, text.source, text.url, (line.sentence.start, line.sentence.end))


def _headline(readings: Sequence[Reading]) -> str:
    for one in readings:
        headline = one.text.title or (one.sentences[0].text if one.sentences else "")
        if headline:
            return headline if len(headline) <= HEADLINE else headline[:HEADLINE].rsplit(" ", 1)[0] + "…"
    return ""


def _missing(panels: dict[Panel, list[Bullet]], articles: int) -> dict[Panel, str]:
    return {panel: f"nothing found in {articles}" for panel in PANELS if not panels[panel]}
