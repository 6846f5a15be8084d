"""Noun phrases: where one that names somebody begins and ends."""

from jobs.condense.names import Phrase, part_of_name, phrase_of
from jobs.condense.tokens import BREAKS, MARKS, NOMINAL, NOUNLIKE, PRONOUNS, Token

LONGEST = 24  # tokens in a phrase
STRIPPED = frozenset(("adverbs", "conjunctions", "times", "prepositions", "linkers"))
SPEAKING = NOMINAL | PRONOUNS - {"who"}
SAID = frozenset(("says", "judges"))
JOINS = frozenset(("auxiliaries", "conjunctions"))
OWNING = frozenset(("determiners", "possessives"))
OUTSIDE = frozenset(("times", "adverbs", "prepositions"))
LINKABLE = NOMINAL | {"trailing"}
LINKING = frozenset(("linkers", "possessives"))


def _pronoun(line: list[Token], at: int) -> bool:
    """Whether a word that is an article or a relative pronoun is one before a verb that can be no noun."""
    return "who" in line[at].tags and "that" not in line[at].tags and not line[at + 1].tags & NOUNLIKE


def phrase_before(line: list[Token], last: int) -> Phrase | None:
    """The phrase that ends right before token `last`."""
    if last <= 0:
        return None
    if line[last - 1].tags & PRONOUNS and "determiners" not in line[last - 1].tags:
        return Phrase(last - 1, last, last - 1)
    if line[last - 1].text == ")":
        last = next((at for at in range(last - 2, max(0, last - LONGEST), -1) if line[at].text == "("), last)
    first = last
    while first > 0 and last - first < LONGEST and _comes_before(line, first - 1, last):
        first -= 1
    while first < last and line[first].tags & STRIPPED and not nominal(line, first):
        first += 1
    if first == 0 and "declined" in line[0].tags and any(token.tags & NOMINAL for token in line[1:last]):
        first = 1  # "Причиною організатори назвали …"
    return phrase_of(line, first, last) if first < last else None


def nominal(line: list[Token], at: int) -> bool:
    """Whether a token is a noun or part of a name although its word is also an auxiliary, a time or an adverb."""
    return bool(line[at].tags & NOMINAL) or (line[at].capital and at > 0 and "times" not in line[at].tags)


def breaks(line: list[Token], at: int) -> bool:
    """Whether a token ends the phrase it stands in: a verb or conjunction, not a noun that is spelled like one."""
    token = line[at]
    if not token.tags & BREAKS or ("possessives" in token.tags and at > 0 and not line[at - 1].tags & PRONOUNS):
        return False
    if token.tags & JOINS:
        return not nominal(line, at)
    if token.capital and at > 0:
        return False
    if token.tags & SAID and not token.tags & NOUNLIKE:
        return True
    back = at - 1
    while (
        back > 0 and at - back < 4 and not line[back].tags and not line[back].capital and line[back].text not in MARKS
    ):
        back -= 1  # over adjectives: "the old claims"
    if back >= 0 and line[back].tags & OWNING and not (back == at - 1 and _pronoun(line, back)):
        return False
    adjective = token.tags & NOUNLIKE and at + 1 < len(line) and line[at + 1].tags & NOMINAL
    return not (adjective and (at == 0 or not line[at - 1].tags & NOMINAL))


def _comes_before(line: list[Token], at: int, last: int) -> bool:
    """Whether token `at` belongs to the phrase that goes on after it, up to `last`."""
    token = line[at]
    if token.text in MARKS:
        return False
    inner = at + 1 < last
    following = line[at + 1] if inner else None
    if token.tags & PRONOUNS and "determiners" not in token.tags:
        return not inner
    if token.tags & LINKING:
        return inner and at > 0 and _links(line, at)
    if following and "determiners" in following.tags and not _begins_name(line, at + 1):
        return _genitive(line, at + 1)
    if "determiners" in token.tags:
        return True
    if "prepositions" in token.tags or "times" in token.tags:
        return False
    if "sayings" in token.tags and at and "prepositions" in line[at - 1].tags:
        return False  # part of a cue: "in the words of Quill" in one word
    return not breaks(line, at)


