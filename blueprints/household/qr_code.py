"""An address to scan: black on white, whatever the colours around it."""

import io

from flask import Response


def picture(address: str) -> Response:
    import segno

    drawn = io.BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(drawn, kind="svg", scale=8, border=4, light="#fff", xmldecl=False)
    return Response(drawn.getvalue(), mimetype="image/svg+xml")
