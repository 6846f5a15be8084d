"""A sentence as tokens, and the phrase beside a verb that names its subject."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from jobs.condense.vocabulary import NOTHING, Tags, Vocabulary

TOKEN = re.compile(
    r"[’'ʼ](?:s|re|ve|d|ll)\b"
    r"|(?:[^\W_]\.){2,}"
    r"|@?[^\W_]+(?:[’'ʼ.&_-](?![’'ʼ]?s\b)[^\W_]+)*(?:\.(?=\s+\S))?"
    r"|''|``|\S"
)
OPENING = frozenset(("“", "«", "„", "‹", "``", "‘", "‚"))
CLOSING = frozenset(("”", "»", "›"))
EITHER = frozenset(('"', "''", "‟"))
QUOTES = OPENING | CLOSING | EITHER
STOPS = frozenset((",", ":", ";", "—", "–", "―", "-", "?", "!", ".", "…", "(", "["))
LONGEST_PHRASE = 24  # tokens


class Token(NamedTuple):
    text: str
    low: str
    start: int  # in the sentence
    end: int
    tags: Tags
    capital: bool
    quoted: bool  # inside quotation marks


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens `first` up to, not including, `last`; `head` is the word that says what it is."""

    first: int
    last: int
    head: int
    name: tuple[int, int] | None  # tokens of the name in it
    apposition: tuple[int, int] | None = None  # tokens that describe it, after a comma


def tokens(text: str, words: Vocabulary, opens: bool = False) -> list[Token]:
    """The sentence's words and marks; `opens` when it begins inside a quotation."""
    found: list[Token] = []
    quoted = opens
    for match in TOKEN.finditer(text):
        word = match[0]
        mark = word in QUOTES
        if mark:
            quoted = not quoted if word in EITHER else word in OPENING
        low = word.lower().replace("’", "'")
        found.append(
            Token(
                word,
                low,
                match.start(),
                match.end(),
                NOTHING if mark else words.tags(low),
                word[0].isupper() or word[0] == "@",
                quoted and not mark,
            )
        )
    return found


def subject_before(line: list[Token], at: int) -> Phrase | None:
    """The phrase that ends before token `at` (a verb), past its auxiliaries, adverbs, times and asides."""
    last = at
    while last > 0 and line[last - 1].tags & SKIPPED and not _nominal(line[last - 1]):
        last -= 1
    if last == 0:
        return None
    if line[last - 1].text == ",":
        return _before_aside(line, last - 1)
    return _phrase_ending(line, last)


def subject_after(line: list[Token], at: int) -> Phrase | None:
    """The phrase that begins at token `at`, after a verb, with the apposition that follows it."""
    first = at
    while first < len(line) and line[first].tags & SKIPPED and not line[first].capital:
        first += 1
    last = first
    while last < len(line) and last - first < LONGEST_PHRASE and _goes_on(line, first, last):
        last += 1
    last = _without_tail(line, first, last)
    if last == first or line[first].quoted:
        return None
    phrase = phrase_of(line, first, last)
    return _with_apposition(line, phrase) if phrase else None


SKIPPED = frozenset(("auxiliaries", "adverbs", "times"))
NOMINAL = frozenset(("roles", "groups", "organisations", "documents", "titles"))
PRONOUNS = frozenset(("he", "she", "it", "they", "speaker_self", "you", "who"))
BREAKS = frozenset(("says", "thinks", "judges", "shows", "auxiliaries", "conjunctions", "saying"))


def _nominal(token: Token) -> bool:
    return token.capital and bool(token.tags & NOMINAL)


def _phrase_ending(line: list[Token], last: int) -> Phrase | None:
    first = last
    while first > 0 and last - first < LONGEST_PHRASE and _comes_before(line, first - 1, last):
        first -= 1
    while first < last and not line[first].capital and line[first].tags & STRIPPED and not line[first].tags & NOMINAL:
        first += 1
    return phrase_of(line, first, last) if first < last else None


STRIPPED = frozenset(("adverbs", "conjunctions", "times", "prepositions", "linkers"))


def _comes_before(line: list[Token], at: int, last: int) -> bool:
    """Whether token `at` belongs to the phrase that begins after it."""
    token = line[at]
    if token.text == ")":
        return True
    if token.text in QUOTES or token.text in STOPS:
        return token.text == "(" and any(later.text == ")" for later in line[at + 1 : last])
    inner = at + 1 < last
    if "determiners" in token.tags and not token.capital:
        return True
    if "pronouns" in token.tags or token.tags & PRONOUNS:
        return not inner
    if token.tags & LINKING:
        return inner and at > 0 and _links(line, at)
    if inner and "determiners" in line[at + 1].tags and not line[at + 1].capital:
        return False
    if token.capital:
        return not token.tags & BREAKS or bool(token.tags & NOMINAL)
    return not token.tags & BREAKS and "times" not in token.tags and "prepositions" not in token.tags


