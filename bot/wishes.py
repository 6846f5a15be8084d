"""What a chat is brought, and when: the dialogues of /topics and /time."""

import math
import zlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from sqlmodel import Session, select

from bot.asker import question
from bot.choices import Unfit, next_line, read_clock, set_hours
from bot.commands import Answer, Button, Command
from bot.context import Refusal, Talk, rows
from bot.editions import compose_asked, lateness, plan
from bot.messages import Buttons
from bot.samples import brought, brought_text
from bot.speech import N_, Html, Speech
from bot.zones import OFFERED as WELL_KNOWN
from bot.zones import city, guess_zone, is_zone, zones_at, zones_named
from db.subscribers import subscription_in
from db.tables import Source, Subscriber, Subscription
from db.updates import expect

HOURS = (6 * 60, 7 * 60, 8 * 60, 9 * 60, 12 * 60, 18 * 60, 20 * 60, 21 * 60)
TOPIC_CHARS = 60
TOPICS_MOST = 20
OFFERED = 24  # topics as buttons


def sections(session: Session) -> list[str]:
    found = session.exec(select(Source.section).where(Source.section != "", Source.state == "active").distinct())
    return sorted(found)


async def change(talk: Talk, edit: Callable[[Subscriber, Subscription], None]) -> tuple[Subscriber, Subscription]:
    """Edits what this chat, or forum topic, is brought, and when it is due next."""
    if not await talk.may_manage():
        raise Refusal(talk.say("Only an administrator of this chat can change this."))
    now = talk.desk.now()

    def work(session: Session) -> tuple[Subscriber, Subscription] | None:
        found = subscription_in(session, *talk.subject)
        if found is not None:
            edit(*found)
            if found[1].paused_until is not None and found[1].paused_until <= now:
                found[1].paused_until = None
            plan(found[1], found[0].zone, now)
        return found

    try:
        found = await talk.desk.database.write(work)
    except Unfit as unfit:
        raise Refusal(talk.say(str(unfit))) from unfit
    if found is None:
        raise Refusal(talk.say("There are no briefs here yet. /start sets them up."))
    return found


async def have(talk: Talk) -> tuple[Subscriber, Subscription]:
    found = await talk.desk.database.read(subscription_in, *talk.subject)
    if found is None:
        raise Refusal(talk.say("There are no briefs here yet. /start sets them up."))
    return found


def topics_line(subscription: Subscription, say: Speech) -> str:
    names = [str(topic["value"]) for topic in subscription.topics]
    return say.listed(names) if names else say("everything")


async def wish_line(talk: Talk) -> Html:
    """What is brought, when, and when next."""
    subscriber, subscription = await have(talk)
    say = talk.say
    lines = [say("You get: {topics}", topics=topics_line(subscription, say))]
    if subscription.hours:
        hours = say.listed([say.hour(minute) for minute in subscription.hours])
        lines.append(say("At {hours}", hours=hours))
    if subscriber.state != "stopped":
        lines.append(next_line(subscriber, subscription, say))
    return Html("\n".join(lines))


def _below_the_state(subscriber: Subscriber, subscription: Subscription, text: Html, say: Speech) -> Html:
    """Who has stopped the briefs and chooses still is told that nothing comes."""
    stopped = subscriber.state == "stopped"
    return Html(f"{next_line(subscriber, subscription, say)}\n{text}") if stopped else text


# ---- topics


async def topics(talk: Talk) -> None:
    """Typed with words, these are the topic."""
    await (read_topic(talk) if talk.words else ask_topics(talk))


async def ask_topics(talk: Talk, before: Html | None = None) -> None:
    subscriber, subscription = await have(talk)
    say = talk.say
    await listen(talk, "topic")
    chosen = {str(topic["value"]) for topic in subscription.topics}
    offered = [*await talk.desk.database.read(sections), *sorted(chosen)]
    buttons = [(f"✓ {n}" if n in chosen else n, f"topic:{key_of(n)}") for n in list(dict.fromkeys(offered))[:OFFERED]]
    done = (((say("Done"), "time"),),) if chosen else ()
    question = say("What should I bring? Tap as many as you like, or type a topic of your own.")
    if chosen:
        question = say("You get: {topics}", topics=topics_line(subscription, say))
        question = Html(f"{question}\n{say('Tap or type another one, or go on with /time.')}")
    question = _below_the_state(subscriber, subscription, question, say)
    await talk.edit(
        Html(f"{before}\n\n{question}") if before else question,
        (*rows(buttons, 2), ((say("Type a topic"), "topic-type"), (say("Everything"), "topic-all")), *done),
    )


