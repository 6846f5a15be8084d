"""`@bot topic` in any chat: the stored stories on it, to be put into that chat."""

from datetime import datetime

from sqlmodel import Session
from telegram import InlineQuery, InlineQueryResultArticle, InputTextMessageContent, LinkPreviewOptions
from telegram.constants import ParseMode

from bot.asker import midnight
from bot.messages import Block, cut, pack, story_blocks
from bot.speech import Html, Speech
from bot.stories import whole
from db.records import StoryView
from db.stories import story_views
from jobs.finding import find
from jobs.hours import local
from jobs.questions import Question, read_question

SHOWN = 5
CACHE_SECONDS = 300
ASKED_CHARS = 200
TITLE_CHARS = 120


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
