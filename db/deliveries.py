"""The ledger of what is owed to which chat: claimed before it is sent, settled right after.

    owed ----claim----> sending ----settle----> sent
      ^                    |--- Retry, Reform ---> owed        refused before it was accepted
      |                    |--- Doubt -----------> in_doubt    it may have been accepted
      |                    |--- Parked ----------> parked      in doubt twice, or refused for its content
      |                    '--- Away, Closed ----> refused     Telegram will not have anything for this chat, or topic
    in_doubt --claim--> sending      once only: `resends` is counted by the claim, before the send

A row that is found in `sending` when the process starts was claimed by one that died: it is in doubt.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, func
from sqlmodel import Session, col, select, update

from db.editions import part_of
from db.records import Part
from db.tables import Delivery, Edition, Member, Rendered, Subscriber, Subscription

OPEN = ("owed", "in_doubt")


@dataclass(frozen=True, slots=True)
class Head:
    """The first message that a chat is owed."""

    id: int
    chat_id: int


@dataclass(frozen=True, slots=True)
class Work:
    """A claimed message, with all that sending it needs."""

    id: int
    edition_id: int
    part: int
    chat_id: int
    thread_id: int
    reply_to: int | None
    silent: bool
    form: str  # html, plain, bare
    again: bool  # an earlier attempt may have reached the chat
    tries: int
    language: str
    html: str
    plain: str
    buttons: list[list[list[str]]]
    preview_url: str | None


@dataclass(frozen=True, slots=True)
class Sent:
    id: int
    message_id: int
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Retry:
    """Not accepted, for a reason that passes; `whole_chat` moves everything else of the chat behind it."""

    id: int
    chat_id: int
    next_try_at: datetime
    error: str | None = None  # None: it was never sent
    whole_chat: bool = True


@dataclass(frozen=True, slots=True)
class Reform:
    """Its markup was refused: to be sent at once in a simpler form."""

    id: int
    form: str
    error: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Nobody knows whether it was accepted."""

    id: int
    chat_id: int
    next_try_at: datetime
    error: str


@dataclass(frozen=True, slots=True)
class Parked:
    """To be decided by an admin."""

    id: int
    error: str


@dataclass(frozen=True, slots=True)
class Away:
    """The chat takes nothing any more."""

    id: int
    chat_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Closed:
    """The forum topic takes nothing any more."""

    id: int
    chat_id: int
    thread_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The group became a supergroup."""

    id: int
    chat_id: int
    new_chat_id: int
    next_try_at: datetime


Outcome = Sent | Retry | Reform | Doubt | Parked | Away | Closed | Moved


def heads(session: Session, now: datetime, limit: int) -> list[Head]:
    """The first due message of each chat, longest due first: so no chat waits for another's many parts."""
    first, due = func.min(col(Delivery.id)), func.min(col(Delivery.next_try_at))
    rows = session.exec(
        select(first, col(Delivery.chat_id))
        .where(col(Delivery.state).in_(OPEN), col(Delivery.next_try_at) <= now)
        .group_by(col(Delivery.chat_id))
        .order_by(due, first)
        .limit(limit)
    )
    return [Head(id, chat_id) for id, chat_id in rows if id is not None]


def settle_and_claim(session: Session, outcomes: Sequence[Outcome], ids: Sequence[int], now: datetime) -> list[Work]:
    """Both in one transaction, so that sends in flight share a commit."""
    settle(session, outcomes)
    return claim(session, ids, now) if ids else []


def claim(session: Session, ids: Sequence[int], now: datetime) -> list[Work]:
    """Those of the messages that are still owed, now being sent."""
    again = case((col(Delivery.state) == "in_doubt", 1), else_=0)
    claimed = session.exec(
        update(Delivery)
        .where(col(Delivery.id).in_(ids), col(Delivery.state).in_(OPEN), col(Delivery.next_try_at) <= now)
        .values(state="sending", claimed_at=now, resends=col(Delivery.resends) + again)
        .returning(col(Delivery.id))
        .execution_options(synchronize_session=False)
    )
    rows = session.exec(
        select(Delivery, Rendered, Subscriber.language)
        .join(Rendered)
        .join(Edition, col(Edition.id) == Delivery.edition_id)
        .join(Subscription)
        .join(Subscriber)
        .where(col(Delivery.id).in_([id for (id,) in claimed]))
        .order_by(col(Delivery.id))
    )
    return [_work(delivery, rendered, language) for delivery, rendered, language in rows]


