"""Speakers: who says what, and no speaker where it is in doubt."""

from db.records import Text
from jobs.condense.sentences import read
from jobs.condense.speakers import Statement, attribute
from jobs.condense.vocabulary import vocabulary


def statements(text: str) -> list[Statement]:
    words = vocabulary("en")
    assert words
    return attribute(read(Text(article="1", source="The Larkmoor Post", text=text), "en"), words)


def names(text: str) -> list[str | None]:
    return [statement.speaker.name if statement.speaker else None for statement in statements(text)]


def test_speaker_stands_before_or_after_the_verb() -> None:
    assert names("Edda Quill said the bridge was safe. “It is safe,” said Edda Quill.") == ["Edda Quill", "Edda Quill"]


def test_according_to_names_a_speaker() -> None:
    assert names("The bridge is safe, according to Edda Quill.") == ["Edda Quill"]


def test_quotation_without_a_cue_continues() -> None:
    found = statements("“The bridge is safe,” said Edda Quill. “Nobody has to worry. Come and see.”")
    assert [statement.continues for statement in found] == [False, True, True]
    assert {statement.speaker.key for statement in found if statement.speaker} == {"quill"}
