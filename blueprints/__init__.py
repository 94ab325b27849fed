"""Front doors. One gate stands before all of them; see gate.py."""

from flask import Flask
from flask_login import LoginManager
from werkzeug.middleware.proxy_fix import ProxyFix

from blueprints import errors, gate, guide, pages
from blueprints.admin import audit_page, country, jobs_page, reservations, trakt_page
from blueprints.admin import views as admin
from blueprints.commands import commands, example, films_on_disk, lists
from blueprints.discover import fetching as discover_fetching
from blueprints.discover import views as discover
from blueprints.films import fetching, film_search, trakt_search
from blueprints.films import views as films
from blueprints.history import views as history
from blueprints.household import views as household
from blueprints.middleware import headers, kept, limited, routes, signatures, wire
from blueprints.serving import jobs
from blueprints.settings import exports
from blueprints.settings import views as settings
from blueprints.trakt import code, device, linking, status, sync, syncing
from blueprints.trakt import commands as trakt_commands
from blueprints.week import tv
from blueprints.week import views as week

DOORS = (
    *(household, week, films, discover, history, settings, exports, admin, commands),
    *(tv, country, example, trakt_page, reservations, jobs_page, audit_page, guide),
    *(linking, device, code, status, sync, trakt_commands, lists, films_on_disk),
)
# Their hooks run in this order before a view, and in the reverse order after it.
PASSED = (routes, wire, gate, headers, pages, errors, limited)
# What lives on between requests: queues, threads, caches.
BEHIND = (fetching, film_search, trakt_search, discover_fetching, syncing, jobs)


def init_app(app: Flask) -> None:
    _wrap(app)
    app.session_interface = signatures.Cookies()
    signatures.Tokens(app)
    logins = LoginManager(app, add_context_processor=False)  # pages.py hands out `me`
    logins.session_protection = None  # phones change address all evening
    logins.user_loader(gate.load_signed_in)
    for part in PASSED + BEHIND:
        part.init_app(app)
    for door in DOORS:
        app.register_blueprint(door.bp)


def _wrap(app: Flask) -> None:
    """Wrap the app in what stands between the server and Flask, the innermost first."""
    kept.init_app(app)
    if hops := app.config["TRUST_PROXY"]:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
