"""A brief as its messages: title, stories, and what there is to say besides. Pure."""

from collections.abc import Sequence
from datetime import datetime

from bot.messages import edition_messages
from bot.speech import Html, Speech, speech
from db.records import Chosen, Part
from db.tables import Subscriber
from jobs.hours import Slot


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
    """`doubtful` counts messages that may not have come; `last` is when anything was told last."""
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
    return edition_messages(
        chosen, title, say, now, length=subscriber.length, zone=zone, notes=notes, pictures=subscriber.pictures
    )


def _nothing_new(say: Speech, zone: str, last: datetime | None) -> Html:
    if last is None:
        return say("No news on your topics yet.")
    return say("Nothing new since {when}.", when=say.moment(last, zone))
