"""Briefs as Telegram HTML: always within the limits, always closed, whatever the text."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.briefs import edition_messages
from bot.messages import MESSAGE_ENTITIES, Block, bullet_html, cut, link, pack, plain, story_blocks
from bot.playground.markup import finished, parse_html
from bot.speech import Html, safe, speech
from bot.stories import whole
from db.records import Bullet, Chosen, Citation, Panel, StoryBullet, StoryView

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
PANELS: tuple[Panel, ...] = get_args(Panel)
HOSTILE = st.text(st.characters(codec=None), max_size=900) | st.sampled_from(
    ["<b>bold", "</blockquote>", "&lt;&amp;&#0;", "\u202eevil\u202c", "\ud800", "a" * 5000, "🙂" * 3000, "x\n\n\ny", ""]
)
URLS = HOSTILE | st.sampled_from(
    ["https://a.example/?q=\"'<>", "javascript:alert(1)", "http://x.example/" + "y" * 3000]
)


def story(number: int, texts: list[str], url: str) -> StoryView:
    bullets = tuple(
        StoryBullet(
            number * 100 + i,
            PANELS[i % 3],
            Bullet(text, texts[-1] if i % 2 else None, False, (Citation("1", texts[0], url, (0, 1)),)),
            NOW,
        )
        for i, text in enumerate(texts)
    )
    return StoryView(number, texts[0], NOW, NOW, bullets, (texts[0], texts[-1]), ("p",), (1,), (), "", url)


BRIEFS = given(
    st.lists(st.tuples(st.lists(HOSTILE, min_size=1, max_size=9), URLS), max_size=8),
    st.sampled_from(["headlines", "short", "full"]),
    st.sampled_from(["en", "de"]),
)


@BRIEFS
@settings(max_examples=150, deadline=None)
def test_no_brief_of_hostile_text_is_refused_by_telegram(
    contents: list[tuple[list[str], str]], length: str, language: str
) -> None:
    send(contents, length, language)


@pytest.mark.long
@BRIEFS
@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
def test_none_of_ten_thousand_briefs_of_hostile_text_is_refused_by_telegram(
    contents: list[tuple[list[str], str]], length: str, language: str
) -> None:
    send(contents, length, language)


def send(contents: list[tuple[list[str], str]], length: str, language: str) -> None:
    """As Telegram reads it: its markup, its limits."""
    chosen = [
        Chosen(
            view := story(n, texts, url),
            frozenset(b.id for b in view.bullets),
            NOW - timedelta(days=1) if n % 2 else None,
            ("response",) if n < 4 and n % 2 else (),
        )
        for n, (texts, url) in enumerate(contents, 1)
    ]
    for part in edition_messages(
        chosen, Html("<b>Your brief</b>"), speech(language), NOW, length=length, pictures=True
    ):
        part.html.encode("utf-8")
        message = finished(parse_html(part.html))
        assert len(message.text.encode("utf-16-le")) // 2 <= 4096
        assert len(message.entities) <= MESSAGE_ENTITIES
        assert all(len(data.encode()) <= 64 for row in part.buttons for _, data in row)


def chosen_with(texts: list[str]) -> Chosen:
    view = story(1, texts, "https://a.example/1")
    return Chosen(view, frozenset(b.id for b in view.bullets))


LONG = [f"The council of Arnhaven said on day {n} that {'it would vote ' * 12}" for n in range(9)]


def some(chosen: Chosen, ids: range, **given: Any) -> list[Chosen]:
    return [replace(chosen, story=replace(chosen.story, id=n), **given) for n in ids]


def test_a_short_brief_of_five_long_stories_fits_one_message() -> None:
    chosen = some(chosen_with(LONG), range(5))
    parts = edition_messages(chosen, Html("Your brief"), speech("en"), NOW, length="short")
    assert len(parts) == 1
    assert [label for label, _ in parts[0].buttons[0]] == ["1", "2", "3", "4", "5"]


def test_a_reversal_is_not_left_out_of_an_answer_that_has_one_line_of_each_panel() -> None:
    view = story(1, ["Bridge", "Ferry", "Road", "Train", "Tram", "Boat"], "https://a.example/")
    taken_back = replace(view.bullets[3], bullet=replace(view.bullets[3].bullet, mark="withdrawal"))
    view = replace(view, bullets=(*view.bullets[:3], taken_back, *view.bullets[4:]))
    blocks = story_blocks(Chosen(view, frozenset()), None, speech("en"), NOW, length="first")
    assert not any("Train" in block.html for block in blocks)
    blocks = story_blocks(whole(view), None, speech("en"), NOW, length="first")
    (line,) = [block.html for block in blocks if "Train" in block.html]
    assert "<u>Offer</u>" in line
    assert "<i>takes back:</i>" in line
    assert not any("Tram" in block.html for block in blocks)


def test_what_came_since_the_last_brief_stands_first_with_its_answers_only() -> None:
    one = chosen_with(["It would close", "We will go to court", "A shop owner is sad"])
    answered = replace(one, new=frozenset([101]), told_at=NOW - timedelta(days=1), why=("response", "more"))
    chosen = [answered, *some(one, range(2, 4))]
    (part,) = edition_messages(chosen, Html("Your brief"), speech("en"), NOW, length="short")
    assert "We will go to court" in part.plain.split("Other news")[0].split("Since your last brief")[1]
    assert "New since Monday" in part.plain
    assert part.plain.count("Offer") == 2
    assert [label for label, _ in part.buttons[0]] == ["1", "2", "3"]


@pytest.mark.parametrize("length", ["headlines", "short"])
def test_answers_and_stories_share_one_message_and_no_answer_is_left_out(length: str) -> None:
    one = chosen_with(LONG)
    answered = replace(one, new=frozenset([101, 104]), told_at=NOW - timedelta(days=1), why=("response",))
    chosen = [*some(answered, range(1, 6)), *some(one, range(6, 11))]
    (part,) = edition_messages(chosen, Html("Your brief"), speech("en"), NOW, length=length)
    assert part.stories[:6] == (1, 2, 3, 4, 5, 6)
    assert part.plain.split("Other news")[0].count("said on day 1") == 5
    assert len(finished(parse_html(part.html)).entities) <= MESSAGE_ENTITIES


def test_what_is_told_is_what_the_parts_carry() -> None:
    chosen = [chosen_with(["a statement of some length"] * 7)]
    for length in ("headlines", "short", "full"):
        parts = edition_messages(chosen, Html("Your brief"), speech("en"), NOW, length=length)
        assert {b for part in parts for b in part.bullets} == chosen[0].new
        assert [s for part in parts for s in part.stories] == [1]


def test_a_panel_with_nothing_in_it_says_so_in_the_readers_language() -> None:
    view = story(1, ["The council voted on the bridge."], "https://a.example")
    part = edition_messages([Chosen(view, frozenset([100]))], Html("x"), speech("en"), NOW, length="short")[0]
    assert "No responses in 2 sources." in part.plain
    assert "No reactions in 2 sources." in part.plain


def test_invisible_characters_and_markup_of_others_do_not_reach_the_reader() -> None:
    assert safe("a\u202eb\u200bc<i>\ud800") == "abc&lt;i&gt;\ufffd"


def test_a_line_that_names_its_speaker_needs_no_label() -> None:
    cited = (Citation("1", "The Lantern", "https://a.example/1", (0, 1)),)
    named = Bullet("The ferry’s owner, Edda Quill, said no.", "Edda Quill", False, cited)
    outlet = ' (<a href="https://a.example/1">The Lantern</a>)'
    assert bullet_html(named, speech("en")) == f"The ferry’s owner, <b>Edda Quill</b>, said no.{outlet}"
    described = replace(named, speaker="Owner Edda Quill")
    assert bullet_html(described, speech("en")) == f"The ferry’s <b>owner, Edda Quill</b>, said no.{outlet}"
    quoted = replace(named, text="“No.”")
    assert bullet_html(quoted, speech("en")) == f"<b>Edda Quill:</b> “No.”{outlet}"


def test_only_web_addresses_become_links() -> None:
    assert link("Post", "javascript:alert(1)") == "Post"
    assert link("Post", 'https://a.example/"x') == '<a href="https://a.example/%22x">Post</a>'


@pytest.mark.parametrize("chars", [10, 50])
def test_a_long_line_is_cut_at_a_word(chars: int) -> None:
    shortened = cut("one two three four five six seven eight nine ten eleven", chars)
    assert len(shortened) <= chars
    assert shortened.endswith("…")


def test_blocks_are_packed_in_their_order_and_never_torn() -> None:
    blocks = [Block(Html(f"<b>{n}</b>" + "x" * 1500)) for n in range(7)]
    parts = pack(blocks)
    assert "".join(plain(p.html).replace("x", "").replace("\n", "") for p in parts) == "0123456"
    assert all(p.html.count("<b>") == p.html.count("</b>") for p in parts)
