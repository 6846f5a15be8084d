"""The grouper: which story an article belongs to, in order of arrival, over a sliding window."""

import heapq
from collections.abc import Sequence

from db.records import Filing, Join, Merge, New, Split, Text
from jobs.group.index import Filed, Index, likeness
from jobs.group.story import Story, fading
from jobs.group.weigh import BRIDGE, TERMS, Frequencies, Profile, profile, vector

WINDOW, HELD = 72.0, 168.0  # hours an article stays, and one of a story that was told or is followed
JOIN = 0.16  # likeness from which an article belongs, faded by time
COPY = 0.8  # likeness of two prints of one report
STORIES = 8  # that are compared with an article as a whole


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
        return Filed(article.article, at, counted.language, article.publisher or article.source, words, bridge)

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

    def _place(self, filed: Filed, ranked: list[tuple[float, str]]) -> Filing:
        serial = self.index.add(filed)
        self._serials[filed.article] = serial
        heapq.heappush(self._leaving, (filed.at + WINDOW, serial))
        if ranked and ranked[0][0] >= JOIN:
            self.stories[ranked[0][1]].add(serial, filed)
            return Join(filed.article, ranked[0][1])
        filed.copy = False
        story = Story("s" + filed.article)
        self.stories[story.name] = story
        story.add(serial, filed)
        return New(filed.article, story.name)

    def _repair(self, name: str, near: list[str]) -> list[Filing]:
        """What the new article proves about the stories around it."""
        filings: list[Filing] = []
        for other in near:
            story = self.stories[name]
            if other == name or other not in self.stories:
                continue
            kin = self.stories[other]
            if story.kinship(kin) * fading(story.apart(kin.first, kin.last)) >= JOIN:
                name, gone = sorted(
                    (name, other), key=lambda one: (-len(self.stories[one].members), self.stories[one].first)
                )
                self._merge(gone, name)
                filings.append(Merge(gone, name))
        return filings

    def _merge(self, gone: str, into: str) -> None:
        story, target = self.stories.pop(gone), self.stories[into]
        target.held = target.held or story.held
        for serial in story.members:
            target.add(serial, self.index.filed[serial])

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
