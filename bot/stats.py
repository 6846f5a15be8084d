"""/stats: the last thirty days as a picture, with the same numbers as text below it."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time

from telegram.constants import ParseMode

from bot.chart import Strip, can_write, draw
from bot.commands import Button, Command
from bot.context import Talk, keyboard
from bot.speech import N_, Html, Speech, speech
from bot.watch import state_name
from db.counts import Month, month
from db.sources import SourceLine, source_lines
from jobs.health import State, signs_of, state_of

STATES: tuple[State, ...] = ("well", "new", "silent", "failing", "paused", "ended")


async def stats(talk: Talk) -> None:
    now, read = talk.desk.now(), talk.desk.database.read
    numbers, states = await read(month, now), _states(await read(source_lines), now)
    picture = await asyncio.to_thread(picture_of, numbers, talk.say)
    await talk.toast()
    await talk.bot.send_photo(
        talk.chat.id,
        picture,
        caption=caption(numbers, states, talk.say),
        parse_mode=ParseMode.HTML,
        reply_markup=keyboard((((talk.say("Administration"), "admin"),),)),
    )


def _states(there: Sequence[SourceLine], now: datetime) -> Counter[State]:
    return Counter(state_of(signs_of(source), now) for source in there)


def picture_of(numbers: Month, say: Speech) -> bytes:
    """In English where the font at hand has no letters of the language."""
    words = _words(numbers, say)
    if not all(can_write(word) for word in words):
        words = _words(numbers, speech("en"))
    title, articles, stories, briefs, looks, first, last = words
    strips = [
        Strip(articles, f"{sum(numbers.articles):,}", numbers.articles),
        Strip(stories, f"{sum(numbers.stories):,}", numbers.stories),
        Strip(briefs, f"{sum(numbers.briefs):,}", numbers.briefs),
        Strip(looks, f"{numbers.lively[-1]} / {numbers.failing[-1]}", numbers.lively, numbers.failing),
    ]
    return draw(title, strips, first, last)


def _words(numbers: Month, say: Speech) -> list[str]:
    first, last = (datetime.combine(day, time(), UTC) for day in (numbers.days[0], numbers.days[-1]))
    return [
        say("The last {n} days", n=len(numbers.days)),
        say("Articles"),
        say("Stories"),
        say("Briefs sent"),
        say("Sources with news / failing"),
        say.day(first, "UTC"),
        say.day(last, "UTC"),
    ]


def caption(numbers: Month, states: Mapping[State, int], say: Speech) -> Html:
    """What the picture shows, for those who hear it; the days are UTC's."""
    there = [f"{state_name(state, say)}: {states[state]}" for state in STATES if states.get(state)]
    lines = [
        say("The last {n} days, and today", n=len(numbers.days)),
        say("Articles: {n}, today {today}", n=sum(numbers.articles), today=numbers.articles[-1]),
        say("Stories: {n}, today {today}", n=sum(numbers.stories), today=numbers.stories[-1]),
        say("Briefs sent: {n}, today {today}", n=sum(numbers.briefs), today=numbers.briefs[-1]),
        say("Today {n} sources had news, {failing} failed", n=numbers.lively[-1], failing=numbers.failing[-1]),
        say("Sources now: {states}", states=", ".join(there) if there else say("none")),
    ]
    return Html("\n".join(lines))


COMMANDS = (Command("stats", N_("The last thirty days, as a picture"), stats, "editor"),)
BUTTONS = (Button("stats", stats, "editor"),)
