import pytest

from utils.plain_text import one_line


@pytest.mark.parametrize("code", [0x200B, *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF])
def test_nothing_unseen_turns_or_splits_a_line(code: int) -> None:
    assert one_line(f"Long{chr(code)} Way Home{chr(code)}", 20) == "Long Way Home"


def test_what_joins_letters_and_emoji_stays() -> None:
    assert one_line("👩\u200d🚀 می\u200cخواهم", 20) == "👩\u200d🚀 می\u200cخواهم"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (" a\n\tb ", "a b"),
        ("a\x00b\x1b", "ab"),
        ("a\ud800", "a"),
        ("abc d", "abc"),
        (7, ""),
        ("", ""),
    ],
)
def test_a_line_has_no_controls_and_an_end(text: object, line: str) -> None:
    assert one_line(text, 4) == line[:4]
