"""The auth host: tokens for codes, refreshing, revoking and device codes. JSON bodies only."""

import base64
import hashlib
import re
import secrets
from datetime import timedelta
from typing import Any

from tests.fake_trakt.replies import AUTH, Reply, Request, Stop, answer, refuse, route
from tests.fake_trakt.world import Code, DeviceCode, Grant, TrackedApp, World

CODE_LIFETIME = timedelta(minutes=10)
DEVICE_LIFETIME = timedelta(minutes=10)
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"


@route("POST", "/oauth/token", AUTH)
def token(world: World, request: Request) -> Reply:
    body = _body(request)
    app = _app(world, body)
    grant_type = body.get("grant_type")
    if grant_type == "authorization_code":
        return _issued(world, _exchanged(world, app, body))
    if grant_type == "refresh_token":
        return _issued(world, _refreshed(world, app, body))
    raise refuse("unsupported_grant_type", "grant_type is not supported")


@route("POST", "/oauth/revoke", AUTH)
def revoke(world: World, request: Request) -> Reply:
    body = _body(request)
    app = _app(world, body)
    for grant in world.grants:
        if grant.access == body.get("token") and grant.client_id == app.client_id:
            grant.ended = True
    return Reply(200)


@route("POST", "/oauth/device/code", AUTH)
def device_code(world: World, request: Request) -> Reply:
    app = _app(world, _body(request))
    made = DeviceCode(
        app.client_id,
        world.secret("device-"),
        "".join(secrets.choice(LETTERS) for _ in range(8)),
        world.now() + DEVICE_LIFETIME,
        world.interval,
    )
    world.devices[made.device_code] = made
    return answer(
        {
            "device_code": made.device_code,
            "user_code": made.user_code,
            "verification_url": f"http://{request.headers['Host']}/activate",
            "expires_in": int(DEVICE_LIFETIME.total_seconds()),
            "interval": made.interval,
        }
    )


@route("POST", "/oauth/device/token", AUTH)
def device_token(world: World, request: Request) -> Reply:
    body = _body(request)
    app = _app(world, body)
    device = world.devices.get(str(body.get("code")))
    if device is None or device.client_id != app.client_id:
        return Reply(404)
    too_fast = device.asked_at and world.now() - device.asked_at < _seconds(device.interval)
    device.asked_at = world.now()
    if device.used:
        return Reply(409)
    if world.now() >= device.expires_at:
        return Reply(410)
    if too_fast:
        return Reply(429)
    if device.denied:
        return Reply(418)
    if device.account is None:
        return Reply(400)
    device.used = True
    return _issued(world, world.grant(device.account, app.client_id))


def _body(request: Request) -> dict[str, Any]:
    """Forms and HTTP Basic ended in July 2026."""
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip()
    if kind != "application/json" or not request.body:
        raise refuse("invalid_request", "client_id is required")
    if "Authorization" in request.headers:
        raise refuse("invalid_client", "client authentication in a header is not supported")
    return request.json()


def _app(world: World, body: dict[str, Any]) -> TrackedApp:
    if not body.get("client_id"):
        raise refuse("invalid_request", "client_id is required")
    app = world.apps.get(str(body["client_id"]))
    if app is None or app.removed:
        raise refuse("invalid_client", "client not found")
    if body.get("client_secret") not in (None, app.secret):
        raise refuse("invalid_client", "client_secret does not match")
    return app


def _exchanged(world: World, app: TrackedApp, body: dict[str, Any]) -> Grant:
    """The code is gone after one try, whatever comes of it."""
    code = world.codes.pop(str(body.get("code")), None)
    if code is None or world.now() >= code.created_at + CODE_LIFETIME:
        raise refuse("invalid_grant", "code not found")
    if code.client_id != app.client_id:
        raise refuse("invalid_grant", "code was issued to another client")
    if body.get("redirect_uri") != code.redirect_uri:
        raise refuse("invalid_grant", "redirect_uri mismatch")
    if not _fits(body.get("code_verifier"), code):
        raise refuse("invalid_grant", "code_verifier does not match")
    return world.grant(code.account, app.client_id)


def _fits(verifier: Any, code: Code) -> bool:
    if not isinstance(verifier, str) or not VERIFIER.fullmatch(verifier):
        return False
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == code.challenge


def _refreshed(world: World, app: TrackedApp, body: dict[str, Any]) -> Grant:
    """A refresh token works once; its pair is dead from then on."""
    if body.get("redirect_uri") not in app.redirects:
        raise refuse("invalid_request", "redirect_uri mismatch")
    grant = world.by_refresh(str(body.get("refresh_token")))
    if grant is None or grant.ended or grant.client_id != app.client_id:
        raise refuse("invalid_grant", "session not found")
    grant.ended = True
    return world.grant(grant.account, app.client_id)


def _issued(world: World, grant: Grant) -> Reply:
    if grant.account.locked:
        raise Stop(Reply(423, headers={"X-Account-Locked": "true"}))
    return answer(
        {
            "access_token": grant.access,
            "token_type": "bearer",
            "expires_in": grant.lifetime,
            "refresh_token": grant.refresh,
            "scope": "public offline_access",
            "created_at": int(world.now().timestamp()),
        }
    )


def _seconds(count: int) -> timedelta:
    return timedelta(seconds=count)
