"""How updates come in: by polling or by webhook, and what stands against it."""

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from telegram import Update
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.app import App
from jobs.settings import Settings

UPDATES = [Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER, Update.INLINE_QUERY]
RIVAL_MET, RIVAL_SECONDS = 3, 60.0  # so many conflicts in the first minute: the token is in use elsewhere
REPEATED = logging.getLogger("telegram.polling")  # its lines come once a minute


class StartError(Exception):
    """The bot cannot start; the text says what to do."""


class Rival:
    """Another process that polls with the same token: each poll ends the other's, and neither hears everything."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.was_there = asyncio.Event()  # before this process
        self._clock, self._start, self._met = clock, clock(), 0

    def polling_failed(self, error: TelegramError) -> None:
        """One conflict may be the end of a process that is being replaced."""
        if not isinstance(error, Conflict):
            REPEATED.warning("updates cannot be fetched, and are tried again: %s", error)
            return
        REPEATED.warning("another process polls with this BOT_TOKEN, and neither hears everything: stop one of them")
        self._met += 1
        if self._met >= RIVAL_MET and self._clock() - self._start < RIVAL_SECONDS:
            self.was_there.set()


@asynccontextmanager
async def listening(app: App, settings: Settings, rival: Rival) -> AsyncIterator[None]:
    """Updates come in, by polling or by webhook, until the block is left."""
    assert app.updater is not None
    try:
        await app.initialize()
    except InvalidToken as error:
        await app.bot.request.shutdown()  # a bot that never was initialized does not close it itself
        raise StartError("BOT_TOKEN is refused by Telegram. Ask BotFather for the right one.") from error
    except TelegramError as error:
        await app.bot.request.shutdown()
        raise StartError(f"{settings.telegram_api_url} does not answer as a Bot API server: {error}") from error
    try:
        await app.start()
        try:
            await _listen(app, settings, rival)
            yield
        finally:
            if app.updater.running:
                await app.updater.stop()
            await app.stop()
    finally:
        with suppress(TelegramError):
            await app.shutdown()


async def _listen(app: App, settings: Settings, rival: Rival) -> None:
    assert app.updater is not None
    if not settings.webhook_url:
        await app.updater.start_polling(
            allowed_updates=UPDATES, timeout=20, bootstrap_retries=-1, error_callback=rival.polling_failed
        )
        return
    host, _, port = settings.listen.rpartition(":")
    await app.updater.start_webhook(
        listen=host,
        port=int(port),
        url_path="telegram",
        webhook_url=f"{settings.webhook_url}/telegram",
        secret_token=settings.webhook_secret.get_secret_value() or secrets.token_urlsafe(32),
        allowed_updates=UPDATES,
    )
