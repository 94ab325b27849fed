"""Security and cache headers of every response."""

from flask import Flask, Response

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def init_app(app: Flask) -> None:
    app.after_request(_add_headers)


def _add_headers(response: Response) -> Response:
    headers = response.headers
    if response.status_code != 304:  # on a 304 the browser uses those of its cached response
        for name, value in SECURITY_HEADERS.items():
            headers[name] = value
    headers["Vary"] = "Accept, Cookie"  # no view sets its own
    headers.setdefault("Cache-Control", "private, no-cache")
    return response
