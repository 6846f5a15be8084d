"""Numbers for the admins: how many, never who, and never what anybody reads."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import case, func
from sqlmodel import Session, col, or_, select

from db.tables import (
    Article,
    Bullet,
    Delivery,
    Edition,
    Member,
    Rendered,
    Source,
    SourceDay,
    Story,
    Subscriber,
    Subscription,
)

WEEK = timedelta(days=7)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class People:
    """Each person, group and channel is counted once, in the first of these that fits."""

    stopped: int = 0
    away: Mapping[str, int] = field(default_factory=dict)  # Telegram refuses them: reason -> how many chats
    paused: int = 0  # people; as are the next two
    undecided: int = 0  # no hour chosen
    served: int = 0
    groups: int = 0
    channels: int = 0
    new: int = 0  # in the last seven days, whatever they are now
    members: int = 0  # let in by an invitation


def people(session: Session, now: datetime) -> People:
    kinds = session.execute(
        select(Subscriber.kind, Subscriber.state, Subscriber.reason, func.count()).group_by(
            col(Subscriber.kind), col(Subscriber.state), col(Subscriber.reason)
        )
    ).all()
    here = {kind: sum(n for k, state, _, n in kinds if k == kind and state == "active") for kind, *_ in kinds}
    away: Counter[str] = Counter()
    for _, state, reason, n in kinds:
        away.update({reason or "": n} if state == "away" else {})
    paused = _people(session, or_(col(Subscription.state) == "paused", col(Subscription.paused_until) > now))
    undecided = _people(session, col(Subscription.state) == "active", col(Subscription.due_at).is_(None))
    return People(
        stopped=sum(n for _, state, _, n in kinds if state == "stopped"),
        away=dict(away),
        paused=paused,
        undecided=undecided,
        served=here.get("private", 0) - paused - undecided,
        groups=here.get("group", 0) + here.get("supergroup", 0),
        channels=here.get("channel", 0),
        new=_count(session, Subscriber, col(Subscriber.created_at) >= now - WEEK),
        members=_count(session, Member),
    )


def _people(session: Session, *which: Any) -> int:
    query = select(func.count(func.distinct(Subscriber.id))).join(Subscription)
    return session.exec(query.where(Subscriber.kind == "private", Subscriber.state == "active", *which)).one()


def _count(session: Session, table: type[Any], *which: Any) -> int:
    return session.exec(select(func.count()).select_from(table).where(*which)).one()


@dataclass(frozen=True, slots=True)
class Round:
    """The briefs that were due at one minute, and what they were made from."""

    due_at: datetime
    readers: int
    messages: Mapping[str, int]  # by state of the ledger
    last_sent_at: datetime | None  # None: nothing was sent
    sources: int  # that are not paused or ended
    answered: int  # of these, in the day before
    articles: int  # new in the day before
    stories: int  # that these were grouped into
    chosen: int  # stories that at least one of the briefs carries
    told: int  # stories left out: told in an earlier brief, and without anything new
    bare: int  # stories left out: nothing of them can be said with a source
    others: int  # stories left out: they fit nobody's topics, or there was no room
    refused: Mapping[str, int]  # lines that were not let through, by reason


def last_due(session: Session, now: datetime) -> datetime | None:
    """When the latest briefs were due; None when none was yet."""
    return session.exec(select(func.max(Edition.due_at)).where(Edition.kind == "brief", Edition.due_at <= now)).one()


def last_round(session: Session, now: datetime, fresh: timedelta, remembered: timedelta) -> Round | None:
    """None when no brief was due yet. fresh: how old a story may be that an edition carries; remembered: for how long
    an edition counts as having told a story."""
    due_at = last_due(session, now)
    if due_at is None:
        return None
    here = (col(Edition.kind) == "brief", col(Edition.due_at) == due_at)
    states = session.execute(
        select(Delivery.state, func.count(), func.max(Delivery.sent_at))
        .join(Edition, col(Edition.id) == Delivery.edition_id)
        .where(*here)
        .group_by(col(Delivery.state))
    ).all()
    since, active = due_at - DAY, col(Source.state) == "active"
    fetched = (col(Article.fetched_at) > since, col(Article.fetched_at) <= due_at)
    chosen = _carried(session, *here)
    left = _left_out(session, due_at, due_at - fresh, due_at - remembered, chosen)
    return Round(
        due_at=due_at,
        readers=_count(session, Edition, *here),
        messages={state: n for state, n, _ in states},
        last_sent_at=max((at for _, _, at in states if at), default=None),
        sources=_count(session, Source, active),
        answered=_count(session, Source, active, col(Source.last_success_at) > since),
        articles=_count(session, Article, *fetched),
        stories=session.exec(select(func.count(func.distinct(Article.story_id))).where(*fetched)).one(),
        chosen=len(chosen),
        told=left["told"],
        bare=left["bare"],
        others=left["others"],
        refused=_refused(session, since, due_at),
    )


def _carried(session: Session, *which: Any) -> set[int]:
    """Stories in the messages of these editions."""
    rendered = select(Delivery.rendered_id).join(Edition, col(Edition.id) == Delivery.edition_id).where(*which)
    lists = session.exec(select(Rendered.stories).where(col(Rendered.id).in_(rendered))).all()
    return {story for stories in lists for story in stories}


def _left_out(
    session: Session, due_at: datetime, fresh_from: datetime, told_from: datetime, chosen: set[int]
) -> Counter[str]:
    """Why the fresh stories that no brief carries were left out; how many for each reason."""
    speaks = col(Bullet.position).is_not(None) & col(Bullet.withdrawn_at).is_(None)
    rows = session.execute(
        select(Story.id, select(Bullet.id).where(Bullet.story_id == Story.id, speaks).exists()).where(
            col(Story.updated_at) >= fresh_from, Story.first_at <= due_at, col(Story.merged_into).is_(None)
        )
    ).all()
    before = _carried(
        session, col(Edition.due_at) < due_at, col(Edition.due_at) >= told_from, col(Delivery.state) == "sent"
    )
    left = [(id, said) for id, said in rows if id not in chosen]
    return Counter("bare" if not said else "told" if id in before else "others" for id, said in left)


def _refused(session: Session, since: datetime, until: datetime) -> dict[str, int]:
    counts: Counter[str] = Counter()
    changed = (Story.changed_at > since, Story.changed_at <= until)
    for dropped in session.exec(select(Story.dropped).where(*changed)):
        counts.update(dropped)
    return dict(counts)


@dataclass(frozen=True, slots=True)
class Month:
    """Numbers of each UTC day, oldest first; all as long as `days`."""

    days: Sequence[date]
    articles: Sequence[int]
    stories: Sequence[int]
    briefs: Sequence[int]  # sent; on request too
    lively: Sequence[int]  # sources that brought something new
    failing: Sequence[int]  # sources that failed and brought nothing


def month(session: Session, now: datetime, length: int = 30) -> Month:
    """The days up to today's."""
    days = [now.date() - DAY * back for back in range(length - 1, -1, -1)]
    since = datetime(days[0].year, days[0].month, days[0].day, tzinfo=now.tzinfo)
    sent = (col(Delivery.edition_id) == col(Edition.id), Delivery.part == 0, Delivery.state == "sent")
    briefs = (col(Edition.due_at) >= since, col(Edition.kind).in_(("brief", "asked")))
    lively, failed = col(SourceDay.new) > 0, (col(SourceDay.new) == 0) & (col(SourceDay.failed) > 0)
    looks = select(
        col(SourceDay.day),
        func.sum(col(SourceDay.new)),
        func.sum(case((lively, 1), else_=0)),
        func.sum(case((failed, 1), else_=0)),
    )
    rows = session.execute(looks.where(SourceDay.day >= days[0]).group_by(col(SourceDay.day))).all()
    return Month(
        days,
        articles=_spread({day: n for day, n, _, _ in rows}, days),
        stories=_spread(_daily(session, col(Story.first_at), col(Story.first_at) >= since), days),
        briefs=_spread(_daily(session, col(Edition.due_at), *briefs, select(Delivery.id).where(*sent).exists()), days),
        lively=_spread({day: n for day, _, n, _ in rows}, days),
        failing=_spread({day: n for day, _, _, n in rows}, days),
    )


def _daily(session: Session, at: Any, *which: Any) -> dict[date, int]:
    day = func.date(at)
    rows = session.execute(select(day, func.count()).where(*which).group_by(day)).all()
    return {date.fromisoformat(str(written)[:10]): n for written, n in rows}


def _spread(counts: Mapping[date, int], days: Sequence[date]) -> list[int]:
    return [int(counts.get(day, 0) or 0) for day in days]
