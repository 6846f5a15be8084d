"""In which order updates are answered."""

import asyncio
from collections.abc import Awaitable
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor


class ChatByChat(BaseUpdateProcessor):
    """Updates of one chat one after another, of different chats side by side: nobody waits for another's answer."""

    def __init__(self) -> None:
        super().__init__(max_concurrent_updates=64)
        self._chats: dict[int, tuple[asyncio.Lock, int]] = {}

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        chat = update.effective_chat if isinstance(update, Update) else None
        key = chat.id if chat else 0
        lock, waiting = self._chats.get(key, (asyncio.Lock(), 0))
        self._chats[key] = lock, waiting + 1
        try:
            async with lock:
                await coroutine
        finally:
            lock, waiting = self._chats[key]
            self._chats[key] = lock, waiting - 1
            if waiting == 1:
                del self._chats[key]

    async def initialize(self) -> None:
        """Nothing is opened."""

    async def shutdown(self) -> None:
        """Nothing is closed."""
