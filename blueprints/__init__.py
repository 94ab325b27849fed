"""Front doors. One gate stands before all of them; see gate.py."""

from flask import Flask
from flask_login import LoginManager
from werkzeug.middleware.proxy_fix import ProxyFix

from blueprints.admin import audit, country, jobs, reservations, trakt
from blueprints.admin import views as admin
from blueprints.discover import views as discover
from blueprints.films import views as films
from blueprints.help import views
from blueprints.history import views as history
from blueprints.household import views as household
from blueprints.http import (
    auth,
    errors,
    headers,
    limits,
    response_cache,
    routes,
    signature_cache,
    template_context,
)
from blueprints.settings import import_files
from blueprints.settings import views as settings
from blueprints.trakt import code, device, linking, status, sync
from blueprints.tv import views
from blueprints.week import views as week
from cli import add_films, commands, example, lists
from cli import trakt as trakt_commands
from services import discover_fetch as discover_fetching
from services import film_search, jobs, sync_queue, tmdb_fetch, trakt_search
from utils import waitress_channel

DOORS = (
    *(household, week, films, discover, history, settings, import_files, admin, commands),
    *(views, country, example, trakt, reservations, jobs, audit, views),
    *(linking, device, code, status, sync, trakt_commands, lists, add_films),
)
# Their hooks run in this order before a view, and in the reverse order after it.
PASSED = (routes, waitress_channel, auth, headers, template_context, errors, limits)
# What lives on between requests: queues, threads, caches.
BEHIND = (tmdb_fetch, film_search, trakt_search, discover_fetching, sync_queue, jobs)


def init_app(app: Flask) -> None:
    _wrap(app)
    app.session_interface = signature_cache.Cookies()
    signature_cache.Tokens(app)
    logins = LoginManager(app, add_context_processor=False)  # pages.py hands out `me`
    logins.session_protection = None  # phones change address all evening
    logins.user_loader(auth.load_user)
    for part in PASSED + BEHIND:
        part.init_app(app)
    for door in DOORS:
        app.register_blueprint(door.bp)


def _wrap(app: Flask) -> None:
    """Wrap the app in what stands between the server and Flask, the innermost first."""
    response_cache.init_app(app)
    if hops := app.config["TRUST_PROXY"]:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
