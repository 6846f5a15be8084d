"""The whole product, as people use it over two days."""

from datetime import timedelta
from pathlib import Path

from bot.playground.chats import Person
from tests.product import Product, product

INVITATION = """President Ilse Marten of Norland on Monday invited Southmark’s Jonas Feld to talks in Norhaven.
Marten said the visit could take place “within ten days” and promised safe passage.
Southmark’s foreign minister, Lena Roth, rejected the invitation, calling it “a stage, not a table”.
The secretary general of the Coastal League, Otto Brandis, said he regretted that both sides talked past each other."""
ANSWER = """Southmark proposed on Tuesday to hold talks with Norland in the neutral city of Vell instead.
“We will come to Vell, on any day,” Southmark’s foreign minister, Lena Roth, told reporters.
President Ilse Marten of Norland had invited her counterpart Jonas Feld to her capital on Monday."""
BRIDGE = """The city of Arnhaven closed the Old Bridge to lorries on Monday after engineers found cracks in two pillars.
Mayor Tilda Voss said the bridge would stay closed for at least six weeks.
The hauliers’ association said detours would cost its members two hours a day."""


async def subscribe(day: Product, person: Person) -> None:
    """Three taps: everything, at eight, in Berlin."""
    asked = await day.ask(person, "/start")
    await day.press(person, asked, "topic-all")
    await day.press(person, asked, "hour:480")
    await day.press(person, asked, "zone:Europe/Berlin")


async def brief_of(day: Product, person: Person) -> str:
    return (await day.playground.next_message(person, 10)).text


async def test_the_product_from_the_first_source_to_the_second_day(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        reader, admin, blocker = day.playground.reader, day.playground.admin, day.playground.add_person("Blocker")
        day.paper.publish("Norland invites Southmark’s president to talks", INVITATION)
        day.paper.publish("Old Bridge closed to lorries", BRIDGE)

        offered = await day.ask(admin, f"/addsource {day.paper.address}")
        assert "Old Bridge closed to lorries" in offered.text
        await day.press(admin, offered, "Add it")
        assert "The Lantern" in (await day.ask(admin, "/sources")).text

        await day.bot.tick()
        await day.bot.tick()  # its pages are tried twice

        for person in (blocker, reader):
            await subscribe(day, person)
            await day.playground.next_message(person)
            first = await brief_of(day, person)
            assert "Norland invites" in first
            assert "Lena Roth" in first
        day.playground.block(blocker)

        day.clock.at += timedelta(hours=25)
        await day.bot.tick()
        assert "Nothing new since" in await brief_of(day, reader)

        day.paper.publish("Southmark proposes Vell for talks with Norland", ANSWER)
        day.clock.at += timedelta(hours=20)
        await day.ask(admin, "/pull")
        await day.bot.tick()
        await day.bot.tick()
        day.clock.at += timedelta(hours=4)
        await day.bot.tick()
        third = await brief_of(day, reader)
        assert "Vell" in third
        assert "cracks in two pillars" not in third
        assert "a stage, not a table" not in third

        answer = await day.ask(reader, "/latest bridge")
        assert "Old Bridge" in answer.text
        assert len([m for m in day.playground.sent(blocker) if "brief" in m.text.lower()]) <= 2
