"""One record per person or organisation of a story, and who a later mention means."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from jobs.condense.phrases import Phrase, Token

Kind = Literal["person", "organisation", "group", "anonymous"]
Gender = Literal["he", "she", "it", "they", ""]  # "": not known


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says something, as far as the article tells."""

    name: str  # "Andrii Sybiha"; for who has no name, the phrase: "two people familiar with the matter"
    description: str  # as the article words it, without the name: "Ukraine's foreign minister"; "" when it gives none
    key: str  # identity within the article, lower case: the surname, the whole name of an organisation, or the phrase
    kind: Kind
    behalf_of: str | None = None  # the key or the phrase of whom a spokesman, lawyer or office speaks for
    gender: Gender = ""
    leading: bool = False  # the description stands before the name ("Foreign Minister Andrii Sybiha")

    @property
    def label(self) -> str:
        """For readers: "Andrii Sybiha, Ukraine's foreign minister"."""
        if not self.description:
            return self.name
        return f"{self.description} {self.name}" if self.leading else f"{self.name}, {self.description}"


@dataclass(slots=True)
class Record:
    """What is known of one person or organisation so far."""

    names: list[str]  # of the longest form met
    kind: Kind
    gender: Gender = ""
    leading: str = ""  # the longest description before the name
    apposition: str = ""  # the longest after it
    words: set[str] = field(default_factory=set)  # lower-case words of its descriptions
    count: int = 0

    @property
    def key(self) -> str:
        return " ".join(self.names).lower() if self.kind == "organisation" else surname(self.names)

    def speaker(self, behalf_of: str | None = None) -> Speaker:
        before = self.leading and (not self.apposition or len(self.leading) > len(self.apposition))
        return Speaker(
            name=" ".join(self.names),
            description=self.leading if before else self.apposition,
            key=self.key,
            kind=self.kind,
            behalf_of=behalf_of,
            gender=self.gender,
            leading=bool(before),
        )


@dataclass(slots=True)
class Roll:
    """Everyone met in an article."""

    records: list[Record] = field(default_factory=list)
    by_last: dict[str, list[Record]] = field(default_factory=dict)

    def find(self, names: Sequence[str]) -> Record | None:
        """The record that these words of a name mean: the whole name, else the surname alone."""
        found = [record for record in self.by_last.get(surname(names), ()) if agree(record.names, names)]
        return max(found, key=lambda record: record.count) if found else None

    def meet(self, names: Sequence[str], kind: Kind, gender: Gender) -> Record:
        record = self.find(names)
        if record is None:
            record = Record(list(names), kind, gender)
            self.records.append(record)
            self.by_last.setdefault(surname(names), []).append(record)
        elif len(names) > len(record.names):
            record.names = list(names)
            record.kind = kind
        record.gender = record.gender or gender
        record.count += 1
        return record


def surname(names: Sequence[str]) -> str:
    return names[-1].lower().rstrip(".") if names else ""


def agree(known: Sequence[str], names: Sequence[str]) -> bool:
    """Whether two forms of a name can mean the same: the shorter one's words stand in the longer one."""
    shorter, longer = sorted((known, names), key=len)
    have = {word.lower() for word in longer}
    return all(word.lower() in have or re.fullmatch(r"\w\.?", word) for word in shorter)


def names_of(line: Sequence[Token], phrase: Phrase) -> list[str]:
    """The words of the name in a phrase, titles aside."""
    if phrase.name is None:
        return []
    words = [
        token for token in line[phrase.name[0] : phrase.name[1]] if token.text[0].isalnum() or token.text[0] == "@"
    ]
    return [token.text.rstrip(".") for token in words if not token.tags & {"titles", "possessives"}]
