"""Trakt accounts reserved by an admin for a member; no other member can link them."""

import re
from typing import Any

from flask import Blueprint, Response, url_for

from blueprints.http.auth import admins_only, member_transaction, record_audit
from blueprints.http.errors import render_refusals_on
from blueprints.http.forms import Fields, request_fields
from blueprints.http.limits import per_second
from blueprints.http.responses import redirect_or_json
from db import Connection, trakt_reservations, users
from db.users import Member
from rules import Refused
from utils import instants
from utils.translation import gettext as _

bp = Blueprint("admin_reservations", __name__)
SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@bp.post("/trakt/admin/associate")
@bp.post("/admin/trakt/reservations")
@admins_only
@render_refusals_on("admin_trakt.page")
@per_second(1)
def associate() -> Response:
    """Reserve a Trakt account for a member; `user` is an id or a name."""
    reserved = _reserve(request_fields())
    text = _("{slug} is kept for {name} now.")
    return redirect_or_json(
        _page_url(),
        lambda: {"success": True, "association": reserved},
        flash_message=text.format(slug=reserved["traktSlug"], name=reserved["user"]),
    )


@bp.post("/admin/trakt/reservations/<id:reservation_id>/remove")
@admins_only
def remove(reservation_id: int) -> Response:
    with member_transaction() as conn:
        removed = trakt_reservations.remove(conn, reservation_id)
        now = instants.now()
        record_audit(
            conn, now, "trakt_reservation_removed", removed.user_id, detail=removed.trakt_slug
        )
    return redirect_or_json(
        _page_url(), flash_message=_("{slug} is free again.").format(slug=removed.trakt_slug)
    )


def _reserve(fields: Fields) -> dict[str, Any]:
    slug, now = _slug(fields), instants.now()
    with member_transaction() as conn:
        member = _member(conn, fields)
        reservation = trakt_reservations.add(conn, slug, member.id, now)
        record_audit(conn, now, "trakt_reserved", member.id, detail=reservation.trakt_slug)
    return {"id": reservation.id, "traktSlug": reservation.trakt_slug, "user": member.name}


def _member(conn: Connection, fields: Fields) -> Member:
    if len(values := fields.many("user")) != 1:
        raise Refused("missing_field", field="user")
    member = users.find(conn, values[0])
    if member.is_retired:
        raise Refused("retired", name=member.name)
    return member


def _slug(fields: Fields) -> str:
    """Return the account's slug; the field may have an @, or be the URL of the account's page."""
    text = fields.text("traktSlug").strip().rstrip("/")
    slug = text.rpartition("/users/")[2].removeprefix("@")
    if not SLUG.fullmatch(slug):
        raise Refused("trakt_slug_odd")
    return slug


def _page_url() -> str:
    return url_for("admin_trakt.page", _anchor="reservations")
