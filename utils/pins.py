"""PINs of four to eight digits: stored as a slow, peppered hash; the obvious ones recognised."""

import base64
import hashlib
import hmac
import re
import secrets
from itertools import pairwise

BLOCK_SIZE, PARALLELISM = 8, 1
DEFAULT_COST, HIGHEST_COST = 2**14, 2**20
SALT_SIZE, HASH_SIZE = 16, 32
_STORED = re.compile(r"scrypt\$([0-9]{1,7})\$([A-Za-z0-9+/]+={0,2})\$([A-Za-z0-9+/]+={0,2})")

# Paths on the keypad, and numbers everybody knows, that no rule of `is_common` covers.
_FAMOUS = frozenset(
    "0007 0070 1004 1230 1236 1379 1397 1470 0741 2580 0852 3690 0963 5683 7410 8520 9630"
    " 123654 147258 147852 159357 159753 258456 314159 369258 456123 789456 789123 8675309"
    " 11235813 12345679 14725836 31415926".split()
)


def is_valid(pin: str) -> bool:
    return isinstance(pin, str) and re.fullmatch("[0-9]{4,8}", pin) is not None


def hash_pin(pin: str, pepper: bytes, cost: int = DEFAULT_COST) -> str:
    """Hash with scrypt (N = `cost`, about 16 MiB and 60 ms at the default) and a fresh salt.

    The text names its cost, so that a later default leaves older hashes readable.
    """
    if not is_valid(pin):
        raise ValueError("a PIN is four to eight digits")
    salt = secrets.token_bytes(SALT_SIZE)
    digest = _digest(pin, pepper, salt, cost)
    return f"scrypt${cost}${_to_base64(salt)}${_to_base64(digest)}"


def matches(pin: str, stored: str, pepper: bytes) -> bool:
    """Compare in constant time; a text that `hash_pin` did not write matches nothing."""
    if not is_valid(pin) or not (match := _STORED.fullmatch(stored)):
        return False
    try:
        cost, salt, digest = int(match[1]), base64.b64decode(match[2]), base64.b64decode(match[3])
        return hmac.compare_digest(_digest(pin, pepper, salt, cost), digest)
    except ValueError:
        return False


def _digest(pin: str, pepper: bytes, salt: bytes, cost: int) -> bytes:
    if cost > HIGHEST_COST:
        raise ValueError("the cost is out of range")
    return hashlib.scrypt(
        hmac.digest(pepper, pin.encode("ascii"), "sha256"),
        salt=salt,
        n=cost,
        r=BLOCK_SIZE,
        p=PARALLELISM,
        maxmem=128 * BLOCK_SIZE * (cost + PARALLELISM + 2),  # OpenSSL's own reckoning, in bytes
        dklen=HASH_SIZE,
    )


def _to_base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def is_common(pin: str) -> bool:
    """Return True for an easily guessed PIN: a pattern, a year, a date, a famous number."""
    return _has_pattern(pin) or _has_year(pin) or pin in _FAMOUS


def _has_pattern(pin: str) -> bool:
    digits = [int(digit) for digit in pin]
    steps = {(after - before) % 10 for before, after in pairwise(digits)}
    evenly = len(steps) == 1 and steps <= {0, 1, 2, 8, 9}  # 0000, 1234, 2468, 8642, 0987
    repeated = pin in (pin + pin)[1:-1]  # 1212, 123123
    doubled = pin[::2] == pin[1::2]  # 1122, 112233
    return evenly or repeated or doubled or pin == pin[::-1]


def _has_year(pin: str) -> bool:
    """Return True for a year alone, with a month (six digits) or with day and month (eight)."""
    day, month, year = "(0[1-9]|[12][0-9]|3[01])", "(0[1-9]|1[0-2])", "(19|20)[0-9]{2}"
    beside = f"({month}|{day}{month}|{month}{day})"
    return re.fullmatch(f"{year}{beside}?|{beside}{year}", pin) is not None
