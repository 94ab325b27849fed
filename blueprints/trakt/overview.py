"""The household's Trakt as an admin sees it: the app, everybody's links, what is chosen."""

from typing import Any

from flask import current_app

from blueprints.trakt import status, syncing
from db import Connection, settings, trakt_reservations, users
from trakt import application, linking, oauth


def facts(conn: Connection) -> dict[str, Any]:
    """What the page shows; the secret itself is in none of it."""
    names = {member.id: member.name for member in users.everyone(conn)}
    return {
        "app": _app(conn),
        "members": [
            {"id": one.id, "name": one.name, "icon": one.icon, **status.facts(conn, one.id)}
            for one in users.active(conn)
        ],
        "reservations": [
            {"id": kept.id, "traktSlug": kept.trakt_slug, "user": names[kept.user_id]}
            for kept in trakt_reservations.everything(conn)
        ],
        "hours": int(syncing.interval(conn).total_seconds() // 3600),
        "share": settings.get(conn, linking.SHARING) == "1",
    }


def _app(conn: Connection) -> dict[str, Any]:
    config = current_app.config
    household = application.load(conn, config)
    is_fixed = bool(config["TRAKT_CLIENT_ID"])
    return {
        "client_id": household.client_id if household else None,
        "has_secret": bool(config["TRAKT_CLIENT_SECRET"])
        if is_fixed
        else application.has_secret(conn),
        "is_from_environment": is_fixed,
        "redirect_uri": application.redirect_uri(config),
        "out_of_band": oauth.OUT_OF_BAND,
    }
