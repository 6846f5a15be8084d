"""Who may do what: owners do everything, editors what concerns sources and wrong lines.

An editor comes by a code that works once, for a day, and goes at an owner's word. Names are asked of Telegram when
they are shown, and not kept.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel import Session
from telegram.error import TelegramError

from bot import ready_lists
from bot.commands import Button
from bot.context import Refusal, Talk, language_of, rows, send, tell
from bot.invitations import revoke
from bot.messages import Buttons
from bot.speech import Html, Speech, speech
from db.admins import admins, appoint, dismiss, handle_of, issue_code, open_codes, record, redeem_code
from db.tables import Admin, Code

ROLES = ("owner", "editor")
CODE_HOURS = 24
CODE = re.compile("[A-Za-z0-9_-]{16}")


# ---- coming


async def entered(talk: Talk) -> bool:
    """Whether the first word was a code that makes this person an admin; then they are welcomed."""
    word = talk.words.split()[0] if talk.words else ""
    if talk.known.role is not None or not talk.private or not CODE.fullmatch(word):
        return False
    role = await talk.desk.database.write(_redeem, word, talk.user_id, talk.desk.now())
    if role is None:
        return False
    await talk.desk.menu(talk.chat.id, role, talk.known.language or "")
    welcome = talk.say("You are an owner here now.") if role == "owner" else talk.say("You are an editor here now.")
    told = Html(f"{welcome} {talk.say('/admin shows what you can do.')}")
    if not await ready_lists.offered(talk, told):
        await talk.reply(told, (((talk.say("Show it"), "admin"),),))
    await _tell_owners(talk)
    return True


def _redeem(session: Session, code: str, user_id: int, now: datetime) -> str | None:
    role = redeem_code(session, code, ROLES, now)
    if role is not None:
        appoint(session, [user_id], role, now)
        record(session, user_id, "role.enter", role, now)
    return role


async def _tell_owners(talk: Talk) -> None:
    who = await name_of(talk, talk.user_id)

    def words(say: Speech) -> tuple[Html, Buttons]:
        return say("{who} has used a code and is an editor now.", who=who), (((say("Roles"), "roles"),),)

    for owner in await talk.desk.database.read(admins):
        if owner.role == "owner" and owner.user_id != talk.user_id:
            await tell(talk.bot, talk.desk.database, owner.user_id, words)


async def name_of(talk: Talk, user_id: int) -> str:
    """As Telegram knows the person; the number where it does not say."""
    try:
        return (await talk.bot.get_chat(user_id)).full_name or str(user_id)
    except TelegramError:
        return str(user_id)


async def names_of(talk: Talk, user_ids: Iterable[int]) -> dict[int, str]:
    """The person who asks is "You"."""
    names = {user_id: await name_of(talk, user_id) for user_id in set(user_ids) - {0, talk.user_id}}
    return names | {talk.user_id: talk.say("You"), 0: talk.say("The terminal")}


# ---- who is here


async def roles(talk: Talk) -> None:
    say, now = talk.say, talk.desk.now()
    there = await talk.desk.database.read(admins)
    codes = await talk.desk.database.read(open_codes, ROLES, now)
    names = await names_of(talk, (one.user_id for one in there))
    lines = [Html(f"<b>{say('Roles')}</b>")]
    lines += [_line(names[one.user_id], one.role, say) for one in there]
    lines += [
        say("An invitation is open until {when}.", when=say.stamp(code.expires_at, talk.known.zone))
        for code in codes
        if code.expires_at
    ]
    owners, editors = (
        say("Owners do everything."),
        say("Editors look after sources and deliveries, and withdraw lines."),
    )
    lines.append(Html(f"\n<i>{owners} {editors}</i>"))
    await talk.edit(Html("\n".join(lines)), _buttons(talk, there, codes, names))


def _line(name: str, role: str, say: Speech) -> Html:
    return say("{name}: owner", name=name) if role == "owner" else say("{name}: editor", name=name)


def _buttons(talk: Talk, there: list[Admin], codes: list[Code], names: dict[int, str]) -> Buttons:
    say = talk.say
    going = [
        (say("Dismiss {name}", name=names[one.user_id]), f"role-ask:{one.user_id}")
        for one in there
        if may_dismiss(talk, one)
    ]
    taken = [(say("Take the invitation back"), f"role-uninvite:{handle_of(code)}") for code in codes]
    return (((say("Invite an editor"), "role-invite"),), *rows(taken, 1), *rows(going, 1), ((say("Back"), "admin"),))


def may_dismiss(talk: Talk, one: Admin) -> bool:
    """Nobody oneself, and none whom the settings name: the next start would make them an owner again."""
    return one.user_id not in (talk.user_id, *talk.desk.settings.admin_ids)


# ---- inviting


async def invite(talk: Talk) -> None:
    now = talk.desk.now()
    until = now + timedelta(hours=CODE_HOURS)

    def work(session: Session) -> str:
        record(session, talk.user_id, "role.invite", "editor", now)
        return issue_code(session, "editor", now, expires_at=until)

    code = await talk.desk.database.write(work)
    say = talk.say
    lines = [
        say("Send this to the new editor. It works once, until {when}.", when=say.stamp(until, talk.known.zone)),
        Html(f"https://t.me/{talk.bot.username}?start={code}"),
        say("Or, typed to me: <code>/admin {code}</code>", code=code),
        say("It is shown only here and now."),
    ]
    await talk.edit(Html("\n\n".join(lines)), (((say("Roles"), "roles"),),))


async def uninvite(talk: Talk) -> None:
    await revoke(talk, ROLES, "role.uninvite", "editor")
    await roles(talk)


# ---- going


async def ask_dismissal(talk: Talk) -> None:
    user_id = await _dismissed(talk)
    name = await name_of(talk, user_id)
    yes = (talk.say("Yes, dismiss"), f"role-dismiss:{user_id}")
    await talk.edit(
        talk.say("Dismiss {name}? They can do nothing here any more; their briefs stay.", name=name),
        ((yes, (talk.say("No"), "roles")),),
    )


async def dismiss_admin(talk: Talk) -> None:
    user_id, now = await _dismissed(talk), talk.desk.now()

    def work(session: Session) -> bool:
        gone = dismiss(session, user_id)
        if gone:
            record(session, talk.user_id, "role.dismiss", str(user_id), now)
        return gone

    if await talk.desk.database.write(work):
        say = speech(language := await language_of(talk.desk.database, user_id))
        await talk.desk.menu(user_id, "", language)
        await send(talk.bot, user_id, say("You are no admin here any more. Your briefs stay as they are."))
    await roles(talk)


async def _dismissed(talk: Talk) -> int:
    """Whom the button names, where they may be dismissed."""
    found = next((a for a in await talk.desk.database.read(admins) if str(a.user_id) == talk.words), None)
    if found is None:
        raise Refusal(talk.say("They are no admin any more."))
    if not may_dismiss(talk, found):
        raise Refusal(talk.say("Whom ADMIN_IDS names is an owner as long as it names them."))
    return found.user_id


BUTTONS = (
    Button("roles", roles, "owner"),
    Button("role-invite", invite, "owner"),
    Button("role-uninvite", uninvite, "owner"),
    Button("role-ask", ask_dismissal, "owner"),
    Button("role-dismiss", dismiss_admin, "owner"),
)
