"""The one-time code that creates the household's first admin; only its SHA-256 is stored."""

import hmac
import secrets

from db import Connection, settings, users
from rules import Refused
from utils import hashing

SETTING = "setup_code"
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no characters that look alike
LENGTH = 12  # 59 bits: not guessable, so tries need no rate limit


def create(conn: Connection) -> str:
    """Store a new code in place of an older one; the caller commits and prints it."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    settings.put(conn, SETTING, _hash(code))
    return code


def check(conn: Connection, code: str) -> None:
    """Refuse if the household has an admin, or if the code is not the stored one."""
    stored = settings.get(conn, SETTING)  # read before has_admin: a used code implies an admin
    if users.has_admin(conn):
        raise Refused("set_up_already")
    if not hmac.compare_digest(stored, _hash(code)):
        raise Refused("wrong_code")


def consume(conn: Connection, code: str) -> None:
    """Check the code in the transaction and delete it, so the second of two browsers is refused."""
    check(conn, code)
    settings.remove(conn, SETTING)


def _hash(code: str) -> str:
    """Return the hash of the code without blanks and dashes, in lower case."""
    typed = "".join(code.split()).replace("-", "").lower()
    return hashing.sha256_hex(typed)
