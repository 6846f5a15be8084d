"""A word to everybody: typed, seen as readers will see it, confirmed; the ledger sends it, once to each chat.

The text is kept nowhere before it is confirmed: the message that shows it carries it, and its buttons the second it
was shown, by which the announcement is known.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlmodel import Session

from bot.commands import Answer, Button
from bot.context import Refusal, Talk
from bot.doubts import state_lines
from bot.messages import Buttons, plain
from bot.panel import home
from bot.speech import Html, Speech
from db.admins import record
from db.announcements import Audience, announce, audience, hearers, latest, number_of, progress
from db.records import Part
from db.tables import Subscriber
from db.updates import expect, take_expected
from jobs.hours import after_quiet

WHOM = ("people", "all")
LAST_SECOND = 10**10  # of a date that can be shown
CHUNK = 250  # chats that it is owed to in one transaction of about 16 ms
LOOKS, LOOK_SECONDS = 8, 0.25


async def ask_text(talk: Talk) -> None:
    say, now = talk.say, talk.desk.now()
    reach = await talk.desk.database.read(audience, now)
    if not reach.people + reach.shared:
        raise Refusal(say("Nobody gets briefs here yet."))
    await talk.desk.database.write(expect, talk.chat.id, talk.user_id, "announcement", now)
    lines = [
        say("Type the announcement. You will see it before it goes out."),
        say("It can go to {who}.", who=_who(reach, say)),
        say("Who has stopped or paused does not get it; in quiet hours it waits until they end."),
    ]
    before = await talk.desk.database.read(latest)
    last = ((say("The last one"), f"announce-state:all:{before}"),) if before else ()
    await talk.edit(Html("\n".join(lines)), ((*last, (say("Back"), "announce-back")),))


def _who(reach: Audience, say: Speech) -> str:
    people = say.count("{n} person", "{n} people", reach.people)
    shared = say.count("{n} group or channel", "{n} groups and channels", reach.shared)
    return say.listed([str(people), str(shared)] if reach.shared else [str(people)])


async def read_text(talk: Talk) -> None:
    """Shows what was typed exactly as readers will get it, with the buttons below."""
    html = _typed(talk)
    if not html:
        raise Refusal(talk.say("An announcement is a text. /admin begins again."))
    reach = await talk.desk.database.read(audience, talk.desk.now())
    await talk.reply(html, _confirming(talk.say, reach, int(talk.desk.now().timestamp())))


def _typed(talk: Talk) -> Html:
    """With the bold and the links it was typed with."""
    message = talk.message
    return Html(message.text_html if message is not None and message.text else "")


def _confirming(say: Speech, reach: Audience, second: int) -> Buttons:
    people = say.count("Send to {n} person", "Send to {n} people", reach.people)
    everyone = say.count("Send to all {n} chats", "Send to all {n} chats", reach.people + reach.shared)
    send = [((people, f"announce-send:people:{second}"),)] if reach.people else []
    send += [((everyone, f"announce-send:all:{second}"),)] if reach.shared else []
    return (*send, ((say("Write it anew"), "announce"), (say("Cancel"), "announce-no")))


async def send(talk: Talk) -> None:
    """Data: "announce-send:WHOM:SECOND". Pressed again, it goes on where it broke off, once to each chat.

    It is owed to some chats at a time, so that nobody else who writes waits for long.
    """
    whom, made_at, now = *_given(talk), talk.desk.now()
    html = _typed(talk)
    if whom not in WHOM or not html:
        raise Refusal(talk.say("This button is too old. /admin begins again."))
    part, told = Part(html, plain(html)), 0

    def work(session: Session, subscriptions: Sequence[int]) -> int:
        owed = announce(session, made_at, part, now, _due_at, subscriptions)
        if owed and not told:
            record(session, talk.user_id, "announcement", str(number_of(made_at)), now, part.plain)
        return owed

    hear = await talk.desk.database.read(hearers, now, people_only=whom == "people")
    for start in range(0, len(hear), CHUNK):
        told += await talk.desk.database.write(work, hear[start : start + CHUNK])
    talk.desk.wake()
    await talk.toast(talk.say("It is being sent."))
    await _settled(talk, made_at)
    await _show_progress(talk, made_at)


async def _settled(talk: Talk, made_at: datetime) -> None:
    """Waits a moment: to a few chats it has gone by then, and the result can be shown at once."""
    for _ in range(LOOKS):
        counts = await talk.desk.database.read(progress, made_at)
        if not counts.get("owed") and not counts.get("sending"):
            return
        await asyncio.sleep(LOOK_SECONDS)


def _due_at(now: datetime, reader: Subscriber) -> datetime:
    return after_quiet(now, reader.zone, reader.quiet_from, reader.quiet_to)


def _given(talk: Talk) -> tuple[str, datetime]:
    whom, second = talk.words.partition(":")[0], talk.number(1)
    if not 0 < second < LAST_SECOND:
        raise Refusal(talk.say("This button is too old. /admin begins again."))
    return whom, datetime.fromtimestamp(second, UTC)


async def show_progress(talk: Talk) -> None:
    """Data: "announce-state:all:SECOND"."""
    await _show_progress(talk, _given(talk)[1])


async def _show_progress(talk: Talk, made_at: datetime) -> None:
    say = talk.say
    counts = await talk.desk.database.read(progress, made_at)
    head = say.count("The announcement goes to {n} chat.", "The announcement goes to {n} chats.", sum(counts.values()))
    again = ((say("Refresh"), f"announce-state:all:{int(made_at.timestamp())}"), (say("Back"), "admin"))
    await talk.edit(Html("\n".join([head, *state_lines(counts, say)])), (again,))


async def go_back(talk: Talk) -> None:
    """What is typed next is no announcement any more."""
    await talk.desk.database.write(take_expected, talk.chat.id, talk.user_id, talk.desk.now())
    await home(talk)


async def cancel(talk: Talk) -> None:
    await talk.edit(talk.say("Nothing was sent."), (((talk.say("Back"), "admin"),),))


BUTTONS = (
    Button("announce", ask_text, "owner"),
    Button("announce-send", send, "owner"),
    Button("announce-state", show_progress, "owner"),
    Button("announce-no", cancel, "owner"),
    Button("announce-back", go_back, "owner"),
)
ANSWERS = (Answer("announcement", read_text, "owner"),)
