"""What an asker says: /latest and plain questions, and the buttons below a story."""

from sqlmodel import Session

from bot.commands import Button, Command
from bot.context import Refusal, Talk
from bot.messages import cut, pack, story_blocks
from bot.speech import N_, Html
from bot.stories import whole
from db.records import StoryView
from db.search import search_stories
from db.stories import newest_stories, story_views
from jobs.digest import FRESH
from jobs.lookup import query_terms

ASKED_CHARS = 200
SHOWN = 2  # stories in one answer
FAR = 5  # digits of an offset that no press of ours has


async def latest(talk: Talk) -> None:
    """The newest stories on a topic; without one, the newest of all."""
    await _answer(talk, " ".join(talk.words.split()), 0)


async def question(talk: Talk) -> None:
    """A plain message in a private chat is a question."""
    await latest(talk)


async def more(talk: Talk) -> None:
    """Data: "more:OFFSET:WORDS"."""
    offset, _, words = talk.words.partition(":")
    await talk.toast()
    await _answer(talk, words, int(offset) if offset.isdecimal() and len(offset) < FAR else 0)


async def _answer(talk: Talk, asked: str, offset: int) -> None:
    if len(asked) > ASKED_CHARS:
        raise Refusal(talk.say("That is too long to look up. Ask in a few words, such as: /latest space launches"))
    now = talk.desk.now()
    stories = await talk.desk.database.read(_found, asked, offset + SHOWN + 1, talk)
    shown = stories[offset : offset + SHOWN]
    if not shown:
        raise Refusal(_nothing(talk, asked))
    chosen = [whole(view) for view in shown]
    blocks = [
        story_blocks(c, offset + n, talk.say, now, length="short", zone=talk.known.zone)
        for n, c in enumerate(chosen, 1)
    ]
    page = pack(block for story in blocks for block in story)[0]
    numbers = [(str(offset + n), f"story:{view.id}") for n, view in enumerate(shown, 1)]
    onward = [(talk.say("More"), _data(f"more:{offset + SHOWN}:{asked}"))] if len(stories) > offset + SHOWN else []
    await talk.reply(Html(page.html), ((*numbers, *onward),))


def _data(data: str) -> str:
    """At most the 64 bytes that callback data holds."""
    return data.encode()[:64].decode("utf-8", "ignore")


def _found(session: Session, asked: str, limit: int, talk: Talk) -> list[StoryView]:
    now = talk.desk.now()
    if not asked:
        return story_views(session, newest_stories(session, now - FRESH, limit))
    return story_views(session, search_stories(session, query_terms(asked), limit))


def _nothing(talk: Talk, asked: str) -> str:
    if not asked:
        return talk.say("There is no news yet.")
    return talk.say(
        "Nothing on “{topic}” in the sources here. Try other words, or /latest for the newest.", topic=cut(asked, 60)
    )


COMMANDS = (Command("latest", N_("The latest on a topic"), latest),)
BUTTONS = (Button("more", more),)
