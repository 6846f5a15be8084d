"""Inline mode: the bot's answer to `@bot words`, and what a person's choice among its results does."""

from __future__ import annotations

import secrets

from bot.playground.call import Call
from bot.playground.chats import Json, Message, Person
from bot.playground.markup import Formatted
from bot.playground.playground import ChatLike, Playground
from bot.playground.refusals import bad_request
from bot.playground.sending import markup_of, text_of

MOST_RESULTS = 50


def answer_inline_query(playground: Playground, call: Call) -> bool:
    query = call.text("inline_query_id")
    if query not in playground.inline_queries:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    results = call.records("results", "inline query results")
    if len(results) > MOST_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    numbers = [str(result.get("id", "")) for result in results]
    if any(not 1 <= len(number.encode()) <= 64 for number in numbers):
        raise bad_request("RESULT_ID_INVALID")
    if len(set(numbers)) < len(numbers):
        raise bad_request("RESULT_ID_DUPLICATE")
    for result in results:
        check_result(result)
    playground.inline_queries[query] = {
        "results": results,
        "cache_time": call.integer("cache_time", 300),
        "next_offset": call.text("next_offset"),
        "button": call.record("button"),
    }
    playground.notify("inline", query)
    return True


def check_result(result: Json) -> Formatted:
    """What choosing this result would send; raise what Telegram would say of it."""
    if result.get("type") != "article":
        raise bad_request("can't parse inline query result: only articles are known here")
    if not str(result.get("title", "")).strip():
        raise bad_request("can't parse inline query result: Can't find field \"title\"")
    content = Call("sendMessage", dict(result.get("input_message_content") or {}))
    markup_of(Call("sendMessage", {"reply_markup": result.get("reply_markup")}))
    return text_of(content, "message_text")


def choose(playground: Playground, person: Person, query: str, result_id: str, chat: ChatLike) -> Message:
    """A person taps a result: it is sent in their name and the bot is told. LookupError: there is no such result."""
    answer = playground.inline_queries.get(query) or {"results": []}
    result = next((r for r in answer["results"] if str(r["id"]) == result_id), None)
    if result is None:
        raise LookupError(f"inline query {query} has no result {result_id!r}")
    formatted = check_result(result)
    message = playground.add_message(
        playground.chat(chat),
        person,
        text=formatted.text,
        entities=formatted.entities,
        markup=result.get("reply_markup"),
        preview=(result.get("input_message_content") or {}).get("link_preview_options"),
        via_bot=playground.bot,
        inline_id=secrets.token_hex(12) if result.get("reply_markup") else "",
    )
    chosen: Json = {"result_id": result_id, "from": person.as_json(), "query": ""}
    reachable = {"inline_message_id": message.inline_id} if message.inline_id else {}
    playground.updates.push({"chosen_inline_result": chosen | reachable})
    return message
