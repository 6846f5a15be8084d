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


def event_says(text: str, name: str, description: str = "", kind: str = "person") -> str:
    assert WORDS
    assert MARKERS
    speaker = Speaker(name, description, name.split()[-1].lower(), kind)  # type: ignore[arg-type]
    return relation(speaker, event(text), WORDS, MARKERS)


def test_of_a_passive_who_stands_after_by_makes_the_move() -> None:
    text = "Ferry owner Ole Brandt was fined on Tuesday by the Larkmoor Harbour Board over two late sailings."
    assert event_says(text, "Ole Brandt") == "concerned"
    assert event_says(text, "Larkmoor Harbour Board", kind="organisation") == "mover"


def test_a_first_name_tells_nobody_apart() -> None:
    text = "Mayor Joe Lunde blasted Governor Ana Torv on Tuesday for closing the only ferry to the islands."
    assert event_says(text, "Joe Hask", "a fisherman") not in ("mover", "concerned")
    assert event_says(text, "Ana Torv") == "concerned"


def test_a_headline_in_capitals_keeps_only_its_names() -> None:
    text = (
        "Larkmoor Council Closes Ferry Despite Warnings From Islanders.\n"
        "The Larkmoor Council closed the island ferry on Monday after eleven years, the board said in a statement.\n"
        "The islanders had warned of a hard winter without the ferry."
    )
    assert not event(text).movers.names & {"close", "ferry", "despite", "warning"}


def test_a_place_makes_nobody_part_of_the_event() -> None:
    text = "Two clerks were charged on Tuesday in Tarn with selling forged ferry tickets to more than ninety islanders."
    assert event_says(text, "Ida Brom", "a baker from Tarn") not in ("mover", "concerned")


def test_an_economist_of_the_mover_speaks_for_it_and_one_of_a_university_does_not() -> None:
    text = "Velia Bank cut its forecast for Morland on Tuesday and warned of two lean years for the harbours."
    assert event_says(text, "Ines Vale", "Velia Bank economist") == "mover"
    assert event_says(text, "Per Lund", "economist at Velia Bank University") == "third"


def test_a_politician_who_has_no_part_is_told_from_other_third_parties() -> None:
    assert related("Sune Falk", "a senator") == "politician"


def test_a_title_makes_no_identity() -> None:
    assert related("Kurt Vail", "president of the chess club") not in ("mover", "concerned")


def test_an_onlooker_by_trade_is_a_third_party_even_with_a_tie() -> None:
    assert related("Per Lund", "former Morland station chief") == "third"


def test_who_was_told_of_before_he_speaks_is_known() -> None:
    assert WORDS
    assert MARKERS
    lines = read_lines(f"{LEAD}\n“We will not go,” Hask said.\n“It is a trap,” Ida Brom said.")
    signs = signs_of(lines, event_of(lines, "", WORDS, MARKERS), WORDS, MARKERS)
    assert ["known" in sign for sign in signs] == [False, True, False]


@pytest.mark.parametrize("name", ["Many residents", "Most experts"])
def test_the_many_are_third_parties(name: str) -> None:
    assert related(name, kind="group") == "third"


def test_who_stands_after_by_makes_the_move_in_any_tense_of_the_passive() -> None:
    found = event("Harbour chief Edda Quill has been fined by the Tarn Council for the third time since the spring.")
    assert "tarn council" in found.movers.names
    assert "quill" in found.concerned.names


def test_the_rating_agency_behind_a_lead_makes_the_move() -> None:
    found = event("The debt of the ferries is no longer a risky thing to buy, one of the leading rating agencies says.")
    assert found.sources


def test_the_topic_before_a_headlines_colon_makes_no_move() -> None:
    lines = read_lines("For eleven weeks volunteers rowed out at night with nothing but bottles on long strings.")
    assert WORDS
    assert MARKERS
    found = event_of(lines, "Solvent in Lake Orrin: River Watch accuses Tannek of a habit", WORDS, MARKERS)
    assert "river watch" in found.movers.names
    assert "tannek" in found.concerned.names


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


def test_a_word_of_a_kind_inside_a_sentence_makes_no_kind() -> None:
    text = f"{LEAD}\n“It is a draft opinion,” Hask said.\n“We shall answer it,” Hask said.\n“Soon,” Hask said."
    assert kind_of(read_lines(text), []) == "news"


def test_what_a_law_says_people_must_do_is_no_opinion() -> None:
    text = (
        f"{LEAD}\nThe firms must pay drivers for each mile.\nFares should not rise, by the council's sums.\n"
        "Drivers must log their hours.\nThe rule begins in May.\nThe town has two firms.\nBoth are old."
    )
    assert kind_of(read_lines(text), []) == "news"


def test_scores_make_a_match_report() -> None:
    text = "\n".join(
        ["Larkmoor beat Esker 3-1 on Saturday.", "Brandt scored after a corner kick.", "It was 2-1 at half-time."] * 3
    )
    assert kind_of(read_lines(text), []) == "match"


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
