"""The timed jobs."""

import logging

import pytest
from flask import Flask

import db
from blueprints import jobs
from tests.conftest import Clock, Household


def test_the_week_is_kept_without_anybody_looking(household: Household, clock: Clock) -> None:
    household.nominate(603)
    with household.app.app_context():
        clock.to(5)
        jobs.keep_week()
        (week,) = db.get_db().execute("SELECT week, closed_at FROM weeks").fetchall()
    assert week["closed_at"] is not None


def test_old_sessions_are_forgotten(app: Flask, household: Household, clock: Clock) -> None:
    clock.forward(days=364)
    household.dan.sign_in()
    clock.forward(days=2)
    with app.app_context():
        jobs.forget_old_sessions()
        (count,) = db.get_db().execute("SELECT count(*) FROM sessions").fetchone()
    assert count == 1


def test_a_failing_job_is_logged_and_comes_again(
    app: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keep_week() -> None:
        raise RuntimeError("no such luck")

    monkeypatch.setattr(jobs, "keep_week", keep_week)
    scheduler = jobs.start(app)
    try:
        job = scheduler.get_jobs()[0]
        with caplog.at_level(logging.ERROR):
            job.func()
        assert "the timed job keep_week failed" in caplog.text
        assert job.next_run_time is not None
    finally:
        jobs.stop(scheduler)


def test_jobs_keep_to_their_hours(app: Flask) -> None:
    scheduler = jobs.start(app)
    try:
        every = [job.trigger.interval.total_seconds() for job in scheduler.get_jobs()]
        assert every == [60, 24 * 60 * 60]
        for job in scheduler.get_jobs():
            assert job.coalesce
            assert job.max_instances == 1
            assert job.misfire_grace_time >= 60 * 60
    finally:
        jobs.stop(scheduler)
