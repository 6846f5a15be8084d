"""What the sample outlets report: news that never happened, in files, dated from the day the playground was opened.

An article is a file in `outlets/`: a header of `name: value` lines, an empty line, then paragraphs between empty lines.
`published` is hours:minutes after the start; `{day+1}` in a text is the weekday of the day after it.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

FIRST_DAY = timedelta(hours=20)  # the articles that are out when the playground opens span this much time
WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    "uk": ("понеділок", "вівторок", "середу", "четвер", "п’ятницю", "суботу", "неділю"),  # accusative, after "у"
}


@dataclass(frozen=True, slots=True)
class Outlet:
    name: str
    title: str
    tagline: str
    feed: Literal["full", "stub", "atom"]  # RSS with whole texts, RSS with summaries only, Atom with whole texts
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Article:
    slug: str
    outlet: str
    title: str
    published_at: datetime
    section: str
    language: str
    author: str
    summary: str
    paragraphs: tuple[str, ...]


OUTLETS = (
    Outlet("harbour", "The Harbour Post", "Port Alba’s daily since the herring", "full"),
    Outlet("meridian", "Meridian Wire", "News at noon, everywhere", "stub"),
    Outlet("kontinent", "Kontinent", "One continent, many languages", "atom"),
)


def first_start(now: datetime) -> datetime:
    """The start that lets the first day's articles lie in the hours just before `now`."""
    return now.replace(minute=0, second=0, microsecond=0) - FIRST_DAY


def read_articles(start: datetime) -> list[Article]:
    """Every article, newest first, dated from the start (aware UTC)."""
    files = sorted((Path(__file__).parent / "outlets").glob("*.txt"))
    articles = [read_article(file.stem, file.read_text(encoding="utf-8"), start) for file in files]
    return sorted(articles, key=lambda article: article.published_at, reverse=True)


def read_article(slug: str, text: str, start: datetime) -> Article:
    head, body = text.split("\n\n", 1)
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    hours, minutes = map(int, fields["published"].split(":"))

    def dated(words: str) -> str:
        return with_weekdays(words, fields["language"], start)

    return Article(
        slug=slug,
        outlet=fields["outlet"],
        title=dated(fields["title"]),
        published_at=start + timedelta(hours=hours, minutes=minutes),
        section=fields["section"],
        language=fields["language"],
        author=fields["author"],
        summary=dated(fields["summary"]),
        paragraphs=tuple(dated(paragraph.strip()) for paragraph in body.split("\n\n")),
    )


def with_weekdays(text: str, language: str, start: datetime) -> str:
    def weekday(match: re.Match[str]) -> str:
        return WEEKDAYS[language][(start + timedelta(days=int(match[1]))).weekday()]

    return re.sub(r"\{day([+-]\d+)\}", weekday, text)
