"""The subject of a verb, before it or after it, with what the asides beside it say of it.

An aside describes a name (", head of the house,"), or names who was described (", Edda Quill,").
"""

from dataclasses import replace

from jobs.condense.names import Phrase, part_of_name, phrase_of
from jobs.condense.phrases import (
    LINKING,
    LONGEST,
    OUTSIDE,
    OWNING,
    STRIPPED,
    breaks,
    can_speak,
    finished,
    goes_on,
    nominal,
    opens_clause,
    phrase_before,
)
from jobs.condense.tokens import BREAKS, INSTITUTIONS, MARKS, NOMINAL, PRONOUNS, QUOTES, Token

SKIPPED = frozenset(("auxiliaries", "adverbs", "times"))
RELATIVE = frozenset(("who",))


def subject_before(line: list[Token], at: int) -> Phrase | None:
    """The phrase that ends before token `at` (a verb), past its auxiliaries, adverbs, times and asides."""
    last = at
    while last > 0 and line[last - 1].tags & SKIPPED and not nominal(line, last - 1):
        last -= 1
        if last > 1 and "times" in line[last].tags and "prepositions" in line[last - 1].tags:
            last -= 1  # "the mayor on Monday said"
    if last == 0:
        return None
    if line[last - 1].text == ",":
        stray = phrase_before(line, last - 1) if last > 1 and line[last - 2].text == ")" else None
        return _before_aside(line, last - 1) or stray
    return _unclosed(line, last) or phrase_before(line, last)


def _unclosed(line: list[Token], last: int) -> Phrase | None:
    """A name whose apposition no comma closes ("Edda Quill, head of policy at the Harbour Trust said")."""
    comma = next((at for at in range(last - 1, max(0, last - LONGEST), -1) if line[at].text in MARKS), 0)
    if comma < 2 or line[comma].text != "," or not any("linkers" in token.tags for token in line[comma + 2 : last]):
        return None
    role = next((at for at in range(comma + 1, last) if line[at].tags & {"roles", "linkers"}), last)
    if role == last or "roles" not in line[role].tags or line[role].capital or not _tells_who(line, comma + 1, last):
        return None
    phrase = phrase_before(line, comma)
    if phrase is None or phrase.name is None or phrase.last - phrase.first < 2 or phrase.name[1] != comma:
        return None
    opens = phrase.first == 0 or line[phrase.first - 1].text in MARKS
    return replace(phrase, described=(comma + 1, last), before=False) if opens and not phrase.described else None


def subject_after(line: list[Token], at: int) -> Phrase | None:
    """The phrase that begins at token `at`, after a verb, with the apposition that follows it."""
    first = _past_adjuncts(line, at)
    last, bracket = first, False
    while last < len(line) and last - first < LONGEST:
        if line[last].text == "(" and last > first:
            bracket = True
        elif line[last].text == ")" and bracket:
            bracket = False
        elif not bracket and not goes_on(line, first, last):
            break
        last += 1
    while last > first and line[last - 1].tags & STRIPPED and not nominal(line, last - 1):
        last -= 1
    if last == first or (line[first].quoted and not line[at - 1].quoted):
        return None
    phrase = phrase_of(line, first, last)
    if "documents" in line[phrase.head].tags and last + 1 < len(line) and "authors" in line[last].tags:
        author = subject_after(line, last + 1)
        return author if author and author.name else phrase
    return with_apposition(line, phrase)


def _past_adjuncts(line: list[Token], at: int) -> int:
    """The token after adverbs and times that may stand between a verb and its subject ("said on Monday Quill")."""
    while at < len(line) and not line[at].capital:
        timed = "prepositions" in line[at].tags and at + 1 < len(line) and "times" in line[at + 1].tags
        if timed:
            at += 2
        elif line[at].tags & SKIPPED:
            at += 1
        else:
            break
    return at


def _before_aside(line: list[Token], comma: int) -> Phrase | None:
    """The phrase before ", head of the house," or ", who left,"; the aside describes or names it when it can."""
    found: Phrase | None = None
    for back in range(comma - 1, max(-1, comma - 2 * LONGEST), -1):
        if line[back].text in QUOTES or line[back].text in (";", ":"):
            return None
        if line[back].text == ",":
            if titled := _titled(line, back, comma):
                return titled
            phrase = phrase_before(line, _past_times(line, back))
            if not phrase or not can_speak(line, phrase) or not opens_clause(line, phrase.first):
                continue
            phrase = _described(line, phrase, back + 1, comma)
            if phrase.name or phrase.first == 0 or line[phrase.first - 1].text != ",":
                return phrase
            found, comma = found or phrase, back  # an apposition itself: whom it describes stands before it
    return found


