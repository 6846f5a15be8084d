"""Which articles tell the same story: fictional outlets, written as newsrooms write."""

import io
import json
import pickle
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.records import Filing, Join, Merge, New, Split, Text
from jobs.group import Grouper, Meaning, group_lines, load_encoder, settle
from jobs.group.weigh import KEPT, KNOWN, Frequencies
from tests.bench.group import stream

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PAIRS = [json.loads(line) for line in (Path(__file__).parent / "data" / "pairs.jsonl").read_text("utf-8").splitlines()]


def article(name: str, title: str, text: str = "", *, hours: float = 0, source: str = "", language: str = "en") -> Text:
    return Text(name, source or f"Outlet {name}", text, title, "", NOON + timedelta(hours=hours), language)


def stories(*articles: Text) -> dict[str, str]:
    return settle(Grouper().group(articles))


def told_as_one(*articles: Text) -> bool:
    return len(set(stories(*articles).values())) == 1


def told_apart(*articles: Text) -> bool:
    return len(set(stories(*articles).values())) == len(articles)


DAM = article(
    "dam1",
    "Dam at Orlen breached, thousands told to leave",
    "The Orlen dam above Karsk gave way early on Monday, the water authority said. Some 4,300 people were told to"
    " leave the lower town. Prime Minister Ilse Varga flew to Karsk.",
)
DAM_AGAIN = article(
    "dam2",
    "Flood hits Karsk after dam failure",
    "Karsk was under water on Monday after the Orlen dam failed. Varga, the prime minister, promised help to the"
    " 4,300 residents who had to leave their homes in the lower town.",
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


def test_twelfth_and_thirteenth_package_stay_apart() -> None:
    twelfth = article(
        "12",
        "EU adopts 12th sanctions package against Norland",
        "The European Union adopted its 12th package of sanctions against Norland on Monday, banning imports of"
        " diamonds and tightening the oil price cap, the Council said. Maren Kolb called it a strong signal.",
    )
    thirteenth = article(
        "13",
        "EU begins talks on 13th sanctions package against Norland",
        "European Union envoys began work on a 13th package of sanctions against Norland on Wednesday, aimed at firms"
        " that help it evade the oil price cap, diplomats said. Maren Kolb wants it adopted by summer.",
        hours=40,
    )
    answer = article(
        "answer",
        "Norland scorns new EU sanctions",
        "Norland will answer the European Union's twelfth package of sanctions, its foreign ministry said, calling"
        " the ban on diamonds an act of desperation.",
        hours=9,
    )
    assert told_apart(twelfth, thirteenth)
    filed = stories(twelfth, answer, thirteenth)
    assert filed["12"] == filed["answer"] != filed["13"]


def test_two_matches_of_one_club_stay_apart_and_two_reports_of_one_match_do_not() -> None:
    win = article(
        "win",
        "Harwick Rovers beat Tolby 3-1 to go top",
        "Harwick Rovers went top of the league with a 3-1 win at home to Tolby on Saturday. Danny Osei scored twice"
        " for Rovers before manager Petra Lund praised her side.",
    )
    praise = article(
        "praise",
        "Lund praises patience as Rovers go top",
        "Manager Petra Lund praised her Harwick Rovers side after they came back to beat Tolby 3-1. Osei got two.",
        hours=3,
    )
    draw = article(
        "draw",
        "Harwick Rovers held 0-0 at Marsh United",
        "Harwick Rovers dropped points in a goalless draw at Marsh United on Tuesday. Danny Osei missed a penalty and"
        " manager Petra Lund said her side had lacked patience.",
        hours=66,
    )
    filed = stories(win, praise, draw)
    assert filed["win"] == filed["praise"] != filed["draw"]


QUAKE = article(
    "quake",
    "Magnitude 6.1 earthquake hits southern Varesh",
    "A magnitude 6.1 earthquake struck southern Varesh on Monday, killing at least nine people, officials said. The"
    " quake was centred 12 km from the town of Belin at a depth of 10 km. Rescuers searched collapsed buildings.",
)


def test_two_earthquakes_stay_apart() -> None:
    other = article(
        "other",
        "Magnitude 5.4 earthquake shakes Ostrava Islands",
        "A magnitude 5.4 earthquake struck off the Ostrava Islands on Tuesday, the seismological agency said. No"
        " tsunami warning was issued. The quake was at a depth of 35 km. There were no reports of damage to buildings.",
        hours=20,
    )
    assert told_apart(QUAKE, other)


def test_updates_of_an_event_join_it_for_days() -> None:
    toll = article(
        "toll",
        "Varesh quake toll rises to 41 as rescuers dig in Belin",
        "Rescuers in Belin pulled a girl alive from rubble on Tuesday, a day after the earthquake that has killed at"
        " least 41 people in southern Varesh, officials said. Dozens are missing under collapsed buildings.",
        hours=24,
    )
    aid = article(
        "aid",
        "Aid reaches Belin three days after quake",
        "The first convoy with tents and water reached Belin on Thursday. The earthquake in southern Varesh killed 63"
        " people, the government said, and left thousands without homes.",
        hours=66,
    )
    assert told_as_one(QUAKE, toll, aid)


def test_an_offer_and_the_answers_to_it_are_one_story() -> None:
    offer = article(
        "offer",
        "President Marin invites Kolas to Geneva talks",
        "President Elena Marin invited her counterpart Tomas Kolas to talks in Geneva next week, on condition that"
        " the guns fall silent first.",
    )
    answer = article(
        "answer",
        "Kolas rejects talks offer as ultimatum",
        "Tomas Kolas turned down an invitation to Geneva on Tuesday. His spokesman called the condition set by"
        ' President Marin "an ultimatum, not an offer".',
        hours=20,
    )
    world = article(
        "world",
        "Neighbours urge calm after Kolas snubs Geneva",
        "Three neighbouring governments urged both sides to meet after President Kolas refused to come to Geneva."
        " Marin said the invitation stood.",
        hours=44,
    )
    assert told_as_one(offer, answer, world)


def test_crimes_of_one_kind_in_two_towns_stay_apart() -> None:
    tolby = article(
        "tolby",
        "Man charged with murder after stabbing in Tolby",
        "A 34-year-old man was charged with murder after a woman was stabbed in Tolby on Sunday, police said. He will"
        " appear before magistrates on Monday.",
    )
    harwick = article(
        "harwick",
        "Teenager charged with murder after stabbing in Harwick",
        "A 17-year-old boy was charged with murder after a man was stabbed in Harwick on Saturday, police said. He"
        " will appear before magistrates on Monday.",
        hours=4,
    )
    assert told_apart(tolby, harwick)


def test_titles_alone_join_on_more_than_one_word() -> None:
    warned = article("warned", "Orbix shares plunge after profit warning")
    same = article("same", "Chip maker Orbix issues profit warning, shares tumble", hours=2)
    sued = article("sued", "Orbix sued by rival over camera patents", hours=3)
    filed = stories(warned, same, sued)
    assert filed["warned"] == filed["same"] != filed["sued"]


def test_copies_of_a_wire_report_weigh_once_in_their_story() -> None:
    grouper = Grouper()
    grouper.group([article(f"copy{n}", DAM.title, DAM.text, hours=n / 10) for n in range(6)])
    (story,) = grouper.stories.values()
    assert len(story.members) == 6
    assert story.counts.total() == 1


def test_copies_carry_their_story_on_when_the_original_left_the_window() -> None:
    grouper = Grouper()
    grouper.group([DAM, article("copy", DAM.title, DAM.text, hours=60)])
    assert grouper.group([article("late", DAM_AGAIN.title, DAM_AGAIN.text, hours=100)]) == [Join("late", "sdam1")]


ROUND_UP = article(
    "roundup",
    "Monday in brief: Orlen dam, Veldia rail strike",
    "The Orlen dam above Karsk gave way and 4,300 people had to leave the lower town. Train drivers of the union UTB"
    " walked out in Veldia; the railway offers four per cent.",
)


def test_story_that_proves_to_be_two_is_split() -> None:
    filings = Grouper().group([ROUND_UP, DAM, STRIKE])
    assert [type(filing) for filing in filings] == [New, Join, Join, Split]
    filed = settle(filings)
    assert filed["dam1"] != filed["strike"]


def test_two_stories_that_prove_to_be_one_are_merged() -> None:
    sky = article(
        "sky", "Bright streak over Ronne", "A fireball crossed the sky over Ronne; windows shook in Fellbach."
    )
    stone = article(
        "stone",
        "Farmer finds black stone",
        "Hanne Dirks found a warm black stone of 3.2 kg in her beet field.",
        hours=1,
    )
    both = article(
        "both",
        "Fireball over Ronne: farmer Hanne Dirks finds the black stone",
        "The fireball that crossed the sky over Ronne and shook windows in Fellbach left a black stone of 3.2 kg in"
        " the beet field of Hanne Dirks.",
        hours=2,
    )
    again = article("again", both.title, both.text.replace("left", "dropped, still warm,"), hours=3)
    filings = Grouper().group([sky, stone, both, again])
    assert any(isinstance(filing, Merge) for filing in filings)
    assert len(set(settle(filings).values())) == 1


def test_article_after_the_window_opens_a_new_story_unless_the_old_one_is_held() -> None:
    late = article("late", DAM_AGAIN.title, DAM_AGAIN.text, hours=100)
    forgetful, holding = Grouper(), Grouper()
    forgetful.group([DAM])
    assert forgetful.group([late]) == [New("late", "slate")]
    holding.group([DAM])
    holding.hold("sdam1")
    assert holding.group([late]) == [Join("late", "sdam1")]
    assert holding.group([article("week", DAM.title, DAM.text, hours=300)]) == [New("week", "sweek")]


def test_window_forgets_what_left_it() -> None:
    grouper = Grouper()
    for day in range(30):
        grouper.group([article(f"{day}-{n}", f"Event {n} of {day}", DAM.text, hours=24.0 * day) for n in range(5)])
    assert len(grouper.index.filed) <= 4 * 5


def test_nothing_is_kept_of_articles_that_left_the_window() -> None:
    articles = list(stream(60, 70))
    last = article("last", DAM.title, DAM.text, hours=1000)
    used, fresh = Grouper(), Grouper()
    used.group([*articles, last])
    fresh.group([last])
    assert [next(iter(one.index.filed.values())).article for one in (used, fresh)] == ["last", "last"]
    assert len(pickle.dumps(used.index)) <= len(pickle.dumps(fresh.index)) + 100
    assert used.stories.keys() == fresh.stories.keys()


def test_rarest_and_oldest_words_are_forgotten_when_too_many_are_known() -> None:
    frequencies = Frequencies()
    for n in range(2):
        frequencies.observe(["dam", "flood", *(f"word {n} {k}" for k in range(KNOWN // 2))])
    assert len(frequencies.counts) == KEPT
    assert frequencies.counts["dam"] == frequencies.counts["flood"] == 2
    assert "word 0 1" not in frequencies.counts
    assert frequencies.rarity("dam") < frequencies.rarity("word 1 1") < frequencies.rarity("word 0 1")


def test_window_built_again_from_what_was_filed_goes_on_with_its_stories() -> None:
    grouper = Grouper()
    grouper.adopt([(DAM, "flood"), (STRIKE, "rail"), (article("copy", DAM.title, DAM.text, hours=2), "flood")])
    assert grouper.stories["flood"].counts.total() == 1
    assert grouper.group([DAM_AGAIN]) == [Join("dam2", "flood")]


def test_window_built_again_keeps_the_held_stories_longer() -> None:
    grouper = Grouper()
    grouper.adopt([(DAM, "flood"), (STRIKE, "rail"), (article("far", "Else", "Else", hours=90), "else")], {"flood"})
    late = article("late", DAM_AGAIN.title, DAM_AGAIN.text, hours=100)
    assert grouper.group([late]) == [Join("late", "flood")]
    assert "rail" not in grouper.stories


def same_story(pair: dict[str, dict[str, str]], meaning: Meaning | None = None) -> bool:
    """Does the grouper take the two for one story, when they are all it knows?"""
    texts = [Text(side, side, pair[side]["text"], pair[side]["title"], "", NOON, pair[side]["lang"]) for side in "ab"]
    return len(set(settle(Grouper(meaning).group(texts)).values())) == 1


def score(answers: list[bool]) -> float:
    right = sum(answer and pair["same"] for answer, pair in zip(answers, PAIRS, strict=True))
    return float(2 * right / (sum(answers) + sum(pair["same"] for pair in PAIRS)))


def test_names_and_numbers_carry_a_story_across_languages() -> None:
    assert len(PAIRS) >= 50
    assert score([same_story(pair) for pair in PAIRS]) >= 0.93


def test_crowded_window_parts_no_languages() -> None:
    grouper = Grouper()
    crowd = list(stream(300, 20))
    grouper.group(crowd)
    texts = [
        Text(f"{pair['id']} {side}", side, pair[side]["text"], pair[side]["title"], "", NOON, pair[side]["lang"])
        for pair in PAIRS
        for side in "ab"
    ]
    filed = settle(grouper.group(texts))
    assert score([filed[f"{pair['id']} a"] == filed[f"{pair['id']} b"] for pair in PAIRS]) >= 0.9


def test_meaning_is_asked_only_where_languages_meet() -> None:
    asked: list[str] = []

    def encode(opening: str) -> list[float]:
        asked.append(opening)
        return [1.0, 0.0]

    assert Grouper(Meaning(encode)).group([DAM, DAM_AGAIN, STRIKE])
    assert asked == []
    pair = next(pair for pair in PAIRS if pair["id"] == "package12-2")
    assert same_story(pair, Meaning(encode))
    assert len(asked) == 2


def test_meaning_parts_what_shares_names_alone() -> None:
    encode = load_encoder()
    if encode is None:
        pytest.skip("the extra semantic is not installed")
    event, other = (next(pair for pair in PAIRS if pair["id"] == name) for name in ("bridge-1", "bridge-3"))
    assert same_story(event, Meaning(encode))
    assert not same_story(other, Meaning(encode))


@pytest.mark.long
def test_meaning_helps_across_languages() -> None:
    encode = load_encoder()
    if encode is None:
        pytest.skip("the extra semantic is not installed")
    lexical = score([same_story(pair) for pair in PAIRS])
    assert score([same_story(pair, Meaning(encode)) for pair in PAIRS]) >= lexical


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
    bad = ["{", {"title": "no id"}, {"id": "x", "title": ""}, row(DAM), {"id": "y", "title": "A", "date": "soon"}]
    status, answer, complaints = lines(row(DAM), *bad, row(STRIKE))
    assert status == 1
    assert [one["id"] for one in answer] == ["dam1", "strike"]
    assert [line.split(":")[0] for line in complaints.splitlines()] == [f"line {n}" for n in range(2, 7)]


def test_dates_may_be_days_and_may_be_missing() -> None:
    first, second = row(DAM) | {"date": "2026-03-02"}, row(DAM_AGAIN)
    del second["date"]
    status, answer, _ = lines(first, second)
    assert status == 0
    assert answer[0]["story"] == answer[1]["story"]


@given(
    st.lists(st.one_of(st.text(), st.dictionaries(st.sampled_from(["id", "title", "text", "date", "lang"]), st.text())))
)
@settings(max_examples=40, deadline=None)
def test_any_lines_are_answered_or_named(given_rows: list[object]) -> None:
    rows = [row.replace("\n", " ").replace("\r", " ") if isinstance(row, str) else row for row in given_rows]
    status, answer, complaints = lines(*rows)
    assert status == int(bool(complaints))
    blank = sum(isinstance(row, str) and not row.strip() for row in rows)
    assert len(answer) + len(complaints.splitlines()) >= len(rows) - blank


WORDS = ["Karsk", "Orlen", "dam", "flood", "Veldia", "strike", "union", "rail", "quake", "Belin", "Norland", "Kolas"]


@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9), max_size=30))
@settings(max_examples=40, deadline=None)
def test_filings_tell_exactly_what_the_grouper_knows(texts: list[list[str]]) -> None:
    grouper = Grouper()
    filings = grouper.group([article(str(n), "", " ".join(words), hours=n / 9) for n, words in enumerate(texts)])
    assert settle(filings) == {filed.article: filed.story for filed in grouper.index.filed.values()}
    assert sum(isinstance(filing, Join | New) for filing in filings) == len(texts)
    assert all(story.members for story in grouper.stories.values())
