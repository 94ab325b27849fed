"""A key that does not fit is noticed before anything is touched, and a lost one is no dead end."""

from pathlib import Path

import pytest
from flask import Flask

import db
from app import create_app
from cli import doctor, serve
from db import trakt_auth, transaction
from rules import Refused
from tests.conftest import CHEAP, Household
from trakt import application
from trakt.oauth import Tokens
from trakt.tokens import seal
from utils import instants

RIGHT, WRONG = b"k" * 32, b"w" * 32


@pytest.fixture
def linked(household: Household) -> Household:
    """Cleo and Dan are linked; Dan's row is damaged."""
    now = instants.now()
    household.app.config["TRAKT_KEY"] = RIGHT
    with household.app.app_context(), transaction(conn := db.get_db()):
        for person in (household.cleo, household.dan):
            sealed = seal(Tokens("access", "refresh", now, now), RIGHT, person.id)
            trakt_auth.store_link(conn, person.id, sealed, now)
        conn.execute(
            "UPDATE trakt_auth SET access_token = 'mn1.x', refresh_token = '' WHERE user_id = ?",
            (household.dan.id,),
        )
    db.close_db(household.app)
    return household


def with_key(household: Household, key: bytes) -> Flask:
    return create_app(
        {"DATA_DIR": household.app.config["DATA_DIR"], "PIN_COST": CHEAP, "TRAKT_KEY": key}
    )


def files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def levels(app: Flask) -> list[str]:
    return [each.level for each in doctor.examine(app.config) if "Trakt links" in each.text]


def test_a_start_with_a_wrong_key_is_refused_and_touches_nothing(linked: Household) -> None:
    app = with_key(linked, WRONG)
    before = files(app.config["DATA_DIR"])
    with pytest.raises(Refused) as refused:
        serve.open_household(app)
    assert refused.value.code == "wrong_key"
    assert files(app.config["DATA_DIR"]) == before
    assert levels(app) == ["problem"]


@pytest.mark.parametrize("command", [["serve"], ["sync", "--all"]])
def test_the_command_says_it_in_a_sentence(linked: Household, command: list[str]) -> None:
    app = with_key(linked, WRONG)
    ran = app.test_cli_runner().invoke(args=command)
    assert ran.exit_code == 1
    assert "TRAKT_ENCRYPTION_KEY" in ran.output


def test_the_right_key_starts_even_beside_a_damaged_row(linked: Household) -> None:
    app = with_key(linked, RIGHT)
    serve.open_household(app)
    assert levels(app) == ["ok"]
    db.close_db(app)


def test_an_admins_secret_alone_tells_a_wrong_key(household: Household) -> None:
    with household.app.app_context(), transaction(conn := db.get_db()):
        application.store(conn, " id ", "  hush\n", RIGHT)
        config = household.app.config | {"TRAKT_KEY": RIGHT}
        found = application.load(conn, config)
        assert found
        assert (found.client_id, found.client_secret) == ("id", "hush")
        assert b"hush" not in Path(config["DATABASE"]).read_bytes()
    with pytest.raises(Refused):
        serve.open_household(with_key(household, WRONG))


def test_a_household_without_links_takes_any_key(household: Household) -> None:
    app = with_key(household, WRONG)
    serve.open_household(app)
    assert levels(app) == ["ok"]
    db.close_db(app)


def test_after_a_lost_key_everybody_can_link_again(linked: Household) -> None:
    app = with_key(linked, WRONG)
    ran = app.test_cli_runner().invoke(args=["forget-trakt"], input="y\n")
    assert ran.exit_code == 0, ran.output
    serve.open_household(app)
    assert levels(app) == ["ok"]
    db.close_db(app)
