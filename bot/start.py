"""`triptych run`: settings, logs, then the bot or, without a token, the playground."""

import asyncio
import os
import sys
from collections.abc import Coroutine
from typing import Any

from bot import logs
from bot.listen import StartError
from bot.run import run_until_stopped
from db.engine import DatabaseError
from jobs.settings import Settings, SettingsError, load_settings


def start() -> int:
    """Runs until it is stopped; the exit status."""
    os.environ.setdefault("PTB_TIMEDELTA", "1")  # else python-telegram-bot warns at each of its own RetryAfter
    try:
        settings = load_settings()
        logs.configure(settings.log_level, secrets_of(settings))
        asyncio.run(_chosen(settings))
    except (SettingsError, StartError, DatabaseError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _chosen(settings: Settings) -> Coroutine[Any, Any, None]:
    if settings.bot_token.get_secret_value():
        return run_until_stopped(settings)
    from bot.playground.tryout import try_until_stopped

    return try_until_stopped(settings)


def secrets_of(settings: Settings) -> list[str]:
    """What may never be seen in a log."""
    hidden = (settings.bot_token, settings.llm_key, settings.webhook_secret)
    return [*(secret.get_secret_value() for secret in hidden), settings.database_url]
