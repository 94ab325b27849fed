"""File locks, which the system releases when their process ends, even by a kill."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FILE_NAME = "server.lock"
SECOND_LOOK = 0.05  # seconds


class Busy(Exception):
    """Another server holds the data folder; `pid` is None if it wrote none."""

    def __init__(self, folder: Path, pid: int | None) -> None:
        who = f" (process {pid})" if pid else ""
        super().__init__(f"{folder} is in use by another server{who}")
        self.folder = folder
        self.pid = pid


@contextmanager
def server_lock(folder: Path) -> Iterator[None]:
    """Lock the data folder for this process, or raise `Busy` at once.

    The file stays: removing it would let two servers lock two files of one name.
    """
    with _open(folder / FILE_NAME) as descriptor:
        if not _wait_for(descriptor):
            pid = os.pread(descriptor, 20, 0).strip()
            raise Busy(folder, int(pid) if pid.isdigit() else None)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, b"%d\n" % os.getpid(), 0)
        try:
            yield
        finally:
            os.ftruncate(descriptor, 0)


def is_locked(folder: Path) -> bool:
    return is_acquired(folder / FILE_NAME)


@contextmanager
def acquire(path: Path) -> Iterator[None]:
    """Wait for the lock: one holder at a time across threads and processes."""
    with _open(path) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


@contextmanager
def try_acquire(path: Path) -> Iterator[bool]:
    """Try to lock without waiting; yield True if the block holds the lock."""
    with _open(path) as descriptor:
        yield _wait_for(descriptor)


def is_acquired(path: Path) -> bool:
    """Return True if the lock is held; takes a shared lock for an instant, creates no file."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        return not _try_lock(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


@contextmanager
def _open(path: Path) -> Iterator[int]:
    """Open the lock's file; closing the descriptor releases the lock."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _wait_for(descriptor: int) -> bool:
    """Try twice, because `is_acquired` holds a shared lock for an instant."""
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