async def listen(talk: Talk, what: str) -> None:
    """Reads the next plain message as the answer; in a group only an administrator's, others are not recorded."""
    if await talk.may_manage():
        await talk.desk.database.write(expect, talk.chat.id, talk.user_id, talk.marked(what), talk.desk.now())


def key_of(name: str) -> str:
    """Stands for a name in callback data, which holds 64 bytes."""
    return f"{zlib.crc32(name.encode()):08x}"


async def toggle_topic(talk: Talk) -> None:
    offered = await talk.desk.database.read(sections)

    def edit(_: Subscriber, subscription: Subscription) -> None:
        kept = [topic for topic in subscription.topics if key_of(str(topic["value"])) != talk.words]
        added = [{"kind": "section", "value": name} for name in offered if key_of(name) == talk.words]
        subscription.topics = kept if len(kept) < len(subscription.topics) else [*kept, *added]

    await change(talk, edit)
    await ask_topics(talk)


async def all_topics(talk: Talk) -> None:
    def edit(_: Subscriber, subscription: Subscription) -> None:
        subscription.topics = []

    await change(talk, edit)
    await ask_time(talk)


async def type_topic(talk: Talk) -> None:
    await have(talk)
    await listen(talk, "topic")
    back = ((talk.say("Back"), "topics"),)
    await talk.edit(talk.say("Type the topic in a few words, such as: space launches"), (back,))


async def read_topic(talk: Talk) -> None:
    """A topic that is typed again is taken away; "everything" takes all away."""
    name = " ".join(talk.words.split())
    if not any(c.isalnum() for c in name) or len(name) > TOPIC_CHARS:
        await listen(talk, "topic")
        raise Refusal(talk.say("A topic is a few words, at most {n} characters. Type another one.", n=TOPIC_CHARS))
    if name.casefold() in ("everything", talk.say("Everything").casefold()):
        await all_topics(talk)
        return
    await ask_topics(talk, await turn_topic(talk, name))


async def turn_topic(talk: Talk, name: str, *, only_add: bool = False) -> Html:
    """Adds the topic, or takes it away when it is there; says what it would have brought."""
    offered = await talk.desk.database.read(sections)
    section = next((one for one in offered if one.casefold() == name.casefold()), None)
    said = [talk.say("Added: {topic}.", topic=name)]

    def edit(_: Subscriber, subscription: Subscription) -> None:
        kept = [topic for topic in subscription.topics if str(topic["value"]).casefold() != name.casefold()]
        if len(kept) < len(subscription.topics) and not only_add:
            subscription.topics = kept
            said[0] = talk.say("Taken away: {topic}.", topic=name)
        elif len(kept) >= TOPICS_MOST:
            said[0] = talk.say("There is room for {n} topics. Take one away first.", n=TOPICS_MOST)
        else:
            added = {"kind": "section", "value": section} if section else {"kind": "words", "value": name}
            subscription.topics = [*kept, added]
            said[:] = []

    await change(talk, edit)
    if said:
        return said[0]
    if section:
        return talk.say("Added: {topic}.", topic=section)
    return brought_text(await talk.desk.database.read(brought, name, talk.desk.now()), name, talk.say)


# ---- time


async def times(talk: Talk) -> None:
    """Typed with words, these are the hours."""
    if not talk.words:
        await ask_time(talk)
        return

    def edit(subscriber: Subscriber, subscription: Subscription) -> None:
        set_hours(subscriber, subscription, talk.words, talk.desk.now())

    subscriber, subscription = await change(talk, edit)
    if subscriber.zone_chosen or not subscription.hours:
        await talk.reply(next_line(subscriber, subscription, talk.say))
    else:
        await ask_zone(talk)


async def ask_time(talk: Talk) -> None:
    subscriber, subscription = await have(talk)
    say = talk.say
    await listen(talk, "hour")
    buttons = [
        (f"✓ {say.hour(m)}" if m in subscription.hours else say.hour(m), f"hour:{m}")
        for m in sorted({*HOURS, *subscription.hours})
    ]
    done = (((say("Done"), "zone-ask"),),) if subscription.hours else ()
    question = say("At what hour? Tap one, or type it, such as 7:30. /time adds others later.")
    if subscription.hours:
        question = say("At what hour? You can tap several, or type one, such as 7:30.")
    await talk.edit(
        _below_the_state(subscriber, subscription, Html(f"{question}\n{await _latest_line(talk)}"), say),
        (
            *rows(buttons, 3 if max(len(label) for label, _ in buttons) > 6 else 4),
            ((say("Another hour"), "hour-type"),),
            *done,
        ),
    )


