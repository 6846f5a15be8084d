"""Followers of stories: who they are, and when following ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import Session, col, select

from db.tables import Bullet, Follow, Story, Subscriber, Subscription


@dataclass(frozen=True, slots=True)
class Follower:
    follow: Follow
    subscriber: Subscriber


def move_follows(session: Session, story_id: int, into: int) -> None:
    """Two stories are one: who follows either follows that one, once."""
    for follow in session.exec(select(Follow).where(Follow.story_id == story_id)).all():
        there = session.get(Follow, (follow.subscriber_id, into))
        if there is None:
            session.add(Follow(**follow.model_dump(exclude={"story_id"}), story_id=into))
        session.delete(follow)
    session.flush()


def end_quiet_follows(session: Session, quiet_since: datetime) -> int:
    """Ends the following of stories that have had no article since then, or since they were followed; how many."""
    quiet = session.exec(
        select(Follow).join(Story).where(Story.updated_at < quiet_since, Follow.since_at < quiet_since)
    ).all()
    for follow in quiet:
        session.delete(follow)
    return len(quiet)


def followers_to_tell(session: Session, told_before: datetime, now: datetime) -> list[Follower]:
    """Followers of stories with a response or a reversal that came since they were told last, or began to follow.

    Not those who were told something of that story after `told_before`, nor those whose briefs are paused: they hear
    of it when the pause ends.
    """
    answers = (
        select(Bullet.id)
        .where(Bullet.story_id == Follow.story_id, col(Bullet.created_at) > col(Follow.since_at))
        .where(col(Bullet.position).is_not(None), col(Bullet.withdrawn_at).is_(None))
        .where(or_(col(Bullet.panel) == "responses", col(Bullet.mark).is_not(None)))
    )
    paused = (
        select(Subscription.id)
        .where(Subscription.subscriber_id == Follow.subscriber_id, Subscription.thread_id == Follow.thread_id)
        .where(or_(col(Subscription.state) != "active", col(Subscription.paused_until) > now))
    )
    rows = session.exec(
        select(Follow, Subscriber)
        .join(Subscriber)
        .where(Subscriber.state == "active", or_(col(Follow.told_at).is_(None), col(Follow.told_at) <= told_before))
        .where(answers.exists(), ~paused.exists())
        .order_by(col(Follow.story_id), col(Follow.subscriber_id))
    )
    return [Follower(follow, subscriber) for follow, subscriber in rows]


def followed_stories(followers: Sequence[Follower]) -> list[int]:
    return list(dict.fromkeys(one.follow.story_id for one in followers))
