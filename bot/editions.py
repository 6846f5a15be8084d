"""Briefs out: what is due is chosen, rendered once and owed; `bot/push.py` sends it.

    compose_due      all that is due now, in chunks, each in one short transaction
    compose_asked    one brief because its reader asked

Readers who wish the same and were told the same get the same: it is chosen once and rendered once a round.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Container, Hashable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select, update

from bot.briefs import render
from bot.messages import STORIES
from bot.press import Press, open_press, read_answers, readable, wished_stories
from db.closing import merge_unsent_by
from db.editions import Owed, Wanted, open_editions, owe_all, report_all, rewished_by, told_by, unsaid_by
from db.engine import Database
from db.records import Part, Told
from db.subscribers import due_subscriptions, languages_read, muted_by
from db.tables import Edition, Subscriber, Subscription
from jobs.digest import REMEMBERED, Choice, choose_of, fitting
from jobs.hours import Slot, last_slot, next_slot
from jobs.topics import Wish, read_wish

Pair = tuple[Subscription, Subscriber]
Muted = frozenset[tuple[str, int]]
Made = tuple[list[Part], Mapping[str, object]]  # the messages of an edition, and its report

CHUNK = 50  # subscriptions composed in one transaction
LATE = timedelta(minutes=15)


async def compose_due(database: Database, now: datetime) -> int:
    """Owes every brief that is due; how many. Safe to run twice: an edition's key is unique.

    While chunks bring readers of new kinds, theirs is chosen and rendered before the transaction that writes: that one
    stays short.
    """
    made = 0
    if not await database.read(due_subscriptions, now, 1):
        return made
    press = await database.read(open_press, now)
    chunk, there = 1, -1
    while chunk:
        strange, there = len(press.made) > there, len(press.made)
        if strange:
            await database.read(_prepare, press)
        chunk = await database.write(_compose_chunk, press)
        made += chunk
    return made


def _prepare(session: Session, press: Press) -> None:
    due = due_subscriptions(session, press.now, CHUNK)
    slots = _slots(due, press)
    _parts(session, [pair for pair in due if pair[0].id in slots], slots, press)
    for subscription, subscriber in due:
        _slot(subscription, subscriber, press, next_slot)


def _compose_chunk(session: Session, press: Press) -> int:
    """Composes the next ones that are due; how many there were."""
    due = due_subscriptions(session, press.now, CHUNK)
    _compose(session, due, _slots(due, press), "brief", press)
    _plan(session, {s.id or 0: _slot(s, r, press, next_slot) for s, r in due})
    return len(due)


def _slots(due: Sequence[Pair], press: Press) -> dict[int, Slot]:
    slots = {s.id or 0: _slot(s, r, press, last_slot) for s, r in due}
    return {id: slot for id, slot in slots.items() if slot}


def _slot(
    subscription: Subscription,
    subscriber: Subscriber,
    press: Press,
    find: Callable[[Sequence[int], Sequence[int], str, datetime], Slot | None],
) -> Slot | None:
    hours, weekdays, zone = subscription.hours, subscription.weekdays, subscriber.zone
    key = (find.__name__, tuple(hours), tuple(weekdays), zone)
    return press.once(key, lambda: find(hours, weekdays, zone, press.now))


def _plan(session: Session, slots: Mapping[int, Slot | None]) -> None:
    """When they are due next; one statement for all that are due together."""
    together: dict[datetime | None, list[int]] = defaultdict(list)
    for subscription_id, slot in slots.items():
        together[slot.at if slot else None].append(subscription_id)
    for at, ids in together.items():
        session.execute(
            update(Subscription)
            .where(col(Subscription.id).in_(ids))
            .values(due_at=at)
            .execution_options(synchronize_session=False)
        )


def compose_asked(session: Session, subscription_id: int, now: datetime) -> bool:
    """Owes a brief right now; False when one was owed this second already, or a channel has nothing new."""
    subscription = session.get_one(Subscription, subscription_id)
    subscriber = session.get_one(Subscriber, subscription.subscriber_id)
    slot = Slot(now, now.date(), int(now.timestamp()))
    press = open_press(session, now)
    return _compose(session, [(subscription, subscriber)], {subscription_id: slot}, "asked", press) > 0


def _compose(session: Session, pairs: Sequence[Pair], slots: dict[int, Slot], kind: str, press: Press) -> int:
    """Makes the editions that are not there yet, and owes their parts: a channel is not told that there is nothing."""
    wanted = [
        Wanted(i, kind, slot.local_date, slot.minute, slot.at, late=press.now - slot.at > LATE)
        for i, slot in slots.items()
    ]
    made = open_editions(session, wanted, press.now)
    merged = merge_unsent_by(session, made, press.now) if made else set()
    parts = _parts(session, [pair for pair in pairs if pair[0].id in made], slots, press, merged)
    channels = {subscription.id for subscription, subscriber in pairs if subscriber.kind == "channel"}
    owed = [
        Owed(made[id], id, messages, slots[id].at)
        for id, (messages, _) in parts.items()
        if id not in channels or any(part.stories for part in messages)
    ]
    owe_all(session, owed, press.now)
    report_all(session, {made[id]: report for id, (_, report) in parts.items()})
    return len(owed)


def _parts(
    session: Session, pairs: Sequence[Pair], slots: dict[int, Slot], press: Press, merged: Container[int] = ()
) -> dict[int, Made]:
    """What each subscription is brought. Those in `merged` had an earlier brief that this one replaces."""
    ids = [subscription.id or 0 for subscription, _ in pairs]
    told = told_by(session, ids, press.now - REMEMBERED, press.same, waiting=True)
    read_answers(session, press, told.values())
    doubtful = unsaid_by(session, ids)
    muted = muted_by(session, [subscriber.id or 0 for _, subscriber in pairs])
    wishes = {subscription.id or 0: _wish_key(subscription) for subscription, _ in pairs}
    rewished = rewished_by(session, wishes, press.now - REMEMBERED)
    parts: dict[int, Made] = {}
    for id, (subscription, subscriber) in zip(ids, pairs, strict=True):
        late = id in merged or press.now - slots[id].at > LATE
        muted_here = muted.get(subscriber.id or 0, frozenset())
        keyed = _chosen(session, press, subscription, subscriber, told[id], muted_here, rewished.get(id))
        facts = (late, doubtful.get(id, 0), max(told[id].stories.values(), default=None))
        parts[id] = _rendered(press, subscription, subscriber, keyed, facts)
    return parts


def _wish_key(subscription: Subscription) -> str:
    """The same for all who wish the same."""
    wish = json.dumps([subscription.topics, subscription.exclude], sort_keys=True)
    return hashlib.sha256(wish.encode()).hexdigest()[:32]


def _chosen(
    session: Session,
    press: Press,
    subscription: Subscription,
    subscriber: Subscriber,
    told: Told,
    muted: Muted,
    rewished: datetime | None,
) -> tuple[Hashable, Choice]:
    """A story that was told for the wish as it is need not fit again for its answers to come: a split may have taken
    the outlet away that it fitted by. rewished: see `rewished_by`.
    """
    reads = languages_read(subscriber.reads, subscriber.language)
    topics, length = subscription.topics, subscriber.length
    wish_key = _wish_key(subscription)
    wish: Wish = press.once(("wish", wish_key), lambda: read_wish(topics, subscription.exclude))
    stories = press.once(("wished", wish_key), lambda: wished_stories(session, press, topics))
    fit = press.once(("fitting", wish_key, reads, muted), lambda: fitting(readable(stories, reads, muted), wish))
    told_key = (frozenset(told.bullets), frozenset(told.stories.items()))
    key = ("chosen", wish_key, reads, muted, told_key, length, rewished)

    def make() -> Choice:
        there = {story.id for story, _ in fit}
        older = [story for story in press.owed(told) if story.id not in there]
        kept = {id for id, at in told.stories.items() if rewished is None or at > rewished}
        candidates = [*fit, *fitting(readable(older, reads, muted), wish, kept)]
        return choose_of(candidates, told, press.now, STORIES[length], again=length != "headlines")

    return key, press.once(key, make)


def _rendered(
    press: Press,
    subscription: Subscription,
    subscriber: Subscriber,
    keyed: tuple[Hashable, Choice],
    facts: tuple[bool, int, datetime | None],
) -> Made:
    choice_key, choice = keyed
    late, doubtful, last = facts
    next_at = _slot(subscription, subscriber, press, next_slot)
    style = (subscriber.language, subscriber.zone, subscriber.length, subscriber.pictures)

    def make() -> Made:
        parts = render(choice.chosen, subscriber, press.now, late=late, doubtful=doubtful, next_at=next_at, last=last)
        return parts, {**_report(choice, parts, press), "wish": _wish_key(subscription)}

    return press.once(("parts", choice_key, style, facts, next_at), make)


def _report(choice: Choice, parts: Sequence[Part], press: Press) -> Mapping[str, object]:
    """Why these stories, and what is not there: for `bot/why.py`."""
    told = {story for part in parts for story in part.stories}
    why = {str(one.story.id): list(one.why) for one in choice.chosen if one.story.id in told}
    waiting = choice.waiting + len(choice.chosen) - len(why)
    return {"why": why, "waiting": waiting, "known": choice.known, "down": list(press.down)}


def plan(subscription: Subscription, zone: str, now: datetime) -> None:
    """Sets when the subscription is due next."""
    subscription.due_at = next_due(subscription, zone, now)


def next_due(subscription: Subscription, zone: str, now: datetime) -> datetime | None:
    """After a pause where there is one; None without hours, or while it is paused for good."""
    slot = next_slot(subscription.hours, subscription.weekdays, zone, max(now, subscription.paused_until or now))
    return slot.at if slot and subscription.state == "active" else None


def lateness(session: Session, minute: int, zone: str, now: datetime, messages_per_second: int) -> timedelta:
    """How long after that minute of the local day the last brief may come, when it is asked for today.

    An estimate: as many messages as there are subscriptions due at the next such minute, or as there were briefs a
    day before it, whichever is more.
    """
    slot = next_slot([minute], [], zone, now)
    if slot is None:
        return timedelta()
    due = select(func.count()).where(Subscription.state == "active", Subscription.due_at == slot.at)
    before = select(func.count()).where(Edition.kind == "brief", Edition.due_at == slot.at - timedelta(days=1))
    most = max(session.exec(due).one(), session.exec(before).one())
    return timedelta(seconds=most / messages_per_second)
