"""What the briefs of one round are chosen from: read once, and shared by all who wish the same."""

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlmodel import Session

from db.briefs import same_bullets
from db.records import StoryBullet, StoryView, Told
from db.search import search_stories
from db.sources import sources_down
from db.stories import answers_of, newest_stories, story_views, widest_stories
from jobs.digest import FRESH
from jobs.lookup import query_terms

T = TypeVar("T")

NEWEST = 300  # stories that every edition is chosen from
WIDEST = 100  # and those that most publishers tell
WISHED = 100  # newest stories on each topic, section or source that is named
AGAINST = re.compile(r"(?:^|\s)[-–—−]\w+")  # a word that may not stand there


@dataclass(slots=True)
class Press:
    """One round: its stories, and all that was made from them, by what it depends on."""

    now: datetime
    newest: Sequence[int] = ()  # and widest
    down: Sequence[int] = ()  # sources that could not be read
    same: Mapping[int, int] = field(default_factory=dict)  # bullets that another one stands for
    views: dict[int, StoryView] = field(default_factory=dict)
    answers: dict[int, set[int]] = field(default_factory=dict)  # of told stories: see `answers_of`
    made: dict[Hashable, object] = field(default_factory=dict)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        if key not in self.made:
            self.made[key] = make()
        return self.made[key]  # type: ignore[return-value]  # what a key begins with says what it holds

    def owed(self, told: Told) -> list[StoryView]:
        """The told stories with an answer that was not told."""
        owed = (id for id in told.stories if self.answers.get(id, set()) - told.bullets.keys())
        return [self.views[id] for id in owed if id in self.views]

    def read(self, session: Session, story_ids: Iterable[int]) -> None:
        missing = dict.fromkeys(id for id in story_ids if id not in self.views)
        if missing:
            self.views |= {view.id: view for view in story_views(session, list(missing))}


def open_press(session: Session, now: datetime) -> Press:
    since = now - FRESH
    ids = dict.fromkeys([*newest_stories(session, since, NEWEST), *widest_stories(session, since, WIDEST)])
    press = Press(now, list(ids), sources_down(session), same_bullets(session))
    press.read(session, ids)
    return press


def read_answers(session: Session, press: Press, tolds: Iterable[Told]) -> None:
    """What came in answer to told stories is owed to their readers, however old the stories are."""
    distinct = {id(told): told for told in tolds}.values()
    unread = {story for told in distinct for story in told.stories} - press.answers.keys()
    press.answers |= {story: set() for story in unread} | answers_of(session, unread)
    press.read(
        session,
        sorted(story for told in distinct for story in told.stories if press.answers[story] - told.bullets.keys()),
    )


def wished_stories(session: Session, press: Press, topics: Sequence[Mapping[str, Any]]) -> list[StoryView]:
    """What a subscription's topics are chosen from: the newest of all, and the newest on each topic."""
    since, ids = press.now - FRESH, dict.fromkeys(press.newest)
    for topic in topics:
        kind, value = topic.get("kind"), str(topic.get("value"))
        if kind == "words":
            for part in re.split(r"[,;\n|]", value):
                terms = query_terms(AGAINST.sub(" ", part))
                ids |= dict.fromkeys(search_stories(session, terms, WISHED, since=since))
        elif kind in ("section", "source"):
            ids |= dict.fromkeys(newest_stories(session, since, WISHED, **{str(kind): value}))
    press.read(session, ids)
    return [press.views[id] for id in ids if id in press.views]


def readable(
    stories: Iterable[StoryView], reads: frozenset[str], muted: frozenset[tuple[str, int]] = frozenset()
) -> Iterable[StoryView]:
    """The stories that are not muted, with their bullets in the languages that are read, and what is told in others."""
    for story in stories:
        if ("story", story.id) in muted or all(("source", source) in muted for source in story.sources):
            continue
        bullets = tuple(bullet for bullet in story.bullets if bullet.bullet.language in reads)
        if bullets:
            yield _in(reads, story, bullets) if story.tellings or len(bullets) < len(story.bullets) else story


def in_languages(views: Sequence[StoryView], reads: frozenset[str]) -> list[StoryView]:
    """In the languages that are read; a story that has nothing in them as it is, since it was asked for."""
    read = {view.id: view for view in readable(views, reads)}
    return [read.get(view.id, view) for view in views]


def _in(reads: frozenset[str], story: StoryView, bullets: tuple[StoryBullet, ...]) -> StoryView:
    """With a headline that can be read, where an outlet has one."""
    unread = tuple(one for one in story.tellings if one.language not in reads)
    mine = next((one for one in story.tellings if one.language in reads), None)
    if mine is None or not any(one.title.startswith(story.headline.rstrip("…")) for one in unread):
        return replace(story, bullets=bullets, unread=unread)
    return replace(story, bullets=bullets, unread=unread, headline=mine.title, url=mine.url or story.url)
