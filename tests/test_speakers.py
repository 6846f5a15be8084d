"""Speakers: who says what, and no speaker where it is in doubt."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.records import Text
from jobs.condense.sentences import read
from jobs.condense.speakers import Speaker, Statement, attribute
from jobs.condense.vocabulary import Vocabulary, vocabulary
from jobs.condense.vocabulary import read as read_vocabulary

ENGLISH = vocabulary("en")
assert ENGLISH

GERMAN = """
[speech]
says = "sagte sagt erklärte gesagt"
closing = "so"
according = "laut nach_Angaben"
after_speaker = "zufolge"
that = "dass"
[names]
roles = "sprecher* minister* bürgermeister*"
groups = "experten forscher"
organisations = "polizei stadt"
he = "er"
she = "sie"
who = "der die das"
[grammar]
order = "free"
capital_nouns = true
reported = "sei seien habe hätten werde könne müsse"
determiners = "der die das dem den des ein eine einer"
auxiliaries = "hat haben ist sind war wird"
prepositions = "am in auf bei nach von für mit"
conjunctions = "dass und aber weil"
times = "montag dienstag"
linkers = "von für"
"""

UKRAINIAN = """
[speech]
says = "заяви* сказа* повідоми*"
impersonal = "заявили повідомили"
according = "за_словами"
that = "що"
[names]
roles = "речник* речниц* міністр* голов*"
organisations = "компані* міністерств*"
case_endings = "а у ом ем ою и"
he = "він"
she = "вона"
[grammar]
order = "free"
head = "first"
conjunctions = "що і та але"
within = "у в"
prepositions = "у в на за з"
"""


def statements(text: str, words: Vocabulary = ENGLISH) -> list[Statement]:
    return attribute(read(Text(article="1", source="The Larkmoor Post", text=text), words.language), words)


def speakers(text: str, words: Vocabulary = ENGLISH) -> list[Speaker]:
    return [statement.speaker for statement in statements(text, words) if statement.speaker]


def names(text: str, words: Vocabulary = ENGLISH) -> list[str | None]:
    return [statement.speaker.name if statement.speaker else None for statement in statements(text, words)]


@pytest.mark.parametrize(
    "text",
    [
        "Edda Quill said the bridge was safe.",
        "“The bridge is safe,” said Edda Quill.",
        "“The bridge is safe,” Edda Quill told reporters on Monday.",
        "The bridge is safe, according to Edda Quill.",
        "According to Edda Quill, the bridge is safe.",
        "Edda Quill, who runs the ferry, has repeatedly warned that the bridge is unsafe.",
        "“The bridge is safe.” — Edda Quill",
        "The bridge, Edda Quill said, would open in May.",
        "On Monday, Edda Quill is demanding that the bridge be closed.",
    ],
)
def test_speaker_is_found_beside_the_cue(text: str) -> None:
    assert names(text) == ["Edda Quill"]


def test_verb_that_could_be_a_noun_keeps_its_speaker_before_what_somebody_else_did() -> None:
    assert names("Edda Quill claims that Ole Brandt refused to stop the ferry.") == ["Edda Quill"]


def test_who_is_accused_of_something_does_not_speak() -> None:
    text = "Harbour officials released a Tarn Institute of Ferries captain accused of theft, saying the bell was found."
    assert names(text) == ["Harbour officials"]


def test_spans_hold_what_is_said_and_who_says_it() -> None:
    text = "Larkmoor opens its bridge\n\nEdda Quill told a crowd in Larkmoor on Monday that the bridge was safe."
    (said,) = statements(text)
    assert text[said.start : said.end] == "that the bridge was safe."
    assert said.mention is not None
    assert text[slice(*said.mention)] == "Edda Quill"
    assert not said.verbatim


def test_quotation_around_its_attribution_is_one_statement() -> None:
    text = "“The bridge,” Edda Quill said on Monday, “is safe.”"
    (said,) = statements(text)
    assert (said.start, said.end, said.verbatim) == (0, len(text), True)


def test_description_is_learned_wherever_it_stands() -> None:
    after = speakers("Edda Quill, the mayor of Larkmoor, spoke first. Quill said the bridge was safe.")
    before = speakers("Larkmoor Mayor Edda Quill spoke first. Quill said the bridge was safe.")
    assert [speaker.label for speaker in after] == ["Edda Quill, the mayor of Larkmoor"]
    assert [speaker.label for speaker in before] == ["Larkmoor Mayor Edda Quill"]
    assert after[0].key == before[0].key == "quill"


def test_pronoun_means_the_last_speaker_it_fits() -> None:
    text = "Larkmoor Mayor Mary Quill praised engineer Peter Odell. She said the bridge was safe. He said it was not."
    assert names(text) == ["Mary Quill", "Mary Quill", "Peter Odell"]


def test_pronoun_that_fits_nobody_has_no_speaker() -> None:
    assert names("The ferry was late. He said the bridge was safe.") == [None]


def test_role_means_its_holder() -> None:
    text = (
        "Larkmoor Mayor Edda Quill met engineer Jon Odell.\nThe engineer said the bridge was safe.\nThe mayor agreed."
    )
    assert names(text)[0] == "Jon Odell"


def test_quotation_without_a_cue_continues() -> None:
    found = statements("“The bridge is safe,” said Edda Quill. “Nobody has to worry. Come and see.”")
    assert [statement.continues for statement in found] == [False, True, True]
    assert {statement.speaker.key for statement in found if statement.speaker} == {"quill"}


def test_quotation_takes_the_speaker_named_at_its_end() -> None:
    text = "Jon Odell said it was late.\n“The bridge is safe. Nobody has to worry,” said Edda Quill."
    assert names(text) == ["Jon Odell", "Edda Quill", "Edda Quill"]


def test_quotation_after_narration_has_no_speaker() -> None:
    assert names("Edda Quill said it was late.\nThe ferry sailed at noon.\n“The bridge is safe.”") == [
        "Edda Quill",
        None,
    ]


def test_anonymous_and_collective_speakers_are_kept_as_such() -> None:
    found = speakers("Experts warned of floods. Two people familiar with the matter said the bridge was unsafe.")
    assert [(speaker.name, speaker.kind) for speaker in found] == [
        ("Experts", "group"),
        ("Two people familiar with the matter", "group"),
    ]


def test_spokesman_is_linked_to_whom_he_speaks_for() -> None:
    found = speakers(
        "A spokesman for the Larkmoor Ferry Company declined to comment. Quill's lawyer said the bridge was safe."
    )
    assert [speaker.behalf_of for speaker in found] == ["the Larkmoor Ferry Company", "Quill"]
    lawyer = speakers("“It is safe,” said Jon Odell, who represents Quill. Odell said it twice.")
    assert {(speaker.label, speaker.behalf_of) for speaker in lawyer} == {("Jon Odell, who represents Quill", "Quill")}


def test_statement_inside_another_belongs_to_the_outer_speaker() -> None:
    assert names("Edda Quill said the engineers believe the bridge is safe.") == ["Edda Quill"]


def test_two_clauses_have_two_speakers() -> None:
    assert names("Edda Quill said the bridge was safe, but Jon Odell warned that it was not.") == [
        "Edda Quill",
        "Jon Odell",
    ]


def test_nouns_that_look_like_verbs_are_no_cues() -> None:
    assert names("The key claims are in the reports. Ferry plans were late. The United States was not asked.") == []


def test_mixed_quotation_marks_are_read_by_their_place() -> None:
    (said,) = statements('”The bridge is safe," Edda Quill said.')
    assert said.verbatim


def test_speaker_named_before_a_colon_says_the_next_paragraph() -> None:
    assert names("Edda Quill was asked twice. She smiled. Quill replied:\n“The bridge is safe.”") == ["Edda Quill"]


def test_post_belongs_to_who_signs_it() -> None:
    assert names("The bridge is safe! So proud.\n— Edda Quill (@eddaquill) May 14, 2031") == [
        "Edda Quill",
        "Edda Quill",
    ]


def test_interview_paragraphs_belong_to_the_name_before_the_colon() -> None:
    text = "Edda Quill spoke to us.\nQUILL: The bridge is open now. Nobody has to worry.\nODELL: Is it?"
    assert names(text)[:2] == ["Edda Quill", "Edda Quill"]


def test_german_word_order_and_mood() -> None:
    words = read_vocabulary("de", GERMAN)
    text = (
        "Am Montag sagte Bürgermeisterin Edda Quill, dass die Brücke sicher ist. Sie sei geprüft.\n"
        "„Die Brücke ist sicher“, so Odell. Laut Polizei war niemand dort. Dem Sprecher zufolge wird sie geöffnet."
    )
    assert names(text, words) == ["Edda Quill", "Edda Quill", "Odell", "Polizei", "Dem Sprecher"]


def test_ukrainian_declension_and_company_names() -> None:
    words = read_vocabulary("uk", UKRAINIAN)
    text = (
        "За словами Едди Квілл, міст безпечний. «Міст безпечний», — заявила Едда Квілл.\n"
        "Компанія «Ларкмур Сталь» заявила, що міст відкриють. Заявив речник міністерства, що міст безпечний."
    )
    found = names(text, words)
    assert found[:2] == ["Едда Квілл", "Едда Квілл"]
    assert found[2:] == ["Ларкмур Сталь", "речник міністерства"]


def test_speech_between_dashes_is_verbatim() -> None:
    words = read_vocabulary("uk", UKRAINIAN)
    found = statements("— Міст безпечний, — сказала речниця Едда Квілл. — Ми перевірили.", words)
    assert [(said.verbatim, said.continues) for said in found] == [(True, False), (True, True)]
    inside = statements("«Міст безпечний, – сказала речниця Едда Квілл. – Ми перевірили».", words)
    assert [said.speaker.name for said in inside if said.speaker] == ["Едда Квілл", "Едда Квілл"]


def test_place_speaks_where_the_verb_is_impersonal() -> None:
    words = read_vocabulary("uk", UKRAINIAN)
    assert names("Міст безпечний, заявили в міністерстві.", words) == ["міністерстві"]
    assert names("Міст безпечний, заявив він у міністерстві.", words) == [None]


PIECES = """
\u201c \u201d " \u00ab \u00bb '' , . : \u2014 ( ) ? 's Edda_Quill the_mayor Mr. he her experts
said SAID told saying was who that and of according_to
"""
MARKED = st.lists(st.sampled_from(["\n", *(piece.replace("_", " ") for piece in PIECES.split())]), max_size=40)


BARE = read_vocabulary("xx", "")
GIVEN = (ENGLISH, BARE, read_vocabulary("de", GERMAN), read_vocabulary("uk", UKRAINIAN))


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=300), MARKED.map(" ".join), MARKED.map("".join)), st.sampled_from(GIVEN))
def test_no_text_raises_and_every_span_lies_in_it(text: str, words: Vocabulary) -> None:
    for said in statements(text, words):
        assert 0 <= said.start < said.end <= len(text)
        assert said.mention is None or text[slice(*said.mention)]


HARD = {
    "no sentence ends": "word " * 2,
    "one word": "a" * 10,
    "unclosed quotations": "“a ",
    "quotation marks": '" ',
    "all capitals": "THE MAYOR SAID THE BRIDGE WAS SAFE. ",
    "a table": "12.4\t-3\t\tQuill\n",
    "names": "Edda Quill Jon ",
    "namesakes": "Aa Quill, Bb Quill. The mayor said he said. ",
    "cues": "said told who said, ",
    "brackets": "((( ",
    "commas": "Quill, ",
    "quotes without a speaker": "“Safe.” ",
}


def cpu(text: str) -> float:
    start = time.process_time()
    statements(text)
    return time.process_time() - start


@pytest.mark.parametrize("size", [40_000, pytest.param(300_000, marks=pytest.mark.long)])
@pytest.mark.parametrize("piece", HARD.values(), ids=HARD.keys())
def test_hard_text_is_read_in_seconds(piece: str, size: int) -> None:
    """Linear work takes 0.1 s; work that grows with the square of the length would take minutes."""
    assert cpu(piece * (size // len(piece))) < 8
