"""Sources to start from, an OPML file a language: newsrooms, agencies, science, technology, by country and subject.

The addresses are what several public collections agree on; whether a feed still answers is for `source check --all`.
"""

from collections.abc import Collection
from pathlib import Path

from jobs.opml import Reading, read_list


def default_lists(known: Collection[str] = ()) -> dict[str, Reading]:
    """Name -> what the list holds, by name. A name ends in the language of its sources: `german-de`.

    `known` are the addresses of the sources there are.
    """
    files = sorted(Path(__file__).parent.glob("*.opml"))
    return {file.stem: read_list(file.read_bytes(), known, name=file.name) for file in files}