def _titled(line: list[Token], comma: int, last: int) -> Phrase | None:
    """A full name between commas, with the role of several phrases before it ("the envoy on rights in Lund, Edda Quill,
    said")."""
    if last - comma < 3 or not _wholly_name(line, comma + 1, last):
        return None
    start = next((at + 1 for at in range(comma - 1, -1, -1) if line[at].text in MARKS), 0)
    if comma - start > LONGEST or not part_of_name(line, last - 1):
        return None
    role = next((at for at in range(start, comma) if "roles" in line[at].tags and not line[at].capital), comma)
    if role == comma or any(breaks(line, at) and "coordinators" not in line[at].tags for at in range(role, comma)):
        return None
    first = role
    while first > start and _before_role(line, first - 1):
        first -= 1
        if "determiners" in line[first].tags:
            break
    opens = first == start or line[first - 1].tags & (OUTSIDE | BREAKS)
    inner = phrase_of(line, comma + 1, last)
    return Phrase(first, last, last - 1, inner.name, (first, comma), True) if opens and inner.name else None


def _wholly_name(line: list[Token], first: int, last: int) -> bool:
    return all(token.capital or "particles" in token.tags for token in line[first:last])


def _before_role(line: list[Token], at: int) -> bool:
    """Whether a token before a role belongs to it ("the Bank of Lund's chief")."""
    tight = "tight" in line[at].tags and at > 0 and line[at - 1].capital and line[at + 1].capital
    return tight or not (line[at].tags & OUTSIDE or breaks(line, at))


def _past_times(line: list[Token], last: int) -> int:
    """Where a phrase before token `last` ends, when a time stands there too ("The mayor on Monday, May 1, said")."""
    end = last
    while end > 1 and "times" in line[end - 1].tags:
        end -= 1
    return end - 1 if 1 < end < last and "prepositions" in line[end - 1].tags else end


def _described(line: list[Token], phrase: Phrase, first: int, last: int) -> Phrase:
    """The phrase with what an aside says of it: who that is, or its name."""
    if first >= last or last - first > LONGEST:
        return phrase
    if phrase.name is None:
        inner = phrase_of(line, first, last)
        if inner.name and inner.name[1] == last and _wholly_name(line, first, last):
            return Phrase(phrase.first, last, inner.head, inner.name, (phrase.first, phrase.last), True)
        return phrase
    if not _represents(line, first) and not _tells_who(line, first, last):
        return phrase
    return Phrase(phrase.first, phrase.last, phrase.head, phrase.name, (first, last))


def _represents(line: list[Token], first: int) -> bool:
    """Whether an aside tells for whom somebody speaks ("who represents Quill")."""
    return first + 1 < len(line) and "who" in line[first].tags and "represents" in line[first + 1].tags


def _tells_who(line: list[Token], first: int, last: int) -> bool:
    """Whether an aside is a noun phrase with a role or an institution in it, not a clause."""
    opening = line[first].tags
    led = first + 1 < last and "roles" in line[first + 1].tags  # "managing partner"
    if opening & (PRONOUNS | BREAKS | {"prepositions", "gerunds"}) and "determiners" not in opening and not led:
        return False
    if any(breaks(line, at) and "coordinators" not in line[at].tags for at in range(first, last)):
        return False
    end = next((at for at in range(first + 1, last) if "linkers" in line[at].tags and not _joins(line, at)), last)
    role = next((at for at in range(end - 1, first, -1) if "roles" in line[at].tags), first)
    begins = first + 1 if any(token.tags & OWNING for token in line[first + 1 : role]) else role + 1
    words = (at for at in range(max(begins, first + 1), end) if line[at].text[0].isalpha())
    clause = any(not line[at].tags and not line[at].capital and finished(line, at) for at in words)
    return not clause and any(token.tags & NOMINAL for token in line[first:last])


def _joins(line: list[Token], at: int) -> bool:
    """Whether "and" stands inside what a role is about ("work and pensions secretary")."""
    return "coordinators" in line[at].tags and not line[at - 1].tags & NOMINAL


def with_apposition(line: list[Token], phrase: Phrase) -> Phrase:
    comma = phrase.last < len(line) and line[phrase.last].text == ","
    if home := _home(line, phrase.last + comma):
        told = phrase.described and not all("honorifics" in token.tags for token in line[slice(*phrase.described)])
        return replace(phrase, described=home, before=False) if phrase.name and not told else phrase
    if not comma:
        return phrase
    first = last = phrase.last + 1
    stops = frozenset() if _represents(line, first) else RELATIVE
    while last < len(line) and line[last].text not in MARKS and not line[last].tags & stops:
        last += 1
    return _described(line, phrase, first, last)


def _home(line: list[Token], at: int) -> tuple[int, int] | None:
    """Where an institution that somebody is of or from stands ("from the University of Lund")."""
    if at + 1 >= len(line) or "homes" not in line[at].tags:
        return None
    first = at + 1
    while first < len(line) and ("determiners" in line[first].tags or "organisations" in line[first].tags):
        first += 1
    last = first
    while last < len(line) and (part_of_name(line, last) or _inside_name(line, last)):
        last += 1
    if last > first and last + 1 < len(line) and not line[last].tags and "organisations" in line[last + 1].tags:
        last += 2  # "the FNS agricultural union"
    known = any(token.tags & INSTITUTIONS for token in line[at + 1 : last])
    return (at, last) if last > first and known else None


def _inside_name(line: list[Token], at: int) -> bool:
    """Whether a small word stands between two parts of a name ("University of Lund")."""
    return bool(line[at].tags & LINKING) and at + 1 < len(line) and part_of_name(line, at + 1)
