import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.links import canonical


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://A.example/x?b=2&a=1#part", "https://A.example/x?b=2&a=1#part"),
        ("https://a.example/x?utm_source=rss&utm_medium=feed", "https://a.example/x"),
        ("https://a.example/x?id=1&fbclid=abc&at_medium=RSS", "https://a.example/x?id=1"),
        ("https://a.example/x#xtor=RSS-1", "https://a.example/x"),
        ("http://a.example:80/x", "http://a.example/x"),
        ("https://reader:secret@a.example/x", "https://a.example/x"),
        ("https://a.example/a b\n", "https://a.example/a%20b"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("tg://resolve?domain=x", ""),
        ("/relative", ""),
        ("http://[::1", ""),
        ("", ""),
    ],
)
def test_links_are_canonical_and_of_the_web_only(link: str, expected: str) -> None:
    assert canonical(link) == expected


@given(st.text())
def test_no_link_breaks_and_canonical_stays_canonical(text: str) -> None:
    found = canonical(f"https://a.example/{text}")
    assert found == canonical(found)
    assert not any(char.isspace() for char in found)
