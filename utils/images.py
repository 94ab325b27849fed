"""Image formats and sizes, recognised by their bytes and never by a declared type."""

from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_SIDE = 8_000  # pixels; more is no poster but a way to fill a phone's memory
MOST_PIXELS = 30_000_000


@dataclass(frozen=True)
class Image:
    mimetype: str
    width: int
    height: int


def recognise(data: bytes) -> Image | None:
    """Recognise a complete JPEG, PNG or WebP of sane size; None for anything else."""
    try:
        image = _jpeg(data) or _png(data) or _webp(data)
    except IndexError:
        return None
    return image if image and _is_sane(image.width, image.height) else None


def mimetype(data: bytes) -> str:
    """Return the MIME type of bytes that `recognise` accepted."""
    return {b"\xff\xd8": "image/jpeg", b"\x89P": "image/png"}.get(data[:2], "image/webp")


def _is_sane(width: int, height: int) -> bool:
    return (
        min(width, height) > 0
        and max(width, height) <= LONGEST_SIDE
        and (width * height <= MOST_PIXELS)
    )


def _jpeg(data: bytes) -> Image | None:
    if not data.startswith(b"\xff\xd8\xff") or b"\xff\xd9" not in data[-256:]:
        return None
    for marker, at in _segments(data):
        # Start of frame; C4, C8 and CC are tables that share its range.
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return Image("image/jpeg", _big(data, at + 7, 2), _big(data, at + 5, 2))
    return None


def _segments(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield (marker, offset) of each JPEG segment up to the pixels."""
    at = 2
    while data[at] == 0xFF and data[at + 1] != 0xDA:
        if data[at + 1] == 0xFF:  # a fill byte
            at += 1
            continue
        yield data[at + 1], at
        at += 2 + max(_big(data, at + 2, 2), 2)


def _png(data: bytes) -> Image | None:
    if not data.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR") or b"IEND" not in data[-64:]:
        return None
    return Image("image/png", _big(data, 16, 4), _big(data, 20, 4))


def _webp(data: bytes) -> Image | None:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or _little(data, 4, 4) + 8 > len(data):
        return None
    kind = data[12:16]
    if kind == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        return Image("image/webp", _little(data, 26, 2) & 0x3FFF, _little(data, 28, 2) & 0x3FFF)
    if kind == b"VP8L" and data[20] == 0x2F:
        bits = _little(data, 21, 4)
        return Image("image/webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8X":
        return Image("image/webp", _little(data, 24, 3) + 1, _little(data, 27, 3) + 1)
    return None


def _big(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(_whole(data, at, size), "big")


def _little(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(_whole(data, at, size), "little")


def _whole(data: bytes, at: int, size: int) -> bytes:
    if at + size > len(data):
        raise IndexError(at)
    return data[at : at + size]