LINKING = frozenset(("linkers", "possessives"))


def _links(line: list[Token], at: int) -> bool:
    token, before = line[at], line[at - 1]
    if "possessives" in token.tags:
        return True
    if before.text in STOPS or before.text in QUOTES or (before.tags & (BREAKS | PRONOUNS) and not _nominal(before)):
        return False
    if "tight" in token.tags:
        return True
    if "conjunctions" in token.tags:
        return before.capital == line[at + 1].capital and bool(before.capital or before.tags & NOMINAL)
    return bool(before.tags & NOMINAL) or (before.capital and "times" not in before.tags)


def _before_aside(line: list[Token], comma: int) -> Phrase | None:
    """The phrase before ", head of the house," or ", who left,"; the aside describes it when it can."""
    for back in range(comma - 1, max(-1, comma - 2 * LONGEST_PHRASE), -1):
        if line[back].text in QUOTES or line[back].text in (";", ":"):
            return None
        if line[back].text != ",":
            continue
        phrase = _phrase_ending(line, back)
        aside = (back + 1, comma)
        if phrase and (phrase.name or line[phrase.head].tags & (NOMINAL | PRONOUNS)):
            return _described(line, phrase, aside)
    return None


def _described(line: list[Token], phrase: Phrase, aside: tuple[int, int]) -> Phrase:
    describes = _describes(line, *aside) and phrase.name is not None
    return Phrase(phrase.first, phrase.last, phrase.head, phrase.name, aside if describes else None)


def _describes(line: list[Token], first: int, last: int) -> bool:
    """Whether these tokens are an apposition: they begin like a noun phrase and hold a role."""
    if first >= last or last - first > LONGEST_PHRASE:
        return False
    opening = line[first]
    if opening.tags & (PRONOUNS | BREAKS | {"prepositions"}) and "determiners" not in opening.tags:
        return False
    return any(token.tags & NOMINAL for token in line[first:last])


def _with_apposition(line: list[Token], phrase: Phrase) -> Phrase:
    if phrase.name is None or phrase.last >= len(line) or line[phrase.last].text != ",":
        return phrase
    first = last = phrase.last + 1
    while last < len(line) and line[last].text not in STOPS and line[last].text not in QUOTES:
        last += 1
    return _described(line, phrase, (first, last))


def _goes_on(line: list[Token], first: int, at: int) -> bool:
    """Whether the phrase that begins at `first` reaches over token `at`."""
    token = line[at]
    if token.text == "(":
        return at > first
    if token.text == ")" or (at > first and any(t.text == "(" for t in line[first:at]) and line[at - 1].text != ")"):
        return any(t.text == "(" for t in line[first:at]) and not any(t.text == ")" for t in line[first:at])
    if token.text in STOPS or token.text in QUOTES:
        return False
    if token.tags & PRONOUNS:
        return at == first and "who" not in token.tags
    if token.tags & LINKING:
        return at > first and ("tight" in token.tags or "possessives" in token.tags or _links_on(line, at))
    if token.capital:
        return "times" not in token.tags
    return not token.tags & (BREAKS | {"times", "adverbs"}) and "prepositions" not in token.tags


def _links_on(line: list[Token], at: int) -> bool:
    if at + 1 >= len(line):
        return False
    before, after = line[at - 1], line[at + 1]
    if after.tags & (PRONOUNS | {"times"}):
        return False
    if "conjunctions" in line[at].tags:
        return before.capital == after.capital and bool(after.capital or after.tags & NOMINAL)
    return bool(before.tags & NOMINAL) and (after.capital or "determiners" in after.tags)


def _without_tail(line: list[Token], first: int, last: int) -> int:
    while last > first and line[last - 1].tags & STRIPPED and not _nominal(line[last - 1]):
        last -= 1
    return last


def phrase_of(line: list[Token], first: int, last: int) -> Phrase | None:
    """The phrase's head and name: a name is its last run of capitals before a preposition."""
    head_end = next((i for i in range(first + 1, last) if line[i].tags & HEAD_ENDS or line[i].text == "("), last)
    run = head_end
    while run > first and _named(line[run - 1], run - 1 == first):
        run -= 1
    name = (run, head_end) if run < head_end else None
    return Phrase(first, last, head_end - 1, name)


HEAD_ENDS = frozenset(("linkers",))


def _named(token: Token, opens: bool) -> bool:
    """Whether the token can be part of a name."""
    common = token.tags & {"determiners", "adverbs", "prepositions", "conjunctions"} or token.tags & PRONOUNS
    return token.capital and not common and not (opens and token.tags & {"groups", "roles"})
