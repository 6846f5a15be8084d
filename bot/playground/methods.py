"""Every Bot API method the playground knows, in one list. getUpdates waits, so server.py answers it itself."""

from collections.abc import Callable
from typing import Any

from bot.playground import editing, inline, knowing, sending
from bot.playground.call import Call
from bot.playground.playground import Playground

Method = Callable[[Playground, Call], Any]

SENDING: dict[str, Method] = {  # counted against the limits on sending
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendDocument": sending.send_document,
    "sendMediaGroup": sending.send_media_group,
    "forwardMessage": sending.forward_message,
    "copyMessage": sending.copy_message,
}
METHODS: dict[str, Method] = SENDING | {
    "getMe": knowing.get_me,
    "logOut": knowing.done,
    "close": knowing.done,
    "setWebhook": knowing.set_webhook,
    "deleteWebhook": knowing.delete_webhook,
    "getWebhookInfo": knowing.get_webhook_info,
    "sendChatAction": sending.send_chat_action,
    "editMessageText": editing.edit_message_text,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
    "deleteMessages": editing.delete_messages,
    "pinChatMessage": editing.pin_chat_message,
    "unpinChatMessage": editing.unpin_chat_message,
    "answerCallbackQuery": editing.answer_callback_query,
    "answerInlineQuery": inline.answer_inline_query,
    "getFile": knowing.get_file,
    "getChat": knowing.get_chat,
    "getChatMember": knowing.get_chat_member,
    "getChatAdministrators": knowing.get_chat_administrators,
    "getChatMemberCount": knowing.get_chat_member_count,
    "leaveChat": knowing.leave_chat,
    "createForumTopic": knowing.create_forum_topic,
    "closeForumTopic": knowing.close_forum_topic,
    "reopenForumTopic": knowing.reopen_forum_topic,
    "setMyCommands": knowing.set_my_commands,
    "getMyCommands": knowing.get_my_commands,
    "deleteMyCommands": knowing.delete_my_commands,
    "setMyName": knowing.set_my_name,
    "getMyName": knowing.get_my_name,
    "setMyDescription": knowing.set_my_description,
    "getMyDescription": knowing.get_my_description,
    "setMyShortDescription": knowing.set_my_short_description,
    "getMyShortDescription": knowing.get_my_short_description,
    "setChatMenuButton": knowing.set_chat_menu_button,
    "getChatMenuButton": knowing.get_chat_menu_button,
}


def method_named(name: str) -> tuple[str, Method] | None:
    """Names are found in any case, as in Telegram."""
    lowered = name.lower()
    return next(((known, method) for known, method in METHODS.items() if known.lower() == lowered), None)