async def _latest_line(talk: Talk) -> Html:
    """How late a brief can be at the hours chosen, or at eight."""
    subscriber, subscription = await have(talk)
    now, pace = talk.desk.now(), talk.desk.settings.messages_per_second
    late = [
        await talk.desk.database.read(lateness, minute, subscriber.zone, now, pace)
        for minute in subscription.hours or HOURS[2:3]
    ]
    minutes = math.ceil(max(late) / timedelta(minutes=1)) or 1
    return talk.say.count(
        "A brief comes at its hour, at most {n} minute later.",
        "A brief comes at its hour, at most {n} minutes later.",
        minutes,
    )


async def toggle_hour(talk: Talk) -> None:
    minute = talk.number(missing=-1)
    if not 0 <= minute < 24 * 60:
        raise Refusal(talk.say("This button is too old. /time shows a new one."))

    def edit(_: Subscriber, subscription: Subscription) -> None:
        subscription.hours = sorted({minute} ^ set(subscription.hours))

    before = await have(talk)
    await change(talk, edit)
    if before[1].hours:
        await ask_time(talk)
    else:
        await ask_zone(talk)


async def type_hour(talk: Talk) -> None:
    await have(talk)
    await listen(talk, "hour")
    await talk.edit(talk.say("Type the hour, such as 7:30"), (((talk.say("Back"), "time"),),))


async def read_hour(talk: Talk) -> None:
    """What has no digit in it is a question."""
    minute = read_clock(talk.words)
    if minute is None and talk.private and not any(c.isdigit() for c in talk.words):
        await question(talk)
        return
    if minute is None:
        await listen(talk, "hour")
        raise Refusal(talk.say("That is no time of day. Type it as 7:30 or 19:00."))
    talk.words = str(minute)
    await toggle_hour(talk)


async def ask_zone(talk: Talk) -> None:
    subscriber, _ = await have(talk)
    guess = subscriber.zone if subscriber.zone_chosen else guess_zone(talk.say.language)
    await _offer_zones(talk, list(dict.fromkeys([guess, *WELL_KNOWN])), talk.edit)


async def _offer_zones(talk: Talk, zones: Sequence[str], send: Callable[[Html, Buttons], Awaitable[object]]) -> None:
    say, now = talk.say, talk.desk.now()
    await listen(talk, "zone")
    buttons = [(f"{say.clock(now, zone)} {city(zone, say.language)}", f"zone:{zone}") for zone in zones]
    await send(say("What time is it for you now? Tap it, or type your city."), rows(buttons, 2))


async def read_zone(talk: Talk) -> None:
    """A city, a country, or what the clock shows."""
    minute = read_clock(talk.words)
    now = talk.desk.now()
    found = zones_at(minute, now) if minute is not None else zones_named(talk.words, talk.say.language)
    if len(found) == 1:
        await set_zone(talk, found[0])
    elif found:
        await _offer_zones(talk, found, talk.reply)
    else:
        await listen(talk, "zone")
        raise Refusal(talk.say("I know no such city. Type a larger one near you, or the time your clock shows."))


async def pick_zone(talk: Talk) -> None:
    if not is_zone(talk.words):
        raise Refusal(talk.say("This button is too old. /time shows a new one."))
    await set_zone(talk, talk.words)


async def set_zone(talk: Talk, zone: str) -> None:
    """The last of the first three steps: after it the first brief comes at once."""
    first, say = not (await have(talk))[0].zone_chosen, talk.say

    def edit(subscriber: Subscriber, _: Subscription) -> None:
        subscriber.zone, subscriber.zone_chosen = zone, True

    subscriber, subscription = await change(talk, edit)
    if talk.about:
        lengths = ((say("Headlines"), "headlines"), (say("Short"), "short"), (say("Full"), "full"))
        asked = Html(f"{await wish_line(talk)}\n\n{say('How long should its briefs be?')}")
        await talk.edit(asked, (tuple((label, f"set:length:{value}") for label, value in lengths),))
        return
    line = _below_the_state(subscriber, subscription, await wish_line(talk), say)
    await talk.edit(line, (((say("Settings"), "set"),),))
    if first and subscriber.state == "active":
        await talk.desk.database.write(compose_asked, subscription.id or 0, talk.desk.now())
        talk.desk.wake()


COMMANDS = (
    Command("topics", N_("What you are brought"), topics),
    Command("time", N_("When you are brought it"), times),
)
BUTTONS = (
    Button("topics", ask_topics),
    Button("topic", toggle_topic),
    Button("topic-all", all_topics),
    Button("topic-type", type_topic),
    Button("time", ask_time),
    Button("hour", toggle_hour),
    Button("hour-type", type_hour),
    Button("zone-ask", ask_zone),
    Button("zone", pick_zone),
)
ANSWERS = tuple(
    Answer(what, run, yields=True) for what, run in (("topic", read_topic), ("hour", read_hour), ("zone", read_zone))
)
