"""Names and roles that stand in another case, brought to the nominative for a speaker's label.

A language's file says how, under [nominative]: "ending>ending", tried longest first. "=word>word" is for one whole
word, and "ending>?" for words whose nominative cannot be told; a name with such a word is left as it stands.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

from jobs.condense.tokens import NOMINAL
from jobs.condense.vocabulary import Rules, Vocabulary

Gender = Literal["he", "she", "it", "they", ""]  # "": not known

GENDERS: tuple[tuple[Gender, str], ...] = (("he", "male_names"), ("she", "female_names"))
KINDS = ("he", "she", "it", "they")
SHORTEST_STEM = 2
SURE = 4  # letters of an ending that no other case has
WHOLE = 4  # letters of an ending that may be the whole word
LINKING = frozenset(("linkers", "prepositions"))


def changed(word: str, rules: Rules) -> str | None:
    """The word by the longest rule that fits it; the word itself where none does; None where that cannot be told."""
    for ending, instead in rules:
        if fits(word, ending):
            if instead == "?":
                return None
            stem = word[: len(word) - len(ending.lstrip("="))]
            return stem + instead if stem or word.islower() else instead.capitalize()
    return word


def fits(word: str, ending: str) -> bool:
    """Whether a rule is for this word: a short ending needs a stem before it."""
    stem = len(word) - len(ending)
    whole = ending[0] == "=" or len(ending) >= WHOLE
    return f"={word.lower()}".endswith(ending) and (whole or stem >= SHORTEST_STEM)


def person(
    names: Sequence[str], gender: Gender, words: Vocabulary, known: bool, last: str = ""
) -> tuple[list[str], Gender] | None:
    """A person's name in the nominative, and the gender it shows; None where that cannot be told.

    `known`: the case is known not to be the nominative; otherwise a listed first name must show it. `last` is the
    surname, where the article has it in the nominative.
    """
    first, *others = names
    if not known and _listed(first, words):
        return list(names), gender
    for given, sex in _given(first, gender, words, known and len(names) > 1):
        rest = [changed(name, words.rules(f"last_{sex}", name)) for name in others]
        if rest and last:
            rest[-1] = last
        if None not in rest:
            return [given, *(name for name in rest if name)], sex
    if known and len(names) > 1:
        return _by_surname(names, words)
    if len(names) == 1 and gender and known:
        alone = last or changed(first, words.rules(f"last_{gender}", first))
        return ([alone], gender) if alone else None
    return None


def _by_surname(names: Sequence[str], words: Vocabulary) -> tuple[list[str], Gender] | None:
    """A name whose first word has no cases ("Отто Лімара"): where the surname shows but one gender."""
    found: list[tuple[list[str], Gender]] = []
    for sex, _ in GENDERS:
        last = changed(names[-1], words.rules(f"last_{sex}", names[-1]))
        if last and last != names[-1]:
            found.append(([*names[:-1], last], sex))
    return found[0] if len(found) == 1 else None


def _listed(name: str, words: Vocabulary) -> bool:
    return not words.tags(name.lower()).isdisjoint(("male_names", "female_names"))


def _given(first: str, gender: Gender, words: Vocabulary, known: bool) -> Iterator[tuple[str, Gender]]:
    """What a first name can be in the nominative: a listed one before one that only ends like a first name."""
    genders = sorted(GENDERS, key=lambda one: one[0] != gender)
    low = first.lower()
    for sex, listed in genders:
        for ending, instead in words.rules(f"first_{sex}", low):
            stem = first[: len(first) - len(ending.lstrip("="))]
            given = stem + instead if stem else instead.capitalize()
            if f"={low}".endswith(ending) and listed in words.tags(given.lower()):
                yield given, sex
    for sex, _ in genders if known and not first.isupper() else ():
        if gender not in ("", sex):
            continue
        guess = changed(first, words.rules(f"first_{sex}", first))
        if guess and (guess != first or gender):
            yield guess, sex


def named(text: str, words: Vocabulary) -> str:
    """A name or an institution as a text has it, in the nominative where its own endings show another case."""
    parts = text.split(" ")
    if not words.nominative or not parts[0]:
        return text
    if len(parts) > 1 and (told := person(parts, "", words, known=False)):
        return " ".join(told[0])
    adjectives = [ending for kind in KINDS for ending, _ in words.rules(f"adjectives_{kind}", parts[0])]
    nouns = [ending for kind in KINDS for ending, _ in words.rules(f"nouns_{kind}", parts[0])]
    sure = [ending for ending in adjectives + nouns if len(ending) >= SURE]
    return phrase(text, words) if any(fits(parts[0], ending) for ending in sure) else text


def phrase(text: str, words: Vocabulary, gender: Gender = "") -> str:
    """A noun phrase in the nominative, as far as its head; as it stands where that cannot be told."""
    parts = text.split(" ")
    head = _head(parts, words)
    if head is None:
        head = _unlisted(parts, words)
    if head is None or any(_joins(parts, at, words) for at in range(head)):
        return text
    articles, kinds = _article(parts[0], words, gender) if head else ([], KINDS)
    adjectives = parts[1:head] if kinds is not KINDS else parts[:head]
    noun, kind = _noun(parts[head], kinds, words)
    described = [_described(part, kind, words) for part in adjectives]
    if noun != parts[head] and kinds is KINDS:  # what has no such case belongs to the sentence before
        described = described[max((at + 1 for at, part in enumerate(adjectives) if described[at] == part), default=0) :]
    second = parts[head + 1 : head + 3]
    if len(second) > 1 and "coordinators" in words.tags(second[0]) and words.tags(bare(second[1])) & NOMINAL:
        second = [second[0], _noun(second[1], kinds, words)[0] or second[1]]
    told = [*articles, *described, noun, *second, *parts[head + 3 :]]
    return text if None in told else " ".join(part for part in told if part)


def _joins(parts: Sequence[str], at: int, words: Vocabulary) -> bool:
    """Whether a word before the head shows that the phrase has several parts, or counts them."""
    shared = at > 0 and parts[at - 1].endswith("-")  # "Industrie- und Handelskammer"
    return (bool(words.tags(bare(parts[at])) & LINKING) and not shared) or parts[at][0].isdigit()


def _head(parts: Sequence[str], words: Vocabulary) -> int | None:
    """The noun that a phrase is about; an adjective that may be a noun ("military") is none before another noun."""
    nouns = [at for at, part in enumerate(parts) if words.tags(bare(part)) & NOMINAL]
    for at in nouns:
        if at + 1 not in nouns or not _adjectival(parts[at], words):
            return at
    return None


def _adjectival(part: str, words: Vocabulary) -> bool:
    endings = (*words.rules("adjectives_he", part), *words.rules("adjectives_they", part))
    return any(fits(part, ending) for ending, _ in endings)


def _described(part: str, kind: str, words: Vocabulary) -> str | None:
    """An adjective in the nominative; one of another gender than its noun's ending shows is a man's ("судді")."""
    told = changed(part, words.rules(f"adjectives_{kind}", part))
    if told == part and not words.nominative.get("articles_he"):
        return changed(part, words.rules("adjectives_he", part))
    return told


def _unlisted(parts: Sequence[str], words: Vocabulary) -> int | None:
    """The head of a phrase whose nouns are in no list: the word after an article, or the only one."""
    if articled(parts[0], words):
        return next((at for at, part in enumerate(parts) if part[0].isupper()), None)
    return 0 if len(parts) == 1 and parts[0].islower() else None


def _article(part: str, words: Vocabulary, gender: Gender) -> tuple[list[str], Sequence[str]]:
    """What becomes of an article, and of which gender a noun behind it can be."""
    for article, kinds in (("articles_she", ("she", "they")), ("articles_he", ("he", "it"))):
        found = changed(part, words.rules(article, part))
        if found is not None and found != part and gender in ("", *kinds):
            return [found] if found else [], kinds
    return [], KINDS


def articled(part: str, words: Vocabulary) -> bool:
    """Whether a word is an article that a label does without."""
    return _article(part, words, "")[1] is not KINDS


def _noun(noun: str, kinds: Sequence[str], words: Vocabulary) -> tuple[str | None, str]:
    """A noun in the nominative, and its gender: that of the longest rule that fits it."""
    tags = words.tags(bare(noun))
    if "groups" in tags and "roles" not in tags and "they" in kinds:
        kinds = ("they",)
    fitting = [
        (len(ending), kind) for kind in kinds for ending, _ in words.rules(f"nouns_{kind}", noun) if fits(noun, ending)
    ]
    if not fitting:
        return noun, kinds[0]
    kind = max(fitting)[1]
    before, hyphen, last = noun.rpartition("-")
    compound = hyphen and words.tags(before.lower()) & NOMINAL  # "компанії-операторі"
    told = changed(last if compound else noun, words.rules(f"nouns_{kind}", noun))
    return (f"{_noun(before, KINDS, words)[0]}-{told}" if compound and told else told), kind


def bare(part: str) -> str:
    return part.strip('«»„“”",.()').lower()
