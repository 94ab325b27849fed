"""Which films and shows a disk full of video files holds."""

from collections.abc import Iterable
from dataclasses import dataclass

from movies import filenames
from movies.filenames import Named
from movies.matching import key


@dataclass(frozen=True)
class Held:
    """A film or a show with its files: the episodes of a show are one."""

    named: Named
    files: tuple[str, ...]


def held(names: Iterable[str]) -> tuple[list[Held], list[str]]:
    """What is on the disk, each once, as its first file comes; and the names that tell nothing."""
    found: dict[tuple[str, str, int | None], tuple[Named, list[str]]] = {}
    silent = []
    for name in names:
        if (named := filenames.read(name)) is None:
            silent.append(name)
            continue
        # A show's year is told by some of its episodes, and often is the episode's own.
        year = named.year if named.kind == "film" else None
        _first, files = found.setdefault((named.kind, key(named.title), year), (named, []))
        files.append(name)
    return [Held(named, tuple(files)) for named, files in found.values()], silent
