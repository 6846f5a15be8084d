"""Lists of sources sent as documents, and handed out."""

from pathlib import Path

import pytest

from bot.lists import is_list
from bot.playground.chats import Message
from db.admins import audit_log
from db.sources import source_urls
from jobs.imports import outlines_of
from jobs.opml import read_list
from tests.product import Product, product

LIST = (
    b'<opml version="2.0"><head><title>Tilda\'s papers</title></head><body><outline text="World">'
    b'<outline text="Lantern" xmlUrl="https://lantern.example/feed"/>'
    b'<outline text="Post" xmlUrl="https://post.example/feed?a=1&b=2"/></outline>%s</body></opml>'
)
FAULTY = (
    b'<outline text="Inward" xmlUrl="http://10.0.0.1/feed"/><outline text="words &lt;b&gt;"/>'
    b'<outline text="Again" xmlUrl="https://LANTERN.example/feed"/>'
)


async def send(day: Product, body: bytes, name: str = "feeds.opml", by_reader: bool = False) -> Message:
    """What the bot answers to a document."""
    person = day.playground.reader if by_reader else day.playground.admin
    before = {m.id for m in day.playground.sent(person)}
    day.playground.say(person, "", document=(name, body))
    return await day.playground.until(
        lambda: next((m for m in day.playground.sent(person) if m.id not in before), None), 10, "an answer to the file"
    )


