"""Images of films and shows on disk, by id. Only what `utils.images` recognises gets in."""

import logging
import os
from pathlib import Path
from threading import Lock

from utils import images

DEFAULT_CAP = 500 * 1024 * 1024  # bytes
FULL = 0.9  # after going over the cap, the oldest go until this much of it is left

log = logging.getLogger(__name__)


class ImageCache:
    """Made on first use. Anybody may read at any time; a file is whole or not there.

    A file that cannot be read, such as another user's, counts as missing: pages show a drawn card.
    """

    def __init__(self, folder: Path, cap: int = DEFAULT_CAP) -> None:
        self._folder, self._cap = folder, cap
        self._size: int | None = None  # counted once, at the first write
        self._lock = Lock()

    def has(self, kind: str, tmdb_id: int, use: str) -> bool:
        try:
            return self._path(kind, tmdb_id, use).is_file()
        except OSError:
            return False

    def read(self, kind: str, tmdb_id: int, use: str) -> bytes | None:
        try:
            return self._path(kind, tmdb_id, use).read_bytes()
        except OSError:
            return None

    def keep(self, kind: str, tmdb_id: int, use: str, data: bytes) -> bool:
        """Whether it is kept; raises OSError, with nothing changed, when the disk says no."""
        if images.recognise(data) is None:
            return False
        path = self._path(kind, tmdb_id, use)
        with self._lock:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            replaced = path.stat().st_size if path.is_file() else 0
            self._write(path, data)
            self._size = self._count() if self._size is None else self._size + len(data) - replaced
            if self._size > self._cap:
                self._prune()
        return True

    def _path(self, kind: str, tmdb_id: int, use: str) -> Path:
        return self._folder / f"{kind}-{tmdb_id}-{use}"

    def _write(self, path: Path, data: bytes) -> None:
        part = path.with_suffix(".part")
        try:
            part.write_bytes(data)
            part.replace(path)
        except OSError:
            part.unlink(missing_ok=True)
            raise

    def _count(self) -> int:
        with os.scandir(self._folder) as entries:
            return sum(entry.stat().st_size for entry in entries)

    def _prune(self) -> None:
        """Oldest out. A file that somebody removed meanwhile is gone as well."""
        with os.scandir(self._folder) as entries:
            files = sorted(
                (entry.stat().st_mtime, entry.path, entry.stat().st_size) for entry in entries
            )
        size = sum(file[2] for file in files)
        for _age, path, bytes_freed in files:
            if size <= self._cap * FULL:
                break
            Path(path).unlink(missing_ok=True)
            size -= bytes_freed
        self._size = size
