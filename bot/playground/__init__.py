"""A small Bot API on loopback with a chat page: for a first try without a token, and for tests over the real wire."""

from bot.playground.playground import TOKEN, Playground
from bot.playground.server import create_app, serve

__all__ = ["TOKEN", "Playground", "create_app", "serve"]
