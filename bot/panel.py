"""/admin: one message with everything an admin may do, each behind a button; and how many people there are.

To anyone else it is no command at all.
"""

from collections.abc import Sequence

from bot.answers import AWAY
from bot.commands import Button, Command, Who, allowed
from bot.context import Talk, Unknown, rows
from bot.messages import Buttons
from bot.roles import entered
from bot.speech import N_, Html, Speech
from db.counts import People, last_due, people
from db.deliveries import ledger
from db.sources import source_lines
from jobs.health import TROUBLE, signs_of, state_of

WAITING = ("parked", "in_doubt")


async def admin(talk: Talk) -> None:
    """With a code, typed by one who is no admin: makes them one."""
    if talk.known.role is not None and talk.private:
        await home(talk)
    elif not await entered(talk):
        raise Unknown


async def home(talk: Talk) -> None:
    lines = [Html(f"<b>{talk.say('Administration')}</b>"), *await _at_a_glance(talk)]
    await talk.edit(Html("\n".join(lines)), _doors(talk))


async def _at_a_glance(talk: Talk) -> Sequence[Html]:
    say, now, read = talk.say, talk.desk.now(), talk.desk.database.read
    states = [state_of(signs_of(source), now) for source in await read(source_lines)]
    trouble = sum(state in TROUBLE for state in states)
    waiting = sum(count for state, count in (await read(ledger)).items() if state in WAITING)
    due_at = await read(last_due, now)
    there = say.count("{n} source", "{n} sources", len(states))
    lines = [say("{sources}, {n} with trouble", sources=there, n=trouble) if trouble else there]
    if talk.known.role == "owner":
        lines.append(served_line(await read(people, now), say))
    lines.append(
        say.count("{n} message waits for your word", "{n} messages wait for your word", waiting)
        if waiting
        else say("No message waits for your word")
    )
    if due_at is not None:
        lines.append(say("Last edition: {when}", when=say.stamp(due_at, talk.known.zone)))
    return lines


def served_line(counts: People, say: Speech) -> Html:
    who = [
        (counts.served, say.count("{n} person", "{n} people", counts.served)),
        (counts.groups, say.count("{n} group", "{n} groups", counts.groups)),
        (counts.channels, say.count("{n} channel", "{n} channels", counts.channels)),
    ]
    there = [str(words) for n, words in who if n]
    return say("Briefs go to {who}", who=say.listed(there)) if there else say("Briefs go to nobody yet")


def _doors(talk: Talk) -> Buttons:
    say = talk.say
    doors: list[tuple[str, str, Who]] = [
        (say("Sources"), "sources-list:all:0", "editor"),
        (say("Deliveries"), "deliveries", "editor"),
        (say("Last edition"), "edition", "editor"),
        (say("Statistics"), "stats", "editor"),
        (say("People"), "people", "owner"),
        (say("Roles"), "roles", "owner"),
        (say("Announcement"), "announce", "owner"),
        (say("Audit log"), "audit", "owner"),
    ]
    if talk.desk.settings.access == "invite":
        doors.append((say("Invitation links"), "invites", "owner"))
    return rows([(label, verb) for label, verb, who in doors if allowed(talk.known.role, who)], 2)


async def show_people(talk: Talk) -> None:
    """How many, never who."""
    say, now = talk.say, talk.desk.now()
    counts = await talk.desk.database.read(people, now)
    idle = [
        (
            counts.undecided,
            say.count("{n} person has chosen no hour", "{n} people have chosen no hour", counts.undecided),
        ),
        (counts.paused, say.count("{n} person has paused", "{n} people have paused", counts.paused)),
        (counts.stopped, say.count("{n} has stopped", "{n} have stopped", counts.stopped)),
    ]
    lines = [Html(f"<b>{say('People')}</b>"), served_line(counts, say), *(words for n, words in idle if n)]
    lines += [say("Telegram refuses {n}: {why}", n=n, why=_reason(why, say)) for why, n in _grouped(counts)]
    lines += [say("New in the last seven days: {n}", n=counts.new)]
    if talk.desk.settings.access == "invite":
        lines.append(say("Let in by invitation: {n}", n=counts.members))
    lines.append(Html(f"\n<i>{say('Nobody here can see who reads what.')}</i>"))
    await talk.edit(Html("\n".join(lines)), (((say("Back"), "admin"),),))


def _grouped(counts: People) -> Sequence[tuple[str, int]]:
    """By the reasons that are known; others, which may name a chat, together."""
    grouped: dict[str, int] = {}
    for reason, n in counts.away.items():
        known = reason if reason in AWAY.values() else ""
        grouped[known] = grouped.get(known, 0) + n
    return sorted(grouped.items(), key=lambda pair: -pair[1])


def _reason(reason: str, say: Speech) -> Html:
    return say(reason) if reason else say("other reasons")


COMMANDS = (Command("admin", N_("All that admins can do"), admin, listed="editor"),)
BUTTONS = (Button("admin", home, "editor"), Button("people", show_people, "owner"))
