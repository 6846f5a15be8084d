"""Editions and their parts: made once, frozen, and remembered as told when they were sent.

Each question is asked for many subscriptions at once, in a few statements; the short forms ask it for one.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, insert
from sqlmodel import Session, col, select, update

from db.engine import insert_for
from db.records import Part, Told
from db.stories import heirs
from db.tables import Delivery, Edition, Rendered, Subscriber, Subscription

KINDS = ("brief", "asked", "follow", "notice")
UNSENT = ("owed", "in_doubt", "sending")


@dataclass(frozen=True, slots=True)
class Wanted:
    """An edition to be made, unless there is one of this subscription, kind, local date and slot."""

    subscription_id: int
    kind: str
    local_date: date
    slot: int
    due_at: datetime
    late: bool = False
    report: Mapping[str, Any] = field(default_factory=dict)


def open_editions(session: Session, wanted: Sequence[Wanted], now: datetime) -> dict[int, int]:
    """Makes those that are not there yet: subscription -> edition. One a subscription at a time."""
    if not wanted:
        return {}
    rows = [
        {
            "subscription_id": one.subscription_id,
            "kind": one.kind,
            "local_date": one.local_date,
            "slot": one.slot,
            "due_at": one.due_at,
            "created_at": now,
            "late": one.late,
            "closed": False,
            "report": dict(one.report),
        }
        for one in wanted
    ]
    key = (col(Edition.subscription_id), col(Edition.id))
    made = session.execute(_unless_there(session, Edition, *key), rows)
    return {row[0]: row[1] for row in made}


def _unless_there(session: Session, table: type[Any], *returning: Any) -> Any:
    """An insert that passes over rows whose key is there."""
    statement = insert_for(session)(table).on_conflict_do_nothing()
    return statement.returning(*returning) if returning else statement


def open_edition(
    session: Session,
    subscription_id: int,
    kind: str,
    local_date: date,
    slot: int,
    *,
    due_at: datetime,
    now: datetime,
    late: bool = False,
    report: dict[str, Any] | None = None,
) -> Edition | None:
    """A new edition; None when there is one for this subscription, kind, local date and slot."""
    wanted = Wanted(subscription_id, kind, local_date, slot, due_at, late, report or {})
    made = open_editions(session, [wanted], now)
    return session.get_one(Edition, made[subscription_id]) if made else None


def report_all(session: Session, reports: Mapping[int, Mapping[str, Any]]) -> None:
    """Keeps of each edition why it carries what it does."""
    if reports:
        session.execute(update(Edition), [{"id": id, "report": dict(report)} for id, report in reports.items()])


def report_of(session: Session, chat_id: int, message_id: int) -> dict[str, Any]:
    """Of the edition that a sent message belongs to; empty when there is none."""
    found = session.exec(
        select(Edition.report)
        .join(Delivery, col(Delivery.edition_id) == Edition.id)
        .where(Delivery.chat_id == chat_id, Delivery.message_id == message_id)
    ).first()
    return dict(found or {})


@dataclass(frozen=True, slots=True)
class Owed:
    """What one edition brings."""

    edition_id: int
    subscription_id: int
    parts: Sequence[Part]
    due_at: datetime
    reply_to: int | None = None  # by its first part


def owe_all(session: Session, owed: Sequence[Owed], now: datetime, *, tells_doubt: bool = True) -> None:
    """Freezes the parts and owes them to the editions' chats from their due times on.

    What is parked for these subscriptions counts as said to its readers from now on (see `unsaid`), unless the parts
    do not tell of it.
    """
    subscriptions = [one.subscription_id for one in owed]
    chats = {
        id: (chat_id, thread_id, silent)
        for id, chat_id, thread_id, silent in session.execute(
            select(col(Subscription.id), col(Subscriber.chat_id), col(Subscription.thread_id), col(Subscriber.silent))
            .join(Subscriber)
            .where(col(Subscription.id).in_(subscriptions))
        )
    }
    if tells_doubt:
        _mark_said(session, subscriptions)
    frozen = freeze(session, (part for one in owed for part in one.parts), now)
    rows = [row for one in owed for row in _rows(one, *chats[one.subscription_id], frozen)]
    if rows:
        session.execute(insert(Delivery), rows)


def _rows(
    one: Owed, chat_id: int, thread_id: int, silent: bool, frozen: Mapping[Part, str]
) -> Iterable[dict[str, Any]]:
    for number, part in enumerate(one.parts):
        yield {
            "edition_id": one.edition_id,
            "part": number,
            "rendered_id": frozen[part],
            "chat_id": chat_id,
            "thread_id": thread_id,
            "reply_to": one.reply_to if number == 0 else None,
            "silent": silent,
            "next_try_at": one.due_at,
            "state": "owed",
            "tries": 0,
            "resends": 0,
            "form": "html",
            "said": False,
        }


def owe(
    session: Session,
    edition: Edition,
    parts: Sequence[Part],
    *,
    reply_to: int | None = None,
    tells_doubt: bool = True,
) -> None:
    """`owe_all` for one edition."""
    assert edition.id is not None
    owed = Owed(edition.id, edition.subscription_id, parts, edition.due_at, reply_to)
    owe_all(session, [owed], edition.created_at, tells_doubt=tells_doubt)


def freeze(session: Session, parts: Iterable[Part], now: datetime) -> dict[Part, str]:
    """Equal parts, of whatever edition, share one row."""
    frozen = {part: _hash(part) for part in set(parts)}
    rows = [
        {
            "id": id,
            "html": part.html,
            "plain": part.plain,
            "buttons": [[list(button) for button in row] for row in part.buttons],
            "preview_url": part.preview_url,
            "bullets": list(part.bullets),
            "stories": list(part.stories),
            "created_at": now,
        }
        for part, id in frozen.items()
    ]
    if rows:
        session.execute(_unless_there(session, Rendered), rows)
    return frozen


def part_of(rendered: Rendered) -> Part:
    """What was frozen."""
    buttons = tuple(tuple((label, target) for label, target in row) for row in rendered.buttons)
    bullets, stories = tuple(rendered.bullets), tuple(rendered.stories)
    return Part(rendered.html, rendered.plain, buttons, rendered.preview_url, bullets, stories)


def _hash(part: Part) -> str:
    content = [part.html, part.plain, part.buttons, part.preview_url, part.bullets, part.stories]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:32]


def rewished_by(session: Session, wishes: Mapping[int, str], since: datetime) -> dict[int, datetime]:
    """When the last brief due since then was, that was chosen for another wish than this (a text) of the subscription.

    Only subscriptions that have one: what was told later was told for the wish as it is. A brief that is being made
    says nothing of its wish yet.
    """
    day = since.date() - timedelta(days=1)
    briefs = session.execute(
        select(col(Edition.subscription_id), col(Edition.due_at), col(Edition.report)["wish"].as_string())
        .where(col(Edition.subscription_id).in_(wishes), col(Edition.kind).in_(("brief", "asked")))
        .where(col(Edition.local_date) >= day, col(Edition.due_at) >= since)
        .order_by(col(Edition.due_at))
    )
    return {subscription: at for subscription, at, wish in briefs if wish not in (None, wishes[subscription])}


def told_by(
    session: Session,
    subscriptions: Sequence[int],
    since: datetime,
    same: Mapping[int, int],
    *,
    waiting: bool = False,
) -> dict[int, Told]:
    """What each subscription was really sent of editions due since then, with the due time of the last that had it.

    same: see `same_bullets`. waiting: with what is still owed to it, so that the next edition does not repeat it.
    Subscriptions that were told the same share one Told.
    """
    sent: dict[int, list[tuple[str, datetime]]] = {}
    for subscription, rendered, at in session.execute(_told_rows(subscriptions, since, waiting)):
        sent.setdefault(subscription, []).append((rendered, at))
    contents = _contents(session, {rendered for rows in sent.values() for rendered, _ in rows}, same)
    shared: dict[tuple[tuple[str, datetime], ...], Told] = {}
    tolds: dict[int, Told] = {}
    for subscription in subscriptions:
        key = tuple(sent.get(subscription, ()))
        if key not in shared:
            shared[key] = _told(key, contents)
        tolds[subscription] = shared[key]
    return tolds


def _told_rows(subscriptions: Sequence[int], since: datetime, waiting: bool) -> Any:
    """The kinds and the date are there for the index of the edition's key; an index on the state would find every
    message ever sent, hence the state is compared as an expression."""
    day, state = since.date() - timedelta(days=1), col(Delivery.state) + ""
    return (
        select(Edition.subscription_id, Delivery.rendered_id, func.max(Edition.due_at))
        .join(Delivery, col(Delivery.edition_id) == Edition.id)
        .where(col(Edition.subscription_id).in_(subscriptions), col(Edition.kind).in_(KINDS))
        .where(col(Edition.local_date) >= day, col(Edition.due_at) >= since)
        .where(state.in_(("sent", *UNSENT) if waiting else ("sent",)))
        .group_by(col(Edition.subscription_id), col(Delivery.rendered_id))
    )


def _contents(
    session: Session, rendered: Iterable[str], same: Mapping[int, int]
) -> dict[str, tuple[set[int], set[int]]]:
    """The bullets and stories of each: of merged stories those they went into, of bullets also those they are now."""
    ids = list(rendered)
    rows = session.execute(
        select(Rendered.id, Rendered.bullets, Rendered.stories).where(col(Rendered.id).in_(ids))
    ).all()
    heir = heirs(session, {story for _, _, stories in rows for story in stories})
    return {
        id: ({*bullets, *(same[b] for b in bullets if b in same)}, {heir[story] for story in stories})
        for id, bullets, stories in rows
    }


def _told(sent: Iterable[tuple[str, datetime]], contents: Mapping[str, tuple[set[int], set[int]]]) -> Told:
    bullets: dict[int, datetime] = {}
    stories: dict[int, datetime] = {}
    for rendered, at in sorted(sent, key=lambda row: row[1]):
        told_bullets, told_stories = contents[rendered]
        bullets.update(dict.fromkeys(told_bullets, at))
        stories.update(dict.fromkeys(told_stories, at))
    return Told(bullets, stories)


def unsaid_by(session: Session, subscriptions: Sequence[int]) -> dict[int, int]:
    """How many parked messages each reader was not told of: the next edition says that they may not have come.

    Only subscriptions that have some.
    """
    unsaid: dict[int, int] = {}
    for _, subscription in _unsaid(session, subscriptions):
        unsaid[subscription] = unsaid.get(subscription, 0) + 1
    return unsaid


def unsaid(session: Session, subscription_id: int) -> int:
    """`unsaid_by` for one subscription."""
    return unsaid_by(session, [subscription_id]).get(subscription_id, 0)


def _unsaid(session: Session, subscriptions: Sequence[int]) -> list[tuple[int, int]]:
    """Parked deliveries with their subscriptions. All are read, and few there are: an index finds them."""
    rows = session.execute(
        select(Delivery.id, Edition.subscription_id)
        .join(Edition, col(Edition.id) == Delivery.edition_id)
        .where(Delivery.state == "parked", col(Delivery.said).is_(False))
    )
    asked = set(subscriptions)
    return [(delivery, subscription) for delivery, subscription in rows if subscription in asked]


def _mark_said(session: Session, subscriptions: Sequence[int]) -> None:
    ids = [delivery for delivery, _ in _unsaid(session, subscriptions)]
    if ids:
        session.execute(update(Delivery).where(col(Delivery.id).in_(ids)).values(said=True))
