"""Quotation marks: where they stand, and whether each opens or closes."""

import re
from collections.abc import Iterator
from typing import NamedTuple

MARK = re.compile(r"''|``|’’|‘‘|[“”«»„‹›\"‟]")
OPENING = frozenset(("“", "«", "„", "‹", "``", "‘‘"))
CLOSING = frozenset(("”", "»", "›", "’’"))
BEFORE_OPENING = frozenset("([{—–―-/:“«„\"'‘")


class Mark(NamedTuple):
    start: int
    end: int
    opens: bool


def marks(text: str, inside: bool = False) -> Iterator[Mark]:
    """The quotation marks of a text. Their place decides before their shape, so mixed or reversed marks are read right.

    `inside`: the text begins inside a quotation.
    """
    for match in MARK.finditer(text):
        opens = _opens(text, match, inside)
        inside = opens
        yield Mark(match.start(), match.end(), opens)


def _opens(text: str, match: re.Match[str], inside: bool) -> bool:
    start, end = match.span()
    before, after = text[start - 1 : start], text[end : end + 1]
    loose_before = not before or before.isspace() or before in BEFORE_OPENING
    loose_after = not after or after.isspace() or after in ".,;:!?)]…—–-"
    if loose_before and not loose_after:
        return True
    if loose_after and not loose_before:
        return False
    if match[0] in OPENING:
        return True
    if match[0] in CLOSING:
        return False
    return not inside
