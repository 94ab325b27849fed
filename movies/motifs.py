"""SVG scenes for the upper two thirds of a drawn card (300 wide, about 300 high)."""

from collections.abc import Callable

from movies.colours import Palette

Motif = Callable[[Palette, bytes], str]


def hills(colours: Palette, seed: bytes) -> str:
    x = 90 + seed[0] % 120
    return (
        _sun(colours, x, 140, 54)
        + _land(colours.far, "M0 214C60 170 110 178 160 206S250 232 300 184V450H0Z")
        + _land(colours.middle, "M0 250C50 218 96 222 150 246S240 262 300 222V450H0Z")
        + _land(colours.near, "M0 276C70 250 130 282 190 272S270 262 300 270V450H0Z")
    )


def mountains(colours: Palette, seed: bytes) -> str:
    x = 60 + seed[0] % 60
    return (
        _stars(colours, seed)
        + _sun(colours, 240 - seed[1] % 60, 84, 26)
        + _land(colours.far, f"M{x - 170} 300L{x + 20} 128L{x + 210} 300Z")
        + _land(
            colours.glow,
            f"M{x + 20} 128L{x - 14} 159L{x + 6} 153L{x + 20} 168L{x + 34} 152L{x + 55} 160Z",
        )
        + _land(colours.middle, f"M{x - 20} 310L{x + 130} 166L{x + 290} 310Z")
        + _land(colours.near, "M0 268L60 232L130 280L210 236L300 284V450H0Z")
    )


def curtains(colours: Palette, seed: bytes) -> str:
    y = 150 + seed[0] % 50
    folds = "".join(
        f'<path d="M{left} 0C{left + 4} 110 {left - 8} 190 {left - 14} 320" '
        f'stroke="{colours.near}" stroke-width="5" stroke-opacity="0.7" fill="none"/>'
        for left in (22, 46, 70)
    )
    side = _land(colours.middle, "M0 0H98C96 120 80 200 48 320H0Z") + folds
    scallops = "".join("q30 46 60 0" for _ in range(5))
    return (
        f'<ellipse cx="150" cy="190" rx="110" ry="130" fill="{colours.glow}" fill-opacity="0.25"/>'
        f"{_sun(colours, 150, y, 44)}"
        f'{side}<g transform="matrix(-1 0 0 1 300 0)">{side}</g>'
        f"{_land(colours.near, f'M0 0V34{scallops}V0Z')}"
        f'<path d="M0 34{scallops}" stroke="{colours.light}" stroke-width="3" fill="none"/>'
    )


def spotlights(colours: Palette, seed: bytes) -> str:
    lean = seed[0] % 40
    beam = f'fill="{colours.glow}" fill-opacity="0.34"'
    return (
        _stars(colours, seed)
        + f'<path d="M52 306L{120 + lean} -10H{210 + lean}Z" {beam}/>'
        + f'<path d="M248 306L{90 - lean} -10H{180 - lean}Z" {beam}/>'
        + f'<path d="M150 306L{130 - lean // 2} -10H{180 - lean // 2}Z" {beam}/>'
        + _land(colours.near, "M0 286C60 262 100 270 150 262S240 268 300 280V450H0Z")
        + f'<circle cx="150" cy="150" r="{34 + lean // 4}" fill="{colours.light}"/>'
    )


def film_strip(colours: Palette, seed: bytes) -> str:
    tilt = -24 + seed[0] % 12
    holes = "".join(
        f'<rect x="{x}" y="{y}" width="16" height="12" rx="3" fill="{colours.light}"/>'
        for x in range(-110, 410, 30)
        for y in (107, 221)
    )
    fills = (colours.far, colours.sky_low, colours.light, colours.far)
    frames = "".join(
        f'<rect x="{128 * at - 104}" y="128" width="112" height="84" rx="4" fill="{fill}"/>'
        for at, fill in enumerate(fills)
    )
    return (
        _sun(colours, 70 + seed[1] % 160, 70, 46) + f'<g transform="rotate({tilt} 150 170)">'
        f'<rect x="-120" y="98" width="540" height="144" fill="{colours.near}"/>{holes}{frames}</g>'
    )


