"""What is said to the bot in a group: it answers a mention or a reply to it, and is silent otherwise."""

from bot.context import Talk


def asked_of_the_bot(talk: Talk) -> str | None:
    """The question put to the bot, without its name; None where the message is not for it."""
    message, name = talk.message, f"@{talk.bot.username}"
    if message is None or message.text is None:
        return None
    mentions = message.parse_entities(["mention"])
    mine = [entity for entity, text in mentions.items() if text.lower() == name.lower()]
    if mine:
        return " ".join(talk.words.replace(message.parse_entity(mine[0]), " ").split())
    answered = message.reply_to_message
    if answered is not None and answered.from_user is not None and answered.from_user.id == talk.bot.id:
        return talk.words
    return None
