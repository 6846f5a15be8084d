"""/stats: thirty days in a picture that is legible on a phone, and the same in words."""

import io
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from PIL import Image, ImageFont
from sqlmodel import Session

from bot import chart
from bot.chart import LOWER, UPPER, Strip, draw
from bot.speech import speech
from bot.stats import caption, picture_of
from db.counts import Month, month
from db.engine import open_database
from db.tables import Source, SourceDay, Story
from tests.product import MORNING, product
from tests.test_day import BRIDGE

DAYS = [date(2026, 10, 26) + timedelta(days=day) for day in range(30)]
NOTHING = Month(DAYS, *[[0] * 30] * 5)


def seen(picture: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(picture))
    image.load()
    return image


def heights(image: Image.Image, colour: str) -> list[int]:
    """Pixels of that colour in each column."""
    wanted = tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))
    pixels = image.load()
    assert pixels is not None
    return [sum(pixels[x, y] == wanted for y in range(image.height)) for x in range(image.width)]


def test_a_bar_is_as_high_as_its_number_and_nothing_is_no_bar() -> None:
    image = seen(draw("Title", [Strip("Articles", "15", [10, 5, 0])], "1", "3"))
    columns = heights(image, LOWER)
    width = image.width // 3
    first, second, third = (max(columns[part * width : (part + 1) * width]) for part in range(3))
    assert first == pytest.approx(2 * second, abs=2)
    assert third == 0


def test_failing_sources_stand_on_top_in_another_colour() -> None:
    image = seen(draw("Title", [Strip("Sources", "3 / 1", [3, 4], [1, 0])], "1", "2"))
    columns = heights(image, UPPER)
    assert max(columns[: image.width // 2]) > 10
    assert max(columns[image.width // 2 :]) == 0


@pytest.mark.parametrize("language", ["en", "de", "uk", "ru"])
def test_the_picture_fits_a_phone_is_opaque_and_light(language: str) -> None:
    picture = picture_of(NOTHING, speech(language))
    image = seen(picture)
    assert (image.width, image.mode) == (1080, "RGB")
    assert image.height < 2 * image.width
    assert len(picture) < 200_000


def test_without_a_font_for_the_language_the_picture_speaks_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chart, "font", lambda size: ImageFont.load_default(size))
    assert not chart.can_write("Статті")
    assert picture_of(NOTHING, speech("uk")) == picture_of(NOTHING, speech("en"))


def test_the_caption_tells_what_the_picture_shows() -> None:
    numbers = Month(DAYS, [2] * 30, [1] * 30, [0] * 29 + [7], [4] * 30, [0] * 29 + [1])
    said = caption(numbers, {"well": 4, "failing": 1}, speech("en"))
    assert "Articles: 60, today 2" in said
    assert "Briefs sent: 7, today 7" in said
    assert "Today 4 sources had news, 1 failed" in said
    assert "well: 4, failing: 1" in said


def fill(session: Session) -> None:
    session.add(Source(url="https://a.example/f", title="A", publisher="a", next_fetch_at=MORNING, created_at=MORNING))
    session.flush()
    for back, new, failed in ((0, 5, 1), (1, 0, 3), (29, 2, 0), (30, 9, 0)):
        day = MORNING.date() - timedelta(days=back)
        session.add(SourceDay(source_id=1, day=day, fetched=4, failed=failed, new=new))
    for back in (0, 0, 3, 40):
        at = MORNING - timedelta(days=back)
        session.add(Story(name=f"{back}{id(at)}", headline="H", first_at=at, updated_at=at, changed_at=at))


def test_each_day_is_counted_and_older_ones_are_not(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/triptych.db")
    database.write_now(fill)
    numbers = database.read_now(month, MORNING)
    assert numbers.days[-1] == MORNING.date()
    assert (numbers.articles[0], numbers.articles[-1], sum(numbers.articles)) == (2, 5, 7)
    assert (numbers.stories[-1], numbers.stories[-4], sum(numbers.stories)) == (2, 1, 3)
    assert (numbers.failing[-1], numbers.failing[-2]) == (0, 1)
    assert (numbers.lively[-1], numbers.lively[-2]) == (1, 0)
    database.close()


async def test_an_admin_gets_picture_and_words_in_one_message(tmp_path: Path) -> None:
    async with product(tmp_path) as day:
        admin = day.playground.admin
        offered = await day.ask(admin, f"/addsource {day.paper.address}")
        await day.press(admin, offered, offered.labels[0])
        day.paper.publish("Old Bridge closed to lorries", BRIDGE)
        await day.ask(admin, "/pull")
        said = await day.ask(admin, "/stats")
        assert said.photo is not None
        assert said.photo.width == 1080
        assert "Articles: 1, today 1" in said.text
        assert re.search(r"Sources now: well: 1", said.text)
        await day.press(admin, said, "Administration")
        assert "1 source" in day.playground.sent(admin)[-1].text
