"""Secret keys: generated once beside the database, or configured as text."""

import base64
import binascii
import os
import re
import secrets
import stat
import tempfile
from pathlib import Path

ENCRYPTION_KEY_SIZE = 32


def load_or_make(path: Path, size: int = 32) -> bytes:
    """Read the key of `size` bytes kept as hex in `path`, making it on first use.

    Raises `ValueError` when the file holds anything else. A damaged key is never replaced:
    what it encrypted would be lost with it.
    """
    if not path.exists():
        _make(path, size)
    return _read(path, size)


def _make(path: Path, size: int) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # mode 0600
    candidate = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(size) + "\n")
            file.flush()
            os.fsync(file.fileno())
        _publish(candidate, path)
    finally:
        candidate.unlink()


def _publish(candidate: Path, path: Path) -> None:
    """Link the finished file to its name; if another process was first, its key stays."""
    try:
        path.hardlink_to(candidate)
    except FileExistsError:
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _read(path: Path, size: int) -> bytes:
    digits = path.read_bytes().strip()
    if not re.fullmatch(rb"[0-9a-fA-F]{%d}" % (2 * size), digits):
        raise ValueError(f"{path} is damaged: a key of {2 * size} hex digits was expected")
    return bytes.fromhex(digits.decode("ascii"))


def parse(text: str) -> bytes:
    """Read a 32-byte key given as 64 hex digits, as base64 (either alphabet) or as 32 characters.

    The three cannot be confused: no two of them have the same length.
    """
    line = text.rstrip("\r\n")
    if len(raw := line.encode("utf-8", "surrogatepass")) == ENCRYPTION_KEY_SIZE:
        return raw
    word = line.strip()
    key = bytes.fromhex(word) if re.fullmatch("[0-9a-fA-F]{64}", word) else _from_base64(word)
    if len(key) != ENCRYPTION_KEY_SIZE:
        raise ValueError(
            "the encryption key must be 32 bytes: 64 hex digits, base64, or 32 characters"
        )
    return key


def _from_base64(word: str) -> bytes:
    """Decode base64; return no bytes for anything else."""
    digits = word.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(digits + "=" * (-len(digits) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def is_private(path: Path) -> bool:
    """Return True if only the file's owner may read, write or run it."""
    return not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
