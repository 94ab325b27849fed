from datetime import UTC, datetime, timedelta, timezone

import pytest

from utils.instants import from_text, now, to_text

EVENING = datetime(2026, 11, 20, 20, 15, 7, 123999, tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (EVENING, "2026-11-20T20:15:07.123Z"),
        (datetime(2026, 1, 2, tzinfo=UTC), "2026-01-02T00:00:00.000Z"),
        (datetime(2026, 1, 2, tzinfo=timezone(timedelta(hours=2))), "2026-01-01T22:00:00.000Z"),
        (datetime(970, 1, 2, tzinfo=UTC), "0970-01-02T00:00:00.000Z"),
    ],
)
def test_an_instant_is_written_in_utc_and_cut_to_milliseconds(instant: datetime, text: str) -> None:
    assert to_text(instant) == text


def test_a_naive_datetime_is_not_written() -> None:
    with pytest.raises(ValueError):
        to_text(EVENING.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-20T20:15:07Z", EVENING.replace(microsecond=0)),
        ("2026-11-20T20:15:07.1Z", EVENING.replace(microsecond=100_000)),
        ("2026-11-20T20:15:07.123Z", EVENING.replace(microsecond=123_000)),
        ("2026-11-20T20:15:07.123999Z", EVENING),
        ("2026-11-20T20:15:07.123999999Z", EVENING),
        ("2026-11-20T22:15:07.123999+02:00", EVENING),
        ("2026-11-20T15:15:07.123999-05:00", EVENING),
        ("2026-11-21T01:45:07.123999+05:30", EVENING),
    ],
)
def test_a_text_is_read_as_utc(text: str, instant: datetime) -> None:
    read = from_text(text)
    assert (read, read.tzinfo) == (instant, UTC)


def test_any_other_text_is_refused(subtests: pytest.Subtests) -> None:
    for text in [
        "",
        "now",
        "2026-11-20",
        "2026-11-20T20:15:07",
        "2026-11-20T20:15Z",
        "2026-11-20 20:15:07Z",
        "2026-11-20t20:15:07z",
        "20261120T201507Z",
        "2026-W47-5T20:15:07Z",
        "2026-11-20T20:15:07.Z",
        "2026-11-20T20:15:07,123Z",
        "2026-11-20T20:15:07Z\n",
        " 2026-11-20T20:15:07Z",
        "2026-11-20T20:15:07+0200",
        "2026-11-20T20:15:07+02",
        "2026-11-20T20:15:07+24:00",
        "2026-11-20T20:15:07+02:00:30",
        "2026-11-20T20:15:07+05:60",
        "2026-11-20T24:00:00Z",
        "2026-11-20T20:15:60Z",
        "2026-02-29T20:15:07Z",
        "2026-11-20T20:15:0٧Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "2026-11-20T20:15:07\ud800",
    ]:
        with subtests.test(ascii(text)), pytest.raises(ValueError):
            from_text(text)


@pytest.mark.parametrize("value", [None, 0, 1.5, True, ["2026-11-20T20:15:07Z"]])
def test_what_is_no_text_is_refused_alike(value: object) -> None:
    with pytest.raises(ValueError):
        from_text(value)  # type: ignore[arg-type]


def test_now_survives_being_written() -> None:
    moment = now()
    assert from_text(to_text(moment)) == moment
    assert abs(datetime.now(UTC) - moment) < timedelta(minutes=1)
