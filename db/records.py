"""The small values that travel between the steps; nothing here knows a database or a network.

They are listed in travel order: a source's answer becomes entries, entries are read as texts, texts are
filed under stories, a story is condensed to a brief, and what a subscriber gets of it is chosen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Panel = Literal["offer", "responses", "reactions"]
PANELS: tuple[Panel, ...] = ("offer", "responses", "reactions")


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed, checked and in our own form."""

    key: str  # identity within its source: guid, else link, else a hash
    raw_hash: str  # of the raw item, so that an edit is seen
    title: str
    url: str  # canonical, http(s) only; "" when the feed gives none
    published_at: datetime | None  # aware UTC, never in the future; None when the feed gives none that can be read
    text: str  # plain text, a line a paragraph
    language: str | None = None  # as the feed declares it, two letters


@dataclass(frozen=True, slots=True)
class Text:
    """An article as the grouper and the condenser read it."""

    article: str  # its id, or its place in the list
    source: str  # the outlet's name as readers know it
    text: str  # plain text, a line a paragraph; spans count characters of it
    title: str = ""
    url: str = ""
    published_at: datetime | None = None
    language: str | None = None  # two letters; None: to be detected
    publisher: str = ""  # the family the outlet belongs to; "": the source stands for itself


@dataclass(frozen=True, slots=True)
class Join:
    """The article belongs to a story that is there."""

    article: str
    story: str


@dataclass(frozen=True, slots=True)
class New:
    """The article opens a story."""

    article: str
    story: str


@dataclass(frozen=True, slots=True)
class Merge:
    """Two stories proved to be one: `story` goes into `into`."""

    story: str
    into: str


@dataclass(frozen=True, slots=True)
class Split:
    """A story proved to be two: these of its articles leave it for `story`."""

    articles: tuple[str, ...]
    story: str


Filing = Join | New | Merge | Split


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a bullet's words stand: a span in characters of the article's text."""

    article: str
    source: str
    url: str
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Bullet:
    """One statement. Its identity is the spans it cites: bullets that share one are the same bullet."""

    text: str
    speaker: str | None  # as a reader should see it: name with its description; None when nobody speaks or it is unsure
    verbatim: bool  # the text quotes its speaker word for word
    citations: tuple[Citation, ...]
    mark: Literal["denial", "correction", "withdrawal"] | None = None  # the speaker takes back an earlier statement
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Brief:
    """A story in three panels. `missing` says in words why a panel is empty; `dropped` counts what the gate refused, by reason."""

    headline: str
    offer: tuple[Bullet, ...] = ()
    responses: tuple[Bullet, ...] = ()
    reactions: tuple[Bullet, ...] = ()
    missing: Mapping[Panel, str] = field(default_factory=dict)
    dropped: Mapping[str, int] = field(default_factory=dict)
    kind: str = "news"  # or obituary, digest, match, live, opinion: then an offer at most

    def panel(self, name: Panel) -> tuple[Bullet, ...]:
        panels = {"offer": self.offer, "responses": self.responses, "reactions": self.reactions}
        return panels[name]
