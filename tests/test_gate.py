"""What a bullet must prove before anyone reads it."""

from collections import Counter

from db.records import Bullet, Citation, Text
from jobs.condense import gate

TEXT = Text(
    "0",
    "Larkmoor Post",
    "Edda Quill closed the ferry on 1 March. “We cannot run a boat that breaks down twice a week,” she said. "
    "Council leader Tom Harrow rejected it.",
)


def bullet(
    text: str, start: int = 0, end: int = len(TEXT.text), speaker: str | None = None, article: str = "0"
) -> Bullet:
    return Bullet(text, speaker, "“" in text, (Citation(article, "Larkmoor Post", "", (start, end)),))


def reason(tried: Bullet, *texts: Text) -> str | None:
    refusal = gate.check(tried, texts or (TEXT,))
    return refusal.reason if refusal else None


def test_an_extract_passes() -> None:
    assert reason(bullet("Edda Quill closed the ferry on 1 March.", speaker="Edda Quill")) is None


def test_a_number_must_occur_in_what_is_cited() -> None:
    assert reason(bullet("Edda Quill closed the ferry on 2 March.")) == "number"


def test_a_name_must_occur_in_what_is_cited() -> None:
    assert reason(bullet("The ferry was closed by Harrow.", 0, 39)) == "name"


def test_a_name_at_the_beginning_is_no_exception() -> None:
    assert reason(bullet("Macron closed the ferry.")) == "name"


def test_a_quotation_must_be_word_for_word() -> None:
    assert reason(bullet("“We cannot run a boat that sinks twice a week.”")) == "quotation"


def test_quotation_marks_may_be_of_another_shape() -> None:
    assert reason(bullet('"We cannot run a boat that breaks down", she said')) is None


def test_the_speaker_must_occur_in_the_article_cited() -> None:
    assert reason(bullet("The ferry closed.", speaker="Ines Vale, economist")) == "speaker"


def test_a_citation_must_be_there() -> None:
    assert reason(bullet("The ferry closed.", article="9")) == "citation"
    assert reason(bullet("The ferry closed.", 0, 4000)) == "citation"
    assert reason(Bullet("The ferry closed.", None, False, ())) == "citation"


def test_a_bullet_without_words_is_empty() -> None:
    assert reason(bullet(" … ")) == "empty"


def test_a_name_may_stand_in_another_case_but_be_no_other_name() -> None:
    text = Text("0", "Вісті", "Пропозицію Сибіги відхилили в Ірані.")
    assert reason(bullet("Сибіга зробив пропозицію", 0, 36), text) is None
    assert reason(bullet("Пропозицію відхилили в Іраку", 0, 36), text) == "name"


def test_a_quotation_that_is_not_verbatim_loses_its_marks() -> None:
    dropped: Counter[str] = Counter()
    tried = bullet("Edda Quill “closed” the boat that “breaks down every week”.")
    (kept,) = gate.passed([tried], [TEXT], dropped)
    assert kept.text == "Edda Quill closed the boat that breaks down every week."
    assert not kept.verbatim
    assert not dropped


def test_what_is_refused_is_counted_by_reason() -> None:
    dropped: Counter[str] = Counter()
    tried = [bullet("Closed on 2 March."), bullet("Closed on 3 March."), bullet("Closed by Ines Vale.")]
    assert gate.passed(tried, [TEXT], dropped) == []
    assert dropped == {"number": 2, "name": 1}