def _work(delivery: Delivery, rendered: Rendered, language: str) -> Work:
    assert delivery.id is not None
    return Work(
        id=delivery.id,
        edition_id=delivery.edition_id,
        part=delivery.part,
        chat_id=delivery.chat_id,
        thread_id=delivery.thread_id,
        reply_to=delivery.reply_to,
        silent=delivery.silent,
        form=delivery.form,
        again=delivery.resends > 0,
        tries=delivery.tries,
        language=language,
        html=rendered.html,
        plain=rendered.plain,
        buttons=rendered.buttons,
        preview_url=rendered.preview_url,
    )


def settle(session: Session, outcomes: Sequence[Outcome]) -> None:
    """Write down what became of claimed messages."""
    sent = [outcome for outcome in outcomes if isinstance(outcome, Sent)]
    if sent:
        _mark_sent(session, sent)
    for outcome in outcomes:
        match outcome:
            case Retry(id, chat_id, next_try_at, error, whole_chat):
                tried = {} if error is None else {"tries": col(Delivery.tries) + 1, "error": error}
                _set(session, col(Delivery.id) == id, state="owed", next_try_at=next_try_at, **tried)
                if whole_chat:
                    _put_off(session, chat_id, next_try_at)
            case Reform(id, form, error):
                _set(session, col(Delivery.id) == id, state="owed", form=form, error=error)
            case Doubt(id, chat_id, next_try_at, error):
                _set(session, col(Delivery.id) == id, state="in_doubt", next_try_at=next_try_at, error=error)
                _put_off(session, chat_id, next_try_at)
            case Parked(id, error):
                _set(session, col(Delivery.id) == id, state="parked", error=error)
            case Away(_, chat_id, reason):
                _refuse(session, chat_id, reason)
            case Closed(_, chat_id, thread_id, reason):
                _refuse_topic(session, chat_id, thread_id, reason)
            case Moved(id, chat_id, new_chat_id, next_try_at):
                _set(session, col(Delivery.id) == id, state="owed", next_try_at=next_try_at)
                migrate_chat(session, chat_id, new_chat_id)


def _mark_sent(session: Session, sent: Sequence[Sent]) -> None:
    table = Delivery.__table__  # type: ignore[attr-defined]
    statement = (
        table.update()
        .where(table.c.id == bindparam("row"))
        .values(state="sent", message_id=bindparam("message"), sent_at=bindparam("at"), error=None)
    )
    rows = [{"row": one.id, "message": one.message_id, "at": one.sent_at} for one in sent]
    session.connection().execute(statement, rows)


def _set(session: Session, which: ColumnElement[bool], *also: ColumnElement[bool], **values: Any) -> int:
    statement = update(Delivery).where(which, *also).values(**values)
    return session.exec(statement.execution_options(synchronize_session=False)).rowcount


def _open_or_sending() -> ColumnElement[bool]:
    return col(Delivery.state).in_((*OPEN, "sending"))


def _put_off(session: Session, chat_id: int, until: datetime) -> None:
    """Keeps the chat's parts in order: what follows waits for what is tried again."""
    waiting = (col(Delivery.state).in_(OPEN), col(Delivery.next_try_at) < until)
    _set(session, col(Delivery.chat_id) == chat_id, *waiting, next_try_at=until)


def _refuse(session: Session, chat_id: int, reason: str) -> None:
    _set(session, col(Delivery.chat_id) == chat_id, _open_or_sending(), state="refused", error=reason)
    subscriber = session.exec(select(Subscriber).where(Subscriber.chat_id == chat_id)).first()
    if subscriber is not None and subscriber.state != "stopped":
        subscriber.state, subscriber.reason = "away", reason


def _refuse_topic(session: Session, chat_id: int, thread_id: int, reason: str) -> None:
    here = (col(Delivery.thread_id) == thread_id, _open_or_sending())
    _set(session, col(Delivery.chat_id) == chat_id, *here, state="refused", error=reason)
    for subscription in _subscriptions(session, chat_id):
        if subscription.thread_id == thread_id:
            subscription.state, subscription.reason = "away", reason


def _subscriptions(session: Session, chat_id: int) -> list[Subscription]:
    return list(session.exec(select(Subscription).join(Subscriber).where(Subscriber.chat_id == chat_id)))


