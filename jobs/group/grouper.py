"""The grouper: which story an article belongs to, in order of arrival, over a sliding window."""

import heapq
import math
from collections.abc import Container, Sequence
from itertools import chain
from sys import intern

from db.records import Filing, Join, Merge, New, Split, Text
from jobs.group.index import OWN_COPY, Filed, Index, is_copy
from jobs.group.meaning import LENGTH, Meaning
from jobs.group.story import SEEN, Story, fading, halves
from jobs.group.weigh import BRIDGE, TERMS, Frequencies, Profile, profile, vector

WINDOW, HELD = 72.0, 168.0  # hours an article stays, and one of a story that was told or is followed
JOIN = 0.13  # likeness from which an article belongs, in a quiet window
ACROSS = 0.48  # a likeness across languages, made comparable to one within a language
CROWD, CROWDED = 0.016, 20.0  # what is added as the window fills: among more articles, more are alike by chance
UNRELATED, UNLIKE = 0.27, 0.6  # nearness in meaning below which shared names count for less, and how much
STORIES = 8  # that are compared with an article as a whole
LOOKED_THROUGH = frozenset(
    {3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 48, 64, 96, 128, 192, 256}
)  # when of so many articles


class Grouper:
    """Not safe to share between threads: one grouper at a time, under the caller's lock."""

    def __init__(self, meaning: Meaning | None = None) -> None:
        self.meaning = meaning
        self.index = Index()
        self.frequencies = Frequencies()
        self.stories: dict[str, Story] = {}
        self.clock = 0.0  # hours; of the newest article so far
        self._serials: dict[str, int] = {}
        self._leaving: list[tuple[float, int]] = []

    def group(self, articles: Sequence[Text]) -> list[Filing]:
        """Files the articles in the order given: oldest first. One that was filed before joins its story again."""
        profiles = [self._observed(article) for article in articles]
        filings: list[Filing] = []
        for article, one in zip(articles, profiles, strict=True):
            filings += self._file(article, one)
        return filings

    def hold(self, story: str) -> None:
        """Keeps the story for a week: it was told, or somebody follows it."""
        if story in self.stories:
            self.stories[story].held = True

    def learn(self, articles: Sequence[Text]) -> None:
        """Learns how rare words are from articles that are adopted afterwards: the first of those need it most."""
        for article in articles:
            self._observed(article)

    def adopt(self, articles: Sequence[tuple[Text, str]], held: Container[str] = ()) -> None:
        """Takes in articles with the stories they were filed under, oldest first: how a window is built from tables.

        held: names of stories to `hold`.
        """
        articles = [(article, name) for article, name in articles if article.article not in self._serials]
        profiles = [self._observed(article) for article, _ in articles]
        for (article, name), counted in zip(articles, profiles, strict=True):
            filed = self._arrived(article, counted)
            if name not in self.stories:
                self.stories[name] = Story(name, held=name in held)
            story = self.stories[name]
            others = (self.index.filed[serial] for serial in story.members[-SEEN:])
            filed.copy = any(is_copy(filed, other) for other in others)
            self._enter(filed, story)

    def _file(self, article: Text, counted: Profile) -> list[Filing]:
        if (known := self._serials.get(article.article)) is not None:
            return [Join(article.article, self.index.filed[known].story)]
        filed = self._arrived(article, counted)
        ranked = self._ranked(filed)
        needed = self._needed()
        if not ranked or ranked[0][0] < needed:
            return [self._opened(filed)]
        name = ranked[0][1]
        self._enter(filed, self.stories[name])
        near = [other for likeness, other in ranked[1:] if likeness >= needed / 2]
        return [Join(filed.article, name), *self._united(name, near, needed), *self._divided(filed)]

    def _observed(self, article: Text) -> Profile:
        counted = profile(article)
        self.frequencies.observe([*counted.words, *counted.bridge])
        return counted

    def _arrived(self, article: Text, counted: Profile) -> Filed:
        """The article as the window holds it, after the clock has moved to it."""
        at = article.published_at.timestamp() / 3600 if article.published_at else self.clock
        self.clock = max(self.clock, at)
        self._forget()
        words = vector(counted.words, self.frequencies, TERMS)
        bridge = vector(counted.bridge, self.frequencies, BRIDGE)
        names = tuple(sorted(counted.names.intersection(words)))
        language, publisher = intern(counted.language), intern(article.publisher or article.source)
        filed = Filed(article.article, at, language, publisher, words, bridge, names, counted.labels)
        if self.meaning:
            filed.opening = f"{article.title}. {article.text}"[:LENGTH]
        return filed

    def _ranked(self, filed: Filed) -> list[tuple[float, str]]:
        """The stories nearest to an article, best first."""
        nearest: dict[str, Filed] = {}
        for other, shared in self.index.candidates(filed):
            nearest.setdefault(other.story, other)
            filed.copy = filed.copy or (shared >= OWN_COPY / 2 and is_copy(filed, other))
        scored = [(self._score(filed, self.stories[name], nearest[name]), name) for name in list(nearest)[:STORIES]]
        return sorted(scored, key=lambda pair: -pair[0])

    def _score(self, filed: Filed, story: Story, nearest: Filed) -> float:
        alike = story.likeness(filed, self._bridged()) * fading(story.apart(filed.at, filed.at))
        if self.meaning and alike >= self._needed() and not story.counts[filed.language]:
            close = self.meaning.closeness(filed.article, filed.opening, nearest.article, nearest.opening)
            alike *= 1.0 if close >= UNRELATED else UNLIKE
        return alike

    def _needed(self) -> float:
        """The likeness from which an article belongs to a story."""
        return JOIN + CROWD * math.log1p(len(self.index.filed) / CROWDED)

    def _bridged(self) -> float:
        """What a likeness over the bridge counts for: names do not become alike by chance as words do in a crowd."""
        return ACROSS * self._needed() / JOIN

    def _opened(self, filed: Filed) -> New:
        filed.copy = False
        name = "s" + filed.article
        story = Story(name if name not in self.stories else self._later_name(filed))
        self.stories[story.name] = story
        self._enter(filed, story)
        return New(filed.article, story.name)

    def _enter(self, filed: Filed, story: Story) -> None:
        serial = self._serials[filed.article] = self.index.add(filed)
        heapq.heappush(self._leaving, (filed.at + WINDOW, serial))
        story.add(serial, filed)

    def _united(self, name: str, near: Sequence[str], needed: float) -> list[Filing]:
        """The stories near that the new article proves to be the same as its own."""
        filings: list[Filing] = []
        for other in near:
            story, kin = self.stories[name], self.stories[other]
            alike = story.kinship(kin, self._bridged()) * fading(story.apart(kin.first, kin.last))
            if alike >= needed and not halves(self._members(story, kin)):
                stays, goes = sorted((story, kin), key=lambda one: (-len(one.members), one.first))
                name = stays.name
                self._merge(goes, stays)
                filings.append(Merge(goes.name, name))
        return filings

    def _divided(self, filed: Filed) -> list[Filing]:
        """Two halves of its story that have less in common than an article needs to join are two stories."""
        story = self.stories[filed.story]
        if len(story.members) not in LOOKED_THROUGH:
            return []
        leaving = halves(self._members(story))
        if not leaving:
            return []
        other = Story(self._later_name(leaving[0]), held=story.held)
        self.stories[other.name] = other
        for one in leaving:
            serial = self._serials[one.article]
            story.remove(serial, one)
            other.add(serial, one)
        self._keep_original(story)
        self._keep_original(other)
        return [Split(tuple(one.article for one in leaving), other.name)]

    def _later_name(self, first: Filed) -> str:
        """For a story whose first article may have opened another one before."""
        name = f"s{first.article}.{round(self.clock * 60)}"
        while name in self.stories:
            name += "'"
        return name

    def _members(self, *stories: Story) -> list[Filed]:
        """In order of arrival."""
        return [self.index.filed[serial] for serial in sorted(chain.from_iterable(one.members for one in stories))]

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
            self._keep_original(story)
            self.index.remove(serial)
            if self.meaning:
                self.meaning.forget(filed.article)
            del self._serials[filed.article]
            if not story.members:
                del self.stories[story.name]

    def _keep_original(self, story: Story) -> None:
        """A copy stands in for an original that left: a story of copies alone would be like nothing."""
        if story.members and not story.counts.total():
            serial = story.members[0]
            filed = self.index.filed[serial]
            story.remove(serial, filed)
            filed.copy = False
            story.add(serial, filed)
