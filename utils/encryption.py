"""Tokens at rest: AES-256-GCM in a printable envelope.

A current envelope is `mn1.` and, in URL-safe base64 without padding, nonce + ciphertext + tag.
Prefix and context are bound as associated data, so that an envelope opens only where it was sealed.
The legacy app's `ivHex:tagHex:cipherHex` is read and never written.
"""

import base64
import re
import secrets
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PREFIX = "mn1."
KEY_SIZE = 32
NONCE_SIZE = 12
_CURRENT = re.compile(r"mn1\.([A-Za-z0-9_-]{38,})")  # 38 digits: a nonce and the tag of no text
_LEGACY = re.compile(r"([0-9a-fA-F]{32}):([0-9a-fA-F]{32}):((?:[0-9a-fA-F]{2})*)")


class _Sealed(NamedTuple):
    nonce: bytes
    ciphertext: bytes  # the tag stands at its end
    associated: bytes | None


def encrypt(text: str, key: bytes, context: str = "") -> str:
    """Encrypt `text`; `context` names the one place it belongs to (table, column, member)."""
    cipher = _cipher(key)
    nonce = secrets.token_bytes(NONCE_SIZE)
    ciphertext = cipher.encrypt(nonce, _utf8(text), _utf8(PREFIX + context))
    return PREFIX + _to_base64(nonce + ciphertext)


def decrypt(envelope: str, key: bytes, context: str = "") -> str:
    """Decrypt a current envelope or one of the legacy app, which bound no context.

    Raises `ValueError` for anything else; its message holds neither token nor key.
    """
    sealed = _parse(envelope, context)
    try:
        return _cipher(key).decrypt(*sealed).decode("utf-8")
    except InvalidTag:
        raise ValueError("the envelope does not open with this key in this place") from None
    except UnicodeDecodeError:
        raise ValueError("the envelope does not hold text") from None


def is_envelope(text: str) -> bool:
    """Return True if `text` has the shape of an envelope."""
    return bool(_CURRENT.fullmatch(text) or _LEGACY.fullmatch(text))


def _parse(envelope: str, context: str) -> _Sealed:
    if not isinstance(envelope, str) or not isinstance(context, str):
        raise ValueError("an envelope and its context are text")
    if match := _CURRENT.fullmatch(envelope):
        sealed = _from_base64(match[1])
        return _Sealed(sealed[:NONCE_SIZE], sealed[NONCE_SIZE:], _utf8(PREFIX + context))
    if match := _LEGACY.fullmatch(envelope):
        nonce, tag, ciphertext = map(bytes.fromhex, match.groups())
        return _Sealed(nonce, ciphertext + tag, None)
    raise ValueError("this is not an envelope")


def _cipher(key: bytes) -> AESGCM:
    if not isinstance(key, bytes) or len(key) != KEY_SIZE:
        raise ValueError("the encryption key must be 32 bytes")
    return AESGCM(key)


def _utf8(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError("the text holds a character that cannot be stored") from None


def _to_base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _from_base64(digits: str) -> bytes:
    data = base64.urlsafe_b64decode(digits + "=" * (-len(digits) % 4))
    if _to_base64(data) != digits:  # bits in the last digit that decode to nothing
        raise ValueError("the envelope is damaged")
    return data
