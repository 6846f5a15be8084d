"""Updates, tokens, webhooks and who may ask at all, over the real wire."""

import asyncio

import aiohttp
import pytest
from telegram import (
    Bot,
    Update,
)
from telegram.error import (
    BadRequest,
    Conflict,
    InvalidToken,
)
from telegram.ext import Application, CommandHandler, ContextTypes

from bot.playground import Playground, serve
from tests.playground.conftest import bot_at


async def test_an_unchanged_application_polls_and_answers(playground: Playground, address: str) -> None:
    async def hello(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_html(f"<b>Welcome</b>, {' '.join(context.args or [])}")

    app = Application.builder().token(playground.token).base_url(f"{address}/bot").job_queue(None).build()
    app.add_handler(CommandHandler("start", hello))
    async with app:
        assert app.updater is not None
        await app.updater.start_polling()
        await app.start()
        playground.say(playground.reader, "/start topic-harbour")
        answer = await playground.next_message(playground.reader)
        await app.updater.stop()
        await app.stop()
    assert answer.text == "Welcome, topic-harbour"
    assert answer.entities == [{"type": "bold", "offset": 0, "length": 7}]


async def test_the_bot_knows_itself(bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.username, me.is_bot, me.supports_inline_queries) == ("triptych_bot", True, True)


async def test_an_update_is_given_until_it_is_confirmed(playground: Playground, bot: Bot) -> None:
    playground.say(playground.reader, "one")
    playground.say(playground.reader, "two")
    first = await bot.get_updates()
    assert [u.message.text for u in first if u.message] == ["one", "two"]
    assert len(await bot.get_updates()) == 2
    assert [u.update_id for u in await bot.get_updates(offset=first[1].update_id)] == [first[1].update_id]
    assert await bot.get_updates(offset=first[1].update_id + 1) == ()


async def test_a_long_poll_returns_when_somebody_writes(playground: Playground, bot: Bot) -> None:
    polling = asyncio.create_task(bot.get_updates(timeout=5))
    await asyncio.sleep(0.05)
    playground.say(playground.reader, "/latest fisheries")
    (update,) = await polling
    assert update.message is not None
    assert update.message.parse_entities(["bot_command"])


async def test_only_the_kinds_asked_for_are_queued(playground: Playground, bot: Bot) -> None:
    await bot.get_updates(allowed_updates=["callback_query"])
    playground.say(playground.reader, "unheard")
    assert await bot.get_updates() == ()


async def test_a_second_poller_ends_the_first(bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=5))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(bot.get_updates(timeout=1))
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await first
    assert await second == ()


async def test_a_wrong_token_and_an_unknown_method_are_told_apart(playground: Playground, address: str) -> None:
    with pytest.raises(InvalidToken):
        async with bot_at(address, "123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"):
            pass
    unauthorized = {"ok": False, "error_code": 401, "description": "Unauthorized"}
    not_found = {"ok": False, "error_code": 404, "description": "Not Found"}
    asked = {
        "123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/getMe": unauthorized,
        "nonsense/getMe": not_found,
        f"{playground.token}/brewCoffee": not_found,
    }
    async with aiohttp.ClientSession() as http:
        for path, expected in asked.items():
            async with http.get(f"{address}/bot{path}") as answer:
                assert await answer.json() == expected


async def test_a_webhook_gets_the_updates_with_its_secret(playground: Playground, bot: Bot) -> None:
    got: asyncio.Queue[tuple[str, str]] = asyncio.Queue()

    async def receive(request: aiohttp.web.Request) -> aiohttp.web.Response:
        secret = request.headers["X-Telegram-Bot-Api-Secret-Token"]
        got.put_nowait((secret, (await request.json())["message"]["text"]))
        return aiohttp.web.Response()

    receiver = aiohttp.web.Application()
    receiver.router.add_post("/hook", receive)
    runner = aiohttp.web.AppRunner(receiver)
    await runner.setup()
    await aiohttp.web.TCPSite(runner, "127.0.0.1", 0).start()
    await bot.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/hook", secret_token="s3cret")
    playground.say(playground.reader, "by post")
    assert await asyncio.wait_for(got.get(), 5) == ("s3cret", "by post")
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert (await bot.get_webhook_info()).pending_update_count == 0
    await runner.cleanup()


async def test_a_webhook_elsewhere_is_refused(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Bad webhook"):
        await bot.set_webhook("https://harbour.example/hook")


async def test_it_serves_loopback_only(playground: Playground) -> None:
    with pytest.raises(ValueError, match="not a loopback address"):
        async with serve(playground, host="0.0.0.0"):
            pass


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}])
async def test_pages_of_other_sites_are_refused(address: str, headers: dict[str, str]) -> None:
    async with aiohttp.ClientSession() as http, http.get(address, headers=headers) as answer:
        assert answer.status == 403


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"chat_id=1001&text=%ff%fe", "application/x-www-form-urlencoded"),
        (b'{"chat_id": 1001, "text": "\\ud800"}', "application/json"),
        (b'{"chat_id": 1001, "text": "\xff"}', "application/json"),
    ],
)
async def test_text_that_is_not_utf8_is_refused(playground: Playground, address: str, body: bytes, kind: str) -> None:
    url = f"{address}/bot{playground.token}/sendMessage"
    async with aiohttp.ClientSession() as http, http.post(url, data=body, headers={"Content-Type": kind}) as answer:
        assert answer.status == 400
        assert (await answer.json())["description"] == "Bad Request: strings must be encoded in UTF-8"


async def test_edits_posts_and_anonymous_administrators_are_told_apart(playground: Playground, bot: Bot) -> None:
    playground.join(playground.channel)
    playground.join(playground.group)
    await bot.get_updates(offset=-1)
    corrected = playground.say(playground.reader, "/latest cod")
    playground.edit(corrected, "/latest coal")
    playground.say(playground.admin, "Good morning", playground.channel)
    playground.say(playground.admin, "/settings", playground.group, anonymous=True)
    _, _, edit, post, anonymous = await bot.get_updates()
    assert edit.edited_message is not None
    assert edit.edited_message.text == "/latest coal"
    assert post.channel_post is not None
    assert (post.channel_post.from_user, post.channel_post.sender_chat) == (None, post.channel_post.chat)
    assert anonymous.message is not None
    assert anonymous.message.from_user is not None
    assert anonymous.message.from_user.username == "GroupAnonymousBot"
    assert anonymous.message.sender_chat == anonymous.message.chat


async def test_a_bot_that_is_removed_is_told_and_hears_no_more(playground: Playground, bot: Bot) -> None:
    playground.join(playground.group)
    playground.leave(playground.group)
    playground.say(playground.reader, "/latest cod", playground.group)
    statuses = [u.my_chat_member.new_chat_member.status for u in await bot.get_updates() if u.my_chat_member]
    assert statuses == ["member", "kicked"]
    assert not [u for u in await bot.get_updates() if u.message and u.message.text]
