"""The one-time code that makes a household's first admin. The table keeps only its SHA-256."""

import hmac
import secrets

from db import Connection, settings, users
from rules import Refused
from utils import hashing

SETTING = "setup_code"
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that looks like something else
LENGTH = 12  # 59 bits: too many to guess, so tries need no brake


def create(conn: Connection) -> str:
    """Make and store a code in place of an older one; the caller commits and prints it."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    settings.put(conn, SETTING, _hash(code))
    return code


def check(conn: Connection, code: str) -> None:
    """Refuses when there is an admin, and any code but the stored one."""
    stored = settings.get(conn, SETTING)  # first: whoever sees it used up sees the admin as well
    if users.has_admin(conn):
        raise Refused("set_up_already")
    if not hmac.compare_digest(stored, _hash(code)):
        raise Refused("wrong_code")


def consume(conn: Connection, code: str) -> None:
    """Of two browsers with the code, the transaction that comes second is refused here."""
    check(conn, code)
    settings.remove(conn, SETTING)


def _hash(code: str) -> str:
    """Of the code as it was meant: capitals, blanks and dashes are how people type."""
    typed = "".join(code.split()).replace("-", "").lower()
    return hashing.sha256_hex(typed)
