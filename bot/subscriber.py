"""What a reader says: start, brief, pause, resume, stop, help; and the three taps to a first brief."""

from datetime import datetime

from sqlmodel import Session

from bot import ready_lists
from bot.choices import next_line, set_pause
from bot.commands import Button, Command
from bot.context import Refusal, Talk
from bot.deeplinks import story_of, topic_of
from bot.editions import compose_asked, plan
from bot.messages import Buttons
from bot.roles import entered
from bot.samples import sample
from bot.speech import N_, Html
from bot.stories import story
from bot.wishes import TOPIC_CHARS, ask_topics, change, turn_topic, wish_line
from db.admins import admit, redeem_code
from db.deliveries import come_back
from db.subscribers import subscribe, subscription_for, subscription_in
from db.tables import Subscriber, Subscription

AFRESH = "afresh"


async def start(talk: Talk) -> None:
    """The welcome; for one who is here already, what they have. A word after it may be an invitation."""
    if await entered(talk):
        return
    if not await _may_use(talk):
        raise Refusal(talk.say("This bot is private. Ask whoever runs it for an invitation link."))
    if not await talk.may_manage():
        raise Refusal(talk.say("Only an administrator of this chat can set up its briefs."))
    word = talk.words.split()[0] if talk.words else ""
    topic, story_id = topic_of(word), story_of(word)
    if story_id is not None:
        talk.words = story_id
        await story(talk)
        return
    await talk.desk.database.write(come_back, talk.chat.id)
    if word.lower() == AFRESH:
        await afresh(talk)
    elif topic is None and await _has_stopped(talk):
        await offer_return(talk)
    else:
        await _begin_here(talk)
        if topic:
            await _with_topic(talk, topic)
        elif not (talk.private and talk.known.role and await ready_lists.offered(talk)):
            await _welcome(talk)


async def _has_stopped(talk: Talk) -> bool:
    found = await talk.desk.database.read(subscription_in, *talk.subject)
    return talk.known.state == "stopped" or (found is not None and found[1].state == "stopped")


async def _begin_here(talk: Talk) -> None:
    where = (talk.chat.id, talk.chat.type, talk.thread_id, talk.say.language)
    await talk.desk.database.write(_begin, *where, talk.desk.now())


async def _welcome(talk: Talk) -> None:
    """For one who has chosen, what they have; for a newcomer a story of today, and the first question."""
    if (await _subscription(talk))[1].hours:
        await talk.reply(await wish_line(talk), home_buttons(talk))
        return
    welcome = talk.say(
        "<b>Triptych</b> tells each story in three panels: the offer, the responses of those concerned, the reactions "
        "of everyone else. Every line names who speaks and links to its article."
    )
    shown = await talk.desk.database.read(sample, talk.say, talk.desk.now())
    if shown:
        welcome = Html(f"{welcome}\n\n{talk.say('A story of today:')}\n{shown}")
    await ask_topics(talk, welcome)


async def _with_topic(talk: Talk, topic: str) -> None:
    """Came with a link that names a topic: it is added, and what is left to choose is asked."""
    said = await turn_topic(talk, topic[:TOPIC_CHARS], only_add=True)
    if (await _subscription(talk))[1].hours:
        await talk.reply(Html(f"{said}\n\n{await wish_line(talk)}"), home_buttons(talk))
    else:
        await ask_topics(talk, said)


async def offer_return(talk: Talk) -> None:
    """Nothing changes until one of the two is chosen."""
    say = talk.say
    lines = [
        say("Welcome back. You had stopped the briefs."),
        await wish_line(talk),
        say("/resume takes them up as before. /start afresh forgets these choices."),
    ]
    await talk.reply(Html("\n".join(lines)), (((say("As before"), "resume"), (say("Start afresh"), AFRESH)),))


async def afresh(talk: Talk) -> None:
    """As if this chat, or forum topic, had never chosen anything."""
    await _manage(talk)

    def forget(session: Session) -> None:
        found = subscription_in(session, *talk.subject)
        if found is not None:
            session.delete(found[0] if talk.private else found[1])

    await talk.desk.database.write(forget)
    await _begin_here(talk)
    await _welcome(talk)


