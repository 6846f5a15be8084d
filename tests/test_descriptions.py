"""Speakers as web pages tell of them: homes and offices beside a name, posts with a signature, a name and a colon."""

import pytest

from db.records import Text
from jobs.condense.sentences import read
from jobs.condense.speakers import Statement, attribute
from jobs.condense.vocabulary import vocabulary

ENGLISH = vocabulary("en")


def said(text: str) -> list[Statement]:
    assert ENGLISH
    return attribute(read(Text("0", "Courier", text), "en"), ENGLISH)


def labels(text: str) -> list[str]:
    return [one.speaker.label if one.speaker else "" for one in said(text)]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Bo Gill, of the Harbour Lung Foundation, said it was late.", "Bo Gill, of the Harbour Lung Foundation"),
        ("Dr Ida Falk from the University of Lund said so.", "Ida Falk, from the University of Lund"),
        ("“No,” said Mark Long of the Larkmoor Fans' Club.", "Mark Long, of the Larkmoor Fans' Club"),
        ("Jon Lem, from the FNS agricultural union, said so.", "Jon Lem, from the FNS agricultural union"),
        ("Tess Ray, Tory work and pensions secretary, said so.", "Tess Ray, Tory work and pensions secretary"),
        ("Wendy Orr, managing partner at Lark and Finch, said so.", "Wendy Orr, managing partner at Lark and Finch"),
        ("Raquel Ayo, director-general of Harbour Aid, said so.", "Raquel Ayo, director-general of Harbour Aid"),
        ("Lisa Powe, head of policy at the Harbour Trust said so.", "Lisa Powe, head of policy at the Harbour Trust"),
        ("The envoy on rights in Lund, Jovan Rehm, said so.", "envoy on rights in Lund Jovan Rehm"),
        ("Last week the chief of the Kestrel Bank, Ann Roe, said so.", "chief of the Kestrel Bank Ann Roe"),
    ],
)
def test_home_and_office_beside_a_name_stand_on_its_label(text: str, label: str) -> None:
    assert labels(text) == [label]


def test_head_of_something_is_not_taken_for_the_place_he_is_in() -> None:
    assert labels("The head of security in Brenn said no.") == ["The head of security in Brenn"]


def test_one_of_the_users_of_a_site_is_not_the_site() -> None:
    assert labels("Another Chirper user wrote the deal was “breathtakingly bad”.") == ["Another Chirper user"]


def test_post_with_its_signature_behind_it_is_its_writers() -> None:
    post = said("The airport closed.\n\nIt is cold. No planes at Kestrel :( — Lena Orb (@lenaorb) December 22, 2014")
    assert [(one.speaker.name if one.speaker else "", one.verbatim) for one in post] == [("Lena Orb", True)] * 2
    assert "@lenaorb" not in "No planes"[: post[1].end]


def test_name_and_colon_before_a_quotation_speak() -> None:
    text = "Milbrook manager Anton Cotte: “I am very sad. We all knew him.”"
    assert labels(text) == ["Milbrook manager Anton Cotte"] * 2
    assert labels("The Bridge: “a song of hope” was played.") == []


def test_quotation_after_what_is_told_of_a_person_is_his() -> None:
    text = "Edda Quill said the bridge would close.\n\nMs Quill has run the ferry for years.\n\n“It was never safe.”"
    assert labels(text)[-1] == "Edda Quill"


def test_quotation_after_reported_speech_in_a_paragraph_of_its_own_goes_on_with_it() -> None:
    text = "Mr Odell said it might cost more.\n\n“We are proud of our low fees.”"
    assert labels(text) == ["Odell", "Odell"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The Larkmoor Fishermen's Federation (LFF) said it was late.", "Larkmoor Fishermen's Federation"),
        ("The National Teachers’ Union said it was late.", "National Teachers’ Union"),
        ("Norland's Ferry Board said it was late.", "Ferry Board"),
    ],
)
def test_name_of_an_institution_keeps_those_it_is_for(text: str, name: str) -> None:
    (speaker,) = (one.speaker for one in said(text))
    assert speaker
    assert speaker.name.endswith(name)


def test_country_that_only_tells_where_somebody_is_from_is_not_meant_by_it() -> None:
    text = (
        "The Larkmoor Ferry Board met on Monday.\n\n"
        "The EU envoy, who has wooed the board for a year, has sent it “detailed proposals”, it has confirmed."
    )
    assert labels(text)[-1] == "Larkmoor Ferry Board"


def test_participles_of_a_clause_with_its_own_subject_are_not_the_main_ones() -> None:
    text = "A group of members meets in May, with hardliners labelling Velgor the aggressor and calling on it to stop."
    assert labels(text) == []


def test_what_is_related_to_something_says_nothing() -> None:
    assert labels("Bo Ek sold it to a firm that has been involved in rows related to its purchases.") == []
