"""Messages that carry a bullet which was withdrawn after they were made: which they are, and what becomes of them.

A message carries a bullet for as long as its row says so; once it is amended, the row is another one, without it. So
what is left to do is found by asking, and doing it twice does no harm.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, cast
from sqlmodel import Session, col, or_, select

from db.deliveries import OPEN
from db.editions import freeze, part_of
from db.records import Part
from db.tables import Bullet, Delivery, Edition, Rendered, Subscriber, Subscription


@dataclass(frozen=True, slots=True)
class Carrier:
    """A message with withdrawn bullets in it."""

    id: int  # of its delivery
    chat_id: int
    message_id: int | None  # None: not sent yet
    form: str
    language: str
    part: Part
    withdrawn: tuple[tuple[int, str], ...]  # id and text of the bullets


def carriers(session: Session, since: datetime, limit: int) -> list[Carrier]:
    """Those that wait, or were sent, since then; bullets withdrawn before are not looked for."""
    withdrawn = _withdrawn(session, since)
    held = _holding(session, withdrawn, since)
    rows = session.exec(
        select(Delivery, Rendered, Subscriber.language)
        .join(Rendered)
        .join(Edition, col(Edition.id) == Delivery.edition_id)
        .join(Subscription)
        .join(Subscriber)
        .where(col(Delivery.rendered_id).in_(held), _amendable(since))
        .order_by(col(Delivery.id))
        .limit(limit)
    )
    return [_carrier(delivery, rendered, language, withdrawn) for delivery, rendered, language in rows]


def _withdrawn(session: Session, since: datetime) -> dict[int, str]:
    """Those withdrawn since then, and the earlier ones that they stand for now."""
    recent = select(Bullet.id).where(col(Bullet.withdrawn_at) >= since)
    which = or_(col(Bullet.id).in_(recent), col(Bullet.same_as).in_(recent))
    return {id or 0: text for id, text in session.exec(select(Bullet.id, Bullet.text).where(which))}


def _holding(session: Session, withdrawn: Mapping[int, str], since: datetime) -> list[str]:
    if not withdrawn:
        return []
    named = [cast(Rendered.bullets, String).like(f"%{id}%") for id in withdrawn]
    rows = session.exec(
        select(Rendered.id, Rendered.bullets).join(Delivery).where(_amendable(since), or_(*named)).distinct()
    )
    return [id for id, bullets in rows if not withdrawn.keys().isdisjoint(bullets)]


def _amendable(since: datetime) -> bool:
    sent = (col(Delivery.state) == "sent") & (col(Delivery.sent_at) >= since) & col(Delivery.message_id).is_not(None)
    return or_(sent, col(Delivery.state).in_(OPEN))  # type: ignore[return-value]  # SQLModel's where() wants a bool


def _carrier(delivery: Delivery, rendered: Rendered, language: str, withdrawn: Mapping[int, str]) -> Carrier:
    part = part_of(rendered)
    return Carrier(
        id=delivery.id or 0,
        chat_id=delivery.chat_id,
        message_id=delivery.message_id if delivery.state == "sent" else None,
        form=delivery.form,
        language=language,
        part=part,
        withdrawn=tuple((id, withdrawn[id]) for id in part.bullets if id in withdrawn),
    )


def amend(session: Session, amended: Sequence[tuple[Carrier, Part]], now: datetime) -> int:
    """The messages are these parts from now on; how many. One that is being sent meanwhile waits for the next look."""
    frozen = freeze(session, (part for _, part in amended), now)
    done = 0
    for carrier, part in amended:
        delivery = session.get_one(Delivery, carrier.id)
        if carrier.message_id is not None or delivery.state in OPEN:
            delivery.rendered_id = frozen[part]
            done += 1
    return done
