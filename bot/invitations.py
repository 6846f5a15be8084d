"""Links that let readers in while ACCESS is invite: made for so many people and so long, listed, taken back."""

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import Session

from bot.commands import Button
from bot.context import Refusal, Talk
from bot.speech import Html, Speech
from db.admins import handle_of, issue_code, open_codes, record, revoke_code
from db.tables import Code

USES = (1, 10, 100, 1000)
DAYS = (1, 7, 30, 0)  # 0: for ever
READERS = ("invite",)


async def invites(talk: Talk) -> None:
    say, zone = talk.say, talk.known.zone
    codes = await talk.desk.database.read(open_codes, READERS, talk.desk.now())
    lines = [Html(f"<b>{say('Invitation links')}</b>")]
    lines += [Html(f"{number}. {_line(code, zone, say)}") for number, code in enumerate(codes, 1)]
    if not codes:
        lines.append(say("No link is open. Nobody new can come in."))
    else:
        lines.append(Html(f"\n<i>{say('A link is shown only when it is made.')}</i>"))
    taken = [((say("Take {n} back", n=n), f"invite-gone:{handle_of(code)}"),) for n, code in enumerate(codes, 1)]
    await talk.edit(Html("\n".join(lines)), (((say("New link"), "invite-uses"),), *taken, ((say("Back"), "admin"),)))


def _line(code: Code, zone: str, say: Speech) -> Html:
    left = say("{left} of {n} uses left", left=code.uses_left, n=code.uses)
    if code.expires_at is None:
        return say("{left}, without an end", left=left)
    return say("{left}, until {when}", left=left, when=say.stamp(code.expires_at, zone))


async def ask_uses(talk: Talk) -> None:
    buttons = tuple((str(uses), f"invite-days:{uses}") for uses in USES)
    await talk.edit(talk.say("How many people may come in by the link?"), (buttons, ((talk.say("Back"), "invites"),)))


async def ask_days(talk: Talk) -> None:
    say, uses = talk.say, _number(talk, 0, USES)
    names = {1: say("a day"), 7: say("a week"), 30: say("a month"), 0: say("until I take it back")}
    buttons = tuple((names[days], f"invite-make:{uses}:{days}") for days in DAYS)
    await talk.edit(say("How long?"), (buttons[:3], buttons[3:], ((say("Back"), "invite-uses"),)))


async def make(talk: Talk) -> None:
    """Data: "invite-make:USES:DAYS"."""
    uses, days, now, say = _number(talk, 0, USES), _number(talk, 1, DAYS), talk.desk.now(), talk.say
    until = now + timedelta(days=days) if days else None

    def work(session: Session) -> str:
        record(session, talk.user_id, "invite.make", f"{uses}/{days}", now)
        return issue_code(session, "invite", now, uses=uses, expires_at=until)

    code = await talk.desk.database.write(work)
    many = say.count("{n} person can come in by this link.", "{n} people can come in by this link.", uses)
    ends = say("It works until {when}.", when=say.stamp(until, talk.known.zone)) if until else say("It has no end.")
    lines = [Html(f"https://t.me/{talk.bot.username}?start={code}"), Html(f"{many} {ends}"),
             say("It is shown only here and now: copy or forward it.")]  # fmt: skip
    await talk.edit(Html("\n\n".join(lines)), (((say("Invitation links"), "invites"),),))


def _number(talk: Talk, place: int, allowed: tuple[int, ...]) -> int:
    given = talk.number(place, -1)
    if given not in allowed:
        raise Refusal(talk.say("This button is too old. /admin shows a new one."))
    return given


async def take_back(talk: Talk) -> None:
    await revoke(talk, READERS, "invite.gone")
    await invites(talk)


async def revoke(talk: Talk, purposes: Sequence[str], act: str, subject: str = "") -> None:
    """Takes back the code that the button names, and writes down who did."""
    now = talk.desk.now()

    def work(session: Session) -> bool:
        gone = revoke_code(session, talk.words, purposes)
        if gone:
            record(session, talk.user_id, act, subject, now)
        return gone

    if not await talk.desk.database.write(work):
        raise Refusal(talk.say("This invitation was used, or has ended."))


BUTTONS = (
    Button("invites", invites, "owner"),
    Button("invite-uses", ask_uses, "owner"),
    Button("invite-days", ask_days, "owner"),
    Button("invite-make", make, "owner"),
    Button("invite-gone", take_back, "owner"),
)
