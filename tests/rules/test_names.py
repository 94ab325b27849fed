"""What somebody may be called, and by which picture they are known."""

import pytest

from rules import Refused
from rules.names import clean_icon, clean_name, likeness


def test_an_icon_is_one_emoji_or_up_to_three_letters() -> None:
    icons = [
        "🎬", "👨‍👩‍👧‍👦", "👩🏽‍🚀", "❤️", "☎", "✈️", "🇭🇺", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "3️⃣", "\U0001fae8", "\U0001fae9",
        "🏳️‍🌈",
        "A", "Bé", "J2", "Mia", "你好", "की",
    ]  # fmt: skip
    assert [clean_icon(f" {icon} ") for icon in icons] == icons


def test_anything_else_is_no_icon(subtests: pytest.Subtests) -> None:
    for icon in [
        "🎬🎬", "🎬A", "Anna", "the best", "<b>", "!", "&", "--", "A\u200bB", "\u202eA", "\u3164",
        "\u200d", "\ufe0f", "👨‍", "A/B", "\u0301", "🎬" + "\u200d🎬" * 9, "x" * 1_000_000, "🎬\x00",
    ]:  # fmt: skip
        with subtests.test(ascii(icon[:20])), pytest.raises(Refused, match="icon_odd"):
            clean_icon(icon)


@pytest.mark.parametrize(
    "name", ["Ana", "Zoë", "O'Neil", "Mia 🦊", "李", "Ana-Marie the 2nd", "A" * 40]
)
def test_a_name_is_what_people_are_called(name: str) -> None:
    assert clean_name(f" {name}  ") == name


def test_a_name_is_stored_with_composed_accents() -> None:
    assert clean_name("Zoe\u0308") == "Zoë"


@pytest.mark.parametrize(
    ("name", "code"),
    [("", "name_missing"), ("A" * 41, "name_too_long")]
    + [(name, "name_odd") for name in ("Ana/Ben", "7", "٣", "\u200d\ufe0f")],
)
def test_a_name_that_pages_and_addresses_could_not_tell_is_refused(name: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        clean_name(name)


def test_a_name_turns_no_direction(subtests: pytest.Subtests) -> None:
    for code in [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]:
        with subtests.test(hex(code)), pytest.raises(Refused, match="name_odd"):
            clean_name(f"Ana{chr(code)}neB")


def test_a_name_hides_nothing(subtests: pytest.Subtests) -> None:
    for sign in [
        "\x00", "\x1b", "\u00ad", "\u200b", "\u200e", "\u2060", "\u2800", "\u3164", "\ufeff",
        "\uffa0", "\U000e0041", "\ue000", "\ud800",
    ]:  # fmt: skip
        with subtests.test(ascii(sign)):
            with pytest.raises(Refused, match="name_odd"):
                clean_name(f"An{sign}a")
            with pytest.raises(Refused, match=r"name_odd|name_missing"):
                clean_name(sign)


def test_names_that_a_person_would_mix_up_are_alike() -> None:
    others = ["Bén", "BEN", "b e n", "Be\u0301n", "Be\u200dn", "Ｂｅｎ", "Bên", "be\ufe0fn"]
    assert [other for other in others if likeness(other) != likeness("Ben")] == []


def test_names_that_differ_are_not_alike() -> None:
    names = ["Ben", "Bena", "Len", "Бен", "बेन", "बन", "İda", "Ana"]
    assert len({likeness(name) for name in names}) == len(names)
    assert likeness("İda") == likeness("ida")
