"""A story becomes three panels; what a text lacks is not made up."""

from db.records import PANELS, Text
from jobs.condense.offline import condense

FERRY = """Harbour board to close the Larkmoor ferry
The Larkmoor harbour board announced on Tuesday that it will close the island ferry from 1 March unless the council \
pays for a new engine.
“We cannot run a boat that breaks down twice a week,” board chairwoman Edda Quill said. The board set a deadline of 15 February.
The ferry was founded in 1921 and carried 40,000 people last year.
Transport economist Ines Vale, who is not involved in the dispute, said the closure would cost the island a fifth \
of its visitors.
Many residents fear for the summer season."""


def test_an_article_becomes_an_offer_its_answer_and_the_reactions_of_others() -> None:
    brief = condense([Text("0", "Larkmoor Post", FERRY)])
    assert brief.headline == "Harbour board to close the Larkmoor ferry"
    assert any("close the island ferry" in bullet.text for bullet in brief.offer)
    assert any("economist" in (b.speaker or "") for b in brief.reactions)


def test_every_bullet_cites_the_place_its_words_stand_in() -> None:
    brief = condense([Text("7", "Larkmoor Post", FERRY, url="https://post.example/ferry")])
    bullets = [bullet for panel in PANELS for bullet in brief.panel(panel)]
    assert bullets
    for bullet in bullets:
        (start, end) = bullet.citations[0].span
        assert bullet.citations[0].article == "7"
        assert bullet.text.strip("“”.")[-20:] in FERRY[start:end]


def test_an_empty_text_gives_an_empty_brief() -> None:
    brief = condense([Text("0", "Larkmoor Post", "")])
    assert not any(brief.panel(panel) for panel in PANELS)
    assert set(brief.missing) == set(PANELS)
