"""Inline mode."""


from telegram import (
    Bot,
    InlineQueryResultArticle,
    InputTextMessageContent,
)

from bot.playground import Playground
from bot.playground.inline import choose


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
