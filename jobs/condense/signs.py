"""The signs by which a sentence's panel is decided: named measurements, each 0 to 1.

None decides alone; `weights.py` says how much each speaks for every panel. Words come from the language's file, so
the signs mean the same in every language.
"""

import re
from collections.abc import Mapping, Sequence

from jobs.condense.events import Event, Line, Standing, naming, standing
from jobs.condense.markers import Markers
from jobs.condense.vocabulary import Vocabulary

Signs = dict[str, float]

YEAR = re.compile(r"^(?:19|20)\d\d$")
NAME = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
BEGINNING = 7  # words in which a sentence's subject stands
COUNTED = (
    "answers", "silence", "denies", "approves", "objects", "asks", "thinks", "past", "pluperfect", "fresh", "hedged",
    "explains", "market", "terms", "undergoes",
)  # fmt: skip
STANDINGS = ("mover_name", "mover_tie", "concerned_name", "concerned_tie", "source")


def signs_of(lines: Sequence[Line], event: Event, words: Vocabulary, markers: Markers) -> list[Signs]:
    """The signs of every line of one article, in order."""
    standings: dict[str, Standing] = {}
    first_spoke: dict[str, int] = {}
    found: list[Signs] = []
    beginning: Signs = {}
    for line in lines:
        signs = _place(line, len(lines))
        signs |= _cues(line)
        signs |= _shape(line, event)
        beginning = _beginning(line, event, words, markers, beginning)
        signs |= beginning
        signs |= _speaker(line, event, words, markers, standings, first_spoke, len(lines))
        found.append(signs)
    return found


def _place(line: Line, count: int) -> Signs:
    share = line.place / max(count - 1, 1)
    signs = {"always": 1.0, "late": share, "middle": 1.0 - abs(2 * share - 1)}
    if line.place < 5:
        signs[f"place_{min(line.place, 3)}"] = 1.0
    return signs


def _cues(line: Line) -> Signs:
    signs = {kind: 1.0 for kind in COUNTED if kind in line.markers}
    if "writer" in line.markers and not (line.statement and line.statement.verbatim):
        signs["writer"] = 1.0
    signs |= {f"starts_{kind}": 1.0 for kind in ("leaning", "openers") if 0 in line.markers.get(kind, ())}
    opening = [kind for kind in ("third", "crowd") if any(at < BEGINNING for at in line.markers.get(kind, ()))]
    for kind in opening:
        signs[f"begins_{kind}"] = 1.0
    if "moves" in line.markers and not line.statement:
        signs["moves"] = 1.0
    return signs


def _shape(line: Line, event: Event) -> Signs:
    words = {word for word in line.folded if len(word) > 3}
    signs = {"lead_words": len(words & event.words) / max(len(words), 4)}
    if any(YEAR.match(token) for token in line.tokens):
        signs["year"] = 1.0
    if any(token[0].isdigit() and not YEAR.match(token) for token in line.tokens):
        signs["number"] = 1.0
    if line.sentence.text.rstrip("\"'”’»").endswith("?"):
        signs["question"] = 1.0
    if len(line.tokens) < 8:
        signs["short"] = 1.0
    return signs


def _beginning(line: Line, event: Event, words: Vocabulary, markers: Markers, before: Signs) -> Signs:
    """Whether the sentence's subject makes the move or is concerned; a pronoun goes on with the one before."""
    if line.tokens[:1] and "pronouns" in markers.of(line.tokens[:1]):
        return before
    named = naming(NAME.findall(line.sentence.text)[:BEGINNING], words, markers)
    signs: Signs = {}
    if named & event.movers:
        signs["begins_mover"] = 1.0
    if named & event.concerned:
        signs["begins_concerned"] = 1.0
    return signs


def _speaker(
    line: Line,
    event: Event,
    words: Vocabulary,
    markers: Markers,
    standings: dict[str, Standing],
    first_spoke: dict[str, int],
    count: int,
) -> Signs:
    statement, speaker = line.statement, line.speaker
    if statement is None:
        return {"narrated": 1.0}
    signs: Signs = {"verbatim" if statement.verbatim else "reported": 1.0}
    if statement.continues:
        signs["continues"] = 1.0
    if speaker is None:
        return signs | {"unknown": 1.0}
    stands = standings.get(speaker.key)
    if stands is None:
        stands = standings[speaker.key] = standing(speaker, event, words, markers)
    spoke = first_spoke.setdefault(speaker.key, line.place)
    signs |= _standing(stands)
    signs["spoke_late"] = spoke / max(count - 1, 1)
    if spoke < 4:
        signs["spoke_early"] = 1.0
    return signs


def _standing(stands: Standing) -> Signs:
    signs = {f"is_{name}": 1.0 for name in STANDINGS if getattr(stands, name)}
    if not signs:
        signs["is_stranger"] = 1.0
    signs[f"is_{stands.kind}"] = 1.0
    for kind in ("third", "crowd", "market", "behalf", "answers"):
        if kind in stands.nouns:
            signs[f"speaks_{kind}"] = 1.0
    return signs


def share(signs: Mapping[str, float], name: str) -> float:
    return signs.get(name, 0.0)