async def test_a_list_is_reported_and_added_only_when_the_button_is_pressed(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        told = await send(day, LIST % b"")
        assert told.text.splitlines() == [
            "feeds.opml (Tilda's papers)",
            "2 new sources",
            "",
            "Nothing is added yet.",
        ]
        assert await day.database.read(source_urls) == []
        await day.press(day.playground.admin, told, "Add 2 sources")
        assert told.text == "Added: 2 sources. They are read within minutes."
        stored = await day.database.read(outlines_of)
        assert [(one.title, one.section) for one in stored] == [("Lantern", "World"), ("Post", "World")]
        (logged,) = await day.database.read(audit_log, 1)
        assert (logged.act, logged.subject, logged.user_id) == ("source.import", "feeds.opml", day.playground.admin.id)


async def test_what_cannot_be_added_is_counted_by_kind_and_named(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        await day.press(day.playground.admin, await send(day, LIST % b""), "Add 2 sources")
        told = await send(
            day, LIST % (FAULTY + b'<outline text="Mail" xmlUrl="https://mail.example/feed"/>'), "a&b.xml"
        )
        assert told.text.splitlines() == [
            "a&b.xml (Tilda's papers)",
            "1 new source",
            "3 are sources already",
            "1 is on a private address",
            "1 is no address",
            "",
            "Not to be added:",
            "3. http://10.0.0.1/feed is on an address that is not public",
            "4. words <b> has no address",
            "",
            "Nothing is added yet.",
        ]
        await day.press(day.playground.admin, told, "Leave it")
        assert told.text == "Nothing was added."
        assert len(await day.database.read(source_urls)) == 2


async def test_a_long_report_comes_as_a_file_in_the_same_message(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        broken = b"".join(b'<outline text="Inward %d" xmlUrl="http://10.0.0.%d/"/>' % (n, n) for n in range(1, 30))
        told = await send(day, LIST % broken)
        assert told.document is not None
        assert "29 are on private addresses" in told.text
        assert len(told.text) < 1024
        lines = told.document.content.decode().splitlines()
        assert len(lines) == 31
        assert lines[0] == "3. http://10.0.0.1/ is on an address that is not public"
        assert lines[-1] == "2. https://post.example/feed?a=1&b=2 is new"
        await day.press(day.playground.admin, told, "Add 2 sources")
        assert told.text.startswith("Added: 2 sources.")
        assert len(await day.database.read(source_urls)) == 2


async def test_a_report_of_long_words_keeps_the_limit_of_a_caption(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        words = "".join(f'<outline text="{"🗞" * 90}{n}"/>' for n in range(9)).encode()
        told = await send(day, LIST % words, f"{'🗞' * 60}.opml")
        assert told.document is not None
        assert "9 are no addresses" in told.text
        assert told.text.endswith("Nothing is added yet.")


async def test_a_plain_list_in_a_text_file_is_read_too(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        told = await send(day, "# Світ\nhttps://lantern.example/feed Ліхтар\n".encode(), "mine.TXT")
        await day.press(day.playground.admin, told, "Add 1 source")
        (stored,) = await day.database.read(outlines_of)
        assert (stored.title, stored.section) == ("Ліхтар", "Світ")


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("photo.jpg", b"\xff\xd8", "I read lists of sources"),
        ("page<b>.xml", b"<html>hello</html>", "page<b>.xml is not an OPML file. Export the list again"),
        ("feed.xml", b"<rss version='2.0'><channel/></rss>", "is a feed itself: add it as a source"),
        ("empty.opml", b"\n", "is empty"),
        ("bomb.opml", b"<!DOCTYPE x [<!ENTITY a 'aaaa'>]><opml>&a;</opml>", "declares entities of its own"),
        ("large.opml", b" " * 20_000_001, "is larger than 20 MB"),
    ],
    ids=lambda value: str(value)[:12],
)
async def test_a_file_that_is_no_list_is_refused_with_what_to_do(
    tmp_path: Path, name: str, body: bytes, said: str
) -> None:
    async with product(tmp_path) as day:
        told = await send(day, body, name)
        assert said in told.text
        assert not told.buttons
        assert await day.database.read(source_urls) == []


async def test_a_button_of_an_older_list_adds_nothing(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        older = await send(day, LIST % b"")
        await send(day, b"https://other.example/feed", "other.txt")
        answer = await day.press(day.playground.admin, older, "Add 2 sources")
        assert answer["text"] == "This button is too old. Send the file again."
        assert await day.database.read(source_urls) == []


async def test_a_reader_who_sends_a_file_gets_no_hint_and_cannot_press(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        told = await send(day, LIST % b"", by_reader=True)
        assert told.text == "I read words only. /help shows what I can do."
        for data in ("list-add:12345678", "list-export", "list-leave"):
            answer = await day.playground.answer_to(day.playground.press_data(day.playground.reader, told, data), 10)
            assert "too old" in answer["text"]
        assert await day.database.read(source_urls) == []


async def test_what_is_exported_is_read_again_with_its_sections(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin = day.playground.admin
        assert "no sources yet" in (await day.ask(admin, "/sources export")).text
        await day.press(admin, await send(day, LIST % b""), "Add 2 sources")
        told = await day.ask(admin, "/sources export")
        assert told.document is not None
        assert told.document.name == "sources-2026-11-24.opml"
        assert read_list(told.document.content).fresh == await day.database.read(outlines_of)


@pytest.mark.parametrize("size", [2_000, pytest.param(100_000, marks=pytest.mark.long)])
async def test_others_are_answered_while_a_long_list_is_read_and_added(tmp_path: Path, size: int) -> None:
    async with product(tmp_path) as day:
        admin, reader = day.playground.admin, day.playground.reader
        body = LIST % b"".join(
            b'<outline text="Paper %d &amp; more" xmlUrl="https://h%d.example/feed?a=1&b=2"/>' % (n, n)
            for n in range(size - 2)
        )
        day.playground.say(admin, "", document=("long.opml", body))
        assert "/privacy" in (await day.ask(reader, "/help")).text
        told = await day.playground.until(lambda: next(iter(day.playground.sent(admin)), None), 120, "the report")
        assert f"{size:,} new sources" in told.text
        query = day.playground.press(admin, told, f"Add {size:,} sources")
        assert "/privacy" in (await day.ask(reader, "/help")).text
        await day.playground.answer_to(query, 300)
        assert told.text.startswith(f"Added: {size:,} sources.")
        assert len(await day.database.read(source_urls)) == size


async def test_lines_of_addresses_typed_by_an_admin_are_a_list(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        typed = "# Home\nhttps://lantern.example/feed\nPost https://post.example/feed\n\nhttp://10.0.0.1/"
        told = await day.ask(day.playground.admin, typed)
        assert told.text.splitlines()[:3] == ["Your list", "2 new sources", "1 is on a private address"]
        await day.press(day.playground.admin, told, "Add 2 sources")
        assert [one.section for one in await day.database.read(outlines_of)] == ["Home", "Home"]
        asked = await day.ask(day.playground.reader, typed)
        assert "new sources" not in asked.text


def test_a_question_with_an_address_in_it_is_no_list() -> None:
    assert not is_list("What is this?\nhttps://lantern.example/1")
    assert not is_list("https://lantern.example/1")
    assert not is_list("")
