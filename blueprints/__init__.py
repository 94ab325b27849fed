"""The web pages: one package per page family; http/ is shared by all of them."""

from flask import Flask
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from blueprints.admin import audit, country, jobs, reservations
from blueprints.admin import trakt as admin_trakt
from blueprints.admin import views as admin
from blueprints.discover import views as discover
from blueprints.films import views as films
from blueprints.help import views as help_pages
from blueprints.history import views as history
from blueprints.household import views as household
from blueprints.http import (
    auth,
    errors,
    headers,
    limits,
    routes,
    template_context,
)
from blueprints.settings import import_files
from blueprints.settings import views as settings
from blueprints.trakt import device, linking, sync
from blueprints.tv import views as tv
from blueprints.week import views as week

PAGES = (
    *(household, week, tv, films, discover, history, settings, import_files, help_pages),
    *(admin, country, admin_trakt, reservations, jobs, audit, linking, device, sync),
)
# Their hooks run in this order before a view, and in the reverse order after it.
HOOKS = (routes, errors, auth, headers, template_context, limits, sync)


def init_app(app: Flask) -> None:
    if hops := app.config["TRUST_PROXY"]:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    CSRFProtect(app)
    logins = LoginManager(app, add_context_processor=False)  # template_context provides `me`
    logins.session_protection = None  # a phone's address changes during an evening
    logins.user_loader(auth.load_user)
    for module in HOOKS:
        module.init_app(app)
    for page in PAGES:
        app.register_blueprint(page.bp)
