from utils.plain_text import one_line


def test_nothing_unseen_turns_or_splits_a_line() -> None:
    for code in [0x200B, *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF]:
        line = one_line(f"Long{chr(code)} Way Home{chr(code)}", 20)
        assert line == "Long Way Home", hex(code)


def test_what_joins_letters_and_emoji_stays() -> None:
    assert one_line("👩\u200d🚀 می\u200cخواهم", 20) == "👩\u200d🚀 می\u200cخواهم"


def test_a_line_has_no_controls_and_an_end() -> None:
    expected: list[tuple[object, str]] = [
        (" a\n\tb ", "a b"),
        ("a\x00b\x1b", "ab"),
        ("a\ud800", "a"),
        ("abc d", "abc"),
        (7, ""),
        ("", ""),
    ]
    assert [(text, one_line(text, 4)) for text, _line in expected] == expected
