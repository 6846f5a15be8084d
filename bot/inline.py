"""`@bot topic` in any chat: the stored stories on it, to be put into that chat."""

from datetime import datetime

from sqlmodel import Session
from telegram import InlineQuery, InlineQueryResultArticle, InputTextMessageContent, LinkPreviewOptions
from telegram.constants import ParseMode

from bot.messages import cut, pack, story_blocks
from bot.speech import Speech
from bot.stories import whole
from db.records import StoryView
from db.search import search_stories
from db.stories import newest_stories, story_views
from jobs.digest import FRESH
from jobs.lookup import query_terms

SHOWN = 5
CACHE_SECONDS = 300
ASKED_CHARS = 200


def found(session: Session, asked: str, now: datetime) -> list[StoryView]:
    """The newest stories on what was typed; of all, where nothing was typed."""
    if not asked:
        return story_views(session, newest_stories(session, now - FRESH, SHOWN))
    return story_views(session, search_stories(session, query_terms(asked), SHOWN))


async def answer(query: InlineQuery, stories: list[StoryView], say: Speech, now: datetime) -> None:
    """What is typed is the same for everybody who speaks the language, but Telegram's cache knows no language."""
    results = [_result(view, say, now) for view in stories]
    await query.answer(results, cache_time=CACHE_SECONDS, is_personal=True)


def _result(view: StoryView, say: Speech, now: datetime) -> InlineQueryResultArticle:
    page = pack(story_blocks(whole(view), 1, say, now, length="short", zone="UTC"))[0]
    content = InputTextMessageContent(page.html, ParseMode.HTML, link_preview_options=LinkPreviewOptions(True))
    return InlineQueryResultArticle(str(view.id), cut(view.headline, 120), content)
