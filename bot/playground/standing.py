"""Who is who in a chat, in the Bot API's form: ChatMember objects and the news of a change."""

from datetime import datetime

from bot.playground.chats import Chat, Json, Person, Standing

_LEADER_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
_CHANNEL_RIGHTS = ("can_post_messages", "can_edit_messages")
_GROUP_RIGHTS = ("can_pin_messages", "can_manage_topics")
_MEMBER_RIGHTS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


def chat_member(person: Person, standing: Standing, chat: Chat) -> Json:
    member: Json = {"status": standing, "user": person.as_json()}
    if standing == "creator":
        return member | {"is_anonymous": False}
    if standing == "administrator":
        more = _CHANNEL_RIGHTS if chat.type == "channel" else _GROUP_RIGHTS
        return member | {"can_be_edited": False, "is_anonymous": False} | dict.fromkeys(_LEADER_RIGHTS + more, True)
    if standing == "restricted":
        return member | {"is_member": True, "until_date": 0} | dict.fromkeys(_MEMBER_RIGHTS, chat.bot_may_write)
    return member | ({"until_date": 0} if standing == "kicked" else {})


def standing_changed(
    chat: Chat, by: Person, subject: Person, was: Standing, became: Standing, at: datetime
) -> Json:
    """ChatMemberUpdated, for my_chat_member and chat_member."""
    return {
        "chat": chat.as_json(),
        "from": by.as_json(),
        "date": int(at.timestamp()),
        "old_chat_member": chat_member(subject, was, chat),
        "new_chat_member": chat_member(subject, became, chat),
    }
