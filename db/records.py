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

Mark = Literal["denial", "correction", "withdrawal"]
MARKS: tuple[Mark, ...] = ("denial", "correction", "withdrawal")


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
    mark: Mark | None = None  # the speaker takes back an earlier statement
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Brief:
    """A story in three panels.

    `missing` says in words why a panel is empty; `dropped` counts what the gate refused, by reason.
    """

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


@dataclass(frozen=True, slots=True)
class StoryBullet:
    """A bullet as it is stored."""

    id: int
    panel: Panel
    bullet: Bullet
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Telling:
    """A story as one outlet tells it in one language."""

    language: str  # two letters
    outlet: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class StoryView:
    """A stored story, as it is chosen and shown."""

    id: int
    headline: str
    first_at: datetime
    updated_at: datetime
    bullets: tuple[StoryBullet, ...]  # those the last condensing chose, in their order
    outlets: tuple[str, ...]  # in the order they came
    publishers: tuple[str, ...]  # families of outlets, each once
    sources: tuple[int, ...]
    sections: tuple[str, ...]
    text: str  # titles and leads, for topics
    url: str = ""  # of the article that gave the headline
    kind: str = "news"
    missing: Mapping[Panel, str] = field(default_factory=dict)
    dropped: Mapping[str, int] = field(default_factory=dict)  # lines that proved nothing, by the gate's reason
    tellings: tuple[Telling, ...] = ()  # of a story told in several languages: one an outlet and language
    unread: tuple[Telling, ...] = ()  # those of them in languages that the reader does not read


@dataclass(frozen=True, slots=True)
class Told:
    """What one subscription was really sent: bullets and stories, with the time it was sent."""

    bullets: Mapping[int, datetime] = field(default_factory=dict)
    stories: Mapping[int, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A story that an edition carries."""

    story: StoryView
    new: frozenset[int]  # ids of bullets not told before; all of them when the story was never told
    told_at: datetime | None = None  # when it was told last; None: never
    why: tuple[str, ...] = ()  # reasons, most weighty first


@dataclass(frozen=True, slots=True)
class Part:
    """One message of an edition, as it will be sent."""

    html: str  # Telegram's HTML, within its limits
    plain: str  # the same without markup
    buttons: tuple[tuple[tuple[str, str], ...], ...] = ()  # rows of (label, callback data or https address)
    preview_url: str | None = None  # None: no link preview
    bullets: tuple[int, ...] = ()  # told once this part is sent
    stories: tuple[int, ...] = ()
