"""Conversations in each language: a newcomer, and an admin, who meet no word of another one."""

import asyncio
import re
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot.about import LONG, SHORT
from bot.choices import SETTINGS
from bot.messages import plain
from bot.playground.chats import Message, Person
from bot.speech import speech
from db.admins import appoint
from db.stories import newest_stories
from tests.catalogues import messages_of
from tests.product import Product, product

# Invented events, as newsrooms of each language would tell them.
NEWS = {
    "uk": (
        "Арнгафен закрив Старий міст для вантажівок",
        "Місто Арнгафен у понеділок закрило Старий міст для вантажівок, бо інженери знайшли тріщини у двох опорах.\n"
        "Мер Тильда Фосс заявила, що міст буде закрито щонайменше шість тижнів.\n"
        "Спілка перевізників заявила, що об’їзд забиратиме дві години на день.",
    ),
    "ru": (
        "Вельден вводит плату за въезд в центр",
        "Город Вельден с понедельника вводит плату за въезд в центр, сообщил мэр Отто Лимар.\n"
        "Плата составит четыре кроны в день, жители центра от неё освобождены.\n"
        "Союз таксистов заявил, что обжалует решение в суде.",
    ),
    "de": (
        "Lokführer in Sundmark kündigen Streik an",
        "Die Gewerkschaft der Lokführer in Sundmark hat für Donnerstag einen Streik angekündigt.\n"
        "Die Bahn nannte den Streik unverhältnismäßig und bot neue Gespräche an, sagte Sprecherin Ines Kolb.\n"
        "Der Fahrgastverband forderte beide Seiten auf, sich zu einigen.",
    ),
}
TOPIC = {"uk": "міст", "ru": "плата", "de": "Streik"}
CITY = {"uk": "Київ", "ru": "Москва", "de": "Wien"}
# Addresses, commands, names of products, and what is typed as it stands: the same in every language.
SAME = re.compile(
    r"https?://\S+|127\.\S+|/[a-z]+|@\w+|\b(?:Triptych|Telegram|RSS|Atom|JSON Feed|OPML|host:port|ALLOW_PRIVATE_HOSTS"
    r"|Admin|English|Deutsch|headlines|short|full|UTC|afresh|hours|days|zone|length|pictures|silent|language|reads|quiet|exclude|pause|unmute)\b"
)


def english(language: str) -> list[re.Pattern[str]]:
    """Every line the code says in English and otherwise in this language, as a pattern for the whole of a line."""
    messages = [one.id if isinstance(one.id, str) else one.id[-1] for one in messages_of() if one.id]
    catalogue = speech(language).catalogue
    lines = {line for one in messages if catalogue.gettext(one) != one for line in plain(one).split("\n")}
    worded = [line for line in lines if re.search("[a-z]{2}", re.sub(r"\{\w+\}", "", line))]
    return [re.compile(re.sub(r"\\\{\w+\\\}", ".+", re.escape(line))) for line in worded]


@dataclass
class Walk:
    """One person's way through the product, and all they were shown on it."""

    day: Product
    person: Person
    shown: set[str] = field(default_factory=set)

    async def ask(self, text: str) -> Message:
        return self.keep(await self.day.ask(self.person, text))

    async def press(self, message: Message, *buttons: str) -> None:
        """Also buttons that the message has no more; each press is over when its answer and its change are there."""
        playground = self.day.playground
        for button in buttons:
            before = len(message.history), len(playground.sent(self.person))
            answer = await playground.answer_to(playground.press_data(self.person, message, button), 20)
            for _ in range(10):
                if (len(message.history), len(playground.sent(self.person))) != before:
                    break
                await asyncio.sleep(0.02)
            self.shown.add(answer.get("text") or "")
            self.keep(message)

    async def hear(self, words: str) -> Message:
        """The message with these words, once it has come."""
        playground = self.day.playground

        def come() -> Message | None:
            return next((message for message in playground.sent(self.person) if words in message.text), None)

        return self.keep(await playground.until(come, 10, words))

    def keep(self, message: Message) -> Message:
        self.shown.update([*message.text.split("\n"), *message.labels])
        return message


async def look_after_the_paper(walk: Walk) -> None:
    """What an editor sees of the sources, and what can go wrong with one."""
    for said in ("/addsource http://127.0.0.2/feed", "/addsource", "/dropsource x", "/deliveries", "/help"):
        await walk.ask(said)
    listed = await walk.ask("/sources")
    await walk.press(listed, "source:1", "source-pages:1", "source-remove:1", "source:1", "sources-list:trouble:0")
    room = await walk.ask("/admin")
    for button in [button["callback_data"] for button in room.buttons]:
        await walk.press(room, button, "admin")


async def add_the_paper(walk: Walk) -> None:
    """Its news have become stories when this returns."""
    offered = await walk.ask(f"/addsource {walk.day.paper.address}")
    await walk.press(offered, next(data for b in offered.buttons if (data := b["callback_data"]).startswith("add-")))
    await all_stories(walk.day)


async def begin(walk: Walk, language: str) -> Message:
    """From the first word to the first brief."""
    asked = await walk.ask("/start")
    asked = await walk.ask(TOPIC[language])
    await walk.press(asked, "time", "hour:480")
    await walk.ask(CITY[language])
    return await walk.hear(speech(language)("Your brief"))


async def read_on(walk: Walk, language: str) -> None:
    """All there is below a story, and what is asked for."""
    brief = await begin(walk, language)
    story = next(b["callback_data"] for b in brief.buttons if b.get("callback_data", "").startswith("story:"))
    id = story.split(":")[1]
    for way in ("sources", "why", "follow", "unfollow", "wrong", "mute", "unmute"):
        await walk.press(brief, f"{way}:{id}", story)
    await walk.press(brief, "back", "nonsense", "topics", "topic-type", "time", "hour-type", "zone-ask")
    for said in (f"/latest {TOPIC[language]}", "/latest ?", "/nonsense", "/hlep"):
        await walk.ask(said)


