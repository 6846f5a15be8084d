"""Which stories and bullets a subscription gets, in what order, and why. Pure.

A story is weighed by the publishers that tell it, its age, how it fits the wish, and how new it is to the subscriber.
One that several publishers tell leads when there is one; more of the same single publisher sinks with each. What was
told before and is answered, denied, corrected or taken back since comes first and takes nobody's place.
"""

import math
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from db.records import Chosen, StoryBullet, StoryView, Told
from jobs.topics import Wish, fit

FRESH = timedelta(hours=36)  # a story without a newer article is not news
REMEMBERED = timedelta(days=10)  # how far back what was told counts: longer than a story is kept open
FADES = 12.0  # hours in which recency falls to a half
RECENT = 1.0  # what a story of this minute is worth; each doubling of its publishers is worth as much
NAMED = 0.5  # it fits a topic or section that was named
KNOWN = -0.5  # it was told before, and only grew
MINOR = {"opinion": -0.5, "digest": -1.0}
FLOOD = 0.6  # what each story of one publisher alone costs the next of the same
SEVERAL = 2  # publishers
RECENTLY = timedelta(hours=6)

REVERSAL, RESPONSE, TOPIC, PUBLISHERS = "reversal", "response", "topic", "publishers"  # of Chosen.why
RECENCY, MORE = "recency", "more"


def choose(
    stories: Iterable[StoryView],
    told: Told,
    now: datetime,
    limit: int,
    wish: Wish | None = None,
    *,
    again: bool = True,
) -> list[Chosen]:
    """What fits the wish and has a bullet that was not told: first, however many, what `is_owed`; then at most `limit`
    other stories. Both the weightiest first.

    again: a told story that only grew comes too.

    `Chosen.why` holds, the weightiest first: "reversal" (of a story told before something is denied, corrected or
    taken back), "response" (to a story told before), "topic:NAME" (a topic or section that was asked for),
    "publishers:N" (two or more), "recency" (under six hours old), "more" (told before, and grew).
    """
    return choose_of(fitting(stories, wish or Wish()), told, now, limit, again=again).chosen


@dataclass(frozen=True, slots=True)
class Choice:
    """What an edition carries, and how many stories that fit it does not."""

    chosen: list[Chosen]
    waiting: int  # they have something new, and found no place
    known: int  # they have nothing new


def fitting(
    stories: Iterable[StoryView], wish: Wish, kept: Container[int] = frozenset()
) -> list[tuple[StoryView, str]]:
    """The stories that fit the wish, with the name of what each fits. Those in `kept` (ids) do in any case."""
    named = ((story, fit(wish, story)) for story in stories)
    return [(story, name or "") for story, name in named if name is not None or story.id in kept]


def choose_of(
    stories: Sequence[tuple[StoryView, str]], told: Told, now: datetime, limit: int, *, again: bool = True
) -> Choice:
    """`choose` of what was found `fitting`: that is the same for all who wish the same."""
    weighed = [(_weight(one, now), one) for story, name in stories if (one := _chosen(story, name, told, now))]
    weighed.sort(key=lambda pair: (-pair[0], -pair[1].story.updated_at.timestamp(), pair[1].story.id))
    owed = [one for _, one in weighed if is_owed(one)]
    others = [pair for pair in weighed if not is_owed(pair[1]) and (again or pair[1].told_at is None)]
    chosen = owed + _led(others, limit)
    return Choice(chosen, len(weighed) - len(chosen), len(stories) - len(weighed))


def is_owed(chosen: Chosen) -> bool:
    """Whether it was told before, and a response to it or a reversal was not."""
    return RESPONSE in chosen.why or REVERSAL in chosen.why


def is_answer(bullet: StoryBullet) -> bool:
    """A response, or a reversal: a denial, correction or withdrawal."""
    return bullet.panel == "responses" or bullet.bullet.mark is not None


def _chosen(story: StoryView, name: str, told: Told, now: datetime) -> Chosen | None:
    told_at = _told_at(story, told)
    old = now - REMEMBERED  # of a told story, what is older was told when `told` did not reach back as far
    came = (bullet for bullet in story.bullets if told_at is None or bullet.created_at > old)
    new = frozenset([bullet.id for bullet in came if bullet.id not in told.bullets])
    if not new or (told_at is None and now - story.updated_at > FRESH):
        return None
    chosen = Chosen(story, new, told_at, tuple(_reasons(story, new, now, name, known=told_at is not None)))
    return chosen if is_owed(chosen) or now - story.updated_at <= FRESH else None


def _told_at(story: StoryView, told: Told) -> datetime | None:
    """Of one that was split off a told story, or took one in, only bullets may have been told."""
    bullets = (at for bullet in story.bullets if (at := told.bullets.get(bullet.id)))
    return told.stories.get(story.id) or max(bullets, default=None)


def _reasons(story: StoryView, new: frozenset[int], now: datetime, name: str, *, known: bool) -> Iterable[str]:
    came = [bullet for bullet in story.bullets if bullet.id in new]
    if known and any(bullet.bullet.mark for bullet in came):
        yield REVERSAL
    if known and any(bullet.panel == "responses" for bullet in came):
        yield RESPONSE
    if name:
        yield f"{TOPIC}:{name}"
    if len(story.publishers) >= SEVERAL:
        yield f"{PUBLISHERS}:{len(story.publishers)}"
    if now - story.updated_at < RECENTLY:
        yield RECENCY
    if known:
        yield MORE


def _weight(chosen: Chosen, now: datetime) -> float:
    story = chosen.story
    hours = max(0.0, (now - story.updated_at) / timedelta(hours=1))
    weight = RECENT * (math.log2(max(1, len(story.publishers))) + math.exp2(-hours / FADES))
    weight += MINOR.get(story.kind, 0.0) + (KNOWN if chosen.told_at else 0.0)
    return weight + (NAMED if any(reason.startswith(TOPIC) for reason in chosen.why) else 0.0)


def _led(weighed: list[tuple[float, Chosen]], limit: int) -> list[Chosen]:
    """One that several publishers tell leads when there is one."""
    lead = next((pair for pair in weighed if len(pair[1].story.publishers) >= SEVERAL), None)
    if lead is None or not limit:
        return _spread(weighed, limit)
    return [lead[1], *_spread([pair for pair in weighed if pair is not lead], limit - 1)]


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
