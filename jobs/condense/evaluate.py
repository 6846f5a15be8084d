"""How well a condenser tells the panels apart, measured on labelled stories (`labels.py`): a floor against regressions.

Texts written for the purpose are tidier than news: a total on them says what broke, not how good a brief is.

    must, all    facts found, averaged over the panels that have any: three quarters of a fact's tokens occur in one
                 bullet of its panel or in two neighbouring ones
    panel        share of bullets whose closest labelled sentence belongs to their panel
    speaker      share of the facts found whose bullet names the speaker
    support      share of bullets whose numbers, names and quotations stand in the articles and six tenths of whose
                 words stand in one paragraph
    empty        share of the panels that must be empty and are
    filled       share of the panels that have facts and are not empty
    total        100 · length · (.4 + .6 support) · (.40 must + .15 all + .25 panel + .05 speaker + .15 empty, filled)
                 with length = min(1, allowance / words), allowance = .45 of the article within 160 and 300 words;
                 what has no meaning for a story is left out and the other weights grow
"""

import itertools
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import fmean
from typing import Any, TextIO

from db.records import PANELS, Brief, Bullet, Panel, Text
from jobs.condense.labels import Fact, Labelled, read_labelled

WEIGHTS = {"must": 0.40, "all": 0.15, "panel": 0.25, "speaker": 0.05, "parts": 0.15}
FOUND = 0.75  # of a fact's tokens
CLOSE = 0.5  # of a bullet's words, for a sentence to be where it comes from
PARAGRAPH = 0.6  # of a bullet's words
FEWEST_WORDS, MOST_WORDS, SHARE_OF_WORDS = 160, 300, 0.45

WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")
QUOTED = re.compile(r"[“«„\"]([^“”«»„\"]+)[”»“\"]")
LATER_CAPITAL = re.compile(r"(?<=[^\W\d_,;] )[^\W\d_a-zа-яёіїєґäöüß][^\W\d_]+")

Condense = Callable[[Sequence[Text]], Brief]


@dataclass(frozen=True, slots=True)
class Score:
    """Of one story, or the mean of several: 0 to 1, the total 0 to 100. None: has no meaning here."""

    total: float
    must: float | None
    all: float | None
    panel: float | None
    speaker: float | None
    support: float | None
    empty: float | None
    filled: float | None
    words: float  # of the brief


@dataclass(frozen=True, slots=True)
class Scores:
    """By story, by language, and the mean over stories."""

    stories: Mapping[str, Score]
    languages: Mapping[str, Score]
    mean: Score


def evaluate(path: Path, condense: Condense | None = None) -> Scores:
    """Scores of a condenser (ours, when none is given) on the labelled stories of a file.

    Raises OSError when the file cannot be read, ValueError when a line is not a labelled story.
    """
    stories, problems = read_labelled(path)
    if problems:
        raise ValueError(problems[0])
    return _measured(stories, condense or _offline())


def evaluate_file(path: str, stdout: TextIO, stderr: TextIO) -> int:
    """`triptych evaluate FILE`: prints the table; what cannot be read is named on stderr, and the answer is 1."""
    try:
        stories, problems = read_labelled(Path(path))
    except (OSError, UnicodeDecodeError) as error:
        print(f"{path} cannot be read: {error}", file=stderr)
        return 1
    for problem in problems or ([] if stories else [f"{path} holds no labelled story"]):
        print(problem, file=stderr)
    if stories:
        print(report(_measured(stories, _offline())), file=stdout)
    return 0 if stories and not problems else 1


def _measured(stories: Sequence[Labelled], condense: Condense) -> Scores:
    return scores(stories, {story.id: condense(story.texts) for story in stories})


def _offline() -> Condense:
    from jobs.condense.offline import condense  # not at the top: other condensers are scored without it

    return condense


def scores(stories: Sequence[Labelled], briefs: Mapping[str, Brief]) -> Scores:
    """The scores of briefs by the story's id; a story without a brief scores as one with an empty brief."""
    rows = {story.id: score(story, briefs.get(story.id, Brief(""))) for story in stories}
    languages = sorted({story.language for story in stories})
    return Scores(
        stories=rows,
        languages={code: mean([rows[story.id] for story in stories if story.language == code]) for code in languages},
        mean=mean(list(rows.values())),
    )


def score(story: Labelled, brief: Brief) -> Score:
    """What a brief of this story is worth."""
    bullets = [(panel, bullet) for panel in PANELS for bullet in brief.panel(panel)]
    found = [_finder(fact, brief) for fact in story.facts]
    due = {fact.panel for fact in story.facts}
    must = _recall([(fact, by) for fact, by in zip(story.facts, found, strict=True) if fact.must])
    every = _recall(list(zip(story.facts, found, strict=True)))
    panel = _share([_belongs(bullet, panel, story) for panel, bullet in bullets], 0.0 if due else None)
    support = _share([_supported(bullet, story.texts) for _, bullet in bullets], 0.0 if due else None)
    speaker = _share([_names(fact, by) for fact, by in zip(story.facts, found, strict=True) if fact.speaker and by])
    empty = [not brief.panel(name) for name in PANELS if name in story.empty]
    filled = [bool(brief.panel(name)) for name in PANELS if name in due]
    terms = {"must": must, "all": every, "panel": panel, "speaker": speaker, "parts": _share(empty + filled)}
    words = sum(len(bullet.text.split()) for _, bullet in bullets)
    length = min(1.0, _allowance(story) / words) if words else 1.0
    trust = 0.4 + 0.6 * (1.0 if support is None else support)
    total = 100 * length * trust * _weighted(terms)
    return Score(total, must, every, panel, speaker, support, _share(empty), _share(filled), words)


