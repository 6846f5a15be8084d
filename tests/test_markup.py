import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.markup import html_to_text, plain_text, plain_title, safe


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("<p>One</p>\n<p>Two &amp; three</p>", "One\nTwo & three"),
        ("A<br>B<br/>C", "A\nB\nC"),
        ("<ul><li>x</li><li>y</li></ul>tail", "x\ny\ntail"),
        ("<table><tr><td>1</td><td>2</td></tr></table>", "1 2"),
        ("<script>alert(1)</script>safe<style>p{}</style>", "safe"),
        ("a<script>x", "a"),
        ("<p hidden>obey me</p><p style='display: none'>and me</p>seen", "seen"),
        ("wrapped\nin the source <b>bold</b>,  twice", "wrapped in the source bold, twice"),
        ("5 &lt; 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("<pre>a\nb</pre>", "a\nb"),
        ("<!-- note -->text", "text"),
        ("no markup", "no markup"),
        ("", ""),
    ],
)
def test_html_becomes_a_line_a_paragraph(value: str, expected: str) -> None:
    assert html_to_text(value) == expected


def test_plain_text_keeps_its_paragraphs_and_undoes_its_wrapping() -> None:
    assert plain_text("One line\nwrapped.\n\nNext\none.", markup=False) == "One line wrapped.\nNext one."
    assert plain_text("First.\nSecond.", markup=False) == "First.\nSecond."


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("pay\u202eylno\u202c now", "payylno now"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("bell\x07 nul\x00", "bell nul"),
        ("tag\U000e0041\U000e0042s", "tags"),
        ("lone\ud800", "lone"),
        ("e\u0301", "é"),
        ("man\u200dual", "manual"),
        ("👩\u200d🚒", "👩\u200d🚒"),
        ("a" + "\u0301" * 40, "á\u0301\u0301"),
    ],
)
def test_characters_that_hide_or_reorder_are_taken_out(value: str, expected: str) -> None:
    assert safe(value) == expected


@given(st.text(), st.booleans())
def test_any_text_is_safe_afterwards(value: str, markup: bool) -> None:
    for text in (plain_text(value, markup=markup), plain_title(value, markup=markup)):
        text.encode()
        assert not any(char in text for char in "\x00\x07\u202e\u200b\ufeff\r\u2028")
        assert all(line and line == line.strip() for line in text.split("\n")) or not text


def test_a_deep_nest_and_a_long_title_are_cut() -> None:
    started = time.process_time()
    assert len(html_to_text("<div>" * 100_000 + "x")) <= 1
    assert len(plain_title("word " * 100_000, markup=True)) <= 500
    assert time.process_time() - started < 15
