"""What Telegram shows of the bot before anybody has written to it, in each language the bot speaks."""

from contextlib import suppress

from telegram.error import TelegramError

from bot.context import Bot
from bot.speech import N_, languages, speech

SHORT = N_("News in three panels: offer, responses, reactions. Every line with its speaker and its source.")  # 0-120
LONG = N_(  # 0-512 characters
    "Each story in three panels: the offer, the responses of those concerned, the reactions of everyone else. "
    "Every line names who speaks and links to its article.\n\n"
    "Tap Start, choose topics and an hour, and briefs come by themselves. Or ask for the latest on a topic."
)


async def describe(bot: Bot) -> None:
    """Sets what differs only: Telegram lets a bot change its descriptions rarely. Nothing depends on them."""
    with suppress(TelegramError):
        for language in languages():
            code, say = "" if language == "en" else language, speech(language)
            if (await bot.get_my_short_description(code)).short_description != say(SHORT):
                await bot.set_my_short_description(say(SHORT), code)
            if (await bot.get_my_description(code)).description != say(LONG):
                await bot.set_my_description(say(LONG), code)
