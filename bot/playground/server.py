"""The playground on HTTP: the Bot API's side, and what serves both it and the chat page. Loopback only."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_address
from typing import Any

import aiohttp
from aiohttp import web

from bot.playground.call import Call, read_call
from bot.playground.faults import Fault
from bot.playground.methods import SENDING, method_named
from bot.playground.playground import Playground
from bot.playground.refusals import Refused, bad_request, no_such_method, unauthorized
from bot.playground.sending import named_chat
from bot.playground.updates import Webhook
from bot.playground.visitor import add_visitor_routes

PLAYGROUND = web.AppKey("playground", Playground)
LARGEST_BODY = 52 * 1024 * 1024
LONGEST_SILENCE_SECONDS = 600
WEBHOOK_SECONDS = 10
WEBHOOK_PAUSES = (1, 2, 5, 10, 30)
_TOKEN = re.compile(r"\d+:[\w-]{30,}")
_LOCAL_NAMES = ("localhost", "127.0.0.1", "::1", "[::1]")
_BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


@asynccontextmanager
async def serve(playground: Playground, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """The address, http://127.0.0.1:PORT, of the chat page; the Bot API is below it at /bot, its files at /file/bot.

    ValueError for a host that is not loopback, OSError when the port is taken.
    """
    if host != "localhost" and not ip_address(host).is_loopback:
        raise ValueError(f"{host} is not a loopback address: the playground is for this machine only")
    runner = web.AppRunner(create_app(playground), access_log=None, handler_cancellation=True, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        bound = runner.addresses[0][1]
        yield f"http://[{host}]:{bound}" if ":" in host else f"http://{host}:{bound}"
    finally:
        await runner.cleanup()


def create_app(playground: Playground) -> web.Application:
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[_only_from_here])
    app[PLAYGROUND] = playground
    playground.closing = False
    app.router.add_route("*", "/bot{token}/{method}", _bot_request)
    app.router.add_get("/file/bot{token}/documents/{file}", _download)
    add_visitor_routes(app, playground)
    app.cleanup_ctx.append(_webhook_delivery)
    app.on_shutdown.append(_let_go)
    return app


@web.middleware
async def _only_from_here(request: web.Request, handler: Any) -> web.StreamResponse:
    """A foreign page whose name was pointed at loopback shows that name as Host; a foreign script shows its Origin."""
    host = re.sub(r":\d+$", "", request.headers.get("Host", ""))
    origin = request.headers.get("Origin")
    if host not in _LOCAL_NAMES or (origin and origin != f"http://{request.headers['Host']}"):
        return web.Response(status=403, text="The playground answers to pages of its own address only.\n")
    response: web.StreamResponse = await handler(request)
    return response


async def _let_go(app: web.Application) -> None:
    app[PLAYGROUND].close()


# ---- the Bot API


async def _bot_request(request: web.Request) -> web.StreamResponse:
    playground = request.app[PLAYGROUND]
    try:
        known = method_named(request.match_info["method"])
        name = known[0] if known else "getUpdates"
        _check_token(playground, request.match_info["token"])
        if known is None and request.match_info["method"].lower() != "getupdates":
            raise no_such_method()
        call = await read_call(request, name)
    except Refused as refusal:
        return _refusal(refusal)
    call.at = playground.rate.clock()
    return await _with_fault(request, playground, call, _fault_of(playground, call))


def _check_token(playground: Playground, token: str) -> None:
    if token != playground.token:
        raise unauthorized() if _TOKEN.fullmatch(token) else no_such_method()


def _fault_of(playground: Playground, call: Call) -> Fault:
    fault = playground.fault_for(call) if playground.fault_for else None
    if fault is None and playground.faults and call.method in SENDING:
        fault = playground.faults.popleft()
    return fault or Fault()


async def _with_fault(
    request: web.Request, playground: Playground, call: Call, fault: Fault
) -> web.StreamResponse:
    if fault.delay:
        await asyncio.sleep(fault.delay)
    if fault.accepted:
        response = await _answer(playground, call)
    else:
        call.refusal = fault.refusal
        playground.calls.append(call)
        response = _refusal(fault.refusal or bad_request("lost on the way"))
    if fault.answer == "silent":
        await asyncio.sleep(LONGEST_SILENCE_SECONDS)
    if fault.answer in ("silent", "dropped") and request.transport:
        request.transport.abort()
    if fault.answer == "html":
        return web.Response(status=502, text=_BAD_GATEWAY, content_type="text/html")
    return response


async def _answer(playground: Playground, call: Call) -> web.Response:
    try:
        if call.method == "getUpdates":
            return _result(await _get_updates(playground, call))
        playground.calls.append(call)
        return _result(_carry_out(playground, call))
    except Refused as refusal:
        call.refusal = refusal
        return _refusal(refusal)


def _carry_out(playground: Playground, call: Call) -> Any:
    known = method_named(call.method)
    assert known is not None
    if call.method in SENDING:
        place = named_chat(playground, call)
        count = len(call.records("media")) if call.method == "sendMediaGroup" else 1
        refusal = playground.rate.admit(place.id, count, group=place.type in ("group", "supergroup"))
        if refusal:
            raise refusal
    return known[1](playground, call)


async def _get_updates(playground: Playground, call: Call) -> list[Any]:
    allowed = call.json("allowed_updates")
    return await playground.updates.poll(
        call.integer("offset"), call.integer("limit", 100), call.integer("timeout"), allowed
    )


def _result(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _refusal(refusal: Refused) -> web.Response:
    return web.json_response(refusal.as_json(), status=refusal.code)


async def _download(request: web.Request) -> web.Response:
    playground = request.app[PLAYGROUND]
    file = playground.files.get(request.match_info["file"])
    if request.match_info["token"] != playground.token or file is None:
        return _refusal(no_such_method())
    return web.Response(body=file.content, content_type="application/octet-stream")


# ---- the webhook


async def _webhook_delivery(app: web.Application) -> AsyncIterator[None]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=WEBHOOK_SECONDS)) as session:
        task = asyncio.create_task(_deliver(app[PLAYGROUND], session))
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _deliver(playground: Playground, session: aiohttp.ClientSession) -> None:
    """Post updates in order, each until it is answered with a 2xx, with growing pauses."""
    failures = 0
    while True:
        update = await playground.updates.next()
        webhook = playground.updates.webhook
        assert webhook is not None
        error = await _post(session, webhook, update)
        if not error:
            failures = 0
            playground.updates.confirm(update["update_id"] + 1)
            continue
        webhook.last_error, webhook.last_error_at = error, playground.now()
        await asyncio.sleep(WEBHOOK_PAUSES[min(failures, len(WEBHOOK_PAUSES) - 1)])
        failures += 1


async def _post(session: aiohttp.ClientSession, webhook: Webhook, update: Any) -> str:
    """What went wrong in Telegram's words; "" when it was taken."""
    headers = {"Content-Type": "application/json"}
    if webhook.secret:
        headers["X-Telegram-Bot-Api-Secret-Token"] = webhook.secret
    try:
        async with session.post(webhook.url, data=json.dumps(update), headers=headers) as response:
            if response.ok:
                return ""
            return f"Wrong response from the webhook: {response.status} {response.reason}"
    except (aiohttp.ClientError, TimeoutError) as error:
        return f"Connection failed: {error}"
