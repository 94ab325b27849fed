from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils import encryption

KEY = bytes(range(32))
CONTEXT = "trakt_auth.access_token:7"

# Sealed with the crypto module of Node 20, the way the legacy app did it, under KEY.
LEGACY = {
    "plain-token-4821": "5c960db9bfde79bc734f7e381c719f29:9915b62a1101e9856f4afbdcb5e28a10"
    ":c05402bee5c73a2fa606d5850b66ff9c",
    "Amélie žluťoučký 🎬🍿": "053668d25bfa1a32afb92ddd4d03eca3:d30631052a9fa68d0e057ffda194747d"
    ":eddb66c43ed730ba3e1e5dc25c2daa4351bc54a26c1a96489e02123a6c00",
    "": "69a7e38518b9fc1062f03272e56a65d8:4b03463bb04d51f3c1f4a8d8c005708e:",
}
OLD = LEGACY["plain-token-4821"]
# Random each time, so it needs a name that is not: tests are shared out by name.
TODAY = pytest.param(encryption.encrypt("token", KEY), id="today")


@given(st.text(), st.text(), st.binary(min_size=32, max_size=32))
def test_what_was_sealed_opens_again(text: str, context: str, key: bytes) -> None:
    envelope = encryption.encrypt(text, key, context)
    assert encryption.decrypt(envelope, key, context) == text
    assert envelope.isascii()
    assert envelope.isprintable()


def test_sealing_twice_gives_two_envelopes() -> None:
    assert encryption.encrypt("token", KEY) != encryption.encrypt("token", KEY)


def test_an_envelope_opens_only_in_its_own_place() -> None:
    envelope = encryption.encrypt("token", KEY, CONTEXT)
    for other in ["", "trakt_auth.access_token:8", CONTEXT + " "]:
        with pytest.raises(ValueError):
            encryption.decrypt(envelope, KEY, other)


@pytest.mark.parametrize(("text", "envelope"), LEGACY.items())
def test_an_envelope_of_the_legacy_app_opens(text: str, envelope: str) -> None:
    assert encryption.decrypt(envelope, KEY) == text
    assert encryption.decrypt(envelope.upper(), KEY) == text
    assert encryption.decrypt(envelope, KEY, CONTEXT) == text  # it never bound one


@pytest.mark.parametrize("envelope", [*LEGACY.values(), TODAY])
def test_an_envelope_opens_with_its_own_key_only(envelope: str) -> None:
    with pytest.raises(ValueError):
        encryption.decrypt(envelope, bytes(32))


@pytest.mark.parametrize("envelope", [OLD, TODAY])
def test_a_change_of_any_character_is_noticed(envelope: str) -> None:
    for place, character in enumerate(envelope):
        changed = "1" if character == "0" else "0"
        with pytest.raises(ValueError):
            encryption.decrypt(envelope[:place] + changed + envelope[place + 1 :], KEY)


@pytest.mark.parametrize("envelope", [OLD, TODAY])
def test_a_cut_or_lengthened_envelope_is_refused(envelope: str) -> None:
    damaged = [envelope[:end] for end in range(len(envelope))]
    damaged += [envelope + more for more in ["0", "00", "=", "\n", ":"]] + [" " + envelope]
    for text in damaged:
        with pytest.raises(ValueError):
            encryption.decrypt(text, KEY)


def test_base64_that_differs_only_in_unused_bits_is_refused() -> None:
    envelope = encryption.encrypt("seven b", KEY)  # 35 bytes: the last digit carries two spare bits
    twin = envelope[:-1] + chr(ord(envelope[-1]) + 1)
    with pytest.raises(ValueError, match="damaged"):
        encryption.decrypt(twin, KEY)


iv, tag, data = OLD.split(":")


def test_what_is_not_an_envelope_is_refused(subtests: pytest.Subtests) -> None:
    for envelope in [
        f"{iv[:24]}:{tag}:{data}",
        f"{iv}00:{tag}:{data}",
        f"{iv}:{tag[:24]}:{data}",
        f"{iv}:{tag[:8]}:{data}",
        f"{iv}:{tag}:{data[:-1]}",
        f"{iv}:{tag}",
        f"{iv}:{tag}:{data}:{data}",
        f"{iv}:{tag}: {data}",
        f"{iv}::{tag}{data}",
        "mn1.",
        "mn2." + encryption.encrypt("token", KEY)[4:],
        "plain-token-4821",
        "",
        "🎬",
        "\ud800",
    ]:
        with subtests.test(ascii(envelope)), pytest.raises(ValueError):
            encryption.decrypt(envelope, KEY)


@pytest.mark.parametrize("envelope", [None, 7, OLD.encode(), [OLD]])
def test_what_is_not_text_is_refused(envelope: Any) -> None:
    with pytest.raises(ValueError):
        encryption.decrypt(envelope, KEY)


@pytest.mark.parametrize("key", [b"", KEY[:16], KEY[:31], KEY + b"0", KEY.hex(), None])
def test_a_key_must_be_32_bytes(key: Any) -> None:
    for attempt in (encryption.encrypt, encryption.decrypt):
        with pytest.raises(ValueError, match="32 bytes"):
            attempt(OLD, key)


def test_an_envelope_that_holds_no_text_is_refused() -> None:
    nonce = bytes(16)
    sealed = encryption._cipher(KEY).encrypt(nonce, b"\xff\xfe", None)
    with pytest.raises(ValueError, match="does not hold text"):
        encryption.decrypt(f"{nonce.hex()}:{sealed[2:].hex()}:{sealed[:2].hex()}", KEY)


def test_text_that_cannot_be_stored_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be stored"):
        encryption.encrypt("to\ud800ken", KEY)


@pytest.mark.parametrize("envelope", [OLD[:-1] + "0", OLD[:-1], "plain-token-4821"])
def test_a_refusal_shows_neither_token_nor_key(envelope: str) -> None:
    with pytest.raises(ValueError) as refusal:
        encryption.decrypt(envelope, KEY)
    shown = repr(refusal.value).lower()
    assert data not in shown
    assert "plain-token" not in shown
    assert KEY.hex() not in shown


def test_an_envelope_is_told_from_a_token_in_clear() -> None:
    assert encryption.is_envelope(encryption.encrypt("", KEY))
    assert all(map(encryption.is_envelope, LEGACY.values()))
    for token in [
        "",
        "a" * 64,
        "0f" * 32,
        "eyJhbGciOi.eyJzdWIi.c2ln",
        "mn1." + "A" * 37,
        f"{iv}:{tag}",
    ]:
        assert not encryption.is_envelope(token)
