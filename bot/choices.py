"""What a reader can set, and what each setting does: read from what is typed or pressed, and said in words. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from babel import Locale

from bot.speech import N_, Html, Speech, languages, speech
from bot.zones import city, is_zone, zones_named
from db.tables import Subscriber, Subscription
from jobs.hours import local, zone_named
from jobs.questions import plain_word, weekdays_of

READABLE = ("en", "uk", "ru", "de")  # languages that are condensed
LENGTHS = {
    "headlines": N_("Headlines: up to ten, with their outlets"),
    "short": N_("Short: up to five stories, one line of each panel"),
    "full": N_("Full: up to eight stories, all that was said"),
}
HOURS_MOST = 12
WORDS_MOST, WORD_CHARS = 50, 60
PAUSE_MOST = 366  # days
DAYS = "d|days?|tage?n?|д|дн|день|дня|дні|днів|дней"  # behind their number
ON = frozenset({"on", "yes", "1", "an", "ja", "так", "да", "увімкнути", "включить"})
OFF = frozenset({"off", "no", "0", "none", "aus", "nein", "ні", "нет", "вимкнути", "выключить", "-"})


class Unfit(Exception):
    """What was typed cannot be set; the text, to be translated, says how to type it."""


def read_clock(words: str) -> int | None:
    """Minutes after midnight of "7", "7:30", "07.30", "7:30 pm"; None when it is no time of day."""
    text = words.strip().lower().replace(".", ":").replace(" ", "")
    afternoon, morning = text.endswith("pm"), text.endswith("am")
    text = text.removesuffix("pm").removesuffix("am")
    found = re.fullmatch(r"([0-9]{1,2})(?::([0-9]{1,2}))?", text)
    if found is None:
        return None
    hours, minutes = int(found[1]), int(found[2] or 0)
    if afternoon and hours < 12:
        hours += 12
    elif morning and hours == 12:
        hours = 0
    return hours * 60 + minutes if hours < 24 and minutes < 60 else None


def _listed(words: str) -> list[str]:
    return [part for part in re.split(r"[\s,;]+", words) if part]


def _switch(words: str) -> bool:
    said = words.strip().lower()
    if said in ON | OFF:
        return said in ON
    raise Unfit(N_("Type on or off."))


# ---- what each does to the rows


def set_hours(_: Subscriber, subscription: Subscription, words: str, now: datetime) -> None:
    if words.lower() in OFF:
        subscription.hours = []
        return
    times = [read_clock(part) for part in _listed(words)]
    if not times or None in times:
        raise Unfit(N_("Type the hours, such as 7:30 19:00"))
    subscription.hours = sorted({minute for minute in times if minute is not None})[:HOURS_MOST]


def toggle_hour(_: Subscriber, subscription: Subscription, words: str, now: datetime) -> None:
    minute = read_clock(words)
    if minute is None:
        raise Unfit(N_("Type the hours, such as 7:30 19:00"))
    subscription.hours = sorted({minute} ^ set(subscription.hours))[:HOURS_MOST]


def set_days(subscriber: Subscriber, subscription: Subscription, words: str, now: datetime) -> None:
    """Numbers from 1, Monday; names in English, or in the language of the interface; a range such as mon-fri."""
    said = plain_word(words.strip())
    say = speech(subscriber.language)
    if said in ("all", "every day", "daily", say("every day").lower()) or said in OFF:
        subscription.weekdays = []
        return
    names = _day_names()
    days: set[int] = set()
    for part in _listed(re.sub(r"\s*[-–]\s*", "-", said)):
        first, _dash, last = part.partition("-") if part not in names else (part, "", "")
        if first not in names or (last and last not in names):
            raise Unfit(N_("Type the days, such as: mon-fri, or: sat sun, or: all"))
        span = (names[last] - names[first]) % 7 if last else 0
        days |= {(names[first] + n) % 7 for n in range(span + 1)}
    if not days:
        raise Unfit(N_("Type the days, such as: mon-fri, or: sat sun, or: all"))
    subscription.weekdays = sorted(days) if len(days) < 7 else []


def _day_names() -> dict[str, int]:
    numbers = {str(day + 1): day for day in range(7)}
    return numbers | {name: day for one in {*READABLE, *languages()} for name, day in weekdays_of(one).items()}


def toggle_day(_: Subscriber, subscription: Subscription, words: str, now: datetime) -> None:
    if words not in {str(day) for day in range(7)}:
        raise Unfit(N_("This button is too old. /settings shows a new one."))
    days = {int(words)} ^ set(subscription.weekdays or range(7))
    subscription.weekdays = sorted(days) if len(days) < 7 else []


def set_zone(subscriber: Subscriber, _: Subscription, words: str, now: datetime) -> None:
    found = [words] if is_zone(words) else zones_named(words, subscriber.language)
    if not found:
        raise Unfit(N_("I know no such city. Type a larger one near you."))
    subscriber.zone, subscriber.zone_chosen = found[0], True


def set_length(subscriber: Subscriber, _: Subscription, words: str, now: datetime) -> None:
    say, said = speech(subscriber.language), words.strip().lower()
    names = {say("Headlines").lower(): "headlines", say("Short").lower(): "short", say("Full").lower(): "full"}
    named = names.get(said, said)
    if named not in LENGTHS:
        raise Unfit(N_("Type headlines, short or full."))
    subscriber.length = named


def set_pictures(subscriber: Subscriber, _: Subscription, words: str, now: datetime) -> None:
    subscriber.pictures = _switch(words)


def set_silent(subscriber: Subscriber, _: Subscription, words: str, now: datetime) -> None:
    subscriber.silent = _switch(words)


def set_language(subscriber: Subscriber, _: Subscription, words: str, now: datetime) -> None:
    code = words.strip().lower()
    if code not in languages():
        raise Unfit(N_("I do not speak that language yet."))
    subscriber.language = code


def set_reads(subscriber: Subscriber, _: Subscription, words: str, now: datetime) -> None:
    wanted = [code.lower() for code in _listed(words)]
    if not wanted or any(code not in READABLE for code in wanted):
        raise Unfit(N_("Type the languages, such as: en uk"))
    subscriber.reads = [code for code in READABLE if code in wanted]


def toggle_read(subscriber: Subscriber, _: Subscription, words: str, now: datetime) -> None:
    left = {words} ^ set(read_languages(subscriber))
    if words not in READABLE or not left:
        raise Unfit(N_("At least one language has to stay."))
    subscriber.reads = [code for code in READABLE if code in left]


def read_languages(subscriber: Subscriber) -> list[str]:
    return subscriber.reads or [code for code in READABLE if code in (subscriber.language, "en")]


def set_quiet(subscriber: Subscriber, _: Subscription, words: str, now: datetime) -> None:
    """ "22:00 7:00", "22-7"; the same hour twice, or off: none."""
    if words.strip().lower() in OFF:
        subscriber.quiet_from = subscriber.quiet_to = None
        return
    times = [read_clock(part) for part in re.split(r"[\s,;–-]+", words.strip()) if part]
    if len(times) != 2 or None in times:
        raise Unfit(N_("Type from when to when, such as 22:00 7:00, or: off"))
    start, end = times
    subscriber.quiet_from, subscriber.quiet_to = (None, None) if start == end else (start, end)


def set_exclude(_: Subscriber, subscription: Subscription, words: str, now: datetime) -> None:
    if words.strip().lower() in OFF:
        subscription.exclude = []
        return
    parts = [" ".join(part.split()) for part in re.split(r"[,;\n]", words)]
    added = [part for part in parts if part]
    if not added or any(len(part) > WORD_CHARS for part in added):
        raise Unfit(N_("Type the words, with commas between them, such as: football, horoscope"))
    subscription.exclude = list(dict.fromkeys([*subscription.exclude, *added]))[:WORDS_MOST]


def drop_exclude(_: Subscriber, subscription: Subscription, words: str, now: datetime) -> None:
    subscription.exclude = [word for n, word in enumerate(subscription.exclude) if str(n) != words]


def set_pause(subscriber: Subscriber, subscription: Subscription, words: str, now: datetime) -> None:
    """ "off", "on" (for good), a number of days, or a date: the first day that has briefs again."""
    said = words.strip().lower()
    subscription.state, subscription.reason, subscription.paused_until = "active", None, None
    if said in OFF - {"0"}:
        return
    if said in ON - {"1"}:
        subscription.state = "paused"
        return
    today = local(now, subscriber.zone).date()
    day = read_date(said, today)
    if day is None or not today < day <= today + timedelta(days=PAUSE_MOST):
        raise Unfit(N_("Type the day when briefs come again, such as 2027-01-15 or 15.1., or a number of days."))
    zone = zone_named(subscriber.zone) or UTC
    # A moment before midnight, so that a brief at midnight comes too.
    subscription.paused_until = datetime.combine(day, time(), zone).astimezone(UTC) - timedelta(seconds=1)


def read_date(words: str, today: date) -> date | None:
    """ "2027-01-15", "15.1.2027", "15.1." (the next one), or days from today; None when it is none of these."""
    days = re.fullmatch(rf"([0-9]{{1,3}})\s*(?:{DAYS})?\.?", words)
    if days:
        return today + timedelta(days=int(days[1]))
    iso = re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", words)
    dotted = re.fullmatch(r"([0-9]{1,2})[./]([0-9]{1,2})[./]?([0-9]{4})?", words)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if dotted:
            found = date(int(dotted[3] or today.year), int(dotted[2]), int(dotted[1]))
            return found if dotted[3] or found > today else found.replace(year=today.year + 1)
    except ValueError:
        return None
    return None


# ---- what each does, in words


def next_line(subscriber: Subscriber, subscription: Subscription, say: Speech) -> Html:
    if subscriber.state == "stopped":
        return say("Stopped. /resume brings the briefs back.")
    reason = subscriber.reason if subscriber.state == "away" else subscription.reason
    if reason:
        return say("Paused: {reason}.", reason=say(reason))
    if subscription.state == "stopped":
        return say("Stopped. /resume brings the briefs back.")
    if subscription.state == "paused":
        return say("Paused. Nothing will come until you say /resume.")
    if subscription.due_at is None:
        return say("No hour is chosen, so no brief comes by itself.")
    when, place = say.moment(subscription.due_at, subscriber.zone), city(subscriber.zone, say.language)
    if subscription.paused_until is not None:
        when = f"{say.date(subscription.due_at, subscriber.zone)} {say.clock(subscription.due_at, subscriber.zone)}"
    return say("Next brief: {when}, {place}", when=when, place=place)


def length_line(subscriber: Subscriber, _: Subscription, say: Speech) -> Html:
    return say(LENGTHS[subscriber.length])


def pictures_line(subscriber: Subscriber, _: Subscription, say: Speech) -> Html:
    return say("Briefs come with a picture.") if subscriber.pictures else say("Briefs come without pictures.")


def silent_line(subscriber: Subscriber, _: Subscription, say: Speech) -> Html:
    return say("Briefs come without a sound.") if subscriber.silent else say("Briefs come with a sound.")


def language_line(subscriber: Subscriber, _: Subscription, say: Speech) -> Html:
    return say("I speak {language} here.", language=language_name(subscriber.language, say.language))


def reads_line(subscriber: Subscriber, _: Subscription, say: Speech) -> Html:
    names = [language_name(code, say.language) for code in read_languages(subscriber)]
    return say("You get what was written in {languages}.", languages=say.listed(names))


def language_name(code: str, language: str) -> str:
    return str(Locale.parse(code).get_display_name(language) or code)


def quiet_line(subscriber: Subscriber, _: Subscription, say: Speech) -> Html:
    if subscriber.quiet_from is None or subscriber.quiet_to is None:
        return say("No quiet hours.")
    start, end = say.hour(subscriber.quiet_from), say.hour(subscriber.quiet_to)
    return say("Quiet from {start} to {end}: only the briefs you set an hour for come.", start=start, end=end)


def exclude_line(_: Subscriber, subscription: Subscription, say: Speech) -> Html:
    if not subscription.exclude:
        return say("No words are left out.")
    return say("Left out: stories with {words}.", words=say.listed([f"“{word}”" for word in subscription.exclude]))


Change = Callable[[Subscriber, Subscription, str, datetime], None]
Line = Callable[[Subscriber, Subscription, Speech], Html]


@dataclass(frozen=True, slots=True)
class Setting:
    name: str  # as it is typed: /settings NAME VALUE
    label: str  # of its button, to be translated
    change: Change
    line: Line
    toggle: Change | None = None  # what a button of it does; None: the same
    example: str = ""  # asked for when it is to be typed; "": it is only pressed
    shared: bool = True  # by all topics of a group


SETTINGS = (
    Setting(
        "hours", N_("Hours"), set_hours, next_line, toggle_hour, N_("Type the hours, such as 7:30 19:00"), shared=False
    ),
    Setting("days", N_("Days"), set_days, next_line, toggle_day, shared=False),
    Setting("zone", N_("Time zone"), set_zone, next_line, None, N_("Type your city.")),
    Setting("length", N_("Length"), set_length, length_line),
    Setting("pictures", N_("Pictures"), set_pictures, pictures_line),
    Setting("silent", N_("Sound"), set_silent, silent_line),
    Setting("language", N_("Language"), set_language, language_line),
    Setting("reads", N_("You read"), set_reads, reads_line, toggle_read),
    Setting("quiet", N_("Quiet"), set_quiet, quiet_line, None, N_("Type from when to when, such as 22:00 7:00")),
    Setting(
        "exclude",
        N_("Left out"),
        set_exclude,
        exclude_line,
        drop_exclude,
        N_("Type the words, with commas between them, such as: football, horoscope"),
        shared=False,
    ),
    Setting(
        "pause",
        N_("Pause"),
        set_pause,
        next_line,
        None,
        N_("Type the day when briefs come again, such as 15.1."),
        shared=False,
    ),
)
