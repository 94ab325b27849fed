"""Grouping of video file names into films and shows."""

from collections.abc import Iterable
from dataclasses import dataclass

from movies import file_names
from movies.file_names import NamedTitle
from movies.matching import match_key


@dataclass(frozen=True)
class TitleOnDisk:
    """A film or a show with its files; the episodes of a show are one title."""

    named: NamedTitle
    files: tuple[str, ...]


def titles_on_disk(names: Iterable[str]) -> tuple[list[TitleOnDisk], list[str]]:
    """Return the distinct titles, in order of their first files, and the names not recognised."""
    found: dict[tuple[str, str, int | None], tuple[NamedTitle, list[str]]] = {}
    unrecognised = []
    for name in names:
        if (named := file_names.parse_path(name)) is None:
            unrecognised.append(name)
            continue
        # Only some episodes contain a year, and it is often the episode's, not the show's.
        year = named.year if named.kind == "film" else None
        _first, files = found.setdefault((named.kind, match_key(named.title), year), (named, []))
        files.append(name)
    return [TitleOnDisk(named, tuple(files)) for named, files in found.values()], unrecognised
