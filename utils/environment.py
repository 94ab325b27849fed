"""The environment of a process; unset and empty are the same, blanks are trimmed."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import load_dotenv


def load_env() -> None:
    """Read `.env` of the working folder; what is already in the environment wins."""
    load_dotenv(Path(".env"), override=False)


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def integer(name: str, default: int, lowest: int, highest: int) -> int:
    """A whole number within bounds; anything else stops the start with a sentence."""
    raw = text(name)
    if not raw:
        return default
    if not raw.isascii() or not raw.isdigit() or not lowest <= int(raw) <= highest:
        raise ValueError(f"{name} must be a whole number from {lowest} to {highest}.")
    return int(raw)


def secret(name: str) -> str | None:
    """The variable itself, or what the file named by `<name>_FILE` holds."""
    if value := text(name):
        return value
    if path := text(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip() or None
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(f"{name}_FILE names a file that cannot be read: {path}") from error
    return None


def address(name: str, default: str) -> str:
    """Scheme, host and perhaps a path; anything else stops the start with a sentence."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    is_web = parts.scheme in ("http", "https") and parts.netloc and "@" not in parts.netloc
    if not is_web or parts.query or parts.fragment:
        raise ValueError(f"{name} must be an address such as {default}.")
    return value


def origin(name: str, default: str) -> str:
    """An address of nothing but scheme and host."""
    value = address(name, default)
    parts = urlsplit(value)
    if value != f"{parts.scheme}://{parts.netloc}":
        raise ValueError(f"{name} must be an address without a path, such as {default}.")
    return value


def data_dir() -> Path:
    return Path(text("DATA_DIR", "data")).resolve()
