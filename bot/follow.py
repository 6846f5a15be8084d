"""Followers hear of a new response or a reversal at once; at most once an hour a story, never in quiet hours.

Following ends by itself when the story has been quiet for a week.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.messages import Block, headline_html, pack, panel_line, story_buttons
from bot.press import readable
from bot.speech import speech
from db.briefs import same_bullets
from db.editions import open_edition, owe, told_by
from db.engine import Database
from db.follows import Follower, end_quiet_follows, followed_stories, followers_to_tell
from db.records import Chosen, Part, StoryBullet, StoryView, Told
from db.stories import story_views
from db.subscribers import languages_read, subscription_for
from db.tables import Follow, Subscriber
from jobs.digest import REMEMBERED, is_answer
from jobs.hours import is_quiet, local

APART = timedelta(hours=1)  # between two messages about one story to one chat
CHUNK = 100  # followers told in one transaction
QUIET = timedelta(days=7)  # after which following a story ends


async def compose_follows(database: Database, now: datetime) -> int:
    """Owes what followers are to hear now; how many editions. Safe to run twice."""
    await database.write(end_quiet_follows, now - QUIET)
    waiting = [one for one in await database.read(followers_to_tell, now - APART, now) if _may_hear(one, now)]
    return sum([await database.write(_compose, waiting[i : i + CHUNK], now) for i in range(0, len(waiting), CHUNK)])


def _compose(session: Session, followers: Sequence[Follower], now: datetime) -> int:
    stories = {view.id: view for view in story_views(session, followed_stories(followers))}
    same, made = same_bullets(session), 0
    for one in followers:
        follow = session.get(Follow, (one.follow.subscriber_id, one.follow.story_id))
        if follow is not None and follow.story_id in stories:
            made += _tell(session, follow, one.subscriber, stories[follow.story_id], same, now)
    return made


def _may_hear(one: Follower, now: datetime) -> bool:
    reader = one.subscriber
    return not is_quiet(now, reader.zone, reader.quiet_from, reader.quiet_to)


def _tell(
    session: Session, follow: Follow, reader: Subscriber, story: StoryView, same: Mapping[int, int], now: datetime
) -> bool:
    subscription_id = subscription_for(session, reader, follow.thread_id, now).id or 0
    before = told_by(session, [subscription_id], now - REMEMBERED, same, waiting=True)[subscription_id]
    seen = next(iter(readable([story], languages_read(reader.reads, reader.language))), None)
    new = answers(seen, before, follow) if seen else []
    at = local(now, reader.zone)
    if seen and new:
        edition = open_edition(session, subscription_id, "follow", at.date(), _slot(story.id, at), due_at=now, now=now)
        if edition is None:
            return False
        parts = follow_messages(seen, new, reader, now)
        owe(session, edition, parts, reply_to=follow.message_id, tells_doubt=False)
        follow.told_at = now
    follow.since_at = max([follow.since_at, *(bullet.created_at for bullet in story.bullets)])
    return bool(new)


def _slot(story_id: int, at: datetime) -> int:
    """One for each story and hour of the day."""
    return story_id * 24 + at.hour


def answers(story: StoryView, before: Told, follow: Follow) -> list[StoryBullet]:
    """The responses and reversals that came since the story is followed and were not told."""
    return [
        bullet
        for bullet in story.bullets
        if is_answer(bullet) and bullet.created_at > follow.since_at and bullet.id not in before.bullets
    ]


def follow_messages(story: StoryView, new: Sequence[StoryBullet], reader: Subscriber, now: datetime) -> list[Part]:
    say = speech(reader.language)
    blocks = [
        Block(say("New in a story that you follow:")),
        Block(headline_html(story, None, say, now), story=story.id, gap=True),
        *(panel_line(bullet, say) for bullet in new),
    ]
    chosen = [Chosen(story, frozenset(bullet.id for bullet in new))]
    return [replace(part, buttons=story_buttons(chosen, part.stories)) for part in pack(blocks)]
