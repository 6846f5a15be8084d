"""Who did what, and when: the newest first, a page at a time."""

from bot.commands import Button
from bot.context import Talk
from bot.messages import cut
from bot.roles import names_of
from bot.speech import N_, Html, Speech, safe
from db.admins import audit_log
from db.tables import Audit

PAGE = 10

ACTS = {
    "source.add": N_("added a source"),
    "source.drop": N_("removed a source"),
    "source.pause": N_("paused a source"),
    "source.resume": N_("resumed a source"),
    "source.pages": N_("changed whether a source's pages are read"),
    "source.section": N_("changed a source's section"),
    "source.publisher": N_("changed a source's publisher"),
    "source.name": N_("changed a source's name"),
    "source.address": N_("changed a source's address"),
    "source.import": N_("added a list of sources"),
    "source.pull": N_("looked at all sources"),
    "bullet.withdraw": N_("withdrew a line"),
    "delivery.send": N_("sent a message again"),
    "delivery.drop": N_("dropped a message"),
    "announcement": N_("announced"),
    "role.invite": N_("invited an editor"),
    "role.uninvite": N_("took an editor's invitation back"),
    "role.enter": N_("came in by a code"),
    "role.dismiss": N_("dismissed an admin"),
    "invite.make": N_("made an invitation link"),
    "invite.gone": N_("took an invitation link back"),
}
WORDLESS = ("source.pull", "role.invite", "role.uninvite", "role.enter", "invite.make", "invite.gone")  # all is said


async def audit(talk: Talk) -> None:
    """Data: "audit", or "audit:BEFORE" for what stands before that row."""
    say = talk.say
    before = (talk.number() or None) if talk.query else None
    found = await talk.desk.database.read(audit_log, PAGE + 1, before)
    page, more = found[:PAGE], len(found) > PAGE
    names = await names_of(talk, (row.user_id for row in page))
    lines = [f"<b>{say('Audit log')}</b>\n", *(_line(row, names[row.user_id], talk.known.zone, say) for row in page)]
    if not page:
        lines.append(say("Nothing is on record yet."))
    turn = [(say("Newest"), "audit")] if before is not None else []
    turn += [(say("Older"), f"audit:{page[-1].id}")] if more else []
    await talk.edit(Html("\n".join(lines)), tuple(row for row in (tuple(turn), ((say("Back"), "admin"),)) if row))


def _line(row: Audit, name: str, zone: str, say: Speech) -> Html:
    act = say(ACTS[row.act]) if row.act in ACTS else safe(row.act)
    what = "" if row.act in WORDLESS else safe(cut(row.detail or row.subject, 100))
    return Html(f"<b>{safe(name)}</b> {act}, {safe(say.stamp(row.at, zone))}" + (f"\n{what}" if what else ""))


BUTTONS = (Button("audit", audit, "owner"),)
