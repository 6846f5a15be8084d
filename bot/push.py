"""Sends what the ledger owes: claimed and committed before the send, settled and committed right after.

Sends in flight share a commit; no more is claimed than can be sent at once, so that a kill leaves few in doubt.
"""

import asyncio
import math
import time
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot
from telegram.error import RetryAfter, TelegramError

from bot.answers import message_of, outcome_of, unreachable
from bot.outage import Kind, Notice, Outage
from bot.pace import Pace, seconds_of
from bot.speech import N_
from db.deliveries import (
    Away,
    Closed,
    Head,
    Moved,
    Outcome,
    Parked,
    Reform,
    Retry,
    Sent,
    Work,
    heads,
    recover,
    settle_and_claim,
)
from db.engine import Database, DatabaseError

FLIGHTS = 64  # sends at once; the bot's connection pool needs as many
LOOK_AHEAD = 500  # chats
LOOK_SECONDS = 1.0  # between two looks at the ledger
LOOK_AFTER = 0.1  # seconds after something was settled: its chat may be owed more
SOON = 0.02  # seconds
RETRY_SECONDS = 1.0  # after the database could not be used
FIRST_COMMIT = 0.01  # seconds, before one was measured
LAST_WORDS = 2.0  # seconds for telling an admin before the end
PATIENCE = 5.0  # seconds a claimed message may wait for its turn
ANSWER_SECONDS = 10.0  # how long an answer may take
RESEND_AFTER = timedelta(seconds=15)
CUT_OFF = TelegramError("the process was stopped while it was being sent")
SENT_AGAIN = "Sent again: the first attempt may have reached you."

log = structlog.get_logger()


async def _nobody(notice: Notice) -> None:
    """For a pusher that nobody listens to."""


