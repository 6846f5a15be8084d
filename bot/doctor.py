"""`triptych doctor`: what is well, and what to mend. It changes nothing."""

import asyncio
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import make_url, text
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from db.engine import Database, DatabaseError, connect
from db.migrations import newest, revision
from db.sources import sources
from jobs.settings import Settings, SettingsError, load_settings

Finding = tuple[bool, str]  # whether it is well, and one line


def doctor() -> int:
    """Prints a line for each finding; 1 when something is to be mended."""
    try:
        settings = load_settings()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 1
    findings = [(True, "settings: well"), *_database(settings), asyncio.run(_telegram(settings))]
    for well, line in findings:
        print(line, file=sys.stdout if well else sys.stderr)
    return 0 if all(well for well, _ in findings) else 1


def _database(settings: Settings) -> Iterator[Finding]:
    name = settings.database_url.rpartition("@")[2]
    file = make_url(settings.database_url).database
    if name.startswith("sqlite") and not (file and Path(file).exists()):
        yield True, f"database: {name} does not exist yet; `triptych run` makes it"
        return
    try:
        database = Database(connect(settings.database_url, create=False))
        broken = database.read_now(lambda session: session.execute(text("PRAGMA quick_check(1)")).scalar())
        if broken != "ok":
            yield False, f"database: {name} is damaged ({broken}). Restore a backup: triptych restore FILE"
            return
        if revision(database.engine) != newest():
            yield False, f"database: {name} is of another version; `triptych run` brings it to this one."
            return
        yield True, f"database: {name} is well"
        yield from _sources(database)
    except DatabaseError as error:
        yield False, f"database: {error}"


def _sources(database: Database) -> Iterator[Finding]:
    there = database.read_now(sources)
    if not there:
        yield False, "sources: there are none. Add one: triptych source add https://news.example"
    for source in there:
        if source.error is not None:
            yield False, f"source: {source.error}"
    now = datetime.now(UTC)
    well = [s for s in there if s.error is None and s.last_success_at and (now - s.last_success_at).days < 1]
    if there:
        yield True, f"sources: {len(well)} of {len(there)} answered within a day"


async def _telegram(settings: Settings) -> Finding:
    token = settings.bot_token.get_secret_value()
    if not token:
        return True, "telegram: no BOT_TOKEN, so `triptych run` opens the playground"
    try:
        async with Bot(token, base_url=f"{settings.telegram_api_url}/bot") as bot:
            return True, f"telegram: the token is that of @{bot.username}"
    except InvalidToken:
        return False, "telegram: BOT_TOKEN is refused. Ask BotFather for the right one."
    except TelegramError as error:
        return False, f"telegram: {settings.telegram_api_url} does not answer as a Bot API server: {error}"
