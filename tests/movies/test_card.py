import re
from xml.etree import ElementTree as ET

from movies.card import HEIGHT, PANEL_TOP, WIDTH, draw
from movies.colours import palette
from movies.lettering import width_of
from movies.motifs import MOTIFS

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = [
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "]]>&amp;&#0;<!--",
    "\x00\x01\x1b[31mred\x7f",
    "\ud800lone\udfff",
    "\ufffe\uffff",
    "\u202eright to left\u2066",
    "الرسالة",
    "🎬👨‍👩‍👧‍👦🍿",
    "千と千尋の神隠しのとても長い題名がここにあります" * 5,
    "Word " * 60,
    "x" * 300,
    "W" * 10_000,
    "e" + "\u0301" * 300,
    "",
    " \n\t ",
]


def texts(svg: str) -> list[ET.Element]:
    return list(ET.fromstring(svg).iter(f"{SVG}text"))  # noqa: S314 - our own document


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: str, b: str) -> float:
    dark, bright = sorted((luminance(a), luminance(b)))
    return (bright + 0.05) / (dark + 0.05)


def test_any_title_gives_a_valid_card_without_style_or_script() -> None:
    for title in HOSTILE:
        root = ET.fromstring(draw(title, 1999).encode("utf-8"))  # noqa: S314 - our own document
        assert root.get("viewBox") == "0 0 300 450", title
        tags = {element.tag.removeprefix(SVG) for element in root.iter()}
        assert not tags & {"script", "style", "image", "foreignObject"}, title
        names = {name for element in root.iter() for name in element.attrib}
        assert not [name for name in names if name == "style" or name.startswith("on")], title


def test_the_words_stay_on_the_panel() -> None:
    for title in [*HOSTILE, "Up", "The Lord of the Rings: The Two Towers"]:
        for text in texts(draw(title, 2001)):
            size, baseline = float(text.get("font-size", "")), float(text.get("y", ""))
            assert baseline - size * 0.75 > PANEL_TOP, title
            assert baseline <= HEIGHT - 16, title
            assert width_of(text.text or "") * size <= WIDTH - 20, title


def test_a_title_is_shown_as_it_was_given() -> None:
    title = '<b>Tom & "Jerry\'s"</b>'
    svg = draw(title, 1992)
    assert " ".join(text.text or "" for text in texts(svg)) == f"{title} 1992"
    assert ET.fromstring(svg).get("aria-label") == f"{title} (1992)"  # noqa: S314


def test_a_short_title_is_written_larger_than_a_long_one() -> None:
    short, long = texts(draw("Up"))[0], texts(draw("A very long title, with many words in it"))[0]
    assert float(short.get("font-size", "")) > float(long.get("font-size", ""))


def test_a_title_too_long_for_the_card_ends_in_an_ellipsis() -> None:
    assert (texts(draw("Word " * 60))[-1].text or "").endswith("…")
    assert (texts(draw("x" * 300))[-1].text or "").endswith("…")


def test_a_long_word_is_broken_and_nothing_of_it_lost() -> None:
    word = "Donaudampfschifffahrtsgesellschaft"
    assert "".join(text.text or "" for text in texts(draw(word))) == word


def test_an_emoji_family_is_not_torn() -> None:
    family = "👨‍👩‍👧‍👦"
    lines = [text.text or "" for text in texts(draw(family * 12))]
    assert len(lines) > 1
    assert all(re.fullmatch(f"({family})+", line) for line in lines)


def test_a_card_is_the_same_each_time_and_its_own() -> None:
    assert draw("Alien", 1979) == draw("Alien", 1979)
    assert draw("Alien") != draw("Aliens")
    assert 'y="428"' not in draw("Alien")


def test_gradients_of_two_cards_in_one_page_do_not_collide() -> None:
    ids = re.findall(r' id="([^"]+)"', draw("Alien") + draw("Aliens"))
    assert len(ids) == len(set(ids)) == 4


def test_all_motifs_turn_up() -> None:
    colours, seed = palette(bytes(32)), bytes(range(29))
    drawn = {motif(colours, seed) for motif in MOTIFS}
    assert len(drawn) == len(MOTIFS) >= 4
    for motif in MOTIFS:
        ET.fromstring(f"<g>{motif(colours, bytes([255] * 29))}</g>")  # noqa: S314


def test_words_are_readable_in_every_pair_of_hues() -> None:
    for night in range(360):
        for lamp in range(0, 256, 8):
            colours = palette(bytes([night // 256, night % 256, lamp]))
            assert contrast(colours.words, colours.panel) >= 4.5
            assert contrast(colours.light, colours.panel) >= 4.5
