from typing import Any

import pytest

from utils import pins

PEPPER = b"pepper" * 6
CHEAP = 2


@pytest.mark.parametrize("pin", ["4821", "0007", "48213", "48213905"])
def test_four_to_eight_digits_are_a_pin(pin: str) -> None:
    assert pins.is_valid(pin)


@pytest.mark.parametrize(
    "pin",
    ["", "482", "482139051", "48 1", "48a1", "4821\n", "-482", "٤٨٢١", "４８２１", None, 4821],
)
def test_anything_else_is_no_pin(pin: Any) -> None:
    assert not pins.is_valid(pin)
    assert not pins.matches(pin, pins.hash_pin("4821", PEPPER, CHEAP), PEPPER)
    with pytest.raises(ValueError):
        pins.hash_pin(pin, PEPPER, CHEAP)


def test_a_pin_matches_its_own_hash_only() -> None:
    stored = pins.hash_pin("0482", PEPPER, CHEAP)
    assert pins.matches("0482", stored, PEPPER)
    assert not pins.matches("0483", stored, PEPPER)
    assert not pins.matches("00482", stored, PEPPER)


def test_a_stolen_database_without_the_pepper_proves_nothing() -> None:
    assert not pins.matches("4821", pins.hash_pin("4821", PEPPER, CHEAP), b"another pepper")


def test_equal_pins_are_stored_differently() -> None:
    assert pins.hash_pin("4821", PEPPER, CHEAP) != pins.hash_pin("4821", PEPPER, CHEAP)


def test_the_hash_is_costly_unless_told_otherwise() -> None:
    stored = pins.hash_pin("4821", PEPPER)
    assert stored.startswith("scrypt$16384$")
    assert pins.matches("4821", stored, PEPPER)


def test_the_memory_allowance_grows_with_the_cost() -> None:
    stored = pins.hash_pin("4821", PEPPER, cost=2**15)  # 32 MiB: more than OpenSSL allows unasked
    assert pins.matches("4821", stored, PEPPER)


def test_a_cost_beyond_reason_is_refused() -> None:
    with pytest.raises(ValueError, match="out of range"):
        pins.hash_pin("4821", PEPPER, cost=2**21)


def test_a_garbled_hash_matches_nothing() -> None:
    garbled = [
        "",
        "4821",
        "scrypt$2$$",
        "scrypt$2$AAAA$AAAA$",
        "scrypt$3$AAAA$AAAA",  # not a power of two
        "scrypt$0$AAAA$AAAA",
        "scrypt$9999999$AAAA$AAAA",
        "scrypt$2$A$AAAA",
        "scrypt$2$AAAA$AAAA\n",
        "bcrypt$2$AAAA$AAAA",
        "\ud800",
    ]
    assert [stored for stored in garbled if pins.matches("4821", stored, PEPPER)] == []


def test_a_common_pin_is_recognised() -> None:
    common = (
        "0000 7777 1234 4321 2345 7890 0987 2468 8642 1212 1122 9988 1221 2580 0852 1986 2011 0007"
        " 11111 12345 54321 12321 5683 1397 000000 123456 654321 121212 123123 112233 123321 198604"
        " 041986 147258 11111111 12345678 87654321 12341234 11223344 12344321 24041986 04241986"
        " 19860424 20112011"
    )
    assert [pin for pin in common.split() if not pins.is_common(pin)] == []


def test_an_ordinary_pin_is_not_common() -> None:
    ordinary = "4821 0482 9053 1763 2190 48213 482139 198699 991986 48213905 99991986"
    assert [pin for pin in ordinary.split() if pins.is_common(pin)] == []


def test_most_pins_remain_to_choose_from() -> None:
    assert sum(pins.is_common(f"{number:04}") for number in range(10_000)) < 600