def _genitive(line: list[Token], at: int) -> bool:
    """Whether an article joins a noun to the one before it ("der Sprecher des Ministeriums")."""
    return at > 0 and "genitives" in line[at].tags and bool(line[at - 1].tags & NOMINAL)


def _begins_name(line: list[Token], at: int) -> bool:
    return at > 0 and line[at].capital


def _links(line: list[Token], at: int) -> bool:
    """Whether a linking word has something before it that it can link to what follows."""
    token, before = line[at], line[at - 1]
    if "possessives" in token.tags:
        return True
    if before.text in MARKS and before.text != ")":
        return False
    if before.tags & PRONOUNS or breaks(line, at - 1) or "times" in before.tags:
        return False
    if "coordinators" in token.tags:
        return before.text[-1] == "-" or _alike(before, line[at + 1], at == 1)
    if "tight" in token.tags:
        return True
    return bool(before.tags & LINKABLE) or before.capital or before.text == ")" or _chained(line, at - 1)


def _chained(line: list[Token], at: int) -> bool:
    """Whether a noun that is in no list belongs to one before it ("head of security")."""
    tight = at > 1 and "tight" in line[at - 1].tags and not line[at].tags and bool(line[at - 2].tags & NOMINAL)
    return tight and line[at].text[0].isalpha()


def _alike(one: Token, other: Token, opens: bool) -> bool:
    """Whether "and" joins two speakers rather than two clauses."""
    if one.capital and other.capital:
        return True
    if other.capital:
        return False
    return bool(one.tags & NOMINAL) or opens


def opens_clause(line: list[Token], first: int) -> bool:
    before = line[first - 1] if first else None
    return before is None or before.text in MARKS or bool(before.tags & BREAKS)


def can_speak(line: list[Token], phrase: Phrase) -> bool:
    """Whether the phrase is of the kind that says things: a name, a role, a group, a pronoun in the nominative."""
    if line[phrase.head].tags & {"objects", "we", "you"} and phrase.last - phrase.first == 1:
        return False
    opening = line[phrase.first].tags
    if "declined" in opening and not (phrase.first and "prepositions" in line[phrase.first - 1].tags):
        return False
    if "objects" in opening and opening & NOMINAL:
        return False
    return phrase.name is not None or bool(line[phrase.head].tags & SPEAKING)


def goes_on(line: list[Token], first: int, at: int) -> bool:
    """Whether the phrase that begins at `first` reaches over token `at`."""
    token = line[at]
    if token.text in MARKS:
        return False
    if token.tags & PRONOUNS and "determiners" not in token.tags:
        return at == first and "who" not in token.tags
    if at > first and line[first].tags & PRONOUNS and "determiners" not in line[first].tags:
        return False
    if token.tags & LINKING:
        return at > first and ("possessives" in token.tags or _links_on(line, first, at))
    if "determiners" in token.tags and at > first:
        return bool(line[at - 1].tags & LINKING) or token.capital or _genitive(line, at)
    if token.tags & OUTSIDE:
        return at > first and part_of_name(line, at)  # "Mark Long"
    if at > first and not token.capital and not token.tags and finished(line, at):
        return False
    if "gerunds" in token.tags and at > first and line[at - 1].tags & NOMINAL:
        return False
    return not breaks(line, at)


def finished(line: list[Token], at: int) -> bool:
    """Whether the phrase is complete before an unknown word, which then is a verb: "Odell left", "the mayor left"."""
    if line[at - 1].tags & {"leads", "determiners"}:
        return False
    if part_of_name(line, at - 1):
        return True
    return bool(line[at - 1].tags & NOMINAL) and not (at + 1 < len(line) and line[at + 1].tags & NOMINAL)


def _links_on(line: list[Token], first: int, at: int) -> bool:
    if at + 1 >= len(line):
        return False
    before, after = line[at - 1], line[at + 1]
    if (after.tags & PRONOUNS and "determiners" not in after.tags) or "times" in after.tags or after.text in MARKS:
        return False
    if "coordinators" in line[at].tags:
        return before.text[-1] == "-" or _alike(before, after, False)  # "Industrie- und Handelskammer"
    if "tight" in line[at].tags:
        return True
    if before.capital and after.capital and "determiners" in line[first].tags:
        return True
    return bool(before.tags & LINKABLE) and (after.capital or "determiners" in after.tags)
