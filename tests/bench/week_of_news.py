"""A week of news that never happened: events with words of their own, offers, answers, reactions and reversals."""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

SUBJECTS = ("bridge", "strike", "harvest", "ferry", "tariff", "museum", "drought", "border", "stadium", "hospital")
GERMAN = ("Brücke", "Streik", "Ernte", "Fähre", "Zoll", "Museum", "Dürre", "Grenze", "Stadion", "Krankenhaus")
TELLERS, WEIGHTS = (1, 2, 4, 8, 16), (30, 25, 25, 15, 5)  # articles of an event, and how common that is
MEAN = 3.8


@dataclass(frozen=True, slots=True)
class Told:
    """One article, without the outlet that prints it."""

    key: str
    title: str
    text: str
    language: str


def week_of_news(articles: int, hours: int, seed: int = 7) -> dict[int, list[Told]]:
    """Hour -> what is published then, so many articles in all."""
    chance = random.Random(seed)
    coming: dict[int, list[Told]] = defaultdict(list)
    left = articles
    number = 0
    while left > 0:
        tellers = min(left, *chance.choices(TELLERS, WEIGHTS))
        begins = chance.randrange(hours)
        for hour, told in event(chance, number, tellers, begins):
            coming[min(hour, hours)].append(told)
        left -= tellers
        number += 1
    return coming


def event(chance: random.Random, number: int, tellers: int, begins: int) -> Iterator[tuple[int, Told]]:
    """The first half of the tellers have the offer, the second the answer too; of many, the last has a reversal."""
    own = Own(chance, number)
    answered = begins + chance.randrange(5, 40)
    reversed_at = answered + chance.randrange(4, 24)
    for teller in range(tellers):
        if tellers >= 8 and teller == tellers - 1:
            hour, (title, text), language = reversed_at, own.reversal(), "en"
        elif teller >= (tellers + 1) // 2:
            hour, (title, text), language = answered + chance.randrange(3), own.answer(teller), "en"
        elif teller % 5 == 4:
            hour, (title, text), language = begins + chance.randrange(3), own.german(), "de"
        else:
            hour, (title, text), language = begins + chance.randrange(3), own.offer(teller), "en"
        yield hour, Told(f"{number}-{teller}", title, text, language)


class Own:
    """What belongs to one event only."""

    def __init__(self, chance: random.Random, number: int) -> None:
        self.chance = chance
        self.subject, self.german_subject = SUBJECTS[number % len(SUBJECTS)], GERMAN[number % len(GERMAN)]
        self.days = number % 50 + 3
        self.city, self.mayor, self.union, self.leader, self.expert, self.street = (_name(chance) for _ in range(6))
        self.words = [_name(chance).lower() for _ in range(20)]

    def offer(self, teller: int) -> tuple[str, str]:
        verb = ("offered", "proposed to", "promised")[teller % 3]
        return (
            f"{self.city} {verb} {self.union} talks over the {self.street} {self.subject}",
            f"Mayor Anna {self.mayor} of {self.city} on Monday {verb} the {self.union} union new talks over the"
            f" {self.street} {self.subject}.\n"
            f"{self.mayor} said the talks could begin “within {self.days} days” and would be open to all.\n"
            f"Jon {self.expert}, an analyst at the {self.city} institute, called the move “late, but welcome”.\n"
            f"{self._background()}",
        )

    def answer(self, teller: int) -> tuple[str, str]:
        word = ("a stage, not a table", "an empty chair", "a trap for our members")[teller % 3]
        return (
            f"{self.union} union rejects {self.city}’s offer of talks over the {self.street} {self.subject}",
            f"The {self.union} union on Tuesday rejected the offer of Mayor Anna {self.mayor} of {self.city} to talk"
            f" over the {self.street} {self.subject}.\n"
            f"Union leader Tom {self.leader} said the offer was “{word}” and asked for {self.days} days more.\n"
            f"{self.mayor} had offered the {self.union} union talks over the {self.subject}.\n{self._background()}",
        )

    def reversal(self) -> tuple[str, str]:
        return (
            f"{self.city} withdraws its offer to {self.union} over the {self.street} {self.subject}",
            f"Mayor Anna {self.mayor} of {self.city} on Thursday withdrew her offer of talks over the {self.street}"
            f" {self.subject}.\n{self.mayor} said she takes back what she had offered the {self.union} union.\n"
            f"Union leader Tom {self.leader} said “we expected nothing else”.\n{self._background()}",
        )

    def german(self) -> tuple[str, str]:
        return (
            f"{self.city} bietet {self.union} Gespräche über {self.street} an",
            f"Bürgermeisterin Anna {self.mayor} aus {self.city} hat der Gewerkschaft {self.union} am Montag Gespräche"
            f" angeboten. Es geht um {self.german_subject} {self.street}.\n"
            f"{self.mayor} sagte, die Gespräche könnten in {self.days} Tagen beginnen.\n"
            f"{self._background()}",
        )

    def _background(self) -> str:
        return f"It is about {', '.join(self.chance.sample(self.words, 14))} on {self.street} in {self.city}."


def _name(chance: random.Random) -> str:
    return "".join(chance.choice("bdfgklmnprstv") + chance.choice("aeiou") for _ in range(4)).title()
