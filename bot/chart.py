"""Bars of a month as one picture for a phone: numbers in, PNG out. Pure but for the font, which the system may have.

The ground is opaque and dark enough for a light theme, light enough for a dark one; what the bars show is said in
numbers beside them, never by colour alone.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageDraw, ImageFont

WIDTH = 1080  # pixels; a phone shows it at about a third of that
MARGIN = 48
HEAD = 120
ROW = 300  # a strip of bars with its title
BARS = 150
GAP = 0.25  # of a bar's place
FOOT = 70

GROUND, INK, FAINT, GRID = "#24313d", "#eef2f5", "#a9b8c4", "#3a4a58"
LOWER, UPPER = "#7fb7e0", "#e8a06a"

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(frozen=True, slots=True)
class Strip:
    """One row of bars. `upper` stands on top of `lower`, in another colour."""

    title: str
    total: str  # at the right of the title
    lower: Sequence[int]
    upper: Sequence[int] = ()


def draw(title: str, strips: Sequence[Strip], first: str, last: str) -> bytes:
    """first, last: what stands below the first and the last bar."""
    image = Image.new("RGB", (WIDTH, HEAD + ROW * len(strips) + FOOT), GROUND)
    pen = ImageDraw.Draw(image)
    pen.text((MARGIN, HEAD / 2), title, INK, font(52), "lm")
    for number, strip in enumerate(strips):
        _strip(pen, strip, HEAD + ROW * number)
    below = image.height - FOOT / 2
    pen.text((MARGIN, below), first, FAINT, font(38), "lm")
    pen.text((WIDTH - MARGIN, below), last, FAINT, font(38), "rm")
    written = io.BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()


def _strip(pen: ImageDraw.ImageDraw, strip: Strip, top: float) -> None:
    pen.text((MARGIN, top + 40), strip.title, INK, font(42), "lm")
    pen.text((WIDTH - MARGIN, top + 40), strip.total, INK, font(42), "rm")
    ground, uppers = top + 90 + BARS, strip.upper or [0] * len(strip.lower)
    most = max((low + high for low, high in zip(strip.lower, uppers, strict=True)), default=0)
    pen.line((MARGIN, ground, WIDTH - MARGIN, ground), GRID, 3)
    pen.text((MARGIN, ground + 30), f"max {most:,}", FAINT, font(34), "lm")
    place = (WIDTH - 2 * MARGIN) / max(1, len(strip.lower))
    for day, (low, high) in enumerate(zip(strip.lower, uppers, strict=True)):
        left = MARGIN + place * (day + GAP / 2)
        right = left + place * (1 - GAP)
        middle, up = (ground - _height(n, most) for n in (low, low + high))
        _bar(pen, (left, middle, right, ground), LOWER)
        _bar(pen, (left, up, right, middle), UPPER)


def _height(n: int, most: int) -> float:
    """What is there at all can be seen."""
    return max(4.0, BARS * n / most) if n else 0.0


def _bar(pen: ImageDraw.ImageDraw, box: tuple[float, float, float, float], colour: str) -> None:
    if box[3] - box[1] >= 1:
        pen.rectangle((box[0], box[1], box[2], box[3] - 1), colour)


@cache
def font(size: int) -> Font:
    """One with every letter where the system has it, else Pillow's own, which has only those of English."""
    try:
        return ImageFont.truetype("DejaVuSans.ttf", size)
    except OSError:
        return ImageFont.load_default(size)


def can_write(text: str) -> bool:
    return text.isascii() or font(42).getname()[0] == "DejaVu Sans"  # type: ignore[union-attr]
