"""Which articles tell the same story: fictional outlets, written as newsrooms write."""

import io
import json
from datetime import UTC, datetime, timedelta

from db.records import Filing, Join, New, Text
from jobs.group import Grouper, group_lines, settle

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def article(name: str, title: str, text: str = "", *, hours: float = 0, source: str = "", language: str = "en") -> Text:
    return Text(name, source or f"Outlet {name}", text, title, "", NOON + timedelta(hours=hours), language)


def stories(*articles: Text) -> dict[str, str]:
    return settle(Grouper().group(articles))


DAM = article(
    "dam1",
    "Dam at Orlen breached, thousands told to leave",
    "The Orlen dam above Karsk gave way early on Monday, the water authority said. Some 4,300 people were told to leave"
    " the lower town. Prime Minister Ilse Varga flew to Karsk.",
)
DAM_AGAIN = article(
    "dam2",
    "Flood hits Karsk after dam failure",
    "Karsk was under water on Monday after the Orlen dam failed. Varga, the prime minister, promised help to the 4,300"
    " residents who had to leave their homes in the lower town.",
    hours=3,
)
STRIKE = article(
    "strike",
    "Rail strike halts trains across Veldia",
    "Train drivers in Veldia walked out at midnight. The union UTB wants nine per cent more; the railway offers four.",
    hours=2,
)


def test_two_outlets_on_one_event_are_one_story_and_another_event_is_not() -> None:
    filed = stories(DAM, STRIKE, DAM_AGAIN)
    assert filed["dam1"] == filed["dam2"] != filed["strike"]


def test_each_article_is_filed_once_and_the_first_opens_its_story() -> None:
    filings: list[Filing] = Grouper().group([DAM, DAM_AGAIN])
    assert filings == [New("dam1", "sdam1"), Join("dam2", "sdam1")]


def test_article_seen_before_joins_its_story_again() -> None:
    grouper = Grouper()
    grouper.group([DAM, DAM_AGAIN])
    assert grouper.group([DAM_AGAIN]) == [Join("dam2", "sdam1")]


def lines(*rows: object) -> tuple[int, list[dict[str, str]], str]:
    out, complaints = io.StringIO(), io.StringIO()
    text = "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)
    status = group_lines(io.StringIO(text), out, complaints)
    return status, [json.loads(line) for line in out.getvalue().splitlines()], complaints.getvalue()


def row(text: Text) -> dict[str, str]:
    assert text.published_at
    return {
        "id": text.article, "source": text.source, "title": text.title, "text": text.text,
        "date": text.published_at.isoformat(), "lang": "en",
    }  # fmt: skip


def test_lines_come_back_in_the_order_they_went_in() -> None:
    status, answer, complaints = lines(row(DAM_AGAIN), row(STRIKE), row(DAM))
    assert (status, complaints) == (0, "")
    assert [one["id"] for one in answer] == ["dam2", "strike", "dam1"]
    assert answer[0]["story"] == answer[2]["story"] != answer[1]["story"]


def test_malformed_lines_are_named_and_the_others_are_done() -> None:
    status, answer, complaints = lines(
        row(DAM), "{", {"title": "no id"}, {"id": "x", "title": ""}, row(DAM), row(STRIKE)
    )
    assert status == 1
    assert [one["id"] for one in answer] == ["dam1", "strike"]
    assert [line.split(":")[0] for line in complaints.splitlines()] == ["line 2", "line 3", "line 4", "line 5"]
