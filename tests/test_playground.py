"""The playground over the real wire: python-telegram-bot's own Bot talks to it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
import pytest_asyncio
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputMediaDocument,
    InputTextMessageContent,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)
from telegram.ext import Application, CommandHandler, ContextTypes
from telegram.request import HTTPXRequest

from bot.playground import Playground, serve
from bot.playground.faults import bad_gateway, delay, drop, refuse, silence
from bot.playground.inline import choose
from bot.playground.rate import RateLimit
from bot.playground.refusals import bad_request, forbidden

NOW = datetime(2031, 5, 6, 7, 30, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (640).to_bytes(4, "big") + (360).to_bytes(4, "big")


def bot_at(address: str, token: str, seconds: float = 5) -> Bot:
    asking, polling = (HTTPXRequest(read_timeout=seconds, connection_pool_size=20) for _ in range(2))
    urls = (f"{address}/bot", f"{address}/file/bot")
    return Bot(token, *urls, request=asking, get_updates_request=polling)


@pytest.fixture
def playground() -> Playground:
    made = Playground(lambda: NOW)
    made.reader.started = made.admin.started = True
    return made


@pytest_asyncio.fixture
async def address(playground: Playground) -> AsyncIterator[str]:
    async with serve(playground) as served:
        yield served


@pytest_asyncio.fixture
async def bot(playground: Playground, address: str) -> AsyncIterator[Bot]:
    async with bot_at(address, playground.token) as made:
        yield made


@pytest.fixture
def reader(playground: Playground) -> int:
    return playground.reader.id


# ---- a conversation


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


async def test_messages_carry_the_moved_time(playground: Playground, bot: Bot, reader: int) -> None:
    playground.now = lambda: NOW + timedelta(days=2)
    assert (await bot.send_message(reader, "Later")).date == NOW + timedelta(days=2)


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


async def test_a_button_is_pressed_and_the_message_edited_in_place(
    playground: Playground, bot: Bot, reader: int
) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("More", callback_data="more:1")]])
    sent = await bot.send_message(reader, "One line", reply_markup=keyboard)
    query = playground.press(playground.reader, sent.message_id, "More")
    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    assert update.callback_query.data == "more:1"
    assert playground.unanswered() == [query]
    await update.callback_query.answer("Here it is")
    await update.callback_query.edit_message_text("Two lines")
    assert (await playground.answer_to(query))["text"] == "Here it is"
    assert playground.unanswered() == []
    (message,) = playground.sent(reader)
    assert (message.text, message.labels, message.history) == ("Two lines", [], ["One line"])


async def test_a_button_that_is_not_there_cannot_be_pressed(playground: Playground, bot: Bot, reader: int) -> None:
    sent = await bot.send_message(reader, "No buttons")
    with pytest.raises(LookupError, match="no button 'More'"):
        playground.press(playground.reader, sent.message_id, "More")


async def test_a_stale_query_is_refused_in_telegrams_words(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Query is too old and response timeout expired or query id is invalid"):
        await bot.answer_callback_query("unknown")


# ---- limits on what is said


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<b>open", 'Can\'t find end tag corresponding to start tag "b"'),
        ("Straße <h1>x</h1>", 'Unsupported start tag "h1" at byte offset 8'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<a href='x", 'Unclosed start tag "a" at byte offset 0'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
async def test_faulty_markup_is_refused_with_its_place(bot: Bot, reader: int, html: str, fault: str) -> None:
    with pytest.raises(BadRequest) as refused:
        await bot.send_message(reader, html, parse_mode="HTML")
    assert refused.value.message.lower() == f"can't parse entities: {fault}".lower()


async def test_every_tag_becomes_its_entity(playground: Playground, bot: Bot, reader: int) -> None:
    html = (
        "<b>1</b> <strong>2</strong> <i>3</i> <em>4</em> <u>5</u> <s>6</s> <code>7</code> <pre>8</pre>"
        '<a href="https://harbour.example/a?b=1&amp;c=2">9</a> <tg-spoiler>10</tg-spoiler>'
        "<blockquote expandable>11</blockquote> <blockquote>12</blockquote> &lt;&gt;&amp;&quot;&#233;&#x1F30A;"
    )
    sent = await bot.send_message(reader, html, parse_mode="HTML")
    assert sent.text == "1 2 3 4 5 6 7 89 1011 12 <>&\"é🌊"
    assert [entity.type for entity in sent.entities] == [
        *("bold", "bold", "italic", "italic", "underline", "strikethrough", "code", "pre"),
        *("text_link", "spoiler", "expandable_blockquote", "blockquote"),
    ]
    assert playground.sent(reader)[0].links() == ["https://harbour.example/a?b=1&c=2"]


async def test_lengths_are_counted_after_the_markup_is_taken_out(bot: Bot, reader: int) -> None:
    await bot.send_message(reader, f"<b>{'x' * 4096}</b>", parse_mode="HTML")
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(reader, "x" * 4097)
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(reader, "🌊" * 2049)
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.send_document(reader, b"x", caption="x" * 1025, filename="x.txt")


async def test_empty_text_is_refused(bot: Bot, reader: int) -> None:
    with pytest.raises(BadRequest, match="Message text is empty"):
        await bot.send_message(reader, "")
    with pytest.raises(BadRequest, match="Text must be non-empty"):
        await bot.send_message(reader, " \u200b<b> </b>", parse_mode="HTML")


async def test_entities_beyond_a_hundred_are_dropped_and_counted(
    playground: Playground, bot: Bot, reader: int
) -> None:
    sent = await bot.send_message(reader, " ".join(f"<b>{n}</b>" for n in range(103)), parse_mode="HTML")
    assert len(sent.entities) == 100
    assert playground.sent(reader)[0].dropped_entities == 3


@pytest.mark.parametrize(("data", "fits"), [("x" * 64, True), ("x" * 65, False), ("й" * 33, False)])
async def test_callback_data_is_at_most_64_bytes(bot: Bot, reader: int, data: str, fits: bool) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data=data)]])
    if fits:
        await bot.send_message(reader, "x", reply_markup=keyboard)
    else:
        with pytest.raises(BadRequest, match="Button_data_invalid"):
            await bot.send_message(reader, "x", reply_markup=keyboard)


async def test_an_edit_that_changes_nothing_is_refused(bot: Bot, reader: int) -> None:
    sent = await bot.send_message(reader, "Same")
    with pytest.raises(BadRequest, match="Message is not modified: specified new message content"):
        await bot.edit_message_text("Same", reader, sent.message_id)


async def test_what_another_wrote_cannot_be_edited(playground: Playground, bot: Bot, reader: int) -> None:
    theirs = playground.say(playground.reader, "mine")
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("yours", reader, theirs.id)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("yours", reader, 999_999)


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


# ---- who does not want the bot


async def test_a_blocked_bot_is_told_so_and_heard_again_after(playground: Playground, bot: Bot, reader: int) -> None:
    playground.block(playground.reader)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(reader, "x")
    playground.say(playground.reader, "/start")
    await bot.send_message(reader, "x")
    blocked, unblocked, _ = await bot.get_updates()
    assert blocked.my_chat_member is not None
    assert blocked.my_chat_member.new_chat_member.status == "kicked"
    assert unblocked.my_chat_member is not None
    assert unblocked.my_chat_member.new_chat_member.status == "member"


async def test_the_other_refusals_have_telegrams_words(playground: Playground, bot: Bot, reader: int) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(4, "x")
    stranger = playground.add_person("Oksana")
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(stranger.id, "x")
    playground.reader.deactivated = True
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(reader, "x")
    playground.join(playground.group)
    playground.group.bot_may_write = False
    with pytest.raises(BadRequest, match="Not enough rights to send text messages to the chat"):
        await bot.send_message(playground.group.id, "x")
    playground.leave(playground.group)
    with pytest.raises(Forbidden, match="bot was kicked from the group chat"):
        await bot.send_message(playground.group.id, "x")
    with pytest.raises(Forbidden, match="bot is not a member of the channel chat"):
        await bot.send_message(playground.channel.id, "x")


async def test_a_group_that_was_upgraded_names_its_new_id(playground: Playground, bot: Bot) -> None:
    playground.join(playground.group)
    new = playground.upgrade_to_supergroup(playground.group)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(playground.group.id, "x")
    assert moved.value.new_chat_id == new.id
    assert (await bot.send_message(new.id, "x")).chat.type == "supergroup"
    facts = [u.message for u in await bot.get_updates() if u.message]
    assert [m.migrate_to_chat_id for m in facts if m.migrate_to_chat_id] == [new.id]


async def test_topics_of_a_forum_are_kept_apart(playground: Playground, bot: Bot) -> None:
    playground.join(playground.forum, standing="administrator")
    made = await bot.create_forum_topic(playground.forum.id, "Weather")
    sent = await bot.send_message(playground.forum.id, "Rain", message_thread_id=made.message_thread_id)
    assert sent.message_thread_id == made.message_thread_id
    await bot.close_forum_topic(playground.forum.id, made.message_thread_id)
    with pytest.raises(BadRequest, match="Topic_closed"):
        await bot.send_message(playground.forum.id, "Rain", message_thread_id=made.message_thread_id)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(playground.forum.id, "Rain", message_thread_id=999_999)


async def test_in_a_group_the_bot_hears_commands_mentions_and_replies_only(playground: Playground, bot: Bot) -> None:
    group, reader = playground.group, playground.reader
    playground.join(group)
    sent = await bot.send_message(group.id, "Hello")
    for text in ("chatter", "/latest cod", "/latest@other_bot cod", "/latest@triptych_bot cod", "hey @Triptych_Bot"):
        playground.say(reader, text, group)
    playground.say(reader, "and then?", group, reply_to=sent.message_id)
    heard = [u.message.text for u in await bot.get_updates() if u.message and u.message.text]
    assert heard == ["/latest cod", "/latest@triptych_bot cod", "hey @Triptych_Bot", "and then?"]


async def test_a_channel_takes_posts_of_its_administrators(playground: Playground, bot: Bot) -> None:
    playground.join(playground.channel, standing="member")
    with pytest.raises(BadRequest, match="Need administrator rights in the channel chat"):
        await bot.send_message(playground.channel.id, "x")
    playground.join(playground.channel)
    sent = await bot.send_message("@morning_panels", "x")
    assert (sent.from_user, sent.sender_chat) == (None, sent.chat)
    assert await bot.get_chat_member_count(playground.channel.id) == 3
    leaders = await bot.get_chat_administrators(playground.channel.id)
    assert {(m.user.first_name, m.status) for m in leaders} == {("Admin", "creator"), ("Triptych", "administrator")}
    assert (await bot.get_chat_member(playground.channel.id, playground.reader.id)).status == "member"


# ---- the token, the webhook, the address


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


# ---- files, settings, inline mode


async def test_a_document_goes_both_ways(playground: Playground, bot: Bot, reader: int) -> None:
    sent = await bot.send_document(reader, b"<opml/>", filename="sources.opml", caption="<i>All</i>", parse_mode="HTML")
    assert sent.document is not None
    assert (sent.document.file_name, sent.caption) == ("sources.opml", "All")
    playground.say(playground.reader, "mine", document=("mine.opml", b"<opml>x</opml>"))
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.document is not None
    file = await bot.get_file(update.message.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"<opml>x</opml>"


async def test_a_picture_keeps_its_size_and_an_album_is_one(playground: Playground, bot: Bot, reader: int) -> None:
    sent = await bot.send_photo(reader, PNG, caption="Chart")
    assert (sent.photo[0].width, sent.photo[0].height) == (640, 360)
    album = await bot.send_media_group(reader, [InputMediaDocument(b"one"), InputMediaDocument(b"two", caption="Two")])
    assert album[0].media_group_id == album[1].media_group_id
    assert [m.text for m in playground.sent(reader)] == ["Chart", "", "Two"]
    edited = await bot.edit_message_caption(reader, sent.message_id, caption="Chart of May")
    assert getattr(edited, "caption", "") == "Chart of May"
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("x", reader, sent.message_id)


async def test_the_menu_is_the_narrowest_scope_in_the_persons_language(playground: Playground, bot: Bot) -> None:
    await bot.set_my_commands([BotCommand("help", "What I do")])
    await bot.set_my_commands([BotCommand("help", "Що я роблю")], language_code="uk")
    await bot.set_my_commands([BotCommand("sources", "Sources")], scope=BotCommandScopeChat(playground.admin.id))

    def menu(person: object) -> list[str]:
        assert person in (playground.reader, playground.admin)
        chosen = playground.reader if person is playground.reader else playground.admin
        return [c["description"] for c in playground.profile.commands_for(chosen, playground.chat(chosen))]

    assert (menu(playground.reader), menu(playground.admin)) == (["What I do"], ["Sources"])
    playground.reader.language = "uk"
    assert menu(playground.reader) == ["Що я роблю"]
    await bot.delete_my_commands(scope=BotCommandScopeChat(playground.admin.id))
    assert menu(playground.admin) == ["What I do"]
    with pytest.raises(BadRequest, match="Bot_command_invalid"):
        await bot.set_my_commands([BotCommand("Help!", "x")])


async def test_descriptions_and_reply_keyboards_are_kept(playground: Playground, bot: Bot, reader: int) -> None:
    await bot.set_my_description("News in three panels", language_code="en")
    await bot.set_my_short_description("News")
    await bot.set_my_name("Triptych")
    assert (await bot.get_my_description("en")).description == "News in three panels"
    await bot.set_chat_menu_button(reader)
    await bot.send_message(reader, "When?", reply_markup=ReplyKeyboardMarkup([["07:30", "08:00"]]))
    assert playground.sent(reader)[0].labels == ["07:30", "08:00"]


async def test_inline_results_are_chosen_and_sent_in_the_persons_name(playground: Playground, bot: Bot) -> None:
    query = playground.ask_inline(playground.reader, "cod", playground.group)
    (update,) = await bot.get_updates()
    assert update.inline_query is not None
    content = InputTextMessageContent("<b>Cod</b>", parse_mode="HTML")
    await update.inline_query.answer([InlineQueryResultArticle("1", "Cod quota", content)], cache_time=10)
    assert (await playground.inline_answer(query))["cache_time"] == 10
    sent = choose(playground, playground.reader, query, "1", playground.group)
    assert (sent.text, sent.via_bot) == ("Cod", playground.bot)
    (chosen,) = await bot.get_updates(offset=update.update_id + 1)
    assert chosen.chosen_inline_result is not None
    assert chosen.chosen_inline_result.result_id == "1"


async def test_messages_are_deleted_pinned_forwarded_and_copied(playground: Playground, bot: Bot, reader: int) -> None:
    first = await bot.send_message(reader, "First", link_preview_options=LinkPreviewOptions(url="https://a.example/"))
    await bot.pin_chat_message(reader, first.message_id)
    pinned = (await bot.get_chat(reader)).pinned_message
    assert pinned is not None
    assert pinned.message_id == first.message_id
    await bot.forward_message(playground.admin.id, reader, first.message_id)
    await bot.copy_message(playground.admin.id, reader, first.message_id)
    assert [m.text for m in playground.sent(playground.admin)] == ["First", "First"]
    await bot.delete_message(reader, first.message_id)
    assert playground.sent(reader) == []
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(reader, first.message_id)


# ---- faults on purpose, and the limits on sending


async def test_faults_are_spent_on_sending_requests_in_order(playground: Playground, bot: Bot, reader: int) -> None:
    playground.faults.extend(
        [
            refuse(forbidden("bot was blocked by the user")),
            drop(accepted=False),
            drop(accepted=True),
            bad_gateway(),
            delay(0.01),
        ]
    )
    with pytest.raises(Forbidden):
        await bot.send_message(reader, "refused")
    with pytest.raises(NetworkError, match=r"RemoteProtocolError|ReadError"):
        await bot.send_message(reader, "lost before")
    with pytest.raises(NetworkError, match=r"RemoteProtocolError|ReadError"):
        await bot.send_message(reader, "lost after")
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(reader, "bad gateway")
    await bot.send_message(reader, "late")
    assert [m.text for m in playground.sent(reader)] == ["lost after", "late"]


async def test_an_answer_that_never_comes_is_a_time_out_although_accepted(
    playground: Playground, address: str, reader: int
) -> None:
    playground.faults.append(silence(accepted=True))
    async with bot_at(address, playground.token, seconds=0.2) as impatient:
        with pytest.raises(TimedOut):
            await impatient.send_message(reader, "did it come?")
    assert [m.text for m in playground.sent(reader)] == ["did it come?"]


async def test_a_callable_decides_for_every_request(playground: Playground, bot: Bot, reader: int) -> None:
    playground.fault_for = lambda call: refuse(bad_request("no")) if "secret" in call.text("text") else None
    await bot.send_message(reader, "open")
    with pytest.raises(BadRequest):
        await bot.send_message(reader, "secret")
    asked = [(call.method, call.refusal is None) for call in playground.calls]
    assert asked[-2:] == [("sendMessage", True), ("sendMessage", False)]


async def test_the_31st_message_in_a_second_is_refused(
    playground: Playground, bot: Bot, reader: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    seconds = [100.0]
    playground.rate = RateLimit(clock=lambda: seconds[0])
    for n in range(30):
        await bot.send_message(reader, str(n))
    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(reader, "30")
    assert refused.value.retry_after == timedelta(seconds=1)
    seconds[0] += 1
    await bot.send_message(reader, "31")
    rate = playground.rate
    assert (len(rate.accepted), len(rate.refused), rate.most_in_a_second()) == (31, 1, 30)


def test_a_chat_and_a_group_have_limits_of_their_own_when_asked() -> None:
    seconds = [0.0]
    rate = RateLimit(None, chat_per_second=1, group_per_minute=20, clock=lambda: seconds[0])
    assert rate.admit(1) is None
    assert rate.admit(1) is not None
    assert rate.admit(2) is None
    for n in range(20):
        seconds[0] = 10 + n
        assert rate.admit(-3, group=True) is None
    seconds[0] = 31
    refused = rate.admit(-3, group=True)
    assert refused is not None
    assert refused.parameters == {"retry_after": 39}
