"""The television's page of the current week, readable from three metres, used by arrow keys and OK.

Its forms are posted to the same views as the phones' and carry `screen=tv` (http/responses.py).
"""

from flask import Blueprint, Response, current_app, render_template, request

from blueprints.http.auth import current_member
from db import get_db
from services import current_week, week_page
from utils import instants, qr_code

bp = Blueprint("tv", __name__)


@bp.get("/tv")
def screen(error: str | None = None, **_arguments: object) -> str:
    conn = get_db()
    version, week = current_week.current_week_and_version(conn, instants.now())
    facts = week_page.week_page(conn, week, current_member(), version)
    return render_template("tv/screen.html", error=error, address=_address(), **facts)


@bp.get("/tv/qr.svg")
def qr() -> Response:
    return Response(qr_code.svg(_address()), mimetype="image/svg+xml")


def _address() -> str:
    """Return the app's URL for phones: PUBLIC_URL, else the host of this request."""
    return current_app.config["PUBLIC_URL"] or request.host_url.rstrip("/")
