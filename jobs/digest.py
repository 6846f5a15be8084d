"""Which stories and bullets a subscription gets, in what order, and why. Pure.

A story is weighed by the publishers that tell it, its age, how it fits the wish, and how new it is to the subscriber.
One that several publishers tell leads when there is one; more of the same single publisher sinks with each.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from db.records import Chosen, StoryView, Told
from jobs.topics import Wish, fit

FRESH = timedelta(hours=36)  # a story without a newer article is not news
FADES = 12.0  # hours in which recency falls to a half
RECENT = 1.0  # what a story of this minute is worth; each doubling of its publishers is worth as much
NAMED = 0.5  # it fits a topic or section that was named
ANSWERED = 0.7  # a response to an offer that was told before
KNOWN = -0.5  # it was told before, and only grew
MINOR = {"opinion": -0.5, "digest": -1.0}
FLOOD = 0.6  # what each story of one publisher alone costs the next of the same
SEVERAL = 2  # publishers
RECENTLY = timedelta(hours=6)

RESPONSE, TOPIC, PUBLISHERS, RECENCY, MORE = "response", "topic", "publishers", "recency", "more"  # of Chosen.why


def choose(
    stories: Sequence[StoryView], told: Told, now: datetime, limit: int, wish: Wish | None = None
) -> list[Chosen]:
    """At most `limit` stories that fit the wish and have a bullet that was not told, the weightiest first.

    `Chosen.why` holds, the weightiest first: "response" (to an offer told before), "topic:NAME" (a topic or section
    that was asked for), "publishers:N" (two or more), "recency" (under six hours old), "more" (told before, and grew).
    """
    fresh = [story for story in stories if now - story.updated_at <= FRESH]
    chosen = [(_weight(one, now), one) for story in fresh if (one := _chosen(story, told, now, wish or Wish()))]
    chosen.sort(key=lambda pair: (-pair[0], -pair[1].story.updated_at.timestamp(), pair[1].story.id))
    lead = next((pair for pair in chosen if len(pair[1].story.publishers) >= SEVERAL), None)
    if lead is None or not limit:
        return _spread(chosen, limit)
    chosen.remove(lead)
    return [lead[1], *_spread(chosen, limit - 1)]


def _chosen(story: StoryView, told: Told, now: datetime, wish: Wish) -> Chosen | None:
    new = frozenset(bullet.id for bullet in story.bullets if bullet.id not in told.bullets)
    if not new or (name := fit(wish, story)) is None:
        return None
    told_at = told.stories.get(story.id)
    return Chosen(story, new, told_at, tuple(_reasons(story, new, told, now, name, known=told_at is not None)))


def _reasons(
    story: StoryView, new: frozenset[int], told: Told, now: datetime, name: str, *, known: bool
) -> Iterable[str]:
    if known and _answers(story, new, told):
        yield RESPONSE
    if name:
        yield f"{TOPIC}:{name}"
    if len(story.publishers) >= SEVERAL:
        yield f"{PUBLISHERS}:{len(story.publishers)}"
    if now - story.updated_at < RECENTLY:
        yield RECENCY
    if known:
        yield MORE


def _answers(story: StoryView, new: frozenset[int], told: Told) -> bool:
    """Its new bullets hold a response, and its offer was told."""
    offered = any(bullet.panel == "offer" and bullet.id in told.bullets for bullet in story.bullets)
    return offered and any(bullet.panel == "responses" and bullet.id in new for bullet in story.bullets)


def _weight(chosen: Chosen, now: datetime) -> float:
    story = chosen.story
    hours = max(0.0, (now - story.updated_at) / timedelta(hours=1))
    weight = RECENT * (math.log2(max(1, len(story.publishers))) + math.exp2(-hours / FADES)) + MINOR.get(
        story.kind, 0.0
    )
    if any(reason.startswith(TOPIC) for reason in chosen.why):
        weight += NAMED
    if RESPONSE in chosen.why:
        return weight + ANSWERED
    return weight + (KNOWN if chosen.told_at else 0.0)


def _spread(weighed: Sequence[tuple[float, Chosen]], limit: int) -> list[Chosen]:
    """The weightiest, where each story of a single publisher makes the next of it lighter."""
    left = list(weighed)
    alone: Counter[str] = Counter()
    ordered: list[Chosen] = []
    while left and len(ordered) < limit:
        best = max(range(len(left)), key=lambda at: left[at][0] - FLOOD * alone[_only(left[at][1])])
        _, chosen = left.pop(best)
        ordered.append(chosen)
        if _only(chosen):
            alone[_only(chosen)] += 1
    return ordered


def _only(chosen: Chosen) -> str:
    """The publisher, when nobody else tells the story."""
    publishers = chosen.story.publishers
    return publishers[0] if len(publishers) == 1 else ""
