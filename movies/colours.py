"""Colours of a drawn card: two hues chosen by the hash of the title."""

from colorsys import hls_to_rgb
from dataclasses import dataclass

# Degrees between the two hues.
DISTANCES = (35, 50, 130, 165, 195, 320)


@dataclass(frozen=True)
class Palette:
    """Hex colours; `words` and `light` are readable on `panel`."""

    sky_top: str
    sky_low: str
    far: str
    middle: str
    near: str
    light: str
    glow: str
    panel: str
    words: str


def palette(digest: bytes) -> Palette:
    night = (digest[0] * 256 + digest[1]) % 360
    lamp = (night + DISTANCES[digest[2] // 8 % len(DISTANCES)]) % 360
    return Palette(
        sky_top=_hex(night, 20, 48),
        sky_low=_hex(lamp, 55, 55),
        far=_hex(night, 38, 38),
        middle=_hex(night, 27, 42),
        near=_hex(night, 17, 45),
        light=_hex(lamp, 80, 85),
        glow=_hex(lamp, 90, 90),
        panel=_hex(night, 11, 42),
        words="#fff8ec",
    )


def _hex(hue: float, lightness: float, saturation: float) -> str:
    """Hue in degrees, lightness and saturation in percent."""
    rgb = hls_to_rgb(hue / 360, lightness / 100, saturation / 100)
    return "#" + "".join(f"{round(part * 255):02x}" for part in rgb)
