"""The auth host's pages: allow an app by redirect, or type the code of a device."""

import re
from html import escape
from urllib.parse import parse_qs, urlencode

from tests.fake_trakt.accounts import Account
from tests.fake_trakt.replies import AUTH, Reply, Request, Stop, html, route
from tests.fake_trakt.world import Code, World

CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
ASKED = "client_id redirect_uri state code_challenge".split()


@route("GET", "/oauth/authorize", AUTH)
def authorize(world: World, request: Request) -> Reply:
    query = dict(request.query)
    _check(world, query)
    ready = next((each for each in world.accounts.values() if each.consent), None)
    if ready:
        return _back(world, query, ready, ready.consent == "approve")
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(query.get(name, ""), quote=True)}">'
        for name in ASKED
    )
    app = world.apps[query["client_id"]]
    return html(f"<h1>{escape(app.name)} asks</h1>{_form(world, hidden)}")


@route("POST", "/oauth/authorize", AUTH)
def authorized(world: World, request: Request) -> Reply:
    form = _typed(request)
    _check(world, form | {"response_type": "code", "code_challenge_method": "S256"})
    return _back(world, form, _who(world, form), form.get("answer") == "approve")


@route("GET", "/activate(?:/([A-Za-z0-9]+))?", AUTH)
def activate(world: World, _request: Request, code: str | None) -> Reply:
    typed = escape(code or "", quote=True)
    field = f'<label>Code <input name="code" value="{typed}"></label>'
    return html(f"<h1>Activate a device</h1>{_form(world, field)}")


@route("POST", "/activate(?:/[A-Za-z0-9]+)?", AUTH)
def activated(world: World, request: Request) -> Reply:
    form = _typed(request)
    approve = form.get("answer") == "approve"
    if not world.decide(form.get("code", ""), _who(world, form), approve):
        return html("<h1>Unknown code</h1>", 404)
    return html(f"<h1>{'Connected' if approve else 'Denied'}</h1>")


def _check(world: World, query: dict[str, str]) -> None:
    """What cannot be trusted is answered here, not at the redirect URI."""
    app = world.apps.get(query.get("client_id", ""))
    if app is None or app.removed:
        raise Stop(html("<h1>Client not found</h1>", 400))
    if query.get("redirect_uri") not in app.redirects:
        raise Stop(html("<h1>redirect_uri mismatch</h1>", 400))
    if query.get("response_type") != "code":
        raise Stop(html("<h1>response_type must be code</h1>", 400))
    method = query.get("code_challenge_method")
    if method != "S256" or not CHALLENGE.fullmatch(query.get("code_challenge", "")):
        raise Stop(html("<h1>PKCE with S256 is required</h1>", 400))


def _back(world: World, query: dict[str, str], account: Account, approve: bool) -> Reply:
    if approve:
        code = world.secret("code-")
        uri, challenge = query["redirect_uri"], query["code_challenge"]
        made = Code(account, query["client_id"], uri, challenge, world.now())
        world.codes[code] = made
        told = {"code": code}
    else:
        told = {"error": "access_denied", "error_description": "The user said no."}
    if query.get("state"):
        told["state"] = query["state"]
    uri = query["redirect_uri"]
    joined = f"{uri}{'&' if '?' in uri else '?'}{urlencode(told)}"
    return Reply(302, headers={"Location": joined})


def _form(world: World, fields: str) -> str:
    names = "".join(f"<option>{escape(name)}</option>" for name in world.accounts)
    return (
        f'<form method="post">{fields}'
        f'<label>Account <select name="account">{names}</select></label>'
        '<button name="answer" value="approve">Allow</button>'
        '<button name="answer" value="deny">Deny</button></form>'
    )


def _typed(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(request.body.decode()).items()}


def _who(world: World, form: dict[str, str]) -> Account:
    account = world.accounts.get(form.get("account", ""))
    if account is None:
        raise Stop(html("<h1>No such account</h1>", 400))
    return account
