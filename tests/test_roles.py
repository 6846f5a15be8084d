"""How a speaker stands to the event, and which panel follows from it."""

import pytest

from db.records import Text
from jobs.condense.events import Event, Line, event_of, lines_of, relation
from jobs.condense.kinds import kind_of, mark_of
from jobs.condense.markers import markers_for
from jobs.condense.roles import ROLES, roles_of
from jobs.condense.sentences import read
from jobs.condense.signs import signs_of
from jobs.condense.speakers import Speaker, attribute
from jobs.condense.vocabulary import vocabulary

WORDS = vocabulary("en")
MARKERS = markers_for("en")
LEAD = (
    "Velian President Ana Torv invited Morland's Prime Minister Jon Hask to the Velian capital on Monday for talks on "
    "the disputed harbour."
)


def read_lines(text: str) -> list[Line]:
    assert WORDS
    assert MARKERS
    sentences = read(Text("0", "Post", text), "en")
    return lines_of(0, sentences, attribute(sentences, WORDS), MARKERS)


def event(text: str = LEAD, title: str = "") -> Event:
    assert WORDS
    assert MARKERS
    return event_of(read_lines(text), title, WORDS, MARKERS)


def related(name: str, description: str = "", kind: str = "person", behalf_of: str | None = None) -> str:
    assert WORDS
    assert MARKERS
    speaker = Speaker(name, description, name.split()[-1].lower(), kind, behalf_of)  # type: ignore[arg-type]
    return relation(speaker, event(), WORDS, MARKERS)


def test_the_subject_of_the_lead_makes_the_move() -> None:
    assert related("Ana Torv") == "mover"


def test_who_is_named_after_the_verb_is_concerned() -> None:
    assert related("Jon Hask", "Morland's prime minister") == "concerned"


def test_a_spokesman_stands_as_who_he_speaks_for() -> None:
    assert related("Ida Brom", "spokeswoman", behalf_of="Jon Hask") == "concerned"


def test_a_title_makes_no_identity() -> None:
    assert related("Kurt Vail", "president of the chess club") not in ("mover", "concerned")


def test_an_onlooker_by_trade_is_a_third_party_even_with_a_tie() -> None:
    assert related("Per Lund", "former Morland station chief") == "third"


@pytest.mark.parametrize("name", ["Many residents", "Most experts"])
def test_the_many_are_third_parties(name: str) -> None:
    assert related(name, kind="group") == "third"


def test_who_undergoes_the_verb_does_not_make_the_move() -> None:
    found = event("Harbour chief Edda Quill was accused of bribery by the island council on Tuesday morning.")
    assert "quill" not in found.movers.names
    assert "quill" in found.concerned.names


def test_whom_a_lead_is_attributed_to_makes_the_move() -> None:
    found = event("Two men stole the harbour bell on Tuesday night and sold it abroad, Larkmoor police said.")
    assert found.sources


def test_the_probabilities_of_a_sentence_sum_to_one() -> None:
    assert WORDS
    assert MARKERS
    text = f"{LEAD}\n“We will not go,” Hask replied.\nAnalyst Ida Brom called it a trap."
    lines = read_lines(text)
    roles = roles_of(signs_of(lines, event_of(lines, "", WORDS, MARKERS), WORDS, MARKERS))
    assert len(roles) == len(lines) == 3
    for one in roles:
        assert sum(one[role] for role in ROLES) == pytest.approx(1)
    assert max(ROLES, key=lambda role: roles[0][role]) == "offer"
    assert max(ROLES, key=lambda role: roles[1][role]) == "responses"
    assert max(ROLES, key=lambda role: roles[2][role]) == "reactions"


def test_no_sentences_have_no_roles() -> None:
    assert roles_of([]) == []


def test_an_explicit_denial_is_marked_and_a_quoted_one_is_not() -> None:
    assert MARKERS
    (denied,) = read_lines("Edda Quill denied that she had promised a new ferry to the islanders.")
    assert mark_of(denied, MARKERS) == "denial"
    (quoted,) = read_lines("“He denied that he had promised a ferry to all of us,” Edda Quill said.")
    assert mark_of(quoted, MARKERS) is None


def test_a_column_and_an_obituary_are_told_from_news() -> None:
    column = "\n".join(
        ["The council should be ashamed of this harbour.", "It must end, and we must say so.", "This is absurd."] * 3
    )
    assert kind_of(read_lines(column), []) == "opinion"
    assert (
        kind_of(read_lines("Ole Brandt, ferryman of Larkmoor, died aged 91. He is survived by two sons."), [])
        == "obituary"
    )
    assert kind_of(read_lines(LEAD), []) == "news"


def test_a_denial_is_an_answer_though_it_opens_the_article() -> None:
    assert WORDS
    assert MARKERS
    text = (
        "Tannek on Tuesday denied that its ships had fired on the port of Sorne.\n"
        "The port lies at the mouth of the Ister.\n“There was no shelling,” minister Ilan Roszak said."
    )
    lines = read_lines(text)
    roles = roles_of(signs_of(lines, event_of(lines, "", WORDS, MARKERS), WORDS, MARKERS))
    assert max(ROLES, key=lambda role: roles[0][role]) == "responses"
    assert mark_of(lines[0], MARKERS) == "denial"
