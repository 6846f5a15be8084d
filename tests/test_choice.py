"""Which sentences become bullets."""

from db.records import PANELS, Text
from jobs.condense import choice
from jobs.condense.events import Line, lines_of
from jobs.condense.markers import markers_for
from jobs.condense.sentences import read
from jobs.condense.shorten import extract
from jobs.condense.speakers import attribute
from jobs.condense.vocabulary import vocabulary

SURE = {"offer": 0.9, "responses": 0.04, "reactions": 0.03, "background": 0.03}


def read_lines(text: str, article: int = 0) -> list[Line]:
    words, markers = vocabulary("en"), markers_for("en")
    assert words
    assert markers
    sentences = read(Text(str(article), "Post", text), "en")
    return lines_of(article, sentences, attribute(sentences, words), markers)


def chosen(lines: list[Line], roles: list[dict[str, float]], articles: int = 1) -> dict[str, list[choice.Candidate]]:
    return choice.choose(lines, roles, [{} for _ in lines], articles)  # type: ignore[arg-type, return-value]


def shortened(text: str, place: int = -1) -> str:
    markers = markers_for("en")
    assert markers
    return extract(read_lines(text)[place], text, markers).text


def test_at_most_four_bullets_a_panel_for_an_article() -> None:
    lines = read_lines(
        "The council will close the harbour on Monday. A new ferry costs nine million crowns. Two captains have "
        "already resigned from their posts. Fares rise by a tenth from next spring. Islanders get tickets for a year. "
        "Every night boat will be cancelled until summer."
    )
    assert len(lines) == 6
    assert len(chosen(lines, [SURE] * len(lines))["offer"]) == 4


def test_the_first_of_the_surest_bullets_opens_its_panel_and_the_others_follow_as_they_were_told() -> None:
    lines = read_lines(
        "For years people stood on the pier at dusk. The council will close the harbour on Monday. A new ferry costs "
        "nine million crowns a year."
    )
    likely = {"offer": 0.5, "responses": 0.1, "reactions": 0.1, "background": 0.3}
    found = chosen(lines, [likely, SURE, likely])
    assert [c.line.place for c in found["offer"]] == [1, 0, 2]


def test_a_panel_of_what_tells_little_still_has_a_first_bullet() -> None:
    lines = read_lines("Some people in the harbour said that they had heard of it at last.")
    answers = {"offer": 0.02, "responses": 0.9, "reactions": 0.04, "background": 0.04}
    little = {"question": 1.0, "starts_leaning": 1.0, "by_vague": 1.0, "by_nobody": 1.0, "continues": 1.0}
    found = choice.choose(lines, [answers], [little], 1)  # type: ignore[list-item]
    assert [c.line.place for c in found["responses"]] == [0]


def test_an_unsure_panel_stays_empty() -> None:
    lines = read_lines("The council will close the harbour on Monday. Some islanders were seen on the pier.")
    unsure = {"offer": 0.2, "responses": 0.05, "reactions": 0.3, "background": 0.45}
    found = chosen(lines, [SURE, unsure])
    assert [len(found[panel]) for panel in PANELS] == [1, 0, 0]


def test_a_sentence_under_six_words_is_no_bullet() -> None:
    lines = read_lines("The council will close the harbour on Monday. It will not reopen.")
    assert [c.line.place for c in chosen(lines, [SURE, SURE])["offer"]] == [0]


def test_the_same_statement_in_two_outlets_is_one_bullet_that_cites_both() -> None:
    first = read_lines("“We will close the harbour on Monday for good,” council leader Tom Harrow said.")
    second = read_lines("“We will close the harbour on Monday for good,” Tom Harrow, who leads the council, said.", 1)
    (candidate,) = chosen([*first, *second], [SURE, SURE], 2)["offer"]
    assert {candidate.line.article, *(same.line.article for same in candidate.same)} == {0, 1}


def test_the_budget_grows_with_the_story_within_limits() -> None:
    assert choice.budget_of(50) == choice.LEAST_BUDGET
    assert choice.budget_of(500) == round(500 * choice.SHARE_OF_WORDS)
    assert choice.budget_of(50_000) == choice.MOST_BUDGET


def test_an_attribution_that_the_label_repeats_is_cut() -> None:
    said = "“We cannot run a boat that breaks down twice a week.”"
    assert (
        shortened("“We cannot run a boat that breaks down twice a week,” harbour chief Edda Quill said on Monday.")
        == said
    )
    assert shortened(f"Harbour chief Edda Quill said: {said}") == said


def test_an_attribution_is_cut_where_only_a_part_of_what_is_said_is_quoted() -> None:
    text = "Edda Quill said the board had “done the right thing” by closing the bridge."
    assert shortened(text) == "The board had “done the right thing” by closing the bridge."


def test_an_opening_but_is_cut() -> None:
    assert shortened("However, the council rejected the plan on Monday.") == "The council rejected the plan on Monday."


def test_what_somebody_unknown_said_is_no_claim_of_the_newsroom() -> None:
    lines = read_lines(
        "The council of Arnhaven closed the ferry line on Monday. According to her, the boats had not been checked for "
        "nine years."
    )
    assert [c.line.place for c in chosen(lines, [SURE, SURE])["offer"]] == [0]


def test_a_pronoun_at_the_beginning_gives_way_to_the_name() -> None:
    text = "Harbour chief Edda Quill said the ferry was old. She said that the board would buy another one in spring."
    assert shortened(text) == "Edda Quill said that the board would buy another one in spring."


def test_the_place_where_the_name_stands_is_cited_too() -> None:
    markers = markers_for("en")
    assert markers
    text = "Harbour chief Edda Quill said the ferry was old. She said that the board would buy another one in spring."
    found = extract(read_lines(text)[-1], text, markers)
    assert "Edda Quill" in text[found.start : found.end]


def test_a_quotation_that_runs_on_is_closed() -> None:
    text = "“The boat is old,” harbour chief Edda Quill said. “It broke down again on Monday. It will not be mended.”"
    assert shortened(text, 1) == "“It broke down again on Monday.”"
    assert shortened(text, 2) == "“It will not be mended.”"
