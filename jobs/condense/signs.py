"""The signs by which a sentence's panel is decided: named measurements, each 0 to 1.

None decides alone; `weights.py` says how much each speaks for every panel. Words come from the language's file, so
the signs mean the same in every language.
"""

import re
from collections import Counter
from collections.abc import Sequence, Set

from jobs.condense.events import Event, Line, Relation, relation
from jobs.condense.identity import Named, named
from jobs.condense.markers import TOKEN, Markers
from jobs.condense.speakers import Speaker
from jobs.condense.subjects import main_subject
from jobs.condense.tokens import tokens
from jobs.condense.vocabulary import Vocabulary

Signs = dict[str, float]

DIGITS = frozenset("0123456789")
YEAR = re.compile(r"^(?:19|20)\d\d$")
BEGINNING = 7  # words in which a sentence's subject stands
EARLY = 4  # sentences
ANSWERING = frozenset(("concerned", "third", "host", "foreign"))  # who speaks early among these still answers
OPENING = "“«„\"'"  # quotation marks
FIRST_PART = 0.4  # of an article, in which its mover speaks
FEW = 5  # statements, by which a share of few is held down
BEHALF = 8  # words that tell for whom somebody acts
ANYWHERE = ("answers", "silence", "denies", "approves", "objects", "asks", "thinks", "past", "pluperfect", "fresh",
            "hedged", "explains", "market", "terms", "undergoes", "replying", "formal", "recent",
            "findings")  # fmt: skip
OF_VERB = ("answers", "denies", "approves", "objects", "asks", "thinks", "moves")


def signs_of(lines: Sequence[Line], event: Event, words: Vocabulary, markers: Markers) -> list[Signs]:
    """The signs of every line of one article, in order."""
    people = People(lines, event, words, markers)
    found: list[Signs] = []
    subject: Signs = {}
    before: Line | None = None
    for line in lines:
        share = line.place / max(len(lines) - 1, 1)
        signs = _cues(line) | _shape(line, event)
        if line.statement is None:
            subject = _subject(line, event, words, markers, subject, people)
            signs |= _place(line.place, share, "told") | subject
        else:
            signs |= _place(line.place, share, "said") | people.signs(line, len(lines))
        if event.answering:
            signs = _answering(signs)
        signs[_link(before, line)] = 1.0
        before = line
        found.append(signs)
    return found


def _answering(signs: Signs) -> Signs:
    """The signs in an article that opens with an answer: its beginning is no offer."""
    kept = {name: value for name, value in signs.items() if not name.startswith(("place_", "spoke_early"))}
    concerned = kept.keys() & {"by_concerned", "about_concerned", "by_host"}
    return kept | {"answering": 1.0} if concerned else kept


def _link(before: Line | None, line: Line) -> str:
    """How a sentence follows the one before: continues, same_speaker, other_speaker, follows."""
    if line.statement is None:
        return "follows"
    if line.statement.continues:
        return "continues"
    if before is None or before.speaker is None or line.speaker is None:
        return "follows"
    return "same_speaker" if before.speaker.key == line.speaker.key else "other_speaker"


def _place(place: int, share: float, how: str) -> Signs:
    signs = {how: 1.0, f"late_{how}": share, f"middle_{how}": 1.0 - abs(2 * share - 1)}
    if place < EARLY:
        signs[f"place_{min(place, 2)}_{how}"] = 1.0
    return signs


def _cues(line: Line) -> Signs:
    signs = {kind: 1.0 for kind in ANYWHERE if kind in line.markers}
    if "writer" in line.markers and not (line.statement and line.statement.verbatim):
        signs["writer"] = 1.0
    signs |= {f"starts_{kind}": 1.0 for kind in ("leaning", "openers") if 0 in line.markers.get(kind, ())}
    if 0 in line.markers.get("attributed", ()):
        signs["starts_openers"] = 1.0
    if denies(line):
        signs["denial"] = 1.0
    if "market" in line.markers and "swings" in line.markers:
        signs["market_moves"] = 1.0
    if line.statement is None:
        signs |= {
            f"told_{kind}": 1.0
            for kind in ("answers", "denies", "approves", "objects", "plans", "greeted")
            if kind in line.markers
        }
    return signs


def denies(line: Line) -> bool:
    """Whether the sentence says, outside of quotations and as its main verb, that somebody denies something."""
    return any(at < BEGINNING for at in line.markers.get("denial", ())) and line.sentence.text[:1] not in OPENING


def _shape(line: Line, event: Event) -> Signs:
    signs = {"lead_words": len(line.content & event.words) / max(len(line.content), 4)}
    for token in line.tokens:
        if token[0] in DIGITS:
            signs["year" if YEAR.match(token) else "number"] = 1.0
    if line.sentence.text.rstrip("\"'”’»").endswith("?"):
        signs["question"] = 1.0
    if len(line.tokens) < 8:
        signs["short"] = 1.0
    return signs


