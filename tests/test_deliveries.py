"""The ledger and its editions, without anything being sent."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select, text

from db.closing import merge_unsent
from db.deliveries import (
    Away,
    Doubt,
    Head,
    Moved,
    Parked,
    Reform,
    Retry,
    Sent,
    claim,
    drop,
    heads,
    in_doubt,
    ledger,
    migrate_chat,
    parked,
    recover,
    send_again,
    settle,
)
from db.editions import open_edition, owe, told_by, unsaid
from db.engine import open_database
from db.records import Part
from db.tables import Delivery, Edition, Member, Rendered, Subscriber, Subscription
from tests.ledger import NOW, owe_chats, owe_parts, part, states, subscribe, told

LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    database = open_database(f"sqlite:///{tmp_path}/triptych.db")
    with Session(database.engine, expire_on_commit=False) as session:
        yield session
    database.close()


def claim_all(session: Session) -> list[int]:
    return [work.id for work in claim(session, [head.id for head in heads(session, NOW, 100)], NOW)]


def test_an_edition_is_made_once_for_a_subscription_kind_date_and_slot(session: Session) -> None:
    subscription = subscribe(session, 1)
    day = date(2026, 11, 24)
    first = open_edition(session, subscription, "brief", day, 480, due_at=NOW, now=NOW)
    assert first is not None
    assert open_edition(session, subscription, "brief", day, 480, due_at=LATER, now=LATER) is None
    for kind, on, slot in (("asked", day, 480), ("brief", day + timedelta(1), 480), ("brief", day, 481)):
        assert open_edition(session, subscription, kind, on, slot, due_at=NOW, now=NOW) is not None


def test_two_processes_cannot_make_the_same_edition(session: Session) -> None:
    subscription = subscribe(session, 1)
    for _ in range(2):
        session.add(
            Edition(
                subscription_id=subscription,
                kind="brief",
                local_date=date(2026, 11, 24),
                slot=480,
                due_at=NOW,
                created_at=NOW,
            )
        )
    with pytest.raises(IntegrityError):
        session.flush()


def test_equal_parts_of_many_editions_are_kept_once(session: Session) -> None:
    for chat in range(1, 51):
        owe_parts(session, subscribe(session, chat), [part("same", (1, 2)), part("same too", (3,))])
    assert len(session.exec(select(Rendered.id)).all()) == 2
    assert len(session.exec(select(Delivery.id)).all()) == 100


def test_parts_that_differ_in_anything_are_kept_apart(session: Session) -> None:
    plain = Part("a", "a")
    others = [
        Part("b", "a"),
        Part("a", "b"),
        Part("a", "a", ((("x", "y"),),)),
        Part("a", "a", (), "https://a.example"),
        Part("a", "a", bullets=(1,)),
        Part("a", "a", stories=(1,)),
    ]
    owe_parts(session, subscribe(session, 1), [plain, *others, plain])
    assert len(session.exec(select(Rendered.id)).all()) == 1 + len(others)


def test_a_chat_has_one_head_and_those_that_wait_longest_come_first(session: Session) -> None:
    owe_chats(session, [1, 2], parts=3)
    owe_parts(session, subscribe(session, 3), [part("earlier")], at=NOW - timedelta(hours=1))
    owe_parts(session, subscribe(session, 4), [part("not due")], at=LATER)
    assert heads(session, NOW, 10) == [Head(7, 3), Head(1, 1), Head(4, 2)]
    assert heads(session, NOW, 2) == [Head(7, 3), Head(1, 1)]


def test_what_is_due_is_found_by_an_index(session: Session) -> None:
    heads_plan = "EXPLAIN QUERY PLAN SELECT min(id), chat_id FROM delivery WHERE state IN ('owed', 'in_doubt') "
    heads_plan += "AND next_try_at <= '2026' GROUP BY chat_id ORDER BY min(next_try_at) LIMIT 500"
    plan = " ".join(str(row) for row in session.execute(text(heads_plan)))
    assert "ix_delivery_owed" in plan


def test_a_message_is_claimed_by_one_only(session: Session) -> None:
    owe_chats(session, [1, 2])
    (first, second) = claim(session, [1, 2], NOW)
    assert (first.chat_id, first.html, first.plain, first.again) == (1, "<b>1/0</b>", "1/0", False)
    assert claim(session, [1, 2], NOW) == []
    assert states(session, 2) == ["sending"]
    assert second.part == 0


def test_the_second_attempt_is_counted_before_it_is_made(session: Session) -> None:
    owe_chats(session, [1])
    claim_all(session)
    settle(session, [Doubt(1, 1, NOW, "no answer")])
    assert [row.id for row in in_doubt(session)] == [1]
    (work,) = claim(session, [1], NOW)
    assert work.again
    assert session.exec(select(Delivery.resends)).one() == 1
    settle(session, [Retry(1, 1, NOW, "wait")])
    (work,) = claim(session, [1], NOW)
    assert work.again
    assert session.exec(select(Delivery.resends)).one() == 1


def test_claims_of_a_dead_process_are_in_doubt_once_and_parked_after(session: Session) -> None:
    owe_chats(session, [1, 2])
    claim(session, [1], NOW)
    assert recover(session, NOW, LATER) == []
    assert heads(session, NOW, 10) == [Head(2, 2)]
    assert states(session, 1) == ["in_doubt"]
    claim(session, [1], LATER)
    assert recover(session, LATER, LATER) == [1]
    assert (states(session, 1), states(session, 2)) == (["parked"], ["owed"])


def test_parts_stay_in_order_behind_one_that_is_tried_again(session: Session) -> None:
    owe_chats(session, [1, 2], parts=3)
    claim(session, [1], NOW)
    settle(session, [Retry(1, 1, LATER, "wait")])
    assert heads(session, NOW, 10) == [Head(4, 2)]
    assert heads(session, LATER, 10) == [Head(4, 2), Head(1, 1)]


def test_a_part_that_is_parked_holds_up_nothing(session: Session) -> None:
    owe_chats(session, [1], parts=3)
    claim(session, [1], NOW)
    settle(session, [Parked(1, "refused")])
    assert heads(session, NOW, 10) == [Head(2, 1)]


def test_an_admin_sends_or_drops_what_is_parked_and_nothing_else(session: Session) -> None:
    owe_chats(session, [1, 2, 3])
    claim_all(session)
    settle(session, [Parked(1, "x"), Parked(2, "y"), Sent(3, 9, NOW)])
    assert [row.id for row in parked(session)] == [1, 2]
    assert send_again(session, 1, LATER)
    assert drop(session, 2)
    assert not send_again(session, 3, LATER)
    assert not drop(session, 3)
    assert parked(session) == []
    assert ledger(session) == {"owed": 1, "dropped": 1, "sent": 1}


def test_what_is_parked_is_said_to_its_reader_once(session: Session) -> None:
    owe_chats(session, [1, 2])
    claim_all(session)
    settle(session, [Parked(1, "x"), Sent(2, 9, NOW)])
    assert (unsaid(session, 1), unsaid(session, 2)) == (1, 0)
    owe_parts(session, 1, [part("1 message may not have reached you")], slot=600)
    assert unsaid(session, 1) == 0


def test_told_is_what_was_sent_dated_by_the_last_edition_that_had_it(session: Session) -> None:
    subscription = subscribe(session, 1)
    owe_parts(session, subscription, [part("a", (1, 2), (7,)), part("b", (3,), (8,))])
    owe_parts(session, subscription, [part("c", (1,), (7,))], slot=600, at=LATER)
    assert told(session, subscription, NOW).bullets == {}
    assert set(told(session, subscription, NOW, waiting=True).bullets) == {1, 2, 3}
    settle(session, [Sent(1, 5, NOW), Sent(3, 6, LATER + timedelta(minutes=20))])
    sent = told(session, subscription, NOW)
    assert sent.bullets == {1: LATER, 2: NOW}
    assert sent.stories == {7: LATER}
    assert told(session, subscription, LATER).bullets == {1: LATER}


def test_subscriptions_that_were_told_the_same_share_it(session: Session) -> None:
    subscriptions = [subscribe(session, chat) for chat in range(1, 31)]
    for subscription in subscriptions[:20]:
        owe_parts(session, subscription, [part("a", (1, 2))])
    settle(session, [Sent(id, 5, NOW + timedelta(minutes=id)) for id in range(1, 21)])
    tolds = told_by(session, subscriptions, NOW, {})
    assert len({id(told) for told in tolds.values()}) == 2
    assert tolds[subscriptions[0]].bullets == {1: NOW, 2: NOW}
    assert tolds[subscriptions[-1]].bullets == {}


def test_a_new_brief_merges_those_of_which_nothing_was_tried(session: Session) -> None:
    subscription = subscribe(session, 1)
    owe_parts(session, subscription, [part("tried"), part("rest")], slot=1)
    claim(session, [1], NOW)
    owe_parts(session, subscription, [part("untried"), part("more")], slot=2)
    new = open_edition(session, subscription, "brief", date(2026, 11, 24), 3, due_at=NOW, now=NOW)
    assert new is not None
    assert merge_unsent(session, new)
    session.refresh(new)
    owe(session, new, [part("all of it")])
    assert new.late
    assert states(session, 1) == ["sending", "owed", "dropped", "dropped", "owed"]
    assert not merge_unsent(session, new)


def test_a_chat_that_stopped_is_not_called_away(session: Session) -> None:
    owe_chats(session, [1])
    session.exec(select(Subscriber)).one().state = "stopped"
    claim_all(session)
    settle(session, [Away(1, 1, "it blocked the bot")])
    assert session.exec(select(Subscriber)).one().state == "stopped"
    assert states(session, 1) == ["refused"]


def test_a_migrated_group_keeps_what_it_had(session: Session) -> None:
    owe_chats(session, [-5], parts=2)
    session.add(Member(chat_id=-5, created_at=NOW))
    claim(session, [1], NOW)
    settle(session, [Moved(1, -5, -1005, NOW)])
    assert states(session, -1005) == ["owed", "owed"]
    assert session.exec(select(Subscriber.chat_id)).all() == [-1005]
    assert session.exec(select(Member.chat_id)).all() == [-1005]


def test_a_group_migrates_into_a_chat_that_is_known_already(session: Session) -> None:
    subscribe(session, -5, 0)
    subscribe(session, -5, 3)
    subscribe(session, -1005, 0)
    migrate_chat(session, -5, -1005)
    rows = session.exec(
        select(Subscriber.chat_id, Subscription.thread_id, Subscriber.state)
        .join(Subscription)
        .order_by(col(Subscription.id))
    )
    assert list(rows) == [(-5, 0, "away"), (-1005, 3, "active"), (-1005, 0, "active")]


Step = Callable[[Session], object]


def settle_with(make: Callable[[Delivery], object]) -> Step:
    def step(session: Session) -> None:
        row = session.exec(select(Delivery).where(Delivery.state == "sending")).first()
        if row is not None:
            settle(session, [make(row)])  # type: ignore[list-item]

    return step


STEPS: list[Step] = [
    claim_all,
    lambda session: recover(session, NOW, NOW),
    settle_with(lambda row: Sent(row.id or 0, 5, NOW)),
    settle_with(lambda row: Retry(row.id or 0, row.chat_id, NOW, "429")),
    settle_with(lambda row: Reform(row.id or 0, "plain", "markup")),
    settle_with(
        lambda row: Parked(row.id or 0, "twice") if row.resends else Doubt(row.id or 0, row.chat_id, NOW, "no answer")
    ),
]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, len(STEPS) - 1), max_size=25))
def test_whatever_happens_no_row_is_lost_and_none_may_be_sent_a_third_time(session: Session, order: list[int]) -> None:
    session.rollback()
    owe_chats(session, [1, 2], parts=2)
    doubts: dict[int, int] = {}
    for number in order:
        before = {row.id: row.state for row in session.exec(select(Delivery))}
        STEPS[number](session)
        session.expire_all()
        for row in session.exec(select(Delivery)):
            maybe_accepted = before[row.id] == "sending" and row.state in ("in_doubt", "parked")
            doubts[row.id or 0] = doubts.get(row.id or 0, 0) + maybe_accepted
            assert row.resends <= 1
            assert doubts[row.id or 0] <= 2
            assert not (before[row.id] in ("sent", "parked") and row.state != before[row.id])
    assert sum(ledger(session).values()) == 4
