import logging
from collections.abc import Iterator

import pytest

from cli import serve
from utils import redaction

KEEP_OUT = "c4n4ry-51f0a7b2"
LEAKS = [
    f"Authorization: Bearer {KEEP_OUT}",
    f"{{'Authorization': 'Bearer {KEEP_OUT}', 'trakt-api-key': '{KEEP_OUT}'}}",
    f"authorization=Basic {KEEP_OUT}",
    f'{{"access_token": "{KEEP_OUT}", "refresh_token":"{KEEP_OUT}", "expires_in": 604800}}',
    f"POST /oauth/token body={{'client_secret': '{KEEP_OUT}', 'code_verifier': '{KEEP_OUT}'}}",
    f"GET /auth/trakt/callback?code={KEEP_OUT}&state={KEEP_OUT} 303",
    f"Failed to parse headers (url=https://api.test/3/search?query=heat&api_key={KEEP_OUT})",
    f"deviceCode='{KEEP_OUT}' device_code={KEEP_OUT}",
    f"Tokens(access_token='{KEEP_OUT}')",
    f"refresh_token=b'{KEEP_OUT}'",
    "refused token " + "0123456789abcdef" * 4,
    "TMDB key eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiJ4In0.c2lnbmF0dXJl",
]
HARMLESS = [
    "member 3: Trakt gave no new token: unavailable",
    "unavailable: GET /sync/watched/movies 503; trying again in 0.6 s",
    "error code: 404, state: running, basic training, the bearer of news",
    "2026-W47 closed; Authorization: none",
    "password-less profile Ana, icon 🎬",
]


@pytest.mark.parametrize("text", LEAKS)
def test_a_secret_is_hidden_wherever_it_stands(text: str) -> None:
    told = redaction.redact(text)
    assert not any(part in told for part in (KEEP_OUT, "0123456789abcdef", "eyJ"))
    assert redaction.HIDDEN in told
    assert redaction.redact(told) == told


@pytest.mark.parametrize("text", HARMLESS)
def test_plain_sentences_stay_as_they_are(text: str) -> None:
    assert redaction.redact(text) == text


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    root = logging.getLogger()
    level = root.level
    yield root
    root.setLevel(level)


def test_the_server_logs_no_secret_of_a_message_or_a_traceback(
    root: logging.Logger, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(root, "handlers", [])
    serve.configure_logging()
    serve.configure_logging()  # twice does no harm
    try:
        raise ValueError(f"access_token={KEEP_OUT}")
    except ValueError:
        logging.getLogger("anywhere").exception("refresh_token=%s", KEEP_OUT)
    told = capsys.readouterr().err
    assert f"ERROR anywhere: refresh_token={redaction.HIDDEN}\n" in told
    assert f"ValueError: access_token={redaction.HIDDEN}" in told
    assert KEEP_OUT not in told