def city(colours: Palette, seed: bytes) -> str:
    towers = "".join(
        f'<rect x="{25 * at}" y="{top}" width="25" height="300" '
        f'fill="{colours.near if at % 3 else colours.middle}"/>'
        + _windows(colours, 25 * at, top, seed[at])
        for at, top in enumerate(150 + seed[at] % 90 for at in range(12))
    )
    return _stars(colours, seed) + _sun(colours, 70 + seed[12] % 160, 110, 48) + towers


def sea(colours: Palette, seed: bytes) -> str:
    x = 100 + seed[0] % 100
    boat = 50 if x > 150 else 240
    glints = "".join(
        f'<rect x="{x - half}" y="{y}" width="{2 * half}" height="5" rx="2.5" '
        f'fill="{colours.glow}" fill-opacity="0.75"/>'
        for y, half in ((206, 52), (219, 36), (232, 44), (246, 24), (260, 32))
    )
    return (
        f"{_sun(colours, x, 190, 66)}"
        f'<rect y="196" width="300" height="254" fill="{colours.middle}"/>{glints}'
        + _land(colours.near, f"M{boat - 26} 222h52l-9 14h-34Z")
        + _land(colours.glow, f"M{boat} 150v66h-24ZM{boat + 5} 168v48h18Z")
    )


def planets(colours: Palette, seed: bytes) -> str:
    x, tilt = 120 + seed[0] % 60, -28 + seed[1] % 20
    ring = f'fill="none" stroke="{colours.glow}" stroke-width="9" stroke-opacity="0.9"'
    return (
        _stars(colours, seed) + f'<g transform="rotate({tilt} {x} 150)">'
        f'<path d="M{x - 108} 150A108 26 0 0 1 {x + 108} 150" {ring}/>'
        f'<circle cx="{x}" cy="150" r="68" fill="{colours.light}"/>'
        f'<path d="M{x - 60} 182A68 68 0 0 0 {x + 60} 182A90 60 0 0 1 {x - 60} 182Z" '
        f'fill="{colours.near}" fill-opacity="0.3"/>'
        f'<path d="M{x - 108} 150A108 26 0 0 0 {x + 108} 150" {ring}/></g>'
        f'<circle cx="{x + 96 if x < 150 else x - 96}" cy="64" r="15" fill="{colours.far}"/>'
    )


MOTIFS: tuple[Motif, ...] = (
    hills,
    mountains,
    curtains,
    spotlights,
    film_strip,
    city,
    sea,
    planets,
)


def _sun(colours: Palette, x: int, y: int, radius: int) -> str:
    halos = "".join(
        f'<circle cx="{x}" cy="{y}" r="{radius * share:.0f}" fill="{colours.glow}" '
        f'fill-opacity="0.16"/>'
        for share in (1.9, 1.45)
    )
    return f'{halos}<circle cx="{x}" cy="{y}" r="{radius}" fill="{colours.light}"/>'


def _land(fill: str, path: str) -> str:
    return f'<path d="{path}" fill="{fill}"/>'


def _stars(colours: Palette, seed: bytes) -> str:
    return "".join(
        f'<circle cx="{(seed[at] * 37 + at * 61) % 292 + 4}" cy="{seed[at + 1] % 130 + 8}" '
        f'r="{1 + seed[at] % 3 * 0.6:.1f}" fill="{colours.glow}"/>'
        for at in range(16)
    )


def _windows(colours: Palette, left: int, top: int, bits: int) -> str:
    return "".join(
        f'<rect x="{left + 5 + 9 * (at % 2)}" y="{top + 10 + 15 * (at // 2)}" width="6" height="8" '
        f'fill="{colours.light}"/>'
        for at in range(8)
        if bits >> at & 1
    )