def _subject(
    line: Line, event: Event, words: Vocabulary, markers: Markers, before: Signs, people: "People"
) -> Signs:
    """Who a narrated sentence is about; a pronoun goes on with the one before."""
    if 0 in line.markers.get("pronouns", ()):
        return before
    found = tokens(line.sentence.text[:160], words)
    phrase = main_subject(found) if found else None
    meant = named(found[phrase.first : phrase.last] if phrase else found[:BEGINNING], markers)
    signs: Signs = {}
    people.spoken_of(meant, event)
    if meant.touches(event.movers):
        signs["about_mover"] = 1.0
    elif meant.touches(event.concerned):
        signs["about_concerned"] = 1.0
    for kind in ("third", "crowd"):
        if any(at < BEGINNING for at in line.markers.get(kind, ())):
            signs[f"about_{kind}"] = 1.0
    return signs


class People:
    """The speakers of an article, each judged once."""

    def __init__(self, lines: Sequence[Line], event: Event, words: Vocabulary, markers: Markers) -> None:
        self.markers = markers
        self.relations: dict[str, Relation] = {}
        self.first_spoke: dict[str, int] = {}
        self.last: Relation = "stranger"  # of whom the text is speaking
        self.standing: dict[str, Signs] = {}
        self.said = Counter(line.speaker.key for line in lines if line.speaker)
        met: set[str] = set()  # the words so far
        for line in lines:
            speaker = line.speaker
            if speaker is not None and speaker.key not in self.relations:
                self.relations[speaker.key] = relation(speaker, event, words, markers, _home(line))
                self.first_spoke[speaker.key] = line.place
                self.standing[speaker.key] = self._standing(speaker, met)
            met.update(line.tokens)
        self._find_mover(len(lines), "concerned" if event.answering else "mover")

    def _standing(self, speaker: Speaker, met: Set[str]) -> Signs:
        """How known a speaker is when he first speaks, and how much of what is said he says."""
        signs: Signs = {"share": self.said[speaker.key] / (self.said.total() + FEW)}
        if self.said[speaker.key] == 1:
            signs["spoke_once"] = 1.0
        if speaker.key.split()[-1] in met:
            signs["known"] = 1.0
        return signs

    def _find_mover(self, count: int, leading: Relation) -> None:
        """Where nobody who speaks leads the article, the first to speak who is no onlooker does, if that is early."""
        if leading in self.relations.values():
            return
        for key, related in self.relations.items():
            if related in ("stranger", "nameless", "home", "official") and self.first_spoke[key] <= FIRST_PART * count:
                self.relations[key] = leading
                return

    def signs(self, line: Line, count: int) -> Signs:
        """What the speaker of a line and the way of saying it speak for."""
        statement, speaker = line.statement, line.speaker
        if statement is None:
            return {}
        signs: Signs = {"verbatim" if statement.verbatim else "reported": 1.0}
        verb = self.markers.told_by(statement.cue)
        signs |= {f"verb_{kind}": 1.0 for kind in OF_VERB if kind in verb}
        if speaker is None:
            return signs | {"by_nobody": 1.0}
        related = self._relation(speaker.key)
        signs[f"by_{related}"] = 1.0
        if related in ("concerned", "host") and verb & {"answers", "denies"}:
            signs["concerned_answers"] = 1.0
        if "vague" in self.markers.told_by(speaker.name.split(" ", 1)[0]):
            signs["by_vague"] = 1.0
        spoke = self.first_spoke[speaker.key]
        if spoke < EARLY and related not in ANSWERING:
            signs["spoke_early"] = 1.0
        signs["spoke_late"] = spoke / max(count - 1, 1)
        return signs | self.standing[speaker.key]

    def spoken_of(self, meant: Named, event: Event) -> None:
        """Take note of whom a narrated sentence is about by name."""
        if meant.names & event.movers.names:
            self.last = "mover"
        elif meant.names & event.concerned.names:
            self.last = "concerned"

    def _relation(self, key: str) -> Relation:
        """How the speaker stands; who has no name stands as the one the text was speaking of."""
        related = self.relations[key]
        if related == "nameless" and self.last != "stranger":
            related = self.relations[key] = self.last
        self.last = related
        return related


def _home(line: Line) -> str:
    """For whom the speaker acts, as the sentence says it ("who represents Quill, said")."""
    places = line.markers.get("behalf")
    if not places:
        return ""
    text = line.sentence.text
    starts = [match.start() for match in TOKEN.finditer(text)]
    if places[0] >= len(starts):
        return ""
    until = starts[places[0] + BEHALF] if places[0] + BEHALF < len(starts) else len(text)
    return text[starts[places[0]] : until].split(",", 1)[0]
