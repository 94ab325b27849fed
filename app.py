"""The application factory: reads the configuration and initialises each room."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import click
from flask import Flask
from markupsafe import Markup

import blueprints
import cli
import db
import services
from db import sessions
from utils import environment, keys, pins, translation

BODY_LIMIT = 256 * 1024


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """Create the app on one data folder; `overrides` replace configuration in tests and tools."""
    environment.load_env()
    app = Flask(__name__)
    try:
        app.config.from_mapping(_configuration(dict(overrides or {})))
    except (ValueError, OSError) as error:
        raise click.ClickException(f"{error}") from error  # print a sentence, not a traceback
    _init_gettext(app)
    db.init_app(app)
    services.init_app(app)
    blueprints.init_app(app)
    cli.init_app(app)
    return app


def _configuration(overrides: dict[str, Any]) -> dict[str, Any]:
    data_dir = Path(overrides.pop("DATA_DIR", None) or environment.data_dir())
    public_url = environment.text("PUBLIC_URL").rstrip("/")
    return {
        "DATA_DIR": data_dir,
        "DATABASE": data_dir / "movie-night.db",
        "HOST": environment.text("HOST", "0.0.0.0"),  # noqa: S104 - a family's phones must reach it
        "PORT": environment.integer("PORT", 3000, 1, 65535),
        "PUBLIC_URL": public_url,
        "TRUST_PROXY": environment.integer("TRUST_PROXY", 0, 0, 9),
        "SCHEDULER": environment.text("SCHEDULER", "on").lower() != "off",
        "FIRST_ZONE": environment.text("TZ", "UTC"),
        **_keys(data_dir),
        **_trakt(),
        "TMDB_API_KEY": environment.secret("TMDB_API_KEY") or "",
        "TMDB_API_URL": environment.address("TMDB_API_URL", "https://api.themoviedb.org/3"),
        "TMDB_IMAGE_URL": environment.address("TMDB_IMAGE_URL", "https://image.tmdb.org"),
        "MAX_CONTENT_LENGTH": BODY_LIMIT,
        "MAX_FORM_MEMORY_SIZE": BODY_LIMIT,
        "SESSION_COOKIE_NAME": "movie_night",
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": public_url.startswith("https://"),
        "PERMANENT_SESSION_LIFETIME": sessions.LIFETIME,
        # A late response of the previous session would otherwise overwrite a new sign-in's cookie.
        "SESSION_REFRESH_EACH_REQUEST": False,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_CHECK_DEFAULT": False,  # http/auth.py checks it
        "WTF_CSRF_SSL_STRICT": False,  # some browsers send no Referer; the token is what counts
    } | overrides


def _trakt() -> dict[str, Any]:
    return {
        "TRAKT_CLIENT_ID": environment.secret("TRAKT_CLIENT_ID") or "",
        "TRAKT_CLIENT_SECRET": environment.secret("TRAKT_CLIENT_SECRET") or "",
        "TRAKT_REDIRECT_URI": environment.text("TRAKT_REDIRECT_URI"),
        "TRAKT_API_URL": environment.origin("TRAKT_API_URL", "https://api.trakt.tv"),
        "TRAKT_AUTH_URL": environment.origin("TRAKT_AUTH_URL", "https://auth.trakt.tv"),
    }


def _keys(data_dir: Path) -> dict[str, Any]:
    """Return the keys: from the environment, else from files created once in the data folder."""
    encryption_key = environment.secret("TRAKT_ENCRYPTION_KEY")
    return {
        "SECRET_KEY": environment.secret("SECRET_KEY")
        or keys.load_or_make(data_dir / "secret-key"),
        "PIN_PEPPER": keys.load_or_make(data_dir / "pin-pepper"),
        "PIN_COST": pins.DEFAULT_COST,
        "TRAKT_KEY": keys.parse(encryption_key)
        if encryption_key
        else keys.load_or_make(data_dir / "token-key"),
    }


def _init_gettext(app: Flask) -> None:
    """Install gettext in the templates; without a catalogue, strings stay as they are written."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_translations(  # type: ignore[attr-defined]
        translation.CATALOGUE, newstyle=True
    )
    app.jinja_env.globals["_"] = _gettext
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


@lru_cache(maxsize=2048)
def _gettext_without_values(message: str) -> Markup:
    return Markup(translation.gettext(message)) % {}  # noqa: S704 - from a template


def _gettext(message: str, **values: object) -> Markup:
    """Translate for templates as Jinja's `_` does, but without searching the context each time."""
    if not values:
        return _gettext_without_values(message)
    return Markup(translation.gettext(message)) % values  # noqa: S704
