"""The grouper's window, built from the tables: so a restart files as if nothing had stopped."""

import asyncio
from datetime import datetime, timedelta

from db.articles import window_texts
from db.engine import Database
from db.stories import names_told_or_followed
from jobs.group import Grouper

WINDOW = timedelta(hours=72)
HELD = timedelta(days=7)  # a story that was told or is followed stays so long


async def build_grouper(database: Database, now: datetime) -> Grouper:
    """Reads the window's articles once: a second of CPU for every two thousand."""
    held = await database.read(names_told_or_followed, now - HELD)
    filed = await database.read(window_texts, now - WINDOW, held, now - HELD)
    grouper = Grouper()
    await asyncio.to_thread(grouper.adopt, filed, held)
    return grouper


async def hold_told(grouper: Grouper, database: Database, since: datetime) -> None:
    """Keeps the stories that were told since then or are followed."""
    for name in await database.read(names_told_or_followed, since):
        grouper.hold(name)
