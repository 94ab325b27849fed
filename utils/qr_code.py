"""QR codes as SVG, black on white in every theme."""

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from segno import QRCode

BORDER = 4  # dots; the standard's quiet zone


def svg(address: str) -> bytes:
    drawn = io.BytesIO()
    _code(address).save(drawn, kind="svg", scale=8, border=BORDER, light="#fff", xmldecl=False)
    return drawn.getvalue()


def terminal_lines(address: str, within: int) -> list[str]:
    """Return the lines for a terminal, light on dark; none if `within` columns are too few."""
    code = _code(address)
    columns, _rows = code.symbol_size(border=BORDER)
    if columns > within:
        return []
    drawn = io.StringIO()
    code.terminal(drawn, border=BORDER, compact=True)
    return drawn.getvalue().splitlines()


def _code(address: str) -> "QRCode":
    import segno

    return segno.make(address, error="m", micro=False)
