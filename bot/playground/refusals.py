"""What the Bot API answers when it refuses, word for word as its clients know it.

    Refused
    ├── 400  bad_request(...)            the request is at fault; group upgrades carry migrate_to_chat_id
    ├── 401  unauthorized()              the token is not this bot's
    ├── 403  forbidden(...)              the person or the group does not want the bot
    ├── 404  no_such_method()            unknown method, or a token of the wrong shape
    ├── 409  conflict(...)               another process polls, or a webhook is set
    └── 429  too_many_requests(seconds)  carries retry_after
"""

from typing import Any


class Refused(Exception):
    """One refusal: its HTTP status, its description and its parameters."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_json(self) -> dict[str, Any]:
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def bad_request(what: str, **parameters: int) -> Refused:
    return Refused(400, f"Bad Request: {what}", **parameters)


def forbidden(what: str) -> Refused:
    return Refused(403, f"Forbidden: {what}")


def unauthorized() -> Refused:
    return Refused(401, "Unauthorized")


def no_such_method() -> Refused:
    return Refused(404, "Not Found")


def conflict(what: str) -> Refused:
    return Refused(409, f"Conflict: {what}")


def too_many_requests(seconds: int) -> Refused:
    return Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def blocked() -> Refused:
    return forbidden("bot was blocked by the user")


def deactivated() -> Refused:
    return forbidden("user is deactivated")


def chat_not_found() -> Refused:
    return bad_request("chat not found")


def other_poller() -> Refused:
    return conflict("terminated by other getUpdates request; make sure that only one bot instance is running")


def webhook_is_set() -> Refused:
    remedy = "use deleteWebhook to delete the webhook first"
    return conflict(f"can't use getUpdates method while webhook is active; {remedy}")


def not_modified() -> Refused:
    return bad_request(
        "message is not modified: specified new message content and reply markup are exactly the same "
        "as a current content and reply markup of the message"
    )
