"""`@bot topic` in any chat: the stored stories on it, to be put into that chat."""

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

from sqlmodel import Session
from telegram import InlineQuery, InlineQueryResultArticle, InputTextMessageContent, LinkPreviewOptions, Update
from telegram.constants import ParseMode

from bot.context import Desk, Known, known
from bot.found import midnight
from bot.messages import Block, cut, pack, story_blocks
from bot.press import in_languages
from bot.speech import Html, Speech, speech, spoken
from bot.stories import whole
from db.records import StoryView
from db.stories import story_views
from db.subscribers import languages_read
from jobs.finding import find
from jobs.hours import local
from jobs.questions import Question, read_question

SHOWN = 5
CACHE_SECONDS = 300
ASKED_CHARS = 200
TITLE_CHARS = 120


def typed(desk: Desk, may_use: Callable[[Desk, Known], bool]) -> Callable[[Update, Any], Coroutine[Any, Any, None]]:
    """Answers what a person has typed so far; who may not use the bot finds nothing.

    Telegram asks at every pause in typing, so this has an allowance of its own: it takes none from what is said.
    """

    async def handle(update: Update, context: Any) -> None:
        query = update.inline_query
        if query is None or desk.typing.heard(query.from_user.id) != "answer":
            return
        who, now = query.from_user, desk.now()
        facts = await desk.database.read(known, who.id, who.id)
        asked = " ".join(query.query.split())[:ASKED_CHARS]
        stories = await desk.database.read(found, asked, now, facts.zone) if may_use(desk, facts) else []
        say = speech(facts.language or spoken(who.language_code))
        stories = in_languages(stories, languages_read(facts.reads, say.language))
        await answer(query, stories, say, now, facts.zone)

    return handle


def found(session: Session, typed: str, now: datetime, zone: str = "UTC") -> list[StoryView]:
    """The newest stories on what was typed; of all, where nothing was typed."""
    asked = read_question(typed, local(now, zone).date())
    topic = Question(f"{asked.party} {asked.topic}".strip())
    ids = find(session, topic, now, SHOWN, since=midnight(asked, zone)).stories
    return story_views(session, ids) if ids else []


async def answer(query: InlineQuery, stories: list[StoryView], say: Speech, now: datetime, zone: str = "UTC") -> None:
    """Telegram keeps it for this person only: its cache knows no language and no zone."""
    results = [_result(view, say, now, zone) for view in stories]
    await query.answer(results, cache_time=CACHE_SECONDS, is_personal=True)


def _result(view: StoryView, say: Speech, now: datetime, zone: str) -> InlineQueryResultArticle:
    """It stays in the chat, so it says of when it is."""
    of = Block(Html(f"<i>{say('As of {when}.', when=say.stamp(now, zone))}</i>"))
    page = pack([*story_blocks(whole(view), None, say, now, length="first", zone=zone), of])[0]
    content = InputTextMessageContent(page.html, ParseMode.HTML, link_preview_options=LinkPreviewOptions(True))
    return InlineQueryResultArticle(
        str(view.id), cut(view.headline, TITLE_CHARS), content, description=", ".join(view.outlets[:3])
    )
