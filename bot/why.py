"""Why a story was brought: who tells it, what spoke for it, what was left out and why, which sources were down."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from bot.messages import cut, panel_name
from bot.speech import Html, Speech, safe
from db.editions import report_of
from db.records import PANELS, StoryView
from db.sources import sources_down
from db.stories import heirs
from db.tables import Source
from jobs.digest import MORE, PUBLISHERS, RECENCY, RESPONSE, REVERSAL, TOPIC

DOWN_SHOWN = 5  # sources


def why_html(session: Session, view: StoryView, place: tuple[int, int], say: Speech, zone: str) -> Html:
    """place: the chat and the message that carries the story; outside a brief nothing is said of the choice."""
    report = report_of(session, *place)
    down = _titles(session, report.get("down", ()) if report else sources_down(session))
    lines = [Html(f"<b>{safe(cut(view.headline, 200))}</b>"), *_told(view, say, zone), *_left_out_of_story(view, say)]
    if report:
        lines += _choice(report, _codes(session, report, view), say)
    if down:
        named = [*down[:DOWN_SHOWN], *([f"+{len(down) - DOWN_SHOWN}"] if len(down) > DOWN_SHOWN else [])]
        lines.append(say("Could not be read: {sources}", sources=say.listed(named)))
    return Html("\n".join(lines))


def _told(view: StoryView, say: Speech, zone: str) -> Iterable[Html]:
    yield say.count(
        "Told by {n} publisher: {names}",
        "Told by {n} publishers: {names}",
        len(view.publishers),
        names=say.listed(list(view.outlets)),
    )
    first, last = say.stamp(view.first_at, zone), say.stamp(view.updated_at, zone)
    yield say("First told {first}, last {last}.", first=first, last=last)
    yield Html(", ".join(f"{panel_name(p, say)}: {sum(b.panel == p for b in view.bullets)}" for p in PANELS))


def _left_out_of_story(view: StoryView, say: Speech) -> Iterable[Html]:
    """What the gate refused."""
    reasons = {
        "name": say("a name is not in the article"),
        "number": say("a number is not in the article"),
        "quotation": say("a quotation is not word for word"),
        "speaker": say("who speaks is not in the article"),
    }
    left = sum(view.dropped.values())
    if left:
        known = [reasons.get(reason, say("nothing to cite")) for reason in view.dropped]
        because = Html(say.listed(list(dict.fromkeys(known))))
        yield say.count("{n} line left out: {because}.", "{n} lines left out: {because}.", left, because=because)


def _codes(session: Session, report: Mapping[str, Any], view: StoryView) -> Sequence[str]:
    """The reasons given for the story, or for one that was merged into it."""
    given: Mapping[str, Sequence[str]] = report.get("why", {})
    heir = heirs(session, [int(story) for story in given])
    return next((codes for story, codes in given.items() if heir[int(story)] == view.id), ())


def _choice(report: Mapping[str, Any], codes: Sequence[str], say: Speech) -> Iterable[Html]:
    """What spoke for it in its brief, and how many stories that brief did not carry."""
    reasons = [reason for code in codes if (reason := _reason(*code.partition(":")[::2], say))]
    if reasons:
        yield say("Why it is here: {reasons}.", reasons=Html(say.listed(reasons)))
    if waiting := report.get("waiting"):
        yield say.count("{n} more story found no place.", "{n} more stories found no place.", waiting)
    if known := report.get("known"):
        yield say.count("{n} story had nothing new.", "{n} stories had nothing new.", known)


def _reason(code: str, value: str, say: Speech) -> str:
    if code == PUBLISHERS:
        return say.count("{n} publisher tells it", "{n} publishers tell it", int(value))
    return {
        REVERSAL: say("something told before was denied, corrected or taken back"),
        RESPONSE: say("somebody answered what you were told"),
        TOPIC: say("it fits “{topic}”", topic=value),
        RECENCY: say("it is only hours old"),
        MORE: say("it has grown since you were told of it"),
    }.get(code, "")


def _titles(session: Session, ids: Sequence[int]) -> list[str]:
    return list(session.exec(select(Source.title).where(col(Source.id).in_(ids)).order_by(col(Source.title))))
