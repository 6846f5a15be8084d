"""Sentences: cut where a reader would, with the outlet's furniture left out."""

from db.records import Text
from jobs.condense.sentences import Sentence, language_of, read


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


def test_dateline_is_left_out() -> None:
    assert sentences("LARKMOOR (Fenn News) — The council met on Monday.")[0].text == "The council met on Monday."


def test_language_is_told_by_its_function_words() -> None:
    text = Text(article="1", source="x", text="The council said that it was not for the mayor to decide on the bridge.")
    assert language_of(text) == "en"
