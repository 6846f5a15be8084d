"""Telegram's HTML, well formed and not."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.markup import finished, parse_html, utf16_length
from bot.playground.refusals import Refused

BIDI = "\u202a\u202b\u202c\u202d\u202e"
PIECES = st.sampled_from(
    ["<b>", "</b>", "<i>", "</i>", "<a href='", "'>", "</a>", "<blockquote expandable>", "</", "<", "&lt", "&#", ";"]
)


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<b>open", 'Can\'t find end tag corresponding to start tag "b"'),
        ("Straße <h1>x</h1>", 'Unsupported start tag "h1" at byte offset 8'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<a href='x", 'Unclosed start tag "a" at byte offset 0'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_faulty_markup_is_refused_with_its_place(html: str, fault: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_html(html)
    assert refused.value.description == f"Bad Request: can't parse entities: {fault}"


@given(st.lists(PIECES | st.text(max_size=5), max_size=30))
def test_any_markup_is_taken_or_refused(pieces: list[str]) -> None:
    try:
        formatted = finished(parse_html("".join(pieces)))
    except Refused:
        return
    for entity in formatted.entities:
        assert 0 <= entity["offset"] < entity["offset"] + entity["length"] <= utf16_length(formatted.text)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"], exclude_characters=BIDI)))
def test_escaped_text_arrives_as_it_was(text: str) -> None:
    assert parse_html(escape(text)).text == text
    assert parse_html(f"<b>{escape(text)}</b>").text == text


@pytest.mark.parametrize(
    ("html", "kinds"),
    [
        ("<code>a <b>b</b></code> <b>c</b>", ["code", "bold"]),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", ["blockquote"]),
        ('<pre><code class="language-toml">a</code></pre>', ["pre"]),
        ('<a href="nowhere">a</a> <a>harbour.example</a>', ["text_link"]),
        ("<b> </b>x<i></i>", ["bold"]),
        ("@norrland_post #cod /latest news@harbour.example", ["mention", "hashtag", "bot_command", "email"]),
    ],
)
def test_only_what_telegram_keeps_becomes_an_entity(html: str, kinds: list[str]) -> None:
    assert [entity["type"] for entity in finished(parse_html("." + html)).entities] == kinds


def test_overrides_of_direction_and_control_characters_do_not_arrive() -> None:
    assert parse_html("a\u202eb\x07c\r\nd").text == "ab c\nd"
