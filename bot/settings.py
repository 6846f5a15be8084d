"""/settings: one message that edits itself. Every change is confirmed by what it does.

A button says "set:NAME" (show what there is to choose) or "set:NAME:VALUE"; typed, it is "/settings NAME VALUE".
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from sqlmodel import Session, col, select

from bot import choices
from bot.choices import READABLE, SETTINGS, Setting, language_name
from bot.commands import Answer, Button, Command
from bot.context import Refusal, Talk, rows
from bot.messages import Buttons, cut
from bot.speech import N_, Html, Speech, languages, safe, speech
from bot.wishes import HOURS, change, have, listen, topics_line
from bot.zones import OFFERED, city
from db.subscribers import subscriber_in, unmute
from db.tables import Mute, Source, Story, Subscriber, Subscription

NAMED = {setting.name: setting for setting in SETTINGS}
QUIET = ("22:00 7:00", "23:00 8:00", "21:00 6:00", "0:00 7:00")
PAUSES = (7, 14, 30)  # days
MUTED_SHOWN = 30


async def settings(talk: Talk) -> None:
    name, _, value = talk.words.partition(" ")
    await _do(talk, name.lower(), value.strip())


async def pressed(talk: Talk) -> None:
    name, _, value = talk.words.partition(":")
    await _do(talk, name, value)


async def _do(talk: Talk, name: str, value: str) -> None:
    if name == "unmute":
        await muted(talk, value)
    elif name == "type" and value in NAMED and NAMED[value].example:
        await ask(talk, NAMED[value])
    elif name in NAMED and value:
        await put(talk, NAMED[name], value)
    elif name in NAMED:
        await show(talk, NAMED[name])
    elif name:
        names = talk.say.listed([setting.name for setting in SETTINGS] + ["unmute"])
        raise Refusal(talk.say("There is no such setting. There are: {names}", names=names))
    else:
        await home(talk)


async def home(talk: Talk, before: Html | None = None) -> None:
    subscriber, subscription = await have(talk)
    buttons = home_buttons(talk.say)
    if talk.about:
        unbind = ((talk.say("Unbind"), f"channel-drop:{talk.about}"), (talk.say("All channels"), "channel"))
        buttons = (*buttons, ((talk.say("Post a brief now"), "brief"),), unbind)
    lines = [line for line in home_lines(subscriber, subscription, talk.say) if line != before]
    await talk.edit(_page(before, Html("\n".join(lines))), buttons)


def home_lines(subscriber: Subscriber, subscription: Subscription, say: Speech) -> list[Html]:
    hours = say.listed([say.hour(minute) for minute in subscription.hours])
    days = say.listed([say.weekday(day) for day in subscription.weekdays]) or say("every day")
    lines = [
        say("You get: {topics}", topics=topics_line(subscription, say)),
        *([say("At {hours}, {days}", hours=hours, days=days)] if hours else []),
        choices.next_line(subscriber, subscription, say),
        choices.length_line(subscriber, subscription, say),
        choices.pictures_line(subscriber, subscription, say),
        choices.silent_line(subscriber, subscription, say),
        choices.reads_line(subscriber, subscription, say),
        choices.quiet_line(subscriber, subscription, say),
        choices.exclude_line(subscriber, subscription, say),
    ]
    return list(dict.fromkeys(lines))


def home_buttons(say: Speech) -> Buttons:
    named = [(str(say(setting.label)), f"set:{setting.name}") for setting in SETTINGS]
    return rows([(say("Topics"), "topics"), *named, (say("Muted"), "set:unmute")], 3)


def _page(before: Html | None, text: Html) -> Html:
    return Html(f"<b>{before}</b>\n\n{text}") if before else text


# ---- one setting


async def show(talk: Talk, setting: Setting, before: Html | None = None) -> None:
    """What there is to choose."""
    subscriber, subscription = await have(talk)
    say = talk.say
    options = [
        (label, f"set:{setting.name}:{value}") for label, value in OPTIONS[setting.name](talk, subscriber, subscription)
    ]
    typed = [(say("Type it"), f"set:type:{setting.name}")] if setting.example else []
    line = before or setting.line(subscriber, subscription, say)
    width = _in_a_row(max((len(label) for label, _ in options), default=0))
    await talk.edit(
        Html(f"<b>{say(setting.label)}</b>\n{line}"), (*rows(options, width), (*typed, (say("Back"), "set")))
    )


def _in_a_row(longest: int) -> int:
    """How many buttons with labels of so many characters a phone shows side by side without cutting them."""
    return 4 if longest <= 6 else 3 if longest <= 11 else 2 if longest <= 20 else 1


async def put(talk: Talk, setting: Setting, value: str) -> None:
    """Changes it; a press leaves its choices open where several may be taken."""
    toggling = talk.query is not None and setting.toggle is not None
    run = setting.toggle if toggling and setting.toggle else setting.change

    def edit(subscriber: Subscriber, subscription: Subscription) -> None:
        run(subscriber, subscription, value, talk.desk.now())

    subscriber, subscription = await change(talk, edit)
    if setting.name == "language" and not talk.about:
        talk.say = speech(subscriber.language)
        if talk.private:
            await talk.desk.menu(talk.chat.id, talk.known.role or "", subscriber.language)
    line = setting.line(subscriber, subscription, talk.say)
    if setting.shared and talk.chat.is_forum:
        line = Html(f"{line} {talk.say('This counts in all topics of the group.')}")
    await talk.toast(line)
    if toggling:
        await show(talk, setting, line)
    else:
        await home(talk, line)


async def ask(talk: Talk, setting: Setting) -> None:
    await change(talk, lambda _, __: None)  # refuses who may not
    await listen(talk, f"set:{setting.name}")
    await talk.edit(talk.say(setting.example), (((talk.say("Back"), f"set:{setting.name}"),),))


async def read_typed(setting: Setting, talk: Talk) -> None:
    try:
        await put(talk, setting, talk.words)
    except Refusal:  # it may be typed once more
        await listen(talk, f"set:{setting.name}")
        raise


# ---- what can be pressed, as (label, value)

Options = list[tuple[str, str]]


def _ticked(label: str, on: bool) -> str:
    return f"✓ {label}" if on else label


def _hours(talk: Talk, _: Subscriber, have: Subscription) -> Options:
    return [
        (_ticked(talk.say.hour(m), m in have.hours), f"{m // 60}:{m % 60:02}") for m in sorted({*HOURS, *have.hours})
    ]


def _days(talk: Talk, _: Subscriber, have: Subscription) -> Options:
    return [(_ticked(talk.say.weekday(d), d in (have.weekdays or range(7))), str(d)) for d in range(7)]


def _zones(talk: Talk, have: Subscriber, _: Subscription) -> Options:
    say, now = talk.say, talk.desk.now()
    zones = dict.fromkeys([have.zone, *OFFERED])
    return [(_ticked(f"{say.clock(now, z)} {city(z, say.language)}", z == have.zone), z) for z in zones]


def _lengths(talk: Talk, have: Subscriber, _: Subscription) -> Options:
    labels = {"headlines": talk.say("Headlines"), "short": talk.say("Short"), "full": talk.say("Full")}
    return [(_ticked(label, name == have.length), name) for name, label in labels.items()]


def _pictures(talk: Talk, have: Subscriber, _: Subscription) -> Options:
    return [(_ticked(talk.say("On"), have.pictures), "on"), (_ticked(talk.say("Off"), not have.pictures), "off")]


def _sound(talk: Talk, have: Subscriber, _: Subscription) -> Options:
    say = talk.say
    return [(_ticked(say("Sound"), not have.silent), "off"), (_ticked(say("No sound"), have.silent), "on")]


def _spoken(talk: Talk, have: Subscriber, _: Subscription) -> Options:
    return [(_ticked(language_name(code, code), code == have.language), code) for code in languages()]


def _read(talk: Talk, have: Subscriber, _: Subscription) -> Options:
    reads = choices.read_languages(have)
    return [(_ticked(language_name(code, talk.say.language), code in reads), code) for code in READABLE]


def _quiet(talk: Talk, have: Subscriber, _: Subscription) -> Options:
    spans = [(span, [choices.read_clock(part) for part in span.split()]) for span in QUIET]
    named = [
        (_ticked("–".join(talk.say.hour(m or 0) for m in times), times == [have.quiet_from, have.quiet_to]), span)
        for span, times in spans
    ]
    return [*named, (_ticked(talk.say("None"), have.quiet_from is None), "off")]


def _exclude(talk: Talk, _: Subscriber, have: Subscription) -> Options:
    return [(talk.say("Bring back “{word}”", word=cut(word, 30)), str(n)) for n, word in enumerate(have.exclude)]


def _pauses(talk: Talk, reader: Subscriber, have: Subscription) -> Options:
    say, now = talk.say, talk.desk.now()
    days = [(say("Until {day}", day=say.day(now + timedelta(days=n), reader.zone)), str(n)) for n in PAUSES]
    paused = have.state == "paused" or (have.paused_until is not None and have.paused_until > now)
    return [*days, (say("Until I say so"), "on"), *([(say("Go on now"), "off")] if paused else [])]


OPTIONS: dict[str, Callable[[Talk, Subscriber, Subscription], Options]] = {
    "hours": _hours,
    "days": _days,
    "zone": _zones,
    "length": _lengths,
    "pictures": _pictures,
    "silent": _sound,
    "language": _spoken,
    "reads": _read,
    "quiet": _quiet,
    "exclude": _exclude,
    "pause": _pauses,
}


# ---- what is muted


async def muted(talk: Talk, value: str) -> None:
    """The muted stories and sources; "story 3" or "source 5", or "all", is brought back."""
    subscriber, _ = await have(talk)
    said = talk.say("Tap what should come back.")
    if value:
        await change(talk, lambda _, __: None)  # refuses who may not
        gone = await talk.desk.database.write(_bring_back, subscriber.id or 0, value)
        said = talk.say.count("{n} of them comes again.", "{n} of them come again.", gone)
    rows_ = await talk.desk.database.read(muted_names, talk.subject[0])
    if not rows_ and not value:
        said = talk.say("Nothing is muted. The buttons below a story mute it, or its source.")
    buttons = [(cut(name, 40), f"set:unmute:{kind} {number}") for kind, number, name in rows_[:MUTED_SHOWN]]
    lines = [f"<code>{kind} {number}</code>: {safe(name)}" for kind, number, name in rows_[:MUTED_SHOWN]]
    hint = [talk.say("Or type: /settings unmute {what}", what=f"{rows_[0][0]} {rows_[0][1]}")] if rows_ else []
    await talk.edit(Html("\n".join([said, *lines, *hint])), (*rows(buttons, 1), ((talk.say("Back"), "set"),)))


def muted_names(session: Session, chat_id: int) -> list[tuple[str, int, str]]:
    """(story or source, id, headline or title), newest first."""
    subscriber = subscriber_in(session, chat_id)
    mutes = session.exec(
        select(Mute)
        .where(Mute.subscriber_id == (subscriber.id if subscriber else 0))
        .order_by(col(Mute.created_at).desc())
    )
    found = []
    for mute in mutes:
        about = session.get(Story, mute.muted_id) if mute.kind == "story" else session.get(Source, mute.muted_id)
        name = about.headline if isinstance(about, Story) else about.title if about else ""
        found.append((mute.kind, mute.muted_id, name))
    return found


def _bring_back(session: Session, subscriber_id: int, value: str) -> int:
    mutes = session.exec(select(Mute).where(Mute.subscriber_id == subscriber_id)).all()
    wanted = [mute for mute in mutes if value in ("all", f"{mute.kind} {mute.muted_id}")]
    for mute in wanted:
        unmute(session, subscriber_id, mute.kind, [mute.muted_id])
    return len(wanted)


COMMANDS = (Command("settings", N_("Everything you can choose"), settings),)
BUTTONS = (Button("set", pressed),)
ANSWERS = tuple(
    Answer(f"set:{setting.name}", partial(read_typed, setting), yields=True) for setting in SETTINGS if setting.example
)
