"""What grouping costs beside a plain inverted index: `python -m tests.bench.group`.

CPU time an article at 10,000 and at 100,000 in the window, the median of five rounds, both indexes in the same run on
the same made-up stream: a vocabulary with the spread of a language, events told by a few outlets, openings of 90 words.
"""

import math
import random
import re
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from db.records import Text
from jobs.group import Grouper

START = datetime(2026, 3, 2, tzinfo=UTC)
WORDS, TITLE, OPENING = 40_000, 9, 90
ROUND, ROUNDS = 300, 5


def stream(size: int, hours: float, seed: int = 1) -> Iterator[Text]:
    """Articles evenly over so many hours; each event has words and names of its own and three or four tellers."""
    chance = random.Random(seed)
    word = [_word(chance) for _ in range(WORDS)]
    weights = list(accumulate(1 / (rank + 8) for rank in range(WORDS)))
    rare = word[400:]
    events: list[list[str]] = []
    for number in range(size):
        if number % 7 < 2 or not events:
            events.append([_word(chance).title() for _ in range(4)] + chance.choices(rare, k=16))
        own = chance.choice(events[-60:])
        said = chance.choices(word, cum_weights=weights, k=TITLE + OPENING)
        for place in chance.sample(range(TITLE + OPENING), 22):
            said[place] = chance.choice(own)
        title, body = " ".join(said[:TITLE]), " ".join(said[TITLE:])
        at = START + timedelta(hours=hours * number / size)
        yield Text(str(number), f"Outlet {number % 300}", body, title, "", at, "en")


def _word(chance: random.Random) -> str:
    return "".join(chance.choice("bcdfghklmnprstvz") + chance.choice("aeiou") for _ in range(chance.choice((2, 3, 4))))


class PlainIndex:
    """Every word weighed by its rarity, every posting visited, the best cosine taken."""

    def __init__(self) -> None:
        self.count = 0
        self.documents: Counter[str] = Counter()
        self.postings: dict[str, list[tuple[int, float]]] = defaultdict(list)

    def store(self, article: Text) -> dict[str, float]:
        counts = Counter(re.findall(r"\w+", f"{article.title} {article.text}".lower()))
        self.count += 1
        self.documents.update(counts.keys())
        weights = {w: (1 + math.log(n)) * math.log((1 + self.count) / self.documents[w]) for w, n in counts.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        for word, weight in weights.items():
            self.postings[word].append((self.count, weight / length))
        return weights

    def nearest(self, article: Text) -> int | None:
        found: dict[int, float] = defaultdict(float)
        for word, weight in self.store(article).items():
            for other, theirs in self.postings[word]:
                found[other] += weight * theirs
        del found[self.count]
        return max(found, key=found.__getitem__, default=None)


def per_article(add: Callable[[Text], object], articles: list[Text]) -> float:
    """Milliseconds of CPU an article, the median of the rounds."""
    costs = []
    for one in range(ROUNDS):
        batch = articles[one * ROUND : (one + 1) * ROUND]
        start = time.process_time()
        for article in batch:
            add(article)
        costs.append((time.process_time() - start) * 1000 / len(batch))
    return statistics.median(costs)


def measure(window: int, *, plain: bool) -> tuple[float, float | None]:
    """(ours, the plain index's) with so many articles in the window of 72 hours."""
    articles = list(stream(window + ROUND * ROUNDS, 70))
    grouper, index = Grouper(), PlainIndex()
    for article in articles[:window]:
        grouper.group([article])
        if plain:
            index.store(article)
    rest = articles[window:]
    return per_article(lambda one: grouper.group([one]), rest), per_article(index.nearest, rest) if plain else None


def main() -> int:
    small, beside = measure(10_000, plain=True)
    assert beside
    print(f"10,000 in the window: {small:.2f} ms an article; a plain index {beside:.2f} ms; {small / beside:.2f} times")
    if "--short" in sys.argv:
        return 0
    large, _ = measure(100_000, plain=False)
    print(f"100,000 in the window: {large:.2f} ms an article; {large / small:.2f} times its own cost at 10,000")
    return 0


if __name__ == "__main__":
    sys.exit(main())
