"""Which films and shows a disk full of video files holds."""

from collections.abc import Iterable
from dataclasses import dataclass

from movies import file_names
from movies.file_names import NamedTitle
from movies.matching import match_key


@dataclass(frozen=True)
class TitleOnDisk:
    """A film or a show with its files: the episodes of a show are one."""

    named: NamedTitle
    files: tuple[str, ...]


def titles_on_disk(names: Iterable[str]) -> tuple[list[TitleOnDisk], list[str]]:
    """What is on the disk, each once, as its first file comes; and the names that tell nothing."""
    found: dict[tuple[str, str, int | None], tuple[NamedTitle, list[str]]] = {}
    silent = []
    for name in names:
        if (named := file_names.parse_path(name)) is None:
            silent.append(name)
            continue
        # A show's year is told by some of its episodes, and often is the episode's own.
        year = named.year if named.kind == "film" else None
        _first, files = found.setdefault((named.kind, match_key(named.title), year), (named, []))
        files.append(name)
    return [TitleOnDisk(named, tuple(files)) for named, files in found.values()], silent
