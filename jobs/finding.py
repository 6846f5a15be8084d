"""Finds what a person asks for in the stored stories: somebody's words, or the newest on a topic.

What is asked for exactly is looked for first; then, step by step, what comes near it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sqlmodel import Session, col, select

from db.search import headlines_of, index_bullets, newest_headlines, search_bullets, search_stories
from db.statements import Statement, statements
from db.stories import bullets_of, heirs, newest_stories
from db.tables import Story
from jobs.digest import FRESH
from jobs.lookup import Terms, bullet_terms, near_words, panel_term, party_terms, query_terms
from jobs.questions import Question

HEADLINES = 120  # the newest, in which a mistyped word is looked for
ALIKE = 2  # stories on a part of the words
STATEMENTS_MOST = 40  # newest ones of a party that are looked at
STORIES_MOST = 40  # newest ones on a topic in which a party's words are looked for

Note = Literal["", "other panel", "other stories", "other topic", "about", "unsaid", "earlier"]


@dataclass(frozen=True, slots=True)
class Found:
    """Statements or stories, newest first; `note` says in what the question was not met as it was put."""

    statements: tuple[Statement, ...] = ()
    stories: tuple[int, ...] = ()  # ids
    note: Note = ""


@dataclass(frozen=True, slots=True)
class Near:
    """What there is where nothing was found."""

    words: tuple[str, ...]  # spelled like those that were typed
    headlines: tuple[tuple[int, str, datetime], ...]  # (story, headline, newest article), on a part of the words


@dataclass(frozen=True, slots=True)
class _Try:
    question: Question
    since: datetime | None
    within: tuple[int, ...]
    note: Note


def index_stories(session: Session, story_ids: Sequence[int]) -> None:
    """Makes the words of the stories' bullets findable by who speaks, panel and topic."""
    bullets = bullets_of(session, story_ids)
    headlines = session.exec(select(Story.id, Story.headline).where(col(Story.id).in_(list(bullets)))).all()
    terms = [(one.id, bullet_terms(headline, one)) for story, headline in headlines for one in bullets[story or 0]]
    index_bullets(session, terms)


def find(
    session: Session,
    question: Question,
    now: datetime,
    limit: int,
    *,
    since: datetime | None = None,
    within: Sequence[int] = (),
) -> Found:
    """At most `limit` stories; or, where words are asked for, all statements that are looked at.

    `within` names the stories that the question is about; they are tried before all others.
    """
    stories = tuple(heirs(session, within).values()) if within else ()
    for one in _tries(question, since, stories):
        found = _said(session, one) if one.question.said else _told(session, one, now, limit)
        if found.statements or found.stories:
            return found
    return Found()


def _tries(question: Question, since: datetime | None, within: tuple[int, ...]) -> Iterator[_Try]:
    """From what was asked for to what comes near it."""
    for start in (since, None) if since else (None,):
        for stories in (within, ()) if within else ((),):
            elsewhere: Note = "other stories" if within and not stories else ""
            note: Note = "earlier" if since and not start else elsewhere
            for form in _forms(question):
                yield _Try(form, start, stories, note)
        if question.said:
            words = f"{question.party} {question.topic}".strip()
            yield _Try(replace(question, party="", topic=words), start, within, "about")
            yield _Try(Question(words), start, (), "unsaid")
    if question.party and question.topic:
        yield _Try(replace(question, topic=""), None, (), "other topic")


def _forms(question: Question) -> Iterator[Question]:
    """The question; where it names several words as the party, also with the first one only."""
    yield question
    first, _, others = question.party.partition(" ")
    if question.said and others:
        yield replace(question, party=first, topic=f"{others} {question.topic}".strip())


def _said(session: Session, one: _Try) -> Found:
    """From the panel that was asked for; else whatever the party said."""
    question = one.question
    party, topic = party_terms(question.party), query_terms(question.topic)
    if bool(party) != bool(question.party):
        return Found()  # nothing in the party's name can be looked for
    panel = [panel_term(question.panel)] if question.panel else []
    found = _on(session, [*panel, *party], topic, one)
    if found.statements or not (panel and party):
        return found
    return replace(_on(session, party, topic, one), note=one.note or "other panel")


def _on(session: Session, terms: Terms, topic: Terms, one: _Try) -> Found:
    """What was said in the topic's words; else in the stories that are on it."""
    if not terms and one.note != "about":
        return Found()
    found = _statements(session, [*terms, *topic], one)
    if found.statements or not topic:
        return found
    stories = search_stories(session, topic, STORIES_MOST, since=one.since, within=one.within)
    return _statements(session, terms, replace(one, within=tuple(stories))) if stories else Found()


def _statements(session: Session, terms: Terms, one: _Try) -> Found:
    ids = search_bullets(session, terms, STATEMENTS_MOST, since=one.since, within=one.within)
    found = sorted(statements(session, ids), key=lambda said: said.at, reverse=True)
    return Found(tuple(found), note=one.note) if found else Found()


def _told(session: Session, one: _Try, now: datetime, limit: int) -> Found:
    terms = query_terms(one.question.topic)
    if terms:
        ids = search_stories(session, terms, limit, since=one.since, within=one.within)
    elif one.question.topic:
        ids = []
    else:
        ids = list(one.within) or newest_stories(session, one.since or now - FRESH, limit)
    return Found(stories=tuple(ids[:limit]), note=one.note) if ids else Found()


def near(session: Session, question: Question) -> Near:
    typed = f"{question.party} {question.topic}"
    words = near_words(typed, newest_headlines(session, HEADLINES))
    terms = query_terms(typed)
    ids = search_stories(session, [[key for keys in terms for key in keys]], ALIKE) if len(terms) > 1 else []
    return Near(tuple(words), tuple(headlines_of(session, ids)) if ids else ())
