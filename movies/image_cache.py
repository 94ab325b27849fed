"""Cache of posters and backdrops on disk, by kind, id and use."""

import logging
import os
from pathlib import Path
from threading import Lock

from utils import images

DEFAULT_CAP = 500 * 1024 * 1024  # bytes
FULL = 0.9  # share of the cap that remains after the oldest files are deleted

log = logging.getLogger(__name__)


class ImageCache:
    """Safe to use from many threads: files are replaced atomically.

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

    def store(self, kind: str, tmdb_id: int, use: str, data: bytes) -> bool:
        """Return False if it is no known image format; raises OSError, with nothing changed."""
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
        """Delete the oldest files; another process may have deleted some already."""
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
