"""CPU time of the offline condenser beside LexRank on the same text: `python -m tests.bench.condense FILE…`.

The files are plain-text articles; without any, a made-up one is used. Median of five runs each.
"""

import math
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from db.records import Text
from jobs.condense.offline import condense
from jobs.condense.sentences import read

RUNS = 5
SIZES = ((1, 20), (6, 20), (12, 20), (24, 20), (40, 20))  # articles, sentences an article
MADE_UP = (
    "The {name} harbour board announced on Tuesday that it will close the island ferry from {number} March. "
    "“We cannot run boat {number} any longer,” board chairwoman Edda {name} said in a statement. "
    "The council of {name} rejected the plan, which it called a breach of the treaty of 19{number}. "
    "Economist Ines Vale of {name} University said the closure would cost {number} percent of all visitors.\n"
)
NAMES = ("Larkmoor", "Velia", "Morland", "Esker", "Tarn")


def lexrank(sentences: Sequence[str], damping: float = 0.85, rounds: int = 30) -> list[float]:
    """Erkan and Radev, LexRank (2004): PageRank over the cosine similarities of tf-idf vectors."""
    bags = [Counter(re.findall(r"\w+", sentence.lower())) for sentence in sentences]
    held = Counter(word for bag in bags for word in bag)
    vectors = [{word: n * math.log(len(bags) / held[word] + 1) for word, n in bag.items()} for bag in bags]
    norms = [math.sqrt(sum(value * value for value in vector.values())) or 1.0 for vector in vectors]
    rows = []
    for one, norm in zip(vectors, norms, strict=True):
        row = [
            sum(value * other.get(word, 0.0) for word, value in one.items()) / (norm * length)
            for other, length in zip(vectors, norms, strict=True)
        ]
        total = sum(row) or 1.0
        rows.append([value / total for value in row])
    ranks = [1.0 / len(rows)] * len(rows)
    for _ in range(rounds):
        spread = [sum(rank * row[at] for rank, row in zip(ranks, rows, strict=True)) for at in range(len(rows))]
        ranks = [(1 - damping) / len(rows) + damping * value for value in spread]
    return ranks


def cpu_ms(work: Callable[[], object]) -> float:
    """Milliseconds of CPU, the median of RUNS."""
    times = []
    for _ in range(RUNS):
        start = time.process_time()
        work()
        times.append((time.process_time() - start) * 1000)
    return median(times)


def articles(count: int, sentences: int, sources: Sequence[str]) -> list[Text]:
    """So many articles of so many sentences, cut from the sources."""
    texts = []
    for number in range(count):
        source = sources[number % len(sources)] if sources else ""
        source = source or "".join(
            MADE_UP.format(name=NAMES[(number + n) % 5], number=10 + n) for n in range(sentences)
        )
        found = read(Text("0", "bench", source), "en")[:sentences]
        texts.append(Text(str(number), f"outlet {number}", source[: found[-1].end]))
    return texts


def main(paths: Sequence[str]) -> None:
    sources = [Path(path).read_text("utf-8") for path in paths]
    condense(articles(1, 20, sources))
    for count, sentences in SIZES:
        texts = articles(count, sentences, sources)
        cut = [sentence.text for text in texts for sentence in read(text, "en")]
        ours = cpu_ms(lambda texts=texts: condense(texts))  # type: ignore[misc]
        theirs = cpu_ms(lambda cut=cut: lexrank(cut))  # type: ignore[misc]
        print(f"{count} articles, {len(cut)} sentences: {ours:.1f} ms, {ours / len(cut):.2f} a sentence;", end=" ")
        print(f"LexRank {theirs:.1f} ms, ratio {ours / theirs:.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
