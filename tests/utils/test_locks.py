import fcntl
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from utils.locks import Busy, is_locked, server_lock, try_acquire

HOLD = """
import sys, time
from pathlib import Path
from utils.locks import server_lock
with server_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def other_server(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def take(folder: Path) -> None:
    with server_lock(folder):
        pass


def test_a_second_server_is_refused_and_told_who_is_there(
    tmp_path: Path, other_server: subprocess.Popen[str]
) -> None:
    with pytest.raises(Busy, match=f"process {other_server.pid}") as refusal:
        take(tmp_path)
    assert refusal.value.folder == tmp_path
    assert refusal.value.pid == other_server.pid


def test_a_killed_server_leaves_no_lock(
    tmp_path: Path, other_server: subprocess.Popen[str]
) -> None:
    assert is_locked(tmp_path)
    other_server.kill()
    other_server.wait()
    assert not is_locked(tmp_path)
    take(tmp_path)


def test_a_second_lock_in_one_process_is_refused_too(tmp_path: Path) -> None:
    with server_lock(tmp_path):
        assert (tmp_path / "server.lock").read_text() == f"{os.getpid()}\n"
        with pytest.raises(Busy):
            take(tmp_path)
        assert is_locked(tmp_path), "a refusal must not disturb the holder"
    assert not is_locked(tmp_path)
    assert (tmp_path / "server.lock").read_text() == ""


def test_the_trace_of_a_killed_server_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "server.lock").write_text("4294967296\n")
    with server_lock(tmp_path):
        assert (tmp_path / "server.lock").read_text() == f"{os.getpid()}\n"


def test_two_who_look_do_not_see_each_other(tmp_path: Path) -> None:
    with (tmp_path / "server.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        assert not is_locked(tmp_path)


def test_a_holder_that_has_not_said_who_it_is_still_counts(tmp_path: Path) -> None:
    with server_lock(tmp_path):
        (tmp_path / "server.lock").write_text("")
        with pytest.raises(Busy) as refusal:
            take(tmp_path)
    assert refusal.value.pid is None
    assert "process" not in str(refusal.value)


def test_the_folder_is_made_when_it_is_missing(tmp_path: Path) -> None:
    with server_lock(tmp_path / "data"):
        assert is_locked(tmp_path / "data")


def test_looking_makes_no_file(tmp_path: Path) -> None:
    assert not is_locked(tmp_path)
    assert not is_locked(tmp_path / "missing")
    assert list(tmp_path.iterdir()) == []


def test_who_only_looks_keeps_nobody_from_a_lock(tmp_path: Path) -> None:
    path = tmp_path / "sync.lock"
    looking = os.open(path, os.O_RDWR | os.O_CREAT)
    fcntl.flock(looking, fcntl.LOCK_SH)
    looked = threading.Timer(0.01, os.close, [looking])
    looked.start()
    with try_acquire(path) as is_ours:
        assert is_ours
    looked.join()
