"""Front doors. One gate stands before all of them; see gate.py."""

from flask import Flask
from flask_login import LoginManager
from werkzeug.middleware.proxy_fix import ProxyFix

from blueprints import (
    admin,
    admin_jobs,
    admin_reservations,
    admin_trakt,
    audit_page,
    commands,
    country,
    discover,
    discover_fetching,
    errors,
    example,
    exports,
    fetching,
    film_search,
    films,
    gate,
    guide,
    headers,
    history,
    household,
    jobs,
    kept,
    limited,
    pages,
    routes,
    settings,
    signatures,
    syncing,
    trakt_code,
    trakt_commands,
    trakt_device,
    trakt_linking,
    trakt_search,
    trakt_status,
    trakt_sync,
    tv,
    week,
    wire,
)


def init_app(app: Flask) -> None:
    _wrap(app)
    app.session_interface = signatures.Cookies()
    signatures.Tokens(app)
    logins = LoginManager(app, add_context_processor=False)  # pages.py hands out `me`
    logins.session_protection = None  # phones change address all evening
    logins.user_loader(gate.load_signed_in)
    routes.init_app(app)
    wire.init_app(app)
    gate.init_app(app)
    headers.init_app(app)
    pages.init_app(app)
    errors.init_app(app)
    fetching.init_app(app)
    film_search.init_app(app)
    trakt_search.init_app(app)
    discover_fetching.init_app(app)
    syncing.init_app(app)
    jobs.init_app(app)
    for door in (household, week, films, discover, history, settings, exports, admin, commands):
        app.register_blueprint(door.bp)
    app.register_blueprint(tv.bp)
    app.register_blueprint(country.bp)
    app.register_blueprint(example.bp)
    for door in (admin_trakt, admin_reservations, admin_jobs, audit_page, guide):
        app.register_blueprint(door.bp)
    limited.init_app(app)
    for door in (trakt_linking, trakt_device, trakt_code, trakt_status, trakt_sync, trakt_commands):
        app.register_blueprint(door.bp)


def _wrap(app: Flask) -> None:
    """What stands between the server and Flask, the innermost first."""
    kept.init_app(app)
    if hops := app.config["TRUST_PROXY"]:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
