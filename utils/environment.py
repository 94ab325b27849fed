"""Environment variables: unset and empty are the same, blanks are trimmed."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import load_dotenv


def load_env() -> None:
    """Load `.env` of the working folder; variables that are already set win."""
    load_dotenv(Path(".env"), override=False)


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def integer(name: str, default: int, lowest: int, highest: int) -> int:
    """Return a whole number within bounds; raise ValueError for anything else."""
    raw = text(name)
    if not raw:
        return default
    if not raw.isascii() or not raw.isdigit() or not lowest <= int(raw) <= highest:
        raise ValueError(f"{name} must be a whole number from {lowest} to {highest}.")
    return int(raw)


def secret(name: str) -> str | None:
    """Return the variable, or the content of the file that `<name>_FILE` names."""
    if value := text(name):
        return value
    if path := text(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip() or None
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(f"{name}_FILE names a file that cannot be read: {path}") from error
    return None


def address(name: str, default: str) -> str:
    """Return a URL of scheme, host and optional path; raise ValueError for anything else."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    is_web = parts.scheme in ("http", "https") and parts.netloc and "@" not in parts.netloc
    if not is_web or parts.query or parts.fragment:
        raise ValueError(f"{name} must be an address such as {default}.")
    return value


def origin(name: str, default: str) -> str:
    """Return a URL of scheme and host only; raise ValueError for anything else."""
    value = address(name, default)
    parts = urlsplit(value)
    if value != f"{parts.scheme}://{parts.netloc}":
        raise ValueError(f"{name} must be an address without a path, such as {default}.")
    return value


def data_dir() -> Path:
    return Path(text("DATA_DIR", "data")).resolve()