def come_back(session: Session, chat_id: int) -> bool:
    """The chat takes messages again (/start, or the bot was added again). True when it had been away."""
    subscriber = session.exec(select(Subscriber).where(Subscriber.chat_id == chat_id)).first()
    closed = [one for one in _subscriptions(session, chat_id) if one.state == "away"]
    for subscription in closed:
        subscription.state, subscription.reason = "active", None
    if subscriber is None or subscriber.state != "away":
        return bool(closed)
    subscriber.state, subscriber.reason = "active", None
    return True


def migrate_chat(session: Session, old: int, new: int) -> None:
    """A group's new id, everywhere. Message ids of the old chat mean nothing in the new one.

    When the new chat is known already, both keep their rows: what the old one has and the new one lacks moves.
    """
    _set(session, col(Delivery.chat_id) == old, _open_or_sending(), reply_to=None)
    _set(session, col(Delivery.chat_id) == old, chat_id=new)
    member = session.get(Member, old)
    if member is not None:
        session.delete(member)
        if session.get(Member, new) is None:
            session.add(Member(chat_id=new, created_at=member.created_at))
    here = session.exec(select(Subscriber).where(Subscriber.chat_id == old)).first()
    there = session.exec(select(Subscriber).where(Subscriber.chat_id == new)).first()
    if here is not None and there is None:
        here.chat_id, here.kind = new, "supergroup"
    elif here is not None and there is not None and there.id is not None:
        _join_subscribers(session, here, there.id, old, new)


def _join_subscribers(session: Session, here: Subscriber, there_id: int, old: int, new: int) -> None:
    taken = {one.thread_id for one in _subscriptions(session, new)}
    for subscription in _subscriptions(session, old):
        if subscription.thread_id not in taken:
            subscription.subscriber_id = there_id
    here.state, here.reason = "away", f"it became the supergroup {new}"


def recover(session: Session, now: datetime, resend_at: datetime) -> list[int]:
    """To be called once at start: claims of a process that died. Returns the messages that were parked for it.

    resend_at: when the others are sent again; later than now, so that a process that dies again and again does not
    spend their second attempts.
    """
    claimed = col(Delivery.state) == "sending"
    stuck = session.exec(select(Delivery.id).where(claimed, col(Delivery.resends) > 0).order_by(col(Delivery.id))).all()
    again = "in doubt twice: the process ended while it was being sent again"
    _set(session, claimed, col(Delivery.resends) > 0, state="parked", error=again)
    for id, chat_id in session.exec(select(Delivery.id, Delivery.chat_id).where(claimed)).all():
        if id is not None:
            settle(session, [Doubt(id, chat_id, resend_at, "the process ended while it was being sent")])
    return [id for id in stuck if id is not None]


def parked(session: Session) -> list[Delivery]:
    """What waits for an admin's word, oldest first."""
    return _in_state(session, "parked")


def in_doubt(session: Session) -> list[Delivery]:
    """What may have been sent and will be sent again once."""
    return _in_state(session, "in_doubt")


def _in_state(session: Session, state: str) -> list[Delivery]:
    return list(session.exec(select(Delivery).where(Delivery.state == state).order_by(col(Delivery.id))))


def send_again(session: Session, id: int, now: datetime) -> bool:
    """An admin's word: owed once more, marked as sent again. False when it is not parked."""
    values = {"state": "owed", "next_try_at": now, "resends": 1, "form": "html", "said": True}
    return _set(session, col(Delivery.id) == id, col(Delivery.state) == "parked", **values) > 0


def drop(session: Session, id: int) -> bool:
    """An admin's word: not to be sent. False when it is neither parked nor waiting."""
    waiting = col(Delivery.state).in_(("parked", *OPEN))
    return _set(session, col(Delivery.id) == id, waiting, state="dropped", error="dropped by an admin") > 0


def ledger(session: Session) -> dict[str, int]:
    """How many messages are in which state."""
    rows = session.exec(select(Delivery.state, func.count()).group_by(Delivery.state))
    return dict(rows.all())


def carried(session: Session, chat_id: int, message_id: int) -> Part | None:
    """What a sent message of the ledger's carries; None when it is not, or no longer, in the ledger."""
    rendered = session.exec(
        select(Rendered)
        .join(Delivery, col(Delivery.rendered_id) == Rendered.id)
        .where(Delivery.chat_id == chat_id, Delivery.message_id == message_id)
    ).first()
    return part_of(rendered) if rendered else None
