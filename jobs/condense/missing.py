"""Why a panel is empty, in words of the story's language."""

from collections.abc import Mapping

from db.records import PANELS, Panel


def missing(filled: Mapping[Panel, object], said: Mapping[str, str], articles: int, addressee: str) -> dict[Panel, str]:
    """A sentence for every empty panel of a news story; `said` is the [missing] section of a language's file."""
    reasons: dict[Panel, str] = {}
    for panel in PANELS:
        if filled[panel]:
            continue
        reason = said.get(panel, "")
        if panel == "responses" and addressee and "responses_from" in said:
            reason = said["responses_from"].format(who=addressee)
        reasons[panel] = _counted(reason, said, articles)
    return reasons


def not_of_the_kind(filled: Mapping[Panel, object], said: Mapping[str, str], kind: str) -> dict[Panel, str]:
    """The same for a text that is not the news of an event."""
    reason = said.get("kind", "{kind}").format(kind=said.get(kind, kind))
    return {panel: reason for panel in PANELS if not filled[panel]}


def unread(filled: Mapping[Panel, object], said: Mapping[str, str]) -> dict[Panel, str]:
    """The same for a story in a language that cannot be read for panels."""
    return {panel: said.get("language", "") for panel in PANELS if not filled[panel]}


def _counted(reason: str, said: Mapping[str, str], articles: int) -> str:
    if not articles:
        return reason
    frame = said.get("one" if articles == 1 else "many", "{why}")
    return frame.format(why=reason, n=articles)
