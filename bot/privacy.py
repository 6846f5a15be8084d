"""What is kept of a chat: said, handed out, and forgotten."""

import json
from datetime import datetime
from typing import Any

from bot.commands import Answer, Button, Command
from bot.context import Refusal, Talk
from bot.speech import N_, Html
from db.privacy import forget_chat, kept_of
from db.updates import expect
from jobs.settings import Settings

CONFIRMED = N_("delete")  # what is typed instead of pressing the button


async def privacy(talk: Talk) -> None:
    await talk.reply(privacy_text(talk), (((talk.say("Export"), "export"), (talk.say("Delete all"), "deleteme")),))


def privacy_text(talk: Talk) -> Html:
    say = talk.say
    paragraphs = [
        say("<b>What is kept of this chat</b>"),
        say(
            "Its number, its language and time zone, the topics and hours chosen here, what is muted and followed, "
            "and which briefs were sent. Not your name, not your questions, not the members of a group."
        ),
        say("Of a channel it is kept who set it up here."),
        say(
            "Choices are kept until you delete them; which briefs were sent, {days} days, "
            "so that nothing is told twice.",
            days=talk.desk.settings.keep_ledger_days,
        ),
        say(
            "Whoever runs this bot keeps it, on their own machine. Admins see counts, never who reads what. "
            "Telegram sees the messages. Backups that were made earlier keep what was in them."
        ),
        model_line(talk, talk.desk.settings),
        say("/export hands you all of it. /deleteme deletes it."),
    ]
    return Html("\n\n".join(paragraphs))


def model_line(talk: Talk, settings: Settings) -> Html:
    if settings.llm_url:
        return talk.say("A language model is given the text of articles. It is given nothing about you.")
    return talk.say("No language model and no other service is asked.")


async def export(talk: Talk) -> None:
    await _manage(talk)
    await talk.toast()
    document = json_of(await talk.desk.database.read(kept_of, talk.chat.id), talk.desk.now())
    await talk.bot.send_document(
        talk.chat.id,
        document,
        filename="triptych.json",
        caption=talk.say("All that is kept of this chat."),
        message_thread_id=talk.thread_id or None,
    )


def json_of(kept: dict[str, list[dict[str, Any]]], now: datetime) -> bytes:
    """UTF-8, keys as the tables name them; times are UTC."""
    return json.dumps({"exported_at": now.isoformat(), **kept}, ensure_ascii=False, indent=1).encode("utf-8", "replace")


async def delete_me(talk: Talk) -> None:
    await _manage(talk)
    if not any((await talk.desk.database.read(kept_of, talk.chat.id)).values()):
        raise Refusal(talk.say("Nothing is kept of this chat."))
    await talk.desk.database.write(expect, talk.chat.id, talk.user_id, "deleteme", talk.desk.now())
    await talk.edit(
        talk.say(
            "Delete everything that is kept of this chat? Briefs stop, and choices cannot be brought back. "
            "Press the button, or type “{word}”.",
            word=talk.say(CONFIRMED),
        ),
        (((talk.say("Delete everything"), "deleteme-yes"), (talk.say("Keep it"), "deleteme-no")),),
    )


async def read_confirmation(talk: Talk) -> None:
    if talk.words.strip("“”\"' .").lower() not in (talk.say(CONFIRMED).lower(), CONFIRMED):
        await keep(talk)
        return
    await forget(talk)


async def forget(talk: Talk) -> None:
    await _manage(talk)
    database = talk.desk.database
    kept = await database.write(forget_chat, talk.chat.id)
    await database.empty_log()
    if not kept:
        raise Refusal(talk.say("Nothing is kept of this chat."))
    await talk.edit(talk.say("Deleted. Nothing of this chat is kept any more. /start begins anew."))


async def keep(talk: Talk) -> None:
    await talk.edit(talk.say("Nothing was deleted."))


async def _manage(talk: Talk) -> None:
    if not await talk.may_manage():
        raise Refusal(talk.say("Only an administrator of this chat can change this."))


COMMANDS = (
    Command("privacy", N_("What is kept of you"), privacy),
    Command("export", N_("All that is kept of you, as a file"), export),
    Command("deleteme", N_("Delete all that is kept of you"), delete_me),
)
BUTTONS = (
    Button("export", export),
    Button("deleteme", delete_me),
    Button("deleteme-yes", forget),
    Button("deleteme-no", keep),
)
ANSWERS = (Answer("deleteme", read_confirmation),)
# Who is not let in, or not any more, may still see and delete what is kept of them.
ALWAYS = (privacy, export, delete_me, forget, keep)