async def choose_and_leave(walk: Walk, language: str) -> None:
    await begin(walk, language)
    page = await walk.ask("/settings")
    for setting in SETTINGS:
        typed = [f"set:type:{setting.name}"] if setting.example else []
        await walk.press(page, f"set:{setting.name}", f"set:{setting.name}:?", *typed)
    await walk.press(
        page, "set:exclude:x", "set:silent:on", "set:pictures:on", "set:quiet:22:00 7:00", "set:hours:18:00"
    )
    await walk.press(page, "set:unmute", "set:pause:7", "set", "set:pause:off", "set:nonsense")
    asked = await walk.ask("/privacy")
    await walk.press(asked, "deleteme", "deleteme-no")
    for said in ("/pause", "/stop", "/start", "/start afresh"):
        await walk.ask(said)
    await walk.press(asked, "deleteme", "deleteme-yes")
    await walk.ask("/brief")


async def all_stories(day: Product) -> None:
    """Once what the paper published is read and condensed."""
    for _ in range(200):
        if await day.database.read(newest_stories, day.clock.at - timedelta(days=1), 10):
            return
        await day.bot.tick()
        await asyncio.sleep(0.05)
    pytest.fail("what was published has become no story")


def foreign(shown: set[str], language: str) -> list[str]:
    """The lines that are in another language: in English, or written in its letters."""
    patterns = english(language)
    found = [line for line in shown if any(one.fullmatch(line) for one in patterns)]
    latin = [line for line in shown if re.search("[A-Za-z]{2}", SAME.sub("", line))]
    return found + (latin if language in ("uk", "ru") else [])


async def walk_through(folder: Path, language: str) -> set[str]:
    """What an editor and two readers of the language are shown."""
    async with product(folder) as day:
        day.paper.title = "Ліхтар"
        day.paper.publish(*NEWS[language])
        editor, reader, leaver = (Walk(day, day.playground.add_person(who, language=language)) for who in "ABC")
        await day.database.write(appoint, [editor.person.id], "owner", day.clock.now())
        await add_the_paper(editor)
        await asyncio.gather(
            look_after_the_paper(editor), read_on(reader, language), choose_and_leave(leaver, language)
        )
        day.clock.at += timedelta(minutes=1)
        await reader.ask("/brief")
        for walk in (editor, reader, leaver):
            for message in day.playground.sent(walk.person):
                walk.keep(message)
        return editor.shown | reader.shown | leaver.shown


@pytest.mark.parametrize(
    "language", ["uk", pytest.param("ru", marks=pytest.mark.long), pytest.param("de", marks=pytest.mark.long)]
)
async def test_whoever_speaks_a_language_meets_no_word_of_another_one(tmp_path: Path, language: str) -> None:
    shown = await walk_through(tmp_path, language)
    assert len(shown) > 150
    assert foreign(shown, language) == []


async def ask_in_a_group(walk: Walk, language: str) -> None:
    """A group is set up by its administrator, and asks; so does somebody in another chat, by the bot's name."""
    playground, group = walk.day.playground, walk.day.playground.group
    playground.join(group)
    page = walk.keep(await walk.day.ask(walk.person, "/start", chat=group))
    for button in ("topic-all", "hour:480", "zone:Europe/Kyiv", "set", "set:silent:on"):
        await walk.press(page, button)
    for said in ("/settings", f"@{playground.bot.username} {TOPIC[language]}"):
        walk.keep(await walk.day.ask(walk.person, said, chat=group))
    answer = await playground.inline_answer(playground.ask_inline(walk.person, TOPIC[language]), 10)
    for result in answer["results"]:
        walk.shown.update(plain(result["input_message_content"]["message_text"]).split("\n"))
    for message in playground.sent(group):
        walk.keep(message)


@pytest.mark.long
@pytest.mark.parametrize("language", sorted(NEWS))
async def test_a_group_and_a_channel_are_spoken_to_in_the_language_of_their_administrator(
    tmp_path: Path, language: str
) -> None:
    async with product(tmp_path) as day:
        day.paper.title = "Ліхтар"
        day.paper.publish(*NEWS[language])
        walk = Walk(day, day.playground.admin)
        walk.person.language = language
        await add_the_paper(walk)
        await ask_in_a_group(walk, language)
        for said in ("/channel", "@nonsense_channel", "/channel 7 hours 8:00", f"{TOPIC[language]}?", "???"):
            await walk.ask(said)
        assert len(walk.shown) > 50
        assert foreign(walk.shown, language) == []


async def test_the_menu_and_the_descriptions_are_in_the_language_of_the_phone(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        profile = day.playground.profile
        for language in NEWS:
            person, say = day.playground.add_person("Reader", language=language), speech(language)
            menu = profile.commands_for(person, day.playground.chat(person))
            assert {"command": "brief", "description": say("A brief now")} in menu
            assert profile.descriptions[language] == say(LONG)
            assert profile.short_descriptions[language] == say(SHORT)


async def test_the_language_chosen_in_the_settings_holds_from_then_on(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        reader = day.playground.reader
        await day.ask(reader, "/start")
        assert "Мова бота тут: українська." in (await day.ask(reader, "/settings language uk")).text
        assert "Ви отримуєте: усе" in (await day.ask(reader, "/settings")).text
        profile, chat = day.playground.profile, day.playground.chat(reader)
        entry = {"command": "brief", "description": "Огляд зараз"}
        assert await day.playground.until(lambda: entry in profile.commands_for(reader, chat) or None, 10, "the menu")
