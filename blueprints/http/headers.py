"""What every answer carries: nothing may run or be framed but what this server sends itself."""

from flask import Flask, Response

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FIXED = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def init_app(app: Flask) -> None:
    app.after_request(_add)


def _add(response: Response) -> Response:
    headers = response.headers
    if response.status_code != 304:  # else the browser goes by those of the answer it has
        for name, value in FIXED.items():
            headers[name] = value
    headers["Vary"] = "Accept, Cookie"  # no view of ours says more
    headers.setdefault("Cache-Control", "private, no-cache")
    return response