def _finder(fact: Fact, brief: Brief) -> tuple[Bullet, ...]:
    """The bullet of the fact's panel that holds it, or the two neighbours that do; nothing when none does."""
    bullets = brief.panel(fact.panel)
    ones = [(bullet,) for bullet in bullets]
    twos = list(itertools.pairwise(bullets))
    return next((group for group in [*ones, *twos] if _holds(group, fact.tokens)), ())


def _holds(bullets: Sequence[Bullet], tokens: Sequence[str]) -> bool:
    words = [word for bullet in bullets for word in words_of(f"{bullet.speaker or ''} {bullet.text}")]
    hits = sum(_either(token, words) for token in tokens)
    return hits >= math.ceil(FOUND * len(tokens) - 1e-9)


def _either(token: str, words: Sequence[str]) -> bool:
    for beginning in token.lower().split("/"):
        if beginning[0].isdigit():
            if beginning in words:
                return True
        elif any(word.startswith(beginning) for word in words):
            return True
    return False


def _names(fact: Fact, bullets: Sequence[Bullet]) -> bool:
    words = [word for bullet in bullets for word in words_of(bullet.speaker or bullet.text)]
    return _either("/".join(fact.speaker), words)


def _belongs(bullet: Bullet, panel: Panel, story: Labelled) -> bool:
    """Whether the labelled sentence that shares most words with the bullet is of this panel."""
    said = set(words_of(bullet.text))
    shares = [(len(said & set(words_of(text))) / max(1, len(said)), of == panel) for text, of in story.sentences]
    best, right = max(shares, default=(0.0, False))
    return best >= CLOSE and right


def _supported(bullet: Bullet, texts: Sequence[Text]) -> bool:
    every = [words_of(text.text) for text in texts]
    known = {word for words in every for word in words}
    flat = " ".join(word for words in every for word in [*words, "|"])
    said = words_of(bullet.text)
    names = [word.lower() for word in LATER_CAPITAL.findall(bullet.text)]
    quoted = [" ".join(words_of(words)) for words in QUOTED.findall(bullet.text)]
    paragraphs = [set(words_of(line)) for text in texts for line in text.text.splitlines()]
    share = max((sum(word in line for word in said) / max(1, len(said)) for line in paragraphs), default=0.0)
    return (
        share >= PARAGRAPH
        and all(word in known for word in [*(word for word in said if word[0].isdigit()), *names])
        and all(f" {words} " in f" {flat} " for words in quoted)
    )


def words_of(text: str) -> list[str]:
    """Lower-case words and numbers, in order."""
    return [re.sub("[’ʼ]", "'", word.lower()) for word in WORD.findall(text)]


def _recall(facts: Sequence[tuple[Fact, tuple[Bullet, ...]]]) -> float | None:
    """Facts found: the mean over the panels that have any, so that a lone response weighs as much as three offers."""
    panels = [[bool(found) for fact, found in facts if fact.panel == panel] for panel in PANELS]
    means = [fmean(hits) for hits in panels if hits]
    return fmean(means) if means else None


def _share(hits: Sequence[bool], of_none: float | None = None) -> float | None:
    return fmean(hits) if hits else of_none


def _allowance(story: Labelled) -> float:
    words = sum(len(text.text.split()) for text in story.texts)
    return min(MOST_WORDS, max(FEWEST_WORDS, SHARE_OF_WORDS * words))


def _weighted(terms: Mapping[str, float | None]) -> float:
    known = [(WEIGHTS[name], value) for name, value in terms.items() if value is not None]
    return sum(weight * value for weight, value in known) / sum(weight for weight, _ in known) if known else 1.0


def mean(rows: Sequence[Score]) -> Score:
    """The mean of every column over the rows where it has a meaning."""
    columns: dict[str, Any] = {}
    for column in fields(Score):
        values = [value for row in rows if (value := getattr(row, column.name)) is not None]
        columns[column.name] = fmean(values) if values else None
    return Score(**columns)


def report(found: Scores) -> str:
    """A table for people: a line a story, a line a language, the mean."""
    names = [column.name for column in fields(Score)]
    lines = [f"{'':16}" + "".join(f"{name:>9}" for name in names)]
    rows = [*found.stories.items(), *found.languages.items(), ("mean", found.mean)]
    return "\n".join([*lines, *(_line(name, row) for name, row in rows)])


def _line(name: str, row: Score) -> str:
    cells = []
    for column in fields(Score):
        value = getattr(row, column.name)
        digits = 0 if column.name == "words" else 1 if column.name == "total" else 2
        cells.append(f"{'-':>9}" if value is None else f"{value:9.{digits}f}")
    return f"{name:16}" + "".join(cells)
