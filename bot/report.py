"""The last edition, as the tables tell it: what was read, what became of it, what was sent; and what was left out."""

from bot.commands import Button
from bot.context import Talk
from bot.doubts import state_lines
from bot.speech import N_, Html, Speech
from db.counts import Round, last_round
from jobs.digest import FRESH, REMEMBERED

# What the gate refuses a line for; see jobs/condense/gate.py.
REFUSED = {
    "empty": N_("nothing in them"),
    "citation": N_("no source"),
    "name": N_("a name not in the source"),
    "number": N_("a number not in the source"),
    "quotation": N_("a quotation not in the source"),
    "speaker": N_("a speaker not in the source"),
}


async def edition(talk: Talk) -> None:
    found = await talk.desk.database.read(last_round, talk.desk.now(), FRESH, REMEMBERED)
    buttons = ((talk.say("Deliveries"), "deliveries"), (talk.say("Back"), "admin"))
    if found is None:
        await talk.edit(talk.say("No brief was due yet."), (buttons,))
        return
    await talk.edit(report_text(found, talk.known.zone, talk.say), (buttons,))


def report_text(found: Round, zone: str, say: Speech) -> Html:
    head = say("Last edition: {when}", when=say.stamp(found.due_at, zone))
    return Html(
        "\n".join([f"<b>{head}</b>", *_read(found, say), "", *_chosen(found, say), "", *_sent(found, zone, say)])
    )


def _read(found: Round, say: Speech) -> list[Html]:
    """In the day before it was due."""
    lines = [
        say("In the 24 hours before, {answered} of {sources} sources answered.",
            answered=found.answered, sources=found.sources),
        say("{articles} became {stories}.",
            articles=say.count("{n} new article", "{n} new articles", found.articles),
            stories=say.count("{n} story", "{n} stories", found.stories)),
    ]  # fmt: skip
    refused = sum(found.refused.values())
    if refused:
        lines.append(say.count("{n} line was not let through:", "{n} lines were not let through:", refused))
        reasons = sorted(found.refused.items(), key=lambda pair: -pair[1])
        lines += [say("– {reason}: {n}", reason=say(REFUSED.get(reason, reason)), n=n) for reason, n in reasons]
    return lines


def _chosen(found: Round, say: Speech) -> list[Html]:
    left = [
        (say("told before"), found.told),
        (say("nothing to say with a source"), found.bare),
        (say("no topic they fit, or no room"), found.others),
    ]
    lines = [
        say.count("{n} story was chosen for at least one brief.", "{n} stories were chosen for at least one brief.",
                  found.chosen)
    ]  # fmt: skip
    if any(n for _, n in left):
        out = sum(n for _, n in left)
        lines.append(say.count("{n} story was left out:", "{n} stories were left out:", out))
        lines += [say("– {reason}: {n}", reason=reason, n=n) for reason, n in left if n]
    return lines


def _sent(found: Round, zone: str, say: Speech) -> list[Html]:
    lines = [say.count("{n} brief was made.", "{n} briefs were made.", found.readers)]
    lines += state_lines(found.messages, say)
    if found.last_sent_at is not None:
        lines.append(say("The last message went at {time}.", time=say.clock(found.last_sent_at, zone)))
    return lines


BUTTONS = (Button("edition", edition, "editor"),)
