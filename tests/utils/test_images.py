"""Pixels are told by their bytes: real pictures pass, everything else does not."""

import struct

import pytest

from tests.fake_tmdb import png
from utils import images


def jpeg(width: int, height: int) -> bytes:
    header = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    frame = b"\xff\xc2\x00\x11\x08" + struct.pack(">HH", height, width) + b"\x03" + b"\x00" * 9
    return header + b"\xff\xff\xc4\x00\x03\x00" + frame + b"\xff\xda\x00\x02pixels\xff\xd9"


def webp(chunk: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk


REAL = {
    "jpeg": (jpeg(500, 750), "image/jpeg", 500, 750),
    "png": (png(20, 30), "image/png", 20, 30),
    "webp lossy": (
        webp(b"VP8 " + b"\0" * 7 + b"\x9d\x01\x2a" + struct.pack("<HH", 500, 750)),
        "image/webp",
        500,
        750,
    ),
    "webp lossless": (
        webp(b"VP8L" + b"\0" * 4 + b"\x2f" + struct.pack("<I", 499 | 749 << 14)),
        "image/webp",
        500,
        750,
    ),
    "webp extended": (
        webp(b"VP8X" + b"\0" * 8 + b"\xf3\x01\x00\xed\x02\x00"),
        "image/webp",
        500,
        750,
    ),
}
OTHER = {
    "nothing": b"",
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>',
    "HTML": b"<!doctype html><script>go()</script>",
    "GIF": b"GIF89a\x0a\x00\x0a\x00" + b"\0" * 50,
    "a JPEG by name only": b"\xff\xd8\xff<script>go()</script>\xff\xd9",
    "half a JPEG": jpeg(500, 750)[:40],
    "a JPEG without its end": jpeg(500, 750)[:-2],
    "half a PNG": png()[:-10],
    "half a WebP": REAL["webp lossy"][0][:-4],
    "a PNG without width": png(0, 30),
    "a PNG as large as a house": png(1, 1).replace(
        struct.pack(">II", 1, 1), struct.pack(">II", 7999, 7999)
    ),
    "a JPEG as wide as a street": jpeg(60_000, 1),
}


@pytest.mark.parametrize("name", REAL)
def test_a_real_picture_tells_its_kind_and_size(name: str) -> None:
    data, mimetype, width, height = REAL[name]
    assert images.recognise(data) == images.Image(mimetype, width, height)
    assert images.mimetype(data) == mimetype


@pytest.mark.parametrize("name", OTHER)
def test_anything_else_is_no_picture(name: str) -> None:
    assert images.recognise(OTHER[name]) is None


@pytest.mark.parametrize("name", REAL)
def test_a_cut_picture_is_the_same_one_or_none(name: str) -> None:
    data = REAL[name][0]
    found = {images.recognise(data[:length]) for length in range(len(data))}
    assert found <= {None, images.recognise(data)}
