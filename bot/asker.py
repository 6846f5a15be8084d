"""What an asker says: /latest, plain questions and replies to a brief.

An answer is one message; what it does not hold comes into the same message with "More".
"""

from dataclasses import replace

from bot.commands import Button, Command
from bot.context import Refusal, Talk, number_in
from bot.found import Ask, Reader, compose
from bot.groups import asked_of_the_bot
from bot.messages import Buttons
from bot.speech import N_, Html
from db.asked import keep_question, kept_question
from db.deliveries import carried
from db.subscribers import languages_read

ASKED_CHARS = 200
DATA_BYTES = 64  # that callback data holds


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
    await talk.edit(*await _answer(talk, Ask(talk.words.partition(":")[2], (), talk.number())))


async def more_of(talk: Talk) -> None:
    """Data: "more-of:OFFSET:KEY", the key of a kept question."""
    asked = await talk.desk.database.read(kept_question, talk.words.partition(":")[2])
    if asked is None:
        raise Refusal(talk.say("This button is too old. Please ask again."))
    await talk.edit(*await _answer(talk, Ask(*asked, talk.number())))


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
    ids = [number_in(data[1]) for data in verbs if data[0] in ("open", "story", "timeline") and len(data) > 1]
    return tuple(dict.fromkeys(id for id in ids if id))


async def _answer(talk: Talk, ask: Ask) -> tuple[Html, Buttons]:
    if len(ask.words) > ASKED_CHARS:
        raise Refusal(talk.say("That is too long to look up. Ask in a few words, such as: /latest space launches"))
    known, say = talk.known, talk.say
    reader = Reader(say, talk.desk.now(), known.zone, languages_read(known.reads, say.language))
    answer = await talk.desk.database.read(compose, ask, reader)
    turn = []
    if answer.before is not None:
        turn.append((talk.say("Newer"), await _data(talk, replace(ask, offset=answer.before))))
    if answer.after is not None:
        turn.append((talk.say("More"), await _data(talk, replace(ask, offset=answer.after))))
    return answer.html, tuple(row for row in ((*answer.numbers, *turn), answer.again) if row)


async def _data(talk: Talk, ask: Ask) -> str:
    """The question itself where it fits, so that nothing is kept of it; else a key to it."""
    data = f"more:{ask.offset}:{ask.words}"
    if not ask.within and len(data.encode()) <= DATA_BYTES:
        return data
    key = await talk.desk.database.write(keep_question, ask.words, ask.within, talk.desk.now())
    return f"more-of:{ask.offset}:{key}"


COMMANDS = (Command("latest", N_("The latest on a topic"), latest),)
BUTTONS = (Button("more", more), Button("more-of", more_of))
