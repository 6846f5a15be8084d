"""What goes wrong on purpose: one request refused, lost on the way, answered late or not at all."""

from dataclasses import dataclass
from typing import Literal

from bot.playground.refusals import Refused


@dataclass(frozen=True)
class Fault:
    """How one request fares. It is carried out when `accepted`; what the client sees of it is the `answer`."""

    accepted: bool = True
    answer: Literal["true", "dropped", "silent", "html"] = "true"
    refusal: Refused | None = None  # answered instead of carrying the request out
    delay: float = 0  # seconds before anything happens


def refuse(refusal: Refused) -> Fault:
    return Fault(accepted=False, refusal=refusal)


def drop(*, accepted: bool) -> Fault:
    """The connection closes without an answer: PTB's NetworkError."""
    return Fault(accepted, "dropped")


def silence(*, accepted: bool) -> Fault:
    """No answer until the client gives up: PTB's TimedOut."""
    return Fault(accepted, "silent")


def bad_gateway(*, accepted: bool = False) -> Fault:
    """A proxy's 502 with an HTML page."""
    return Fault(accepted, "html")


def delay(seconds: float) -> Fault:
    return Fault(delay=seconds)