def home_buttons(talk: Talk) -> Buttons:
    say = talk.say
    return (((say("Brief now"), "brief"), (say("Topics"), "topics"), (say("Time"), "time")),)


async def _may_use(talk: Talk) -> bool:
    access, known = talk.desk.settings.access, talk.known
    if access == "open" or known.role or (access == "invite" and known.member):
        return True
    if access == "closed" or not talk.words:
        return False
    return await talk.desk.database.write(_enter, talk.words.split()[0], talk.chat.id, talk.desk.now())


def _enter(session: Session, code: str, chat_id: int, now: datetime) -> bool:
    if redeem_code(session, code, ["invite"], now) is None:
        return False
    admit(session, chat_id, now)
    return True


def _begin(session: Session, chat_id: int, kind: str, thread_id: int, language: str, now: datetime) -> None:
    subscriber = subscribe(session, chat_id, kind, language, "UTC", now)
    subscription = subscription_for(session, subscriber, thread_id, now)
    plan(subscription, subscriber.zone, now)


async def _subscription(talk: Talk) -> tuple[Subscriber, Subscription]:
    found = await talk.desk.database.read(subscription_in, *talk.subject)
    if found is None:
        raise Refusal(talk.say("There are no briefs here yet. /start sets them up."))
    return found


async def brief(talk: Talk) -> None:
    """A brief now, from what was not told yet; in a group it is told to all, so its administrators ask."""
    await _manage(talk)
    _, subscription = await _subscription(talk)
    if not talk.about:
        await talk.toast()
        await talk.typing()
    owed = await talk.desk.database.write(compose_asked, subscription.id or 0, talk.desk.now())
    if talk.about:
        await talk.toast(talk.say("It is being posted.") if owed else talk.say("There is nothing new to post."))
    talk.desk.wake()


async def pause(talk: Talk) -> None:
    """For good, or with a day or a number of days after it, until then."""

    def edit(subscriber: Subscriber, subscription: Subscription) -> None:
        set_pause(subscriber, subscription, talk.words or "on", talk.desk.now())

    subscriber, subscription = await change(talk, edit)
    await talk.reply(next_line(subscriber, subscription, talk.say))


async def resume(talk: Talk) -> None:
    await _manage(talk)
    subscriber, subscription = await _set_state(talk, "active")
    if subscription.due_at is None:
        await talk.edit(talk.say("Briefs are on again. Choose an hour with /time."))
    else:
        await talk.edit(next_line(subscriber, subscription, talk.say), home_buttons(talk))


async def _manage(talk: Talk) -> None:
    if not await talk.may_manage():
        raise Refusal(talk.say("Only an administrator of this chat can change this."))


async def _set_state(talk: Talk, state: str) -> tuple[Subscriber, Subscription]:
    await _subscription(talk)

    def change(session: Session) -> tuple[Subscriber, Subscription]:
        found = subscription_in(session, *talk.subject)
        assert found is not None
        subscriber, subscription = found
        subscription.state, subscription.reason, subscription.paused_until = state, None, None
        if state == "active":
            subscriber.state, subscriber.reason = "active", None
        plan(subscription, subscriber.zone, talk.desk.now())
        return subscriber, subscription

    return await talk.desk.database.write(change)


async def stop(talk: Talk) -> None:
    """The whole chat; in a group with topics, the topic it is said in."""
    await _manage(talk)
    await _subscription(talk)

    def change(session: Session) -> None:
        found = subscription_in(session, *talk.subject)
        if found is not None:
            found[1 if talk.chat.is_forum else 0].state = "stopped"

    await talk.desk.database.write(change)
    await talk.reply(talk.say("Stopped. Your choices are kept; /start brings them back."))


COMMANDS = (
    Command("start", N_("Begin, or see what you get"), start),
    Command("brief", N_("A brief now"), brief),
    Command("pause", N_("Pause the briefs"), pause),
    Command("resume", N_("Take the briefs up again"), resume),
    Command("stop", N_("Stop the briefs"), stop),
)
ELSEWHERE = (Button("brief", brief), Button("resume", resume))
BUTTONS = (*ELSEWHERE, Button(AFRESH, afresh))
