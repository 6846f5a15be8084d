"""The grouper's window, built from the tables: so a restart files as if nothing had stopped."""

import asyncio
from datetime import datetime, timedelta

from db.articles import window_articles, window_texts
from db.engine import Database
from db.stories import names_told_or_followed
from jobs.group import LONGEST, Grouper, load_meaning

WINDOW = timedelta(hours=72)
HELD = timedelta(days=7)  # a story that was told or is followed stays so long
CHUNK = 500  # articles taken in at a time: texts of so many are in memory
LEARNED = 4000  # newest articles from which the rarity of words is learned first


async def build_grouper(database: Database, now: datetime) -> Grouper:
    """Reads the window's articles once, on threads: about a second of CPU for every thousand."""
    held = await database.read(names_told_or_followed, now - HELD)
    filed = await database.read(window_articles, now - WINDOW, held, now - HELD)
    grouper = Grouper(load_meaning())
    newest = [article for article, _ in filed[-LEARNED:]]
    for at in range(0, len(newest), CHUNK):
        await asyncio.to_thread(grouper.learn, await database.read(window_texts, newest[at : at + CHUNK], LONGEST))
    for at in range(0, len(filed), CHUNK):
        stories = {str(article): story for article, story in filed[at : at + CHUNK]}
        texts = await database.read(window_texts, [article for article, _ in filed[at : at + CHUNK]], LONGEST)
        await asyncio.to_thread(grouper.adopt, [(text, stories[text.article]) for text in texts], held)
    return grouper


async def hold_told(grouper: Grouper, database: Database, since: datetime) -> None:
    """Keeps the stories that were told since then or are followed."""
    for name in await database.read(names_told_or_followed, since):
        grouper.hold(name)
