"""Which of a sentence's words are what is said, when its cue and its speaker are known."""

from jobs.condense.asides import subject_after
from jobs.condense.names import Phrase
from jobs.condense.tokens import CLOSE, MARKS, QUOTES, Token
from jobs.condense.vocabulary import NOTHING

ADJUNCTS = frozenset(("prepositions", "times", "adverbs"))
ADJUNCT = 14  # tokens that may stand between a verb and its "that"


def content(line: list[Token], subject: Phrase, last: int) -> tuple[int, int]:
    """What is said with a subject before its verb: after the verb, or before the subject, or around both."""
    opening = subject.first
    follows, marked = after(line, last)
    before = line[opening - 1] if opening else None
    if before is None or before.text not in MARKS or opening < 2:
        return follows
    if before.text in QUOTES and before.low == CLOSE:
        title = (
            line[0].text not in QUOTES
            and not line[0].quoted
            and not ends(line, last)
            and sum(t.quoted for t in line[:opening]) < 6
        )
        return follows if title else around(line, opening, last)
    if before.text == "," and not marked and _parenthetical(line, last):
        return 0, len(line)
    adjunct = line[0].tags & {"prepositions", "conjunctions", "gerunds", "times"} and not line[0].quoted
    if adjunct and not (ends(line, last) and len(line) - last < ADJUNCT // 2):
        return follows
    if opening > 3 and not marked and (ends(line, last) or _told(line, last)):
        return around(line, opening, last)
    return follows


def ends(line: list[Token], last: int) -> bool:
    """Whether nothing that could be said follows the verb."""
    if last >= len(line):
        return True
    token = line[last]
    return (token.text in MARKS and token.text != ":") or bool(token.tags & {"times", "prepositions"})


def _parenthetical(line: list[Token], last: int) -> bool:
    """Whether the attribution that ends at `last` stands between commas in the middle of what is said."""
    comma = next((at for at in range(last, min(len(line) - 3, last + ADJUNCT // 2)) if line[at].text in MARKS), None)
    if comma is None or line[comma].text != ",":
        return False
    return not line[comma + 1].tags & {"saying", "who", "gerunds"} and not _subordinates(line, comma + 1)


def _subordinates(line: list[Token], at: int) -> bool:
    return "conjunctions" in line[at].tags and "coordinators" not in line[at].tags


def _told(line: list[Token], last: int) -> bool:
    """Whether only the one spoken to follows the verb ("…, a source told the Larkmoor Post.")."""
    if "addressed" not in line[last - 1].tags:
        return False
    listener = subject_after(line, last)
    return listener is not None and ends(line, listener.last)


def around(line: list[Token], first: int, last: int) -> tuple[int, int]:
    """What is said before an attribution, and after it when it goes on there."""
    if first <= 1:
        return after(line, last)[0]
    return 0, len(line) if _resumed(line, last) else first


def _resumed(line: list[Token], last: int) -> bool:
    """Whether what is said goes on, in quotation marks, after the attribution that ends at `last`."""
    for at in range(last, min(len(line) - 1, last + 2 * ADJUNCT)):
        if line[at].text in QUOTES:
            return (
                at == last
                or line[at - 1].text in MARKS
                or bool(line[at - 1].tags & {"conjunctions", "that", "adverbs"})
            )
    return False


def _listener_in_marks(line: list[Token], last: int) -> int | None:
    """Where the "that" stands after a newspaper's name in quotation marks ("сообщил «Орскому листку», что …")."""
    if last >= len(line) or line[last].text not in QUOTES:
        return None
    close = next((at for at in range(last + 1, min(len(line) - 2, last + 6)) if line[at].text in QUOTES), None)
    if close is None or line[close + 1].text != "," or "that" not in line[close + 2].tags:
        return None
    return close + 2


def after(line: list[Token], last: int) -> tuple[tuple[int, int], bool]:
    """What is said after a verb, and whether a "that", a quotation or a colon marks its beginning.

    The mark may lie past the person spoken to, times and places ("told reporters in Larkmoor on Monday that …").
    """
    if (named := _listener_in_marks(line, last)) is not None:
        return (named, len(line)), True
    told = {"addressed", "says"} <= line[last - 1].tags
    follows = line[last].tags if last < len(line) else NOTHING
    listener = "declined" in follows or {"objects", "organisations"} <= follows
    adjunct = told or listener or bool(follows & ADJUNCTS) or ("groups" in follows and "determiners" not in follows)
    for at in range(last, min(len(line), last + ADJUNCT)):
        if "that" in line[at].tags and (adjunct or at == last):
            return (at, len(line)), True
        if line[at].text in QUOTES or line[at].text == ":":
            far = at - last > 1 and line[at - 1].text in (",", ":")
            return (at if far else last, len(line)), at - last <= 1 or far
        if line[at].tags & {"says", "thinks", "auxiliaries"}:
            break
    return (last, len(line)), False
