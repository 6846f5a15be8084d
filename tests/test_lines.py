"""Stories as JSON lines in, briefs as JSON lines or text out."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from db.records import Brief, Bullet, Citation
from jobs.condense.lines import brief_as_text, condense_lines, text_from_file

TEXT = (
    "The Larkmoor harbour board announced on Tuesday that it will close the island ferry from 1 March.\n"
    "“The board has had our money since autumn,” said council leader Tom Harrow, who rejected the plan."
)


def run(*lines: str) -> tuple[int, list[dict[str, Any]], str]:
    out, err = io.StringIO(), io.StringIO()
    status = condense_lines(io.StringIO("\n".join(lines)), out, err)
    return status, [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue()


def story(**article: object) -> str:
    return json.dumps({"id": "s1", "articles": [{"text": TEXT, **article}]})


def test_a_story_a_line_becomes_a_brief_a_line() -> None:
    status, (brief,), err = run(story(id="a7", source="Post", url="https://post.example/1"))
    assert (status, err) == (0, "")
    assert list(brief) == ["id", "headline", "offer", "responses", "reactions", "missing"]
    cited = brief["offer"][0]["citations"][0]
    assert (cited["article"], cited["source"], cited["url"]) == ("a7", "Post", "https://post.example/1")
    start, end = cited["span"]
    assert "close the island ferry" in TEXT[start:end]


def test_an_article_without_an_id_is_cited_by_its_place() -> None:
    _, (brief,), _ = run(story())
    assert brief["offer"][0]["citations"][0]["article"] == 0


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"articles": []}',
        '{"id": "s"}',
        '{"id": "s", "articles": [3]}',
        '{"id": "s", "articles": [{"text": 3}]}',
        '{"id": "s", "articles": [{"text": "t", "title": 3}]}',
        '{"id": "s", "articles": [{"text": "t", "published_at": "soon"}]}',
    ],
)
def test_a_malformed_line_is_named_and_the_others_are_done(line: str) -> None:
    status, briefs, err = run(story(), line, "", story())
    assert status == 1
    assert len(briefs) == 2
    assert err.startswith("line 2: ")
    assert err.count("\n") == 1


def test_the_short_first_line_of_a_file_is_its_title(tmp_path: Path) -> None:
    (tmp_path / "ferry.txt").write_text(f"Board to close the ferry\n\n{TEXT}", encoding="utf-8")
    text = text_from_file(tmp_path / "ferry.txt")
    assert (text.title, text.text) == ("Board to close the ferry", TEXT)


def test_a_first_line_that_is_a_sentence_is_no_title(tmp_path: Path) -> None:
    (tmp_path / "ferry.txt").write_text(TEXT, encoding="utf-8")
    assert text_from_file(tmp_path / "ferry.txt").title == ""


def test_a_page_is_read_by_its_article(tmp_path: Path) -> None:
    paragraphs = "".join(f"<p>{line} It said so in a long letter to the islanders.</p>" for line in TEXT.splitlines())
    page = f"<!doctype html><html><head><title>Post</title></head><body><article><h1>Ferry</h1>{paragraphs}</article>"
    (tmp_path / "ferry.html").write_text(page, encoding="utf-8")
    text = text_from_file(tmp_path / "ferry.html")
    assert text.title == "Ferry"
    assert "close the island ferry" in text.text
    assert "<p>" not in text.text


def test_a_brief_in_print_names_speakers_sources_and_empty_panels() -> None:
    cited = (Citation("0", "Post", "", (0, 9)), Citation("1", "Herald", "", (0, 9)))
    brief = Brief(
        "Ferry to close",
        offer=(Bullet("The ferry closes on 1 March.", "Edda Quill", False, cited, mark="correction"),),
        missing={"responses": "no answer found", "reactions": "none"},
    )
    assert brief_as_text(brief) == (
        "Ferry to close\n\nOffer\n  - Edda Quill: The ferry closes on 1 March. [correction] (Post, Herald)\n"
        "\nResponses\n  (no answer found)\n\nReactions\n  (none)\n"
    )
