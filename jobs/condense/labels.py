"""Labelled stories: what a careful reader found in them, for `evaluate` to compare with.

A file of labelled stories has one JSON object a line, a story; `triptych condense` reads the same file:

    {"id": "uk-strike",
     "kind": "news",                              or obituary, match, …: then an offer at most is due
     "articles": [{"id", "source", "title", "url", "published_at", "language", "text",
                   "panels": [[from, to, panel], …]}],
                                                  the sentences that belong to a panel, in characters of the text; a
                                                  sentence both of two panels stands there twice; the rest is background
     "facts": [{"panel": "offer", "must": true,   what a brief should hold
                "tokens": ["страйк", "понеділ/19"],   beginnings of words, a/b: either; numbers whole
                "speaker": ["Кремін", "профспілк"]}], …],   beginnings, one of which the bullet names; may be left out
     "empty": ["responses"]}                      the panels that must be empty
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from db.records import PANELS, Panel, Text


@dataclass(frozen=True, slots=True)
class Fact:
    panel: Panel
    must: bool
    tokens: tuple[str, ...]
    speaker: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Labelled:
    """A story with its labels."""

    id: str
    kind: str
    texts: tuple[Text, ...]
    sentences: tuple[tuple[str, Panel], ...]
    facts: tuple[Fact, ...]
    empty: frozenset[Panel]

    @property
    def language(self) -> str:
        """Of its articles; "mixed" when they differ."""
        codes = {text.language or "" for text in self.texts}
        return codes.pop() if len(codes) == 1 else "mixed"


def read_labelled(path: Path) -> tuple[list[Labelled], list[str]]:
    """The labelled stories of a file, and what is wrong with its other lines, in words. Raises OSError."""
    stories: list[Labelled] = []
    problems: list[str] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.strip():
            try:
                stories.append(story_from(json.loads(line)))
            except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
                problems.append(f"{path} line {number} is not a labelled story: {error!r}")
    return stories, problems


def story_from(line: Mapping[str, Any]) -> Labelled:
    """A labelled story from its JSON object."""
    articles = line["articles"]
    return Labelled(
        id=str(line["id"]),
        kind=line.get("kind", "news"),
        texts=tuple(_text(article, place) for place, article in enumerate(articles)),
        sentences=tuple(
            (article["text"][start:end], _panel(panel))
            for article in articles
            for start, end, panel in article["panels"]
        ),
        facts=tuple(
            Fact(_panel(fact["panel"]), bool(fact["must"]), tuple(fact["tokens"]), tuple(fact.get("speaker", ())))
            for fact in line["facts"]
        ),
        empty=frozenset(_panel(panel) for panel in line.get("empty", ())),
    )


def _text(article: Mapping[str, Any], place: int) -> Text:
    published = article.get("published_at")
    return Text(
        article=str(article.get("id", place)),
        source=article.get("source", ""),
        text=article["text"],
        title=article.get("title", ""),
        url=article.get("url", ""),
        published_at=datetime.fromisoformat(published.replace("Z", "+00:00")) if published else None,
        language=article.get("language"),
    )


def _panel(name: str) -> Panel:
    for panel in PANELS:
        if name == panel:
            return panel
    raise ValueError(f"{name!r} is no panel")
