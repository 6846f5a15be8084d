"""The words that tell who is meant: names, countries, and nouns such as "doctors"; never titles or first names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jobs.condense.markers import Markers
from jobs.condense.speakers import Speaker
from jobs.condense.tokens import FIRST_NAMES, NEVER_NAMES, Token, tokens
from jobs.condense.vocabulary import NOTHING, Vocabulary, remember

STEM = 5  # letters by which words are compared
LATIN = "ɏ"  # the last Latin letter; names in other alphabets are declined at length
NOUNS = frozenset(("roles", "groups", "organisations"))
UNTELLING = frozenset(("titles", "documents"))
COMMON = frozenset(("organisations", "institutions"))  # in a name, these tell nobody apart without the word beside them
GENERIC = frozenset(("onlookers", "crowd", "generic"))  # nouns that tell nobody apart
ACRONYM = (3, 6)  # letters


@dataclass(frozen=True, slots=True)
class Named:
    """Whoever is named somewhere; its words are folded as they are compared.

    `heads` are nouns inside of names ("the Larkmoor Council"): by them only a noun alone
    ("the council") is known again.
    """

    names: frozenset[str] = frozenset()
    nouns: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    heads: frozenset[str] = frozenset()

    def __or__(self, other: "Named") -> "Named":
        return Named(
            self.names | other.names,
            self.nouns | other.nouns,
            self.countries | other.countries,
            self.heads | other.heads,
        )

    def without(self, other: "Named") -> "Named":
        return Named(
            self.names - other.names,
            self.nouns - other.nouns - other.heads,
            self.countries - other.countries,
            self.heads - other.heads,
        )

    def shares(self, other: "Named") -> bool:
        """Whether both name the same one; the same country does not make them that."""
        if self.names & other.names or self.nouns & other.nouns:
            return True
        return bool(self.nouns & other.heads or self.heads & other.nouns)

    def touches(self, other: "Named") -> bool:
        return self.shares(other) or bool(self.countries & other.countries)

    def __bool__(self) -> bool:
        return bool(self.names or self.nouns or self.countries)


NOBODY = Named()


def fold(word: str, countries: Mapping[str, str]) -> tuple[str, bool]:
    """A word as it is compared, and whether it stands for a country."""
    low = word.lower()
    if len(low) > 3 or word.isupper():
        stems = (low[:end] + "*" for end in range(4, max(4, min(len(low), 10)) + 1))
        country = countries.get(low) or next(filter(None, map(countries.get, stems)), None)
        if country:
            return country, True
    return (_name(low) if word[0].isupper() else cut(low)), False


def _name(low: str) -> str:
    """A name as it is compared: without the ending of its case."""
    return low[:STEM] if low[0] > LATIN else low.rstrip("s")


def cut(low: str) -> str:
    """A word without its grammatical ending, as far as its length tells."""
    return low[:STEM]


def named(line: Sequence[Token], markers: Markers) -> Named:
    """Who is meant by these tokens."""
    names: set[str] = set()
    nouns: set[str] = set()
    countries: set[str] = set()
    heads: set[str] = set()
    initials = ""
    seat = ""
    placed = False  # in the name of a place
    for at, token in enumerate(line):
        placed = "within" in token.tags or (placed and (token.capital or "determiners" in token.tags))
        if token.capital and not token.tags & NEVER_NAMES:
            initials += token.text[0].lower()
        elif len(token.low) > 3 or not token.text[0].isalpha():
            _add_acronym(initials, names)
            initials = ""
        if token.tags & NEVER_NAMES or not token.text[0].isalpha():
            continue
        if token.capital and "titles" in token.tags and not (at and "apart" in markers.kinds(line[at - 1].low)):
            seat = seat or markers.seats.get(token.low, "")
        folded, country = fold(token.text.rstrip("."), markers.countries)
        if country:
            countries.add(folded)
        elif token.capital and (placed or "places" in markers.kinds(token.low)):
            continue
        elif token.tags & NOUNS and not (token.tags & UNTELLING if token.capital else "documents" in token.tags):
            beside = _beside(line, at) if token.capital and token.tags & COMMON else ""
            names |= {beside} if beside else set()
            if not markers.kinds(token.low) & GENERIC:
                (heads if beside else nouns).add(cut(token.low))
        elif token.capital and token.tags & COMMON and (beside := _beside(line, at)):
            names.add(beside)
        elif token.capital and "titles" not in token.tags and not _first_name(line, at):
            names.add(folded)
    _add_acronym(initials, names)
    if seat and not countries:
        names.add(seat)
    return Named(*(frozenset(words) if words else NOTHING for words in (names, nouns, countries, heads)))


def named_in(text: str, words: Vocabulary, markers: Markers, *, titles: bool = True) -> Named:
    """Who is meant by a name or description; remembered, since the same people speak in many articles.

    Without `titles` a title in lower case ("the president of the club") names nobody.
    """
    found: Named | None = markers.named.get((text, titles))
    if found is None:
        line = tokens(text, words)
        found = named([token for token in line if titles or token.capital or "titles" not in token.tags], markers)
        remember(markers.named, (text, titles), found)
    return found


def _add_acronym(initials: str, names: set[str]) -> None:
    if ACRONYM[0] <= len(initials) <= ACRONYM[1]:
        names.add(initials)


def _beside(line: Sequence[Token], at: int) -> str:
    """A word that many names have, with the word of the name beside it: "white house"; "" when it stands alone."""
    for one, other in ((at - 1, at), (at, at + 1)):
        if one >= 0 and other < len(line) and _part(line[one]) and _part(line[other]):
            return f"{_name(line[one].low)} {_name(line[other].low)}"
    return ""


def _part(token: Token) -> bool:
    return token.capital and not token.tags & NEVER_NAMES


def _first_name(line: Sequence[Token], at: int) -> bool:
    following = line[at + 1] if at + 1 < len(line) else None
    return bool(line[at].tags & FIRST_NAMES and following and _part(following))


def identity(speaker: Speaker, words: Vocabulary, markers: Markers) -> Named:
    """By what a speaker is known again: a person by the surname."""
    if speaker.kind == "person" and " " in speaker.name:
        return Named(names=frozenset((_name(speaker.key.split()[-1]),)))
    return named_in(speaker.name, words, markers)
