"""Which stories and bullets a subscription gets, and in what order. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from db.records import Chosen, StoryView, Told

FRESH = timedelta(hours=36)  # a story without a newer article is not news


def choose(stories: Sequence[StoryView], told: Told, now: datetime, limit: int) -> list[Chosen]:
    """At most `limit` stories with something that was not told, the widest covered first."""
    chosen = [fresh for story in stories if now - story.updated_at <= FRESH if (fresh := _new_in(story, told))]
    chosen.sort(key=lambda c: (len(c.story.publishers), c.story.updated_at), reverse=True)
    return chosen[:limit]


def _new_in(story: StoryView, told: Told) -> Chosen | None:
    new = frozenset(b.id for b in story.bullets if b.id not in told.bullets)
    told_at = told.stories.get(story.id)
    return Chosen(story, new, told_at) if new else None
