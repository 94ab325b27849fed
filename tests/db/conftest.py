import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import db
from db import Connection


@pytest.fixture
def conn(tmp_path: Path, empty_folder: Path) -> Iterator[Connection]:
    path = tmp_path / "movie-night.db"
    shutil.copy(empty_folder / "movie-night.db", path)
    conn = db.connect(path)
    yield conn
    conn.close()
