import base64
import multiprocessing
import os
import stat
from pathlib import Path

import pytest

from utils import keys

KEY = bytes(range(224, 256))  # its base64 uses both characters in which the two alphabets differ


def test_a_key_is_made_once_and_then_read(tmp_path: Path) -> None:
    path = tmp_path / "data" / "token.key"
    made = keys.load_or_make(path)
    assert len(made) == 32
    assert keys.load_or_make(path) == made
    assert path.read_text("ascii") == made.hex() + "\n"


def test_a_key_can_have_another_size(tmp_path: Path) -> None:
    assert len(keys.load_or_make(tmp_path / "session.key", size=64)) == 64


def test_two_keys_differ(tmp_path: Path) -> None:
    assert keys.load_or_make(tmp_path / "a") != keys.load_or_make(tmp_path / "b")


def test_only_the_owner_may_read_a_key_that_was_made(tmp_path: Path) -> None:
    path = tmp_path / "data" / "token.key"
    old_mask = os.umask(0)
    try:
        keys.load_or_make(path)
    finally:
        os.umask(old_mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert keys.is_private(path)


@pytest.mark.parametrize("mode", [0o640, 0o620, 0o604, 0o601])
def test_a_key_that_others_can_touch_is_not_private(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "token.key"
    path.touch()
    path.chmod(mode)
    assert not keys.is_private(path)


def test_making_a_key_leaves_no_other_file(tmp_path: Path) -> None:
    keys.load_or_make(tmp_path / "token.key")
    assert [path.name for path in tmp_path.iterdir()] == ["token.key"]


@pytest.mark.parametrize(
    "content",
    ["", "ab" * 31, "ab" * 33, "zz" * 32, "ab " * 32],
    ids=["empty", "short", "long", "no hex", "spaced"],
)
def test_a_damaged_key_is_refused_and_never_replaced(tmp_path: Path, content: str) -> None:
    path = tmp_path / "token.key"
    path.write_text(content)
    with pytest.raises(ValueError, match=r"token\.key is damaged") as refusal:
        keys.load_or_make(path)
    assert path.read_text() == content
    assert not content or content not in str(refusal.value)


def test_the_slower_of_two_makers_gets_the_key_of_the_faster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "token.key"
    publish = keys._publish

    def be_overtaken(candidate: Path, path: Path) -> None:
        path.write_text("ab" * 32)
        publish(candidate, path)

    monkeypatch.setattr(keys, "_publish", be_overtaken)
    assert keys.load_or_make(path) == b"\xab" * 32
    assert [path.name for path in tmp_path.iterdir()] == ["token.key"]


def test_processes_that_start_together_share_one_key(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        made = pool.map(keys.load_or_make, [tmp_path / "token.key"] * 12, chunksize=1)
    assert len(set(made)) == 1


@pytest.mark.parametrize(
    "text",
    [
        KEY.hex(),
        KEY.hex().upper(),
        base64.b64encode(KEY).decode(),
        base64.b64encode(KEY).decode().rstrip("="),
        base64.urlsafe_b64encode(KEY).decode(),
        base64.urlsafe_b64encode(KEY).decode().rstrip("="),
        f" {KEY.hex()}\r\n",
    ],
)
def test_a_key_may_be_written_in_hex_or_base64(text: str) -> None:
    assert keys.parse(text) == KEY


def test_a_key_may_be_32_characters_of_any_kind() -> None:
    assert keys.parse("correct horse battery staple 123") == b"correct horse battery staple 123"
    assert keys.parse("correct horse battery staple 12 \n") == b"correct horse battery staple 12 "
    assert keys.parse("ž" * 16) == ("ž" * 16).encode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "s3cret" * 5,  # 30 characters
        "s3cret" * 5 + "s\n",  # a line end does not make up for a missing character
        "s3cret" * 5 + "s3c",
        "ž" * 32,  # 32 characters, 64 bytes
        "ab" * 31,
        "ab" * 33,
        "zz" * 32,
        "\ud800" * 32,
        base64.b64encode(KEY[:31]).decode(),
        base64.b64encode(KEY + b"!").decode(),
    ],
)
def test_a_key_of_another_size_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(ValueError, match="32 bytes: 64 hex digits, base64, or 32") as refusal:
        keys.parse(text)
    assert not text.strip() or text.strip() not in str(refusal.value)
