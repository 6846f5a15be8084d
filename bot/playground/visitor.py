from aiohttp import web

from bot.playground.playground import Playground


def add_visitor_routes(app: web.Application, playground: Playground) -> None:
    pass