class Pusher:
    """mark(language) is the line before a message that may have come already."""

    def __init__(
        self,
        bot: Bot,
        database: Database,
        pace: Pace,
        now: Callable[[], datetime],
        *,
        tell: Callable[[Notice], Awaitable[None]] = _nobody,
        mark: Callable[[str], str] = lambda language: SENT_AGAIN,
        flights: int = FLIGHTS,
        resend_after: timedelta = RESEND_AFTER,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self.bot, self.database, self.pace, self.now = bot, database, pace, now
        self.tell, self.mark = tell, mark
        self.flights, self.resend_after, self.answer_seconds = flights, resend_after, answer_seconds
        self._queue: deque[Head] = deque()
        self._look_at = 0.0  # when the ledger is asked again
        self._ready_in = LOOK_SECONDS  # when a chat in the queue may be sent to
        self._flying: dict[int, asyncio.Task[None]] = {}  # by chat: one at a time
        self._waiting: set[int] = set()  # chats of those that wait for their turn
        self._settled: list[tuple[int, Outcome]] = []  # with their chats; not committed yet
        self._notices: list[Notice] = []  # not said yet
        self._telling: set[asyncio.Task[None]] = set()
        self._news = asyncio.Event()
        self._stopping = False
        self._stuck = False  # the database cannot be used, and that was said
        self._commit_seconds = FIRST_COMMIT
        self.outage = Outage(self._notices.append, self.wake)

    def wake(self) -> None:
        """Something new is owed."""
        self._look_at = 0.0
        self._news.set()

    def stop(self) -> None:
        """What is on its way is finished and written down; then `run` returns."""
        self._stopping = True
        self._news.set()

    async def run(self) -> None:
        """Sends until `stop`, or until it is cancelled."""
        recovered = False
        try:
            while not self._stopping:
                try:
                    if not recovered:
                        await self._recover()
                        recovered = True
                    if not await self._turnover():
                        await self._rest(self._pause())
                except (DatabaseError, SQLAlchemyError) as error:
                    self._say_stuck(error)
                    await self._rest(RETRY_SECONDS)
        finally:
            await self._land()

    async def step(self) -> int:
        """Sends what is due now and can be sent now; returns how many messages were settled."""
        done = 0
        while True:
            self._look_at = 0.0
            moved = await self._turnover()
            done += moved
            if not (moved or self._flying or self._settled):
                return done
            if self._flying and not self._settled:
                await self._rest(LOOK_SECONDS)

    async def _recover(self) -> None:
        for id in await self.database.write(recover, self.now(), self.now() + self.resend_after):
            self._park(id, "in doubt twice: the process ended while it was being sent again")
        await self._say()

    async def _turnover(self) -> int:
        """One commit: what came back is settled, what can go is claimed. Returns how many of both."""
        await self._say()
        await self._look()
        outcomes, self._settled = self._settled, []
        try:
            works = await self._commit([outcome for _, outcome in outcomes])
        except BaseException:
            self._settled = outcomes + self._settled
            raise
        if outcomes or works:
            self._say_unstuck()
        if outcomes:
            self._look_at = min(self._look_at, time.monotonic() + LOOK_AFTER)
        for work in works:
            self._waiting.add(work.chat_id)
            self._flying[work.chat_id] = asyncio.create_task(self._deliver(work))
        return len(outcomes) + len(works)

    async def _commit(self, outcomes: list[Outcome]) -> list[Work]:
        claims = [head.id for head in self._claimable()]
        if not outcomes and not claims:
            return []
        began = time.monotonic()
        works = await self.database.write(settle_and_claim, outcomes, claims, self.now())
        self._commit_seconds = max(time.monotonic() - began, 0.8 * self._commit_seconds)
        return works

    def _say_stuck(self, error: Exception) -> None:
        if not self._stuck:
            reason = str(error) if isinstance(error, DatabaseError) else type(error).__name__
            self._note("stuck", N_("Nothing is sent for now, and nothing is lost. {reason}"), reason=reason)
        self._stuck = True

    def _say_unstuck(self) -> None:
        if self._stuck:
            self._note("back", N_("The database takes writes again: what waited is being sent."))
        self._stuck = False

    async def _look(self) -> None:
        if len(self._queue) > LOOK_AHEAD // 2 or self.outage.on or self._stopping or time.monotonic() < self._look_at:
            return
        # What follows in these chats is not known yet, or is queued.
        busy = {*self._flying, *(chat for chat, _ in self._settled), *(head.chat_id for head in self._queue)}
        found = await self.database.read(heads, self.now(), LOOK_AHEAD)
        self._look_at = 0.0 if len(found) == LOOK_AHEAD else time.monotonic() + LOOK_SECONDS
        self._queue.extend(head for head in found if head.chat_id not in busy)

    def _claimable(self) -> list[Head]:
        """No more than can start by the time of the next commit. Chats that must wait a little stay in the queue."""
        self._ready_in = LOOK_SECONDS
        if self.outage.on or self._stopping:
            return []
        ahead = 1 + math.ceil(self.pace.limits.per_second * 1.5 * self._commit_seconds)
        flights = 1 if self.outage.near else self.flights
        room = min(ahead - len(self._waiting), flights - len(self._flying))
        claims: list[Head] = []
        for _ in range(len(self._queue)):
            if len(claims) >= room:
                break
            head = self._queue.popleft()
            wait = self.pace.wait(head.chat_id)
            if wait <= SOON:
                claims.append(head)
            elif wait <= LOOK_SECONDS:
                self._queue.append(head)
                self._ready_in = min(self._ready_in, wait)
        return claims

    def _pause(self) -> float:
        """Seconds until there may be something to do without any news."""
        if self.outage.on:
            return LOOK_SECONDS
        return min(self._ready_in, max(SOON, self._look_at - time.monotonic()))

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return
        finally:
            self._news.clear()

    async def _deliver(self, work: Work) -> None:
        outcome: Outcome = Retry(work.id, work.chat_id, self.now(), whole_chat=False)  # as it was
        try:
            async with self.pace.turn(work.chat_id, patience=PATIENCE):
                self._waiting.discard(work.chat_id)
                if not self.outage.on and not self._stopping:
                    outcome = outcome_of(work, CUT_OFF, self.now(), self.resend_after)  # unless an answer comes
                    outcome = await self._send(work)
        except TimeoutError:
            outcome = Retry(work.id, work.chat_id, self._after(self.pace.wait(work.chat_id)), whole_chat=False)
        finally:
            self._waiting.discard(work.chat_id)
            del self._flying[work.chat_id]
            self._settled.append((work.chat_id, outcome))
            self._news.set()

    def _after(self, seconds: float) -> datetime:
        return self.now() + timedelta(seconds=seconds)

    async def _send(self, work: Work) -> Outcome:
        try:
            message = await self.bot.send_message(
                **message_of(work, self.mark(work.language)), read_timeout=self.answer_seconds
            )
        except TelegramError as error:
            outcome = outcome_of(work, error, self.now(), self.resend_after)
            self._learn(work, error)
            self._report(work, outcome)
            return outcome
        except Exception as error:  # one bad message never stops the rest
            log.exception("a message cannot be made", delivery=work.id)
            outcome = Parked(work.id, f"it cannot be made: {type(error).__name__}")
            self._report(work, outcome)
            return outcome
        self.outage.answered()
        self.pace.accepted()
        return Sent(work.id, message.message_id, self.now())

    def _learn(self, work: Work, error: TelegramError) -> None:
        """What the answer says about more than this message."""
        if unreachable(error):
            self.outage.failed(self.bot, error)
            return
        self.outage.answered()
        if isinstance(error, RetryAfter):
            self.pace.halt(seconds_of(error), work.chat_id)
        else:
            self.pace.accepted()

    def _report(self, work: Work, outcome: Outcome) -> None:
        match outcome:
            case Parked(id, error):
                self._park(id, error)
            case Away(_, chat_id, reason) | Closed(_, chat_id, _, reason):
                self._note("away", "Chat {chat} gets nothing any more: {reason}.", chat_id, chat=chat_id, reason=reason)
            case Moved(_, chat_id, new, _):
                self._note("moved", "Chat {old} is now {new}.", new, old=chat_id, new=new)
            case Reform(id, form, error):
                place = {"delivery": id, "edition": work.edition_id, "part": work.part}
                log.error("Telegram refuses the markup of a message", form=form, error=error, **place)

    def _park(self, id: int, error: str) -> None:
        self._note("parked", N_("Message {id} is parked: {error}."), None, id, id=id, error=error)

    def _note(
        self, kind: Kind, message: str, chat_id: int | None = None, delivery_id: int | None = None, **values: object
    ) -> None:
        self._notices.append(Notice(kind, message, chat_id, delivery_id, values))

    async def _say(self) -> None:
        """An admin is told on the side: it may take long, and what is owed does not wait for it."""
        notices = self._notices.copy()
        self._notices.clear()
        for notice in notices:
            level = log.error if notice.kind in ("token", "stuck", "parked") else log.warning
            level(notice.text, kind=notice.kind)
            task = asyncio.create_task(self._tell(notice))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)
        await asyncio.sleep(0)

    async def _tell(self, notice: Notice) -> None:
        try:
            await self.tell(notice)
        except Exception:
            log.exception("an admin could not be told")

    async def _land(self) -> None:
        """Finish what is on its way, give back what waits, write both down."""
        self._stopping = True
        self.outage.stop()
        await asyncio.sleep(0)  # what was claimed last has begun to wait
        for chat in list(self._waiting):
            self._flying[chat].cancel()
        while self._flying:
            await asyncio.wait(list(self._flying.values()))
        try:
            await self._turnover()
        except (DatabaseError, SQLAlchemyError) as error:  # what was sent is in doubt at the next start
            self._say_stuck(error)
        if self._telling:
            await asyncio.wait(self._telling, timeout=LAST_WORDS)
        for task in self._telling:
            task.cancel()
