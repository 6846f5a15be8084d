"""A sentence as tokens: its words and marks, with what the word lists say of each."""

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from jobs.condense.quotes import CLOSING, OPENING, marks
from jobs.condense.vocabulary import NOTHING, Tags, Vocabulary, remember

TOKEN = re.compile(
    r"\d+(?:[.,:]\d+)+|"  # a number's own comma ends no clause: "0,5"
    r"\w+(?:(?![’'ʼ](?:s|re|ve|d|ll|m)\b)[’'ʼ.&-]\w+)*"
    r"(?:\.(?=\s)|-(?=\s\w))?"  # with its dot, where no sentence ends, or the hyphen of "Industrie- und …"
    r"|[’'ʼ](?:s|re|ve|d|ll|m)\b|@\w+|''|``|’’|‘‘|--|\S"
)
QUOTES = OPENING | CLOSING | frozenset(('"', "''", "‟"))
OPEN, CLOSE = "“", "”"  # what `low` says of a quotation mark, whatever its shape
DASHES = frozenset(("—", "–", "―", "-", "--"))
STOPS = DASHES | frozenset((",", ":", ";", "?", "!", ".", "…", "(", "["))
MARKS = STOPS | QUOTES

NOMINAL = frozenset(("roles", "groups", "organisations", "documents", "titles"))
OFFICES = frozenset(("roles", "titles"))
INSTITUTIONS = frozenset(("organisations", "institutions"))
NOUNLIKE = frozenset(("bare", "nounlike"))
MODIFIERS = frozenset(("adverbs", "auxiliaries"))
PRONOUNS = frozenset(("he", "she", "it", "they", "we", "you", "who", "someone"))
BREAKS = frozenset(("says", "thinks", "judges", "shows", "saying", "bare", "auxiliaries", "conjunctions"))
BREAKS |= {"according", "after_speaker", "closing"}  # what ends a phrase
NEVER_NAMES = frozenset(("determiners", "adverbs", "prepositions", "conjunctions", "times", "possessives")) | PRONOUNS


OFTEN_CAPITAL = NOMINAL | {"times"}
NO_NAMES = frozenset(("prepositions", "conjunctions", "auxiliaries", "gerunds"))
DECLINED = 4  # letters; of a shorter word an ending tells no case
TITLE_CASE = 0.8  # of a headline's longer words that have capitals

SEVERAL = ("men", "children", "people")  # ends of words for many that have no "s"
INSIDE = BREAKS | PRONOUNS | {"determiners"}  # what shows that a quotation is a statement, not a name
FIRST_NAMES = frozenset(("male_names", "female_names"))
BEFORE_NAMES = BREAKS | NOMINAL | {"linkers"}
NOT_NAMES = NOMINAL | NEVER_NAMES


class Token(NamedTuple):
    text: str
    low: str
    start: int  # in the sentence
    end: int
    tags: Tags
    capital: bool
    quoted: bool  # inside quotation marks


def tokens(text: str, words: Vocabulary, opens: bool = False) -> list[Token]:
    """The sentence's words and marks; `opens` when it begins inside a quotation."""
    found: list[Token] = []
    quoted = opens
    turns = {mark.start: mark.opens for mark in marks(text, opens)}
    forms = words.forms  # asked for every word: the answers given before are looked up here
    end = 0
    new = tuple.__new__  # half the time of Token(…)
    for word in TOKEN.findall(text):
        start = text.find(word, end)  # only white space lies between two tokens
        end = start + len(word)
        if word in QUOTES:
            quoted = turns.get(start, quoted)
            found.append(new(Token, (word, OPEN if quoted else CLOSE, start, end, NOTHING, False, False)))
            continue
        low, tags, capital = forms.get(word) or _form(word, words)
        found.append(new(Token, (word, low, start, end, tags, capital, quoted)))
    if words.capital_nouns:
        _tell_nouns(found)
    elif "’" in text or "'" in text:
        found = _with_owners(found)
    return _without_name_marks(found) if len(turns) > 1 else found


def _with_owners(line: list[Token]) -> list[Token]:
    """The tokens with an owner inside an institution's name as one word ("the Fishermen's Federation")."""
    kept: list[Token] = []
    for at, token in enumerate(line):
        if "possessives" in token.tags and kept and _owner(line, at):
            owner = kept[-1]
            text = owner.text + token.text
            kept[-1] = owner._replace(text=text, low=text.lower().replace("’", "'"), end=token.end, tags=NOTHING)
        else:
            kept.append(token)
    return kept


