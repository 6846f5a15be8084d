"""The grouper: which story an article belongs to, in order of arrival, over a sliding window."""

import heapq
import math
from collections.abc import Sequence

from db.records import Filing, Join, Merge, New, Split, Text
from jobs.group.index import Filed, Index, likeness
from jobs.group.story import Story, fading, halves
from jobs.group.weigh import BRIDGE, TERMS, Frequencies, Profile, profile, vector

WINDOW, HELD = 72.0, 168.0  # hours an article stays, and one of a story that was told or is followed
JOIN = 0.13  # likeness from which an article belongs, in a quiet window
CROWD, CROWDED = 0.02, 20.0  # what is added as the window fills: among more articles, more are alike by chance
COPY = 0.8  # likeness of two prints of one report
STORIES = 8  # that are compared with an article as a whole
CHECKED = frozenset(
    {3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 48, 64, 96, 128, 192, 256}
)  # sizes at which a story is looked through


class Grouper:
    """Not safe to share between threads: one grouper at a time, under the caller's lock."""

    def __init__(self) -> None:
        self.index = Index()
        self.frequencies = Frequencies()
        self.stories: dict[str, Story] = {}
        self.clock = 0.0  # hours; of the newest article so far
        self._serials: dict[str, int] = {}
        self._leaving: list[tuple[float, int]] = []
        self._splits = 0
        self._latest = -1

    def group(self, articles: Sequence[Text]) -> list[Filing]:
        """Files the articles in the order given: oldest first. One that was filed before joins its story again."""
        profiles = [profile(article) for article in articles]
        for one in profiles:
            self.frequencies.observe([*one.words, *one.bridge])
        filings: list[Filing] = []
        for article, one in zip(articles, profiles, strict=True):
            filings += self._file(article, one)
        return filings

    def hold(self, story: str) -> None:
        """Keeps the story for a week: it was told, or somebody follows it."""
        if story in self.stories:
            self.stories[story].held = True

    def _file(self, article: Text, counted: Profile) -> list[Filing]:
        if (known := self._serials.get(article.article)) is not None:
            return [Join(article.article, self.index.filed[known].story)]
        at = article.published_at.timestamp() / 3600 if article.published_at else self.clock
        self.clock = max(self.clock, at)
        self._forget()
        filed = self._filed(article, counted, at)
        ranked = self._ranked(filed)
        filing = self._place(filed, ranked)
        return [filing, *self._repair(filed.story, [name for _, name in ranked])]

    def _filed(self, article: Text, counted: Profile, at: float) -> Filed:
        words = vector(counted.words, self.frequencies, TERMS)
        bridge = vector(counted.bridge, self.frequencies, BRIDGE)
        names = counted.names.intersection(words)
        publisher = article.publisher or article.source
        return Filed(article.article, at, counted.language, publisher, words, bridge, names, counted.labels)

    def _ranked(self, filed: Filed) -> list[tuple[float, str]]:
        """The stories nearest to an article, best first."""
        names: dict[str, None] = {}
        for serial in self.index.candidates(filed):
            other = self.index.filed[serial]
            names[other.story] = None
            if not filed.copy and other.language == filed.language and likeness(filed, other) >= COPY:
                filed.copy = True
        scored = [(self._score(filed, self.stories[name]), name) for name in list(names)[:STORIES]]
        return sorted(scored, key=lambda pair: -pair[0])

    def _score(self, filed: Filed, story: Story) -> float:
        return story.likeness(filed) * fading(story.apart(filed.at, filed.at))

    def _needed(self) -> float:
        return JOIN + CROWD * math.log1p(len(self.index.filed) / CROWDED)

    def _place(self, filed: Filed, ranked: list[tuple[float, str]]) -> Filing:
        serial = self.index.add(filed)
        self._serials[filed.article] = serial
        self._latest = serial
        heapq.heappush(self._leaving, (filed.at + WINDOW, serial))
        if ranked and ranked[0][0] >= self._needed():
            self.stories[ranked[0][1]].add(serial, filed)
            return Join(filed.article, ranked[0][1])
        filed.copy = False
        story = Story("s" + filed.article)
        self.stories[story.name] = story
        story.add(serial, filed)
        return New(filed.article, story.name)

    def _repair(self, name: str, near: list[str]) -> list[Filing]:
        """What the new article proves about the stories around it."""
        filings = self._united(name, near)
        name = self.index.filed[self._latest].story
        if len(self.stories[name].members) in CHECKED:
            filings += self._divided(name)
        return filings

    def _united(self, name: str, near: list[str]) -> list[Filing]:
        filings: list[Filing] = []
        needed = self._needed()
        for other in near:
            if other == name:
                continue
            story, kin = self.stories[name], self.stories[other]
            if story.kinship(kin) * fading(story.apart(kin.first, kin.last)) >= needed:
                stays, goes = sorted((story, kin), key=lambda one: (-len(one.members), one.first))
                name = stays.name
                self._merge(goes, stays)
                filings.append(Merge(goes.name, name))
        return filings

    def _divided(self, name: str) -> list[Filing]:
        """Two halves of a story that have less in common than an article needs to join are two stories."""
        story = self.stories[name]
        parts = halves([(serial, self.index.filed[serial]) for serial in story.members])
        if parts is None:
            return []
        kept, left = parts
        self._splits += 1
        other = Story(f"{name}.{self._splits}", held=story.held)
        self.stories[other.name] = other
        for serial in left:
            filed = self.index.filed[serial]
            story.remove(serial, filed)
            other.add(serial, filed)
        return [Split(tuple(self.index.filed[serial].article for serial in left), other.name)]

    def _merge(self, goes: Story, stays: Story) -> None:
        del self.stories[goes.name]
        stays.held = stays.held or goes.held
        for serial in goes.members:
            stays.add(serial, self.index.filed[serial])

    def _forget(self) -> None:
        """Lets go of the articles that left the window."""
        while self._leaving and self._leaving[0][0] < self.clock:
            _, serial = heapq.heappop(self._leaving)
            filed = self.index.filed[serial]
            story = self.stories[filed.story]
            if story.held and filed.at + HELD >= self.clock:
                heapq.heappush(self._leaving, (filed.at + HELD, serial))
                continue
            story.remove(serial, filed)
            self.index.remove(serial)
            del self._serials[filed.article]
            if not story.members:
                del self.stories[story.name]


def settle(filings: Sequence[Filing]) -> dict[str, str]:
    """article -> story, after everything that the filings say."""
    place: dict[str, str] = {}
    members: dict[str, set[str]] = {}
    for filing in filings:
        moved = {filing.article} if isinstance(filing, Join | New) else set()
        if isinstance(filing, Split):
            moved = set(filing.articles)
        elif isinstance(filing, Merge):
            moved = set(members.get(filing.story, ()))
        target = filing.into if isinstance(filing, Merge) else filing.story
        for article in moved:
            members.get(place.get(article, ""), set()).discard(article)
            place[article] = target
            members.setdefault(target, set()).add(article)
    return place
