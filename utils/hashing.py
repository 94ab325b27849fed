"""Hashes under which tokens are stored."""

import hashlib


def sha256_hex(token: str) -> str:
    """Return the SHA-256 in hex; unsalted, so only for tokens that cannot be guessed."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