def _owner(line: Sequence[Token], at: int) -> bool:
    """Whether a mark of the owner stands between a word for several people and the name of their institution."""
    before, after = line[at - 1], line[at + 1 : at + 4]
    several = before.low.endswith(SEVERAL) if line[at].low == "'s" else before.low.endswith("s")
    named = at > 1 and bool(line[at - 2].tags & FIRST_NAMES)  # "Emma Jones' Harbour Party"
    if not several or named or not before.capital or before.end != line[at].start or not after or not after[0].capital:
        return False
    return any(token.capital and token.tags & INSTITUTIONS for token in after)


def in_title_case(line: Sequence[Token]) -> bool:
    """Whether a sentence is a headline whose words have capitals though they are no names."""
    long = [t.capital for t in line[1:] if len(t.low) > 3 and t.low.isalpha() and not t.tags & OFTEN_CAPITAL]
    many = len(long) > 3 or any(token.capital and token.tags & NO_NAMES for token in line[1:])
    return len(long) > 1 and many and sum(long) > TITLE_CASE * len(long)


def lowered(line: Sequence[Token], known: Collection[str]) -> list[Token]:
    """A headline's tokens with capitals only for names that the article has elsewhere."""
    return [token._replace(capital=token.capital and token.low in known) for token in line]


def _form(word: str, words: Vocabulary) -> tuple[str, Tags, bool]:
    """A word in lower case, its tags, and whether it has a capital."""
    low = word.lower().replace("’", "'")
    tags = words.tags(low)
    if words.nominative and _no_subject(word, low, tags, words):
        tags |= {"declined"}
    elif words.nominative and not tags and word.istitle():
        tags = words.first_name(low)
    return remember(words.forms, word, (low, tags, word[0].isupper() or word[0] == "@"))


def _no_subject(word: str, low: str, tags: Tags, words: Vocabulary) -> bool:
    """Whether a word's ending shows that it is no subject."""
    if "groups" in tags and "roles" not in tags:
        return words.plural_declined(low)
    return len(low) > DECLINED and not word.isupper() and low.endswith(words.declined) and not tags & FIRST_NAMES


def _tell_nouns(line: list[Token]) -> None:
    """Where all nouns have capitals: a name follows no article, adjective or preposition, or it follows a name."""
    named = False
    for at, token in enumerate(line):
        if not token.capital:
            named = False
            continue
        before = line[at - 1] if at else None
        bare = before is None or before.text in MARKS or bool(before.tags & BEFORE_NAMES)
        named = not token.tags & NOT_NAMES and (named or bare or bool(token.tags & FIRST_NAMES))
        if not named:
            line[at] = token._replace(capital=False)


def _without_name_marks(line: list[Token]) -> list[Token]:
    """The tokens without quotation marks that wrap a name ("the company «Larkmoor Steel» said")."""
    kept: list[Token] = []
    at = 0
    while at < len(line):
        close = _name_closes(line, at) if line[at].low == OPEN and line[at].text in QUOTES else 0
        if close:
            if len(kept) == 1:  # a sentence's first word has a capital anyway: it is no part of the name
                kept[0] = kept[0]._replace(capital=False)
            kept += [_of_name(token) for token in line[at + 1 : close]]
            at = close + 1
        else:
            kept.append(line[at])
            at += 1
    return kept


def _of_name(token: Token) -> Token:
    """A token of a name in quotation marks; its verbs and small words are no verbs there ("„Aschetal steht auf“")."""
    small = bool(token.tags & (INSIDE | {"prepositions"}))
    tags = frozenset(("wrapped",)) if small else token.tags | {"wrapped"}
    return token._replace(quoted=False, tags=tags, capital=token.text[0].isalpha())


def _name_closes(line: list[Token], at: int) -> int:
    """Where the quotation mark stands that closes a name opened at `at`; 0 when a statement is quoted."""
    close = next((i for i in range(at + 1, min(len(line), at + 6)) if line[i].text in MARKS), 0)
    if close < at + 2 or line[close].low != CLOSE or not line[at + 1].capital:
        return 0
    institution = at > 0 and "organisations" in line[at - 1].tags
    if not institution and any(t.tags & INSIDE for t in line[at + 1 : close]):
        return 0
    before, after = line[at - 1] if at else None, line[close + 1] if close + 1 < len(line) else None
    if before is None:
        return close if after is not None and after.text not in MARKS else 0
    fits = before.text not in MARKS and not before.tags & (BREAKS | PRONOUNS | {"that"})
    return close if fits else 0
