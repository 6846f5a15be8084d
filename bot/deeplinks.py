"""Words that a link to the bot carries: t.me/NAME?start=topic-space_launches. Pure.

Telegram lets through 64 letters, digits, "_" and "-" of the Latin alphabet; other scripts go as base64url of UTF-8.
"""

import base64
import binascii
import re

PLAIN, CODED, STORY = "topic-", "topicx-", "story-"
LONGEST = 64


def topic_of(payload: str) -> str | None:
    """The topic a link asks for; None when it asks for none, or cannot be read."""
    if payload.startswith(CODED):
        coded = payload.removeprefix(CODED)
        try:
            words = base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode("utf-8")
        except (binascii.Error, ValueError):
            return None
    elif payload.startswith(PLAIN):
        words = re.sub("[_-]+", " ", payload.removeprefix(PLAIN))
    else:
        return None
    return " ".join(words.split()) or None


def story_of(payload: str) -> str | None:
    """The id of the story that a link opens; None when it opens none."""
    id = payload.removeprefix(STORY)
    return id if payload.startswith(STORY) and id.isascii() and id.isdigit() else None


def payload_of(topic: str) -> str | None:
    """What stands after "?start="; None when the topic is too long for a link."""
    words = " ".join(topic.split())
    plain = PLAIN + words.replace(" ", "_")
    if not re.fullmatch("[A-Za-z0-9_]+", words.replace(" ", "_")) or topic_of(plain) != words:
        plain = CODED + base64.urlsafe_b64encode(words.encode()).decode().rstrip("=")
    return plain if len(plain) <= LONGEST else None
