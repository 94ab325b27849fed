"""Images on disk: whole or not there, within the cap, oldest out."""

import os
from pathlib import Path

import pytest

from movies.image_cache import ImageCache
from tests.fake_tmdb import png


def test_an_image_is_kept_and_found_by_its_id(tmp_path: Path) -> None:
    cache = ImageCache(tmp_path / "posters")
    assert cache.read("film", 603, "poster") is None
    assert cache.store("film", 603, "poster", png())
    assert cache.read("film", 603, "poster") == png()
    assert cache.read("show", 603, "poster") is None
    assert not cache.has("film", 603, "backdrop")


def test_what_cannot_be_read_is_not_there(tmp_path: Path) -> None:
    beneath_a_file = tmp_path / "file"
    beneath_a_file.touch()
    (tmp_path / "film-603-poster").mkdir()
    for folder in (tmp_path, beneath_a_file, tmp_path / ("too-long" * 40)):
        cache = ImageCache(folder)
        assert cache.read("film", 603, "poster") is None
        assert not cache.has("film", 603, "poster")


def test_what_is_no_image_is_not_kept(tmp_path: Path) -> None:
    cache = ImageCache(tmp_path)
    assert not cache.store("film", 603, "poster", b"<svg/>")
    assert list(tmp_path.iterdir()) == []


def test_over_the_cap_the_oldest_go(tmp_path: Path) -> None:
    cache = ImageCache(tmp_path, cap=10 * len(png()))
    for tmdb_id in range(1, 11):
        cache.store("film", tmdb_id, "poster", png())
        os.utime(tmp_path / f"film-{tmdb_id}-poster", (tmdb_id, tmdb_id))
    assert all(cache.has("film", tmdb_id, "poster") for tmdb_id in range(1, 11))
    cache.store("film", 11, "poster", png())
    kept = [tmdb_id for tmdb_id in range(1, 12) if cache.has("film", tmdb_id, "poster")]
    assert kept == list(range(3, 12))


def test_the_same_image_again_does_not_count_twice(tmp_path: Path) -> None:
    cache = ImageCache(tmp_path, cap=3 * len(png()))
    cache.store("film", 1, "poster", png())
    for _ in range(5):
        cache.store("film", 2, "poster", png())
    assert cache.has("film", 1, "poster")


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = ImageCache(tmp_path)
    cache.store("film", 1, "poster", png())

    def full(_path: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        cache.store("film", 1, "poster", png(40, 60))
    assert cache.read("film", 1, "poster") == png()
    assert len(list(tmp_path.iterdir())) == 1
