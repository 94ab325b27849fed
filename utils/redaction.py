"""Redaction of tokens and keys in log messages and tracebacks."""

import logging
import re

HIDDEN = "[hidden]"
LONG_NAMES = (
    r"access_token|refresh_token|client_secret|device_?code|code_verifier|api_?key"
    r"|trakt-api-key|authorization"
)
SHORT_NAMES = r"token|code|secret|state|verifier|pin"  # words of plain sentences, too
QUOTE = r"(?:b(?=['\"]))?['\"]?"
VALUE = r"(?!bearer\b|basic\b|none\b|\[hidden)[^\s'\",;<>&)}\]]{4,}"
PATTERNS = (
    re.compile(r"(?i)\b(?P<kept>(?:bearer|basic)\s+)[^\s'\",;<>&]{12,}"),
    # name=value of a URL, 'name': 'value' of JSON and reprs, Name: value of headers.
    re.compile(rf"(?i)(?<![\w-])(?P<kept>(?:{LONG_NAMES})['\"]?\s*[=:]\s*{QUOTE}){VALUE}"),
    re.compile(rf"(?i)(?<![\w-])(?P<kept>(?:{SHORT_NAMES})(?:=|['\"]\s*:\s*){QUOTE}){VALUE}"),
    # Without a name: tokens of 64 hex digits, and web tokens.
    re.compile(r"(?P<kept>)\b(?:[0-9a-f]{64}|eyJ[\w-]{8,}\.[\w-]+\.[\w-]+)"),
)


class RedactingFormatter(logging.Formatter):
    """Redacts what `inner` has formatted, the traceback included."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self._inner = inner

    def format(self, record: logging.LogRecord) -> str:
        return redact(self._inner.format(record))


def redact(text: str) -> str:
    for pattern in PATTERNS:
        text = pattern.sub(rf"\g<kept>{HIDDEN}", text)
    return text


def install() -> None:
    """Redact on every handler of the root logger."""
    for handler in logging.getLogger().handlers:
        if not isinstance(handler.formatter, RedactingFormatter):
            handler.setFormatter(RedactingFormatter(handler.formatter or logging.Formatter()))
