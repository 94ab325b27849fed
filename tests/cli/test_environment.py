"""What the environment says: read with blanks and gaps, or refused in a sentence at the start."""

from pathlib import Path

import click
import pytest
from flask import Flask

from app import create_app
from tests.conftest import clear_environment


@pytest.fixture
def patch(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    clear_environment(monkeypatch)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", " data ")
    return monkeypatch


def with_environment(patch: pytest.MonkeyPatch, **named: str) -> Flask:
    for name, value in named.items():
        patch.setenv(name, value)
    return create_app()


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("HOST", "", "0.0.0.0"),  # noqa: S104
        ("PORT", "", 3000),
        ("PORT", " 1 ", 1),
        ("PORT", "65535", 65535),
        ("TRUST_PROXY", "0", 0),
        ("TRUST_PROXY", "9", 9),
        ("TMDB_API_URL", "http://tmdb.example:8080/3/", "http://tmdb.example:8080/3"),
        ("TRAKT_API_URL", "https://trakt.example/", "https://trakt.example"),
        ("SCHEDULER", "OFF", False),
        ("SCHEDULER", " ", True),
        ("TRAKT_CLIENT_ID", " an-id\n", "an-id"),
    ],
)
def test_a_setting_is_read_as_it_was_meant(
    patch: pytest.MonkeyPatch, name: str, value: str, read: object
) -> None:
    assert with_environment(patch, **{name: value}).config[name] == read


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "٣٠٠٠"),
        ("PORT", "-1"),
        ("TRUST_PROXY", "10"),
        ("TMDB_API_URL", "ftp://tmdb.example"),
        ("TMDB_API_URL", "https://me@tmdb.example"),
        ("TMDB_API_URL", "https://tmdb.example?key=1"),
        ("TMDB_API_URL", "https://tmdb.example#top"),
        ("TRAKT_API_URL", "https://trakt.example/api"),
        ("TRAKT_CLIENT_ID_FILE", "/nowhere"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(
    patch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    with pytest.raises(click.ClickException, match=f"^{name} "):
        with_environment(patch, **{name: value})


def test_a_secret_may_stand_in_a_file(patch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    mounted = tmp_path / "secret"
    mounted.write_text("hush\n")
    app = with_environment(patch, TRAKT_CLIENT_SECRET_FILE=str(mounted))
    assert app.config["TRAKT_CLIENT_SECRET"] == "hush"
    app = with_environment(patch, TRAKT_CLIENT_SECRET="louder")
    assert app.config["TRAKT_CLIENT_SECRET"] == "louder"


def test_an_empty_file_holds_no_key(patch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    mounted = tmp_path / "secret"
    mounted.write_text(" \n")
    app = with_environment(patch, TRAKT_ENCRYPTION_KEY_FILE=str(mounted))
    assert len(app.config["TRAKT_KEY"]) == 32
    assert (tmp_path / "data" / "token-key").exists()


def test_the_environment_wins_over_the_file_beside_the_app(
    patch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    Path(".env").write_text("PORT=4000\nTRUST_PROXY=2\n")
    for name in ("PORT", "TRUST_PROXY"):
        patch.setenv(name, "")
    patch.delenv("TRUST_PROXY")
    app = with_environment(patch, PORT="5000")
    assert (app.config["PORT"], app.config["TRUST_PROXY"]) == (5000, 2)
    assert app.config["DATABASE"] == tmp_path / "data" / "movie-night.db"
