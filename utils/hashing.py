"""What a table keeps of a token that only a browser holds."""

import hashlib


def sha256_hex(token: str) -> str:
    """SHA-256 in hex, of any text at all: enough for tokens that cannot be guessed."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
