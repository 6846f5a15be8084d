"""Sentences: cut where a reader would, with the outlet's furniture left out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.records import Text
from jobs.condense.sentences import LONGEST, Sentence, language_of, read


def sentences(text: str, language: str = "en") -> list[Sentence]:
    return read(Text(article="1", source="The Larkmoor Post", text=text), language)


def test_spans_point_at_the_words() -> None:
    text = "Ferry talks stall\n\nMs. Odell left at 5 p.m. on Monday. “We tried,” she said.\n"
    found = sentences(text)
    assert [sentence.text for sentence in found] == [text[sentence.start : sentence.end] for sentence in found]
    assert found[0].heading
    assert found[1].text == "Ms. Odell left at 5 p.m. on Monday."


def test_long_quotation_is_cut_and_marked() -> None:
    found = sentences("“The bridge is safe. We checked it twice. Nobody has to worry,” Ms. Odell said.")
    assert len(found) == 3
    assert [sentence.quoted for sentence in found] == [True, True, False]
    assert found[1].opens


def test_furniture_is_left_out() -> None:
    found = sentences("The council met on Monday.\nAlso read: Ten bridges\nPhoto: Larkmoor Post\nIt voted twice.")
    assert [sentence.text for sentence in found] == ["The council met on Monday.", "It voted twice."]


@pytest.mark.parametrize(
    "caption",
    [
        "Image copyright Larkmoor Council Image caption The bridge was built in 1950",
        "Media caption The story behind the plant.",
        "Enlarge this image toggle caption Ida Falk/Getty Images",
        "(Ida Falk/Getty Images)",
        "Ida Falk / Ferry League via Getty Images",
    ],
)
def test_captions_and_credits_are_no_text(caption: str) -> None:
    assert len(sentences(f"The council met on Monday.\n{caption}\nIt voted twice.")) == 2


def test_an_agency_that_is_told_of_is_text() -> None:
    assert len(sentences("The museum bought the picture via Getty Images, a photo agency, it said.")) == 1


def test_dateline_is_left_out() -> None:
    assert sentences("LARKMOOR (Fenn News) — The council met on Monday.")[0].text == "The council met on Monday."
    assert sentences("FENNPORT, Larkmoor — The council met.")[0].text == "The council met."


@pytest.mark.parametrize(
    "line",
    [
        "Read more: How the bridge was built",
        "(Reporting by Jon Odell; Editing by Edda Quill)",
        "Sign up for our evening newsletter",
        "Follow the Larkmoor Post on Twitter",
        "Related articles",
        "Image: Fenn Pictures",
        "Jon Odell contributed to this report.",
        "ADVERTISEMENT",
        "By Edda Quill, Larkmoor Post",
        "© Larkmoor Post",
        "Updated: 14 May",
    ],
)
def test_line_that_is_not_the_articles_own_is_left_out(line: str) -> None:
    assert sentences(f"The council met.\n{line}") == sentences("The council met.")


def test_line_that_only_looks_like_furniture_stays() -> None:
    text = "By Monday the council had met twice, and it was late.\nFollowing the vote, it met again."
    assert len(sentences(text)) == 2


def test_headings_are_told_from_sentences() -> None:
    found = sentences(
        "Bridge to open in May\nThe council met.\nWhat happens next?\nIt will meet again, the mayor said."
    )
    assert [sentence.heading for sentence in found] == [True, False, True, False]


@pytest.mark.parametrize(
    "text",
    [
        "Mr. J. D. Odell of the U.S. Senate left at 5 p.m. on Monday.",
        "It cost $1.5 million, Dr. Quill said.",
        "The Larkmoor-U.S. ferry was late.",
        "She asked: “Why now?”",
    ],
)
def test_abbreviations_and_initials_do_not_end_a_sentence(text: str) -> None:
    assert [sentence.text for sentence in sentences(text)] == [text]


def test_quotation_marks_stay_with_their_sentence() -> None:
    found = sentences("The bridge is open. “Nobody has to worry. It is safe.” The council met.")
    assert [sentence.text for sentence in found] == [
        "The bridge is open.",
        "“Nobody has to worry.",
        "It is safe.”",
        "The council met.",
    ]
    assert [sentence.quoted for sentence in found] == [False, True, True, False]


def test_a_quotation_that_never_closes_ends_with_its_paragraph() -> None:
    found = sentences("“The bridge is safe. Nobody has to worry.\nThe council met.")
    assert [sentence.quoted for sentence in found] == [True, True, False]


def test_what_never_ends_is_cut() -> None:
    found = sentences("bridge " * 2000)
    assert max(len(sentence.text) for sentence in found) <= LONGEST
    assert sum(len(sentence.text.split()) for sentence in found) == 2000


def test_language_is_told_by_its_function_words() -> None:
    words = "The council said that it was not for the mayor to decide on the bridge."
    assert language_of(Text(article="1", source="x", text=words)) == "en"
    assert language_of(Text(article="1", source="x", text=words, language="uk")) == "en"


def test_declared_language_stands_where_the_text_does_not_tell() -> None:
    assert language_of(Text(article="1", source="x", text="Larkmoor 2:1", language="pl")) == "pl"
    assert language_of(Text(article="1", source="x", text="", language=None)) == ""


def test_language_without_word_lists_is_detected() -> None:
    text = "Rada gminy zebrała się w poniedziałek, aby omówić przyszłość starego mostu nad rzeką."
    assert language_of(Text(article="1", source="x", text=text)) == "pl"


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=400), st.sampled_from(["en", "uk", "xx", ""])
)
def test_every_sentence_is_a_piece_of_the_text(text: str, language: str) -> None:
    end = 0
    for sentence in read(Text(article="1", source="x", text=text), language):
        assert text[sentence.start : sentence.end] == sentence.text
        assert end <= sentence.start < sentence.end
        end = sentence.end
