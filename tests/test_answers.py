"""What Telegram's answers mean, one by one, and how a message is worded."""

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.answers import LONGEST, message_of, outcome_of, unreachable
from db.deliveries import Away, Closed, Doubt, Moved, Parked, Reform, Retry, Work
from tests.ledger import NOW

LATER = timedelta(seconds=15)
WORK = Work(
    id=1,
    edition_id=2,
    part=0,
    chat_id=5,
    thread_id=0,
    reply_to=None,
    silent=False,
    form="html",
    again=False,
    tries=0,
    language="en",
    html="<b>a &amp; b</b>",
    plain="a & b",
    buttons=[[["More", "more:1"]]],
    preview_url=None,
)
MARK = "Sent again: it may have come."


@pytest.fixture(autouse=True)
def _time_periods(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


def caused(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


def test_a_connection_that_was_never_made_is_tried_again_at_once() -> None:
    for cause in (httpx.ConnectError("x"), httpx.ConnectTimeout("x"), httpx.PoolTimeout("x")):
        for error in (caused(TimedOut(), cause), caused(NetworkError("x"), cause)):
            outcome = outcome_of(WORK, error, NOW, LATER)
            assert isinstance(outcome, Retry)
            assert outcome.next_try_at == NOW
            assert unreachable(error)


AMBIGUOUS = [
    caused(TimedOut(), httpx.ReadTimeout("x")),
    caused(TimedOut(), httpx.WriteTimeout("x")),
    caused(NetworkError("x"), httpx.ReadError("x")),
    caused(NetworkError("x"), httpx.RemoteProtocolError("x")),
    NetworkError("Bad Gateway (502)"),
    NetworkError("Internal Server Error"),
    TelegramError("Invalid server response"),
]


@pytest.mark.parametrize("error", AMBIGUOUS, ids=repr)
def test_an_answer_that_was_lost_is_a_doubt_once_and_parked_twice(error: TelegramError) -> None:
    assert outcome_of(WORK, error, NOW, LATER) == Doubt(1, 5, NOW + LATER, error.message)
    assert isinstance(outcome_of(replace(WORK, again=True), error, NOW, LATER), Parked)
    assert unreachable(error)


def test_a_chat_is_told_to_wait() -> None:
    outcome = outcome_of(WORK, RetryAfter(35), NOW, LATER)
    assert isinstance(outcome, Retry)
    assert (outcome.next_try_at, outcome.whole_chat) == (NOW + timedelta(seconds=36), True)


def test_a_group_has_a_new_id() -> None:
    assert outcome_of(WORK, ChatMigrated(-1005), NOW, LATER) == Moved(1, 5, -1005, NOW)


def test_a_refused_token_changes_nothing() -> None:
    assert isinstance(outcome_of(WORK, InvalidToken("Unauthorized"), NOW, LATER), Retry)
    assert unreachable(InvalidToken("Unauthorized"))


def test_a_closed_topic_is_not_the_whole_chat() -> None:
    error = BadRequest("Bad Request: message thread not found")
    assert outcome_of(replace(WORK, thread_id=7), error, NOW, LATER) == Closed(1, 5, 7, "the topic was deleted")


def test_an_unknown_prohibition_stops_the_chat_with_telegrams_words() -> None:
    assert outcome_of(WORK, Forbidden("Forbidden: something new"), NOW, LATER) == Away(1, 5, "Forbidden: something new")


def test_refused_markup_becomes_plain_then_bare_then_an_admins_matter() -> None:
    error = BadRequest("Can't parse entities")
    assert outcome_of(WORK, error, NOW, LATER) == Reform(1, "plain", "Can't parse entities")
    assert outcome_of(replace(WORK, form="plain"), error, NOW, LATER) == Reform(1, "bare", "Can't parse entities")
    assert outcome_of(replace(WORK, form="bare"), error, NOW, LATER) == Parked(1, "Can't parse entities")


def test_each_form_is_simpler_than_the_one_before() -> None:
    html, plain, bare = (message_of(replace(WORK, form=form), MARK) for form in ("html", "plain", "bare"))
    assert (html["text"], html["parse_mode"]) == ("<b>a &amp; b</b>", "HTML")
    assert (plain["text"], plain["parse_mode"]) == ("a & b", None)
    assert plain["reply_markup"] is not None
    assert (bare["text"], bare["reply_markup"]) == ("a & b", None)


def test_a_second_copy_is_marked_in_every_form() -> None:
    assert message_of(replace(WORK, again=True), "a < b")["text"] == "<i>a &lt; b</i>\n\n<b>a &amp; b</b>"
    assert message_of(replace(WORK, again=True, form="plain"), "a < b")["text"] == "a < b\n\na & b"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200), st.integers(3900, 4096))
def test_the_mark_never_makes_a_message_too_long(text: str, length: int) -> None:
    full = (text + "x" * length)[:length]
    full = full.encode("utf-16-le")[: 2 * length].decode("utf-16-le", "ignore")
    message = message_of(replace(WORK, again=True, form="plain", plain=full), MARK)
    assert len(message["text"].encode("utf-16-le")) // 2 <= LONGEST
    assert message["text"].endswith(full)
