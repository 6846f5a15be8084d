"""Briefs out: what is due is chosen, rendered once and owed; `bot/push.py` sends it.

compose_due      all that is due now, in chunks, each in one short transaction
compose_asked    one brief because its reader asked
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.messages import STORIES, edition_messages
from bot.speech import Html, Speech, speech
from db.closing import merge_unsent
from db.editions import open_edition, owe, told, unsaid
from db.engine import Database
from db.records import Chosen, Part, StoryView
from db.stories import newest_stories, story_views
from db.subscribers import due_subscriptions, muted
from db.tables import Subscriber, Subscription
from jobs.digest import FRESH, choose
from jobs.hours import Slot, last_slot, next_slot

CHUNK = 100  # subscriptions composed in one transaction
CANDIDATES = 300  # newest stories an edition is chosen from
REMEMBERED = timedelta(days=30)  # how far back what was told counts
LATE = timedelta(minutes=15)


@dataclass(slots=True)
class Press:
    """One round's stories, and what was rendered from them: equal editions are rendered once."""

    stories: Sequence[StoryView]
    now: datetime
    rendered: dict[tuple[object, ...], list[Part]] = field(default_factory=dict)

    def parts(self, key: tuple[object, ...], render: Callable[[], list[Part]]) -> list[Part]:
        if key not in self.rendered:
            self.rendered[key] = render()
        return self.rendered[key]


async def compose_due(database: Database, now: datetime) -> int:
    """Owes every brief that is due; how many. Safe to run twice: an edition's key is unique."""
    made = 0
    if not await database.read(due_subscriptions, now, 1):
        return made
    press = await database.read(open_press, now)
    while due := await database.read(due_subscriptions, now, CHUNK):
        made += await database.write(_compose_chunk, [s.id for s, _ in due if s.id], press)
    return made


def open_press(session: Session, now: datetime) -> Press:
    return Press(story_views(session, newest_stories(session, now - FRESH, CANDIDATES)), now)


def _compose_chunk(session: Session, ids: Sequence[int], press: Press) -> int:
    made = 0
    for subscription_id in ids:
        subscription = session.get_one(Subscription, subscription_id)
        subscriber = session.get_one(Subscriber, subscription.subscriber_id)
        slot = last_slot(subscription.hours, subscription.weekdays, subscriber.zone, press.now)
        if slot is not None:
            made += _compose(session, subscription, subscriber, slot, "brief", press)
        plan(subscription, subscriber.zone, press.now)
    return made


def compose_asked(session: Session, subscription_id: int, now: datetime) -> bool:
    """Owes a brief right now; whether it carries a story."""
    subscription = session.get_one(Subscription, subscription_id)
    subscriber = session.get_one(Subscriber, subscription.subscriber_id)
    slot = Slot(now, now.date(), int(now.timestamp()))
    return _compose(session, subscription, subscriber, slot, "asked", open_press(session, now))


def _compose(
    session: Session, subscription: Subscription, subscriber: Subscriber, slot: Slot, kind: str, press: Press
) -> bool:
    subscription_id = subscription.id or 0
    late = press.now - slot.at > LATE
    edition = open_edition(
        session, subscription_id, kind, slot.local_date, slot.minute, due_at=slot.at, now=press.now, late=late
    )
    if edition is None:
        return False
    late = merge_unsent(session, edition) or late
    before = told(session, subscription_id, press.now - REMEMBERED, waiting=True)
    hidden_stories, hidden_sources = muted(session, subscription.subscriber_id)
    stories = [s for s in press.stories if s.id not in hidden_stories and not hidden_sources.issuperset(s.sources)]
    chosen = choose(stories, before, press.now, STORIES[subscriber.length])
    doubtful = unsaid(session, subscription_id)
    last = max(before.stories.values(), default=None)
    key = (_key(chosen), subscriber.language, subscriber.zone, subscriber.length, late, doubtful, slot.minute, last)
    next_at = next_slot(subscription.hours, subscription.weekdays, subscriber.zone, press.now)
    parts = press.parts(
        (*key, next_at),
        lambda: render(chosen, subscriber, press.now, late=late, doubtful=doubtful, next_at=next_at, last=last),
    )
    owe(session, edition, parts)
    return bool(chosen)


def _key(chosen: Sequence[Chosen]) -> tuple[object, ...]:
    return tuple((c.story.id, c.new, c.told_at) for c in chosen)


def render(
    chosen: Sequence[Chosen],
    subscriber: Subscriber,
    now: datetime,
    *,
    late: bool,
    doubtful: int,
    next_at: Slot | None,
    last: datetime | None,
) -> list[Part]:
    say, zone = speech(subscriber.language), subscriber.zone
    notes = []
    if late:
        notes.append(say("This brief is late; what was due before is in it."))
    if doubtful:
        notes.append(
            say.count("{n} message may not have reached you.", "{n} messages may not have reached you.", doubtful)
        )
    if next_at is not None:
        notes.append(say("Next brief: {when}", when=say.moment(next_at.at, zone)))
    if not chosen:
        return edition_messages([], _nothing_new(say, zone, last), say, now, length="short", notes=notes)
    title = Html(f"<b>{say('Your brief')}</b> · {say.date(now, zone)}")
    return edition_messages(chosen, title, say, now, length=subscriber.length, zone=zone, notes=notes)


def _nothing_new(say: Speech, zone: str, last: datetime | None) -> Html:
    if last is None:
        return say("No news on your topics yet.")
    return say("Nothing new since {when}.", when=say.moment(last, zone))


def plan(subscription: Subscription, zone: str, now: datetime) -> None:
    """Sets when the subscription is due next."""
    subscription.due_at = next_due(subscription, zone, now)


def next_due(subscription: Subscription, zone: str, now: datetime) -> datetime | None:
    """After a pause where there is one; None without hours, or while it is paused for good."""
    slot = next_slot(subscription.hours, subscription.weekdays, zone, max(now, subscription.paused_until or now))
    return slot.at if slot and subscription.state == "active" else None
