"""What an asker says: /latest, plain questions and replies to a brief.

An answer is one message; what it does not hold comes into the same message with "More".
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

from sqlmodel import Session

from bot.commands import Button, Command
from bot.context import Refusal, Talk
from bot.groups import asked_of_the_bot
from bot.messages import (
    HEADLINE_CHARS,
    Block,
    Buttons,
    bullet_html,
    cut,
    headline_html,
    pack,
    panel_name,
    story_blocks,
)
from bot.speech import N_, Html, Speech, safe
from bot.stories import whole
from db.asked import keep_question, kept_question
from db.deliveries import carried
from db.records import StoryView
from db.statements import Statement
from db.stories import story_views
from jobs.finding import Found, find, near
from jobs.hours import local, zone_named
from jobs.questions import Question, read_question

ASKED_CHARS = 200
SHOWN = 3  # stories in one answer
SAID_SHOWN = 4  # statements of one story
TOPIC_CHARS = 60
DATA_BYTES = 64  # that callback data holds
DIGITS = 4  # of an offset that presses of ours have
ID_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Ask:
    words: str
    within: tuple[int, ...] = ()  # the stories it is about; empty: all
    offset: int = 0  # stories shown before


@dataclass(frozen=True, slots=True)
class Answer:
    html: Html
    numbers: tuple[tuple[str, str], ...] = ()  # a button for each story shown
    after: int | None = None  # the offset of what is not shown yet; None: that was all


async def latest(talk: Talk) -> None:
    """The newest stories on a topic; without one, the newest of all."""
    await talk.reply(*await _answer(talk, Ask(" ".join(talk.words.split()))))


async def question(talk: Talk) -> None:
    """A plain message in a private chat, or one put to the bot in a group."""
    await _reply(talk, Ask(" ".join(talk.words.split())))


async def answered_about_stories(talk: Talk) -> bool:
    """Whether it was a reply to a message of ours with stories, hence a question about these, and is answered."""
    within = await _stories_replied_to(talk)
    asked = talk.words if talk.private else asked_of_the_bot(talk)
    if within and asked:
        await _reply(talk, Ask(" ".join(asked.split()), within))
    return bool(within and asked)


async def _reply(talk: Talk, ask: Ask) -> None:
    """In a group it says to whom."""
    quoted = talk.message.message_id if talk.message and not talk.private else None
    await talk.reply(*await _answer(talk, ask), reply_to=quoted)


async def more(talk: Talk) -> None:
    """Data: "more:OFFSET:WORDS"."""
    offset, _, words = talk.words.partition(":")
    await talk.edit(*await _answer(talk, Ask(words, (), _number(offset))))


async def more_of(talk: Talk) -> None:
    """Data: "more-of:OFFSET:KEY", the key of a kept question."""
    offset, _, key = talk.words.partition(":")
    asked = await talk.desk.database.read(kept_question, key)
    if asked is None:
        raise Refusal(talk.say("This button is too old. Please ask again."))
    await talk.edit(*await _answer(talk, Ask(*asked, _number(offset))))


def _number(typed: str) -> int:
    return int(typed) if typed.isdecimal() and typed.isascii() and len(typed) <= DIGITS else 0


async def _stories_replied_to(talk: Talk) -> tuple[int, ...]:
    """The stories of the message that was replied to: as the ledger knows them, else by its buttons."""
    replied = talk.message.reply_to_message if talk.message else None
    if replied is None or replied.from_user is None or replied.from_user.id != talk.bot.id:
        return ()
    part = await talk.desk.database.read(carried, talk.chat.id, replied.message_id)
    if part is not None and part.stories:
        return part.stories
    rows = replied.reply_markup.inline_keyboard if replied.reply_markup else ()
    verbs = [str(button.callback_data or "").split(":") for row in rows for button in row]
    ids = [data[1] for data in verbs if data[0] in ("story", "timeline") and len(data) > 1]
    return tuple(dict.fromkeys(int(id) for id in ids if id.isdecimal() and len(id) <= ID_DIGITS))


async def _answer(talk: Talk, ask: Ask) -> tuple[Html, Buttons]:
    if len(ask.words) > ASKED_CHARS:
        raise Refusal(talk.say("That is too long to look up. Ask in a few words, such as: /latest space launches"))
    database, now = talk.desk.database, talk.desk.now()
    answer = await database.read(compose, ask, talk.say, now, talk.known.zone)
    turn = []
    if ask.offset:
        turn.append((talk.say("Newer"), await _data(talk, replace(ask, offset=max(0, ask.offset - SHOWN)))))
    if answer.after is not None:
        turn.append((talk.say("More"), await _data(talk, replace(ask, offset=answer.after))))
    row = (*answer.numbers, *turn)
    return answer.html, (row,) if row else ()


async def _data(talk: Talk, ask: Ask) -> str:
    """The question itself where it fits, so that nothing is kept of it; else a key to it."""
    data = f"more:{ask.offset}:{ask.words}"
    if not ask.within and len(data.encode()) <= DATA_BYTES:
        return data
    key = await talk.desk.database.write(keep_question, ask.words, ask.within, talk.desk.now())
    return f"more-of:{ask.offset}:{key}"


def compose(session: Session, ask: Ask, say: Speech, now: datetime, zone: str = "UTC") -> Answer:
    """What there is on the question, or what comes near it."""
    asked = read_question(ask.words, local(now, zone).date())
    since = midnight(asked, zone)
    found = find(session, asked, now, ask.offset + SHOWN + 1, since=since, within=ask.within)
    if found.statements:
        return _statements(session, found, asked, ask, say, now, zone)
    if found.stories[ask.offset :]:
        return _stories(session, found, asked, ask, say, now, zone)
    return _nothing(session, asked, say, now)


def midnight(asked: Question, zone: str) -> datetime | None:
    """When the day begins that the question names."""
    if asked.since is None:
        return None
    return datetime.combine(asked.since, time(), zone_named(zone) or UTC).astimezone(UTC)


def _stories(
    session: Session, found: Found, asked: Question, ask: Ask, say: Speech, now: datetime, zone: str
) -> Answer:
    shown = story_views(session, found.stories[ask.offset : ask.offset + SHOWN])
    note = _note(found, asked, say, shown[0].updated_at, zone)
    stories = [
        story_blocks(whole(view), n, say, now, length="first", zone=zone)
        for n, view in enumerate(shown, ask.offset + 1)
    ]
    return _page(note, stories, ask, shown, len(found.stories))


def _statements(
    session: Session, found: Found, asked: Question, ask: Ask, say: Speech, now: datetime, zone: str
) -> Answer:
    by_story: dict[int, list[Statement]] = {}
    for one in found.statements:
        by_story.setdefault(one.story, []).append(one)
    views = story_views(session, list(by_story)[ask.offset : ask.offset + SHOWN])
    note = _note(found, asked, say, found.statements[0].at, zone)
    stories = [
        [Block(headline_html(view, n, say, now), story=view.id, gap=True), *_lines(by_story[view.id], asked, say, zone)]
        for n, view in enumerate(views, ask.offset + 1)
    ]
    return _page(note, stories, ask, views, len(by_story))


def _lines(said: Sequence[Statement], asked: Question, say: Speech, zone: str) -> list[Block]:
    """The panel that was asked for first, then by time."""
    first = sorted(said, key=lambda one: one.bullet.panel != asked.panel)[:SAID_SHOWN]
    return [
        Block(
            Html(
                f"<u>{panel_name(one.bullet.panel, say)}</u> {bullet_html(one.bullet.bullet, say)} "
                f"<i>{say.stamp(one.at, zone)}</i>"
            ),
            (one.bullet.id,),
        )
        for one in first
    ]


def _page(
    note: Html | None, stories: Sequence[Sequence[Block]], ask: Ask, shown: Sequence[StoryView], total: int
) -> Answer:
    """One message, of as many stories as it holds whole."""
    head = [Block(note)] if note else []
    count = len(stories)
    while count > 1 and len(pack([*head, *(block for story in stories[:count] for block in story)])) > 1:
        count -= 1
    page = pack([*head, *(block for story in stories[:count] for block in story)])[0]
    numbers = tuple((str(n), f"story:{view.id}") for n, view in enumerate(shown[:count], ask.offset + 1))
    after = ask.offset + count
    return Answer(Html(page.html), numbers, after if after < total else None)


def _note(found: Found, asked: Question, say: Speech, newest: datetime, zone: str) -> Html | None:
    """In what the question was not met as it was put."""
    party = cut(asked.party or asked.topic, TOPIC_CHARS)
    notes = {
        "other panel": say("Nothing of that kind by “{party}”. What else they said:", party=party),
        "other stories": say("Nothing on that in the stories of this message. In others:"),
        "other topic": say("Nothing on that by “{party}”. Their newest words:", party=party),
        "unsaid": say("Nobody’s words on that, by “{party}”. The latest about it:", party=party),
        "earlier": say("Nothing since then. The last was on {date}:", date=say.date(newest, zone)),
    }
    return notes.get(found.note)


def _nothing(session: Session, asked: Question, say: Speech, now: datetime) -> Answer:
    words = f"{asked.party} {asked.topic}".strip()
    if not words:
        return Answer(say("There is no news yet."))
    there = near(session, asked)
    lines = [say("Nothing on “{topic}” in the sources here.", topic=cut(words, TOPIC_CHARS))]
    if there.words:
        lines.append(say("Near it: {words}", words=", ".join(there.words)))
    blocks = [Block(Html("\n".join(lines)))]
    if there.headlines:
        blocks.append(Block(say("On a part of it:"), gap=True))
        blocks += [
            Block(Html(f"{n}. {safe(cut(headline, HEADLINE_CHARS))} · {safe(say.ago(at, now))}"))
            for n, (_, headline, at) in enumerate(there.headlines, 1)
        ]
    elif not there.words:
        blocks.append(Block(say("Try other words, or /latest for the newest.")))
    numbers = [(str(n), f"story:{story}") for n, (story, *_) in enumerate(there.headlines, 1)]
    again = [(word, f"more:0:{word}") for word in there.words if len(word.encode()) < DATA_BYTES - 8]
    return Answer(Html(pack(blocks)[0].html), (*numbers, *again))


COMMANDS = (Command("latest", N_("The latest on a topic"), latest),)
BUTTONS = (Button("more", more), Button("more-of", more_of))
