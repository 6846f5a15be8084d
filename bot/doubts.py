"""What an admin sees of deliveries: what is parked or in doubt, to be sent or dropped; and the ledger's notices."""

from collections.abc import Callable, Mapping

import structlog
from sqlmodel import Session

from bot.commands import Button, Command
from bot.context import Bot, Refusal, Talk, tell
from bot.messages import Block, Buttons, cut, pack
from bot.outage import Notice
from bot.speech import N_, Html, Speech, safe
from db.admins import admins, record
from db.deliveries import drop, in_doubt, ledger, parked, send_again
from db.engine import Database
from db.tables import Bullet, Delivery, Rendered

Change = Callable[[Session, int], bool]

SHOWN = 10
LOUD = ("parked", "outage", "token", "stuck", "back")  # kinds of notices that admins get; the log has all


async def deliveries(talk: Talk) -> None:
    """How many messages are in which state, and what waits for an admin's word."""
    say = talk.say
    counts = await talk.desk.database.read(ledger)
    waiting = await talk.desk.database.read(_waiting)
    lines = state_lines(counts, say) or [say("Nothing was sent yet.")]
    lines += [] if waiting else [say("No message waits for your word")]
    blocks = [Block(Html(f"<b>{say('Deliveries')}</b>\n" + "\n".join(lines)))]
    blocks += [Block(_line(delivery, text), gap=True) for delivery, text in waiting]
    buttons = tuple(
        ((say("Send {id}", id=d.id), f"delivery-send:{d.id}"), (say("Drop {id}", id=d.id), f"delivery-drop:{d.id}"))
        for d, _ in waiting
    )
    await talk.edit(Html(pack(blocks)[0].html), (*buttons, ((say("Back"), "admin"),)))


def state_lines(counts: Mapping[str, int], say: Speech) -> list[Html]:
    """How many messages are in which state of the ledger, one to a line; those that are there."""
    names = {
        "sent": say("Sent: {n}", n=counts.get("sent", 0)),
        "owed": say("Waiting to be sent: {n}", n=counts.get("owed", 0)),
        "sending": say("Being sent: {n}", n=counts.get("sending", 0)),
        "in_doubt": say("Perhaps sent, to be sent again: {n}", n=counts.get("in_doubt", 0)),
        "parked": say("Parked for your word: {n}", n=counts.get("parked", 0)),
        "refused": say("Refused by Telegram for the chat: {n}", n=counts.get("refused", 0)),
        "dropped": say("Dropped: {n}", n=counts.get("dropped", 0)),
    }
    return [line for state, line in names.items() if counts.get(state)]


def _waiting(session: Session) -> list[tuple[Delivery, str]]:
    rows = [*parked(session), *in_doubt(session)][:SHOWN]
    return [(row, session.get_one(Rendered, row.rendered_id).plain) for row in rows]


def _line(delivery: Delivery, text: str) -> Html:
    return Html(f"{delivery.id}: {safe(cut(delivery.error or delivery.state, 200))}\n{safe(cut(text, 120))}")


async def send_delivery(talk: Talk) -> None:
    await _act(talk, "delivery.send", lambda session, id: send_again(session, id, talk.desk.now()))
    talk.desk.wake()
    await deliveries(talk)


async def drop_delivery(talk: Talk) -> None:
    await _act(talk, "delivery.drop", drop)
    await deliveries(talk)


async def _act(talk: Talk, act: str, change: Change) -> None:
    id = talk.number()

    def work(session: Session) -> bool:
        done = change(session, id)
        if done:
            record(session, talk.user_id, act, str(id), talk.desk.now())
        return done

    if not await talk.desk.database.write(work):
        raise Refusal(talk.say("This message does not wait any more."))
    await talk.toast(talk.say("Done."))


async def tell_admins(bot: Bot, database: Database, notice: Notice) -> None:
    """What the ledger has to say: always to the log, and to the admins where they can do something."""
    structlog.get_logger().warning(notice.text, kind=notice.kind)
    if notice.kind not in LOUD:
        return

    def words(say: Speech) -> tuple[Html, Buttons]:
        return say(notice.message, **notice.values), (((say("Deliveries"), "deliveries"),),)

    for admin in await database.read(admins):
        await tell(bot, database, admin.user_id, words)


async def withdraw(talk: Talk) -> None:
    """A bullet that is wrong is not told any more. Data: "withdraw:BULLET"."""
    id, now = talk.number(), talk.desk.now()

    def work(session: Session) -> str | None:
        bullet = session.get(Bullet, id)
        if bullet is None or bullet.withdrawn_at is not None:
            return None
        bullet.withdrawn_at = now
        record(session, talk.user_id, "bullet.withdraw", str(id), now, bullet.text)
        return bullet.text

    text = await talk.desk.database.write(work)
    if text is None:
        raise Refusal(talk.say("This line is gone already."))
    await talk.edit(talk.say("Withdrawn, and not told any more:\n{text}", text=cut(text, 600)))


COMMANDS = (Command("deliveries", N_("Messages in doubt, to send or drop"), deliveries, "editor"),)
BUTTONS = (
    Button("deliveries", deliveries, "editor"),
    Button("delivery-send", send_delivery, "editor"),
    Button("delivery-drop", drop_delivery, "editor"),
    Button("withdraw", withdraw, "editor"),
)
