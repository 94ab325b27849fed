"""File locks, which the system drops when a process ends: one server for one data folder."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

FILE_NAME = "server.lock"
SECOND_LOOK = 0.05  # seconds


class Busy(Exception):
    """Another server holds the data folder; `pid` is None when it has not said who it is."""

    def __init__(self, folder: Path, pid: int | None) -> None:
        super().__init__(
            f"{folder} is in use by another server" + (f" (process {pid})" * bool(pid))
        )
        self.folder = folder
        self.pid = pid


class ServerLock:
    """Held until `close()`, the end of a `with` block, or the end of the process, even a kill."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, b"%d\n" % os.getpid(), 0)

    def close(self) -> None:
        """Let go. The file stays: removing it would let two servers lock two files of one name."""
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def server_lock(folder: Path) -> ServerLock:
    """Take the folder for this process, or raise `Busy` at once."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / FILE_NAME, os.O_RDWR | os.O_CREAT, 0o600)
    if not _take(descriptor):
        pid = os.pread(descriptor, 20, 0).strip()
        os.close(descriptor)
        raise Busy(folder, int(pid) if pid.isdigit() else None)
    return ServerLock(descriptor)


def is_locked(folder: Path) -> bool:
    return is_held(folder / FILE_NAME)


def _take(descriptor: int) -> bool:
    """Twice, because somebody who only looks holds it for an instant as well."""
    if _try_lock(descriptor, fcntl.LOCK_EX):
        return True
    time.sleep(SECOND_LOOK)
    return _try_lock(descriptor, fcntl.LOCK_EX)


def _try_lock(descriptor: int, mode: int) -> bool:
    try:
        fcntl.flock(descriptor, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Wait for a lock of its own file: one holder at a time over threads and processes."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)  # lets go of it


@contextmanager
def tried(path: Path) -> Iterator[bool]:
    """The same without waiting: whether it is ours for the length of the block."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _take(descriptor)
    finally:
        os.close(descriptor)


def is_held(path: Path) -> bool:
    """Look without taking: the lock is shared for an instant, and no file is made."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        return not _try_lock(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)
