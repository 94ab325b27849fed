"""The timed jobs."""

import logging
from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest
from flask import Flask

import db
from db import job_runs
from services import jobs, timers
from tests.conftest import Clock, Household
from utils.instants import to_text


def test_the_week_is_kept_without_anybody_looking(household: Household, clock: Clock) -> None:
    household.nominate(603)
    with household.app.app_context():
        clock.to(5)
        timers.advance_week()
        (week,) = db.get_db().execute("SELECT week, closed_at FROM weeks").fetchall()
    assert week["closed_at"] is not None


def test_old_sessions_are_forgotten(app: Flask, household: Household, clock: Clock) -> None:
    clock.forward(days=364)
    household.dan.sign_in()
    clock.forward(days=2)
    with app.app_context():
        timers.delete_old_sessions()
        (count,) = db.get_db().execute("SELECT count(*) FROM sessions").fetchone()
    assert count == 1


def test_a_failing_job_is_logged_and_comes_again(
    app: Flask, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    tries = []

    def work() -> None:
        tries.append(clock.now)
        raise RuntimeError("no such luck")

    job = timers.Job("doomed", work, lambda _conn: timedelta(minutes=10))
    with caplog.at_level(logging.ERROR):
        timers.run_if_due(app, job)
    assert "the timed job doomed failed" in caplog.text
    clock.forward(minutes=10)
    timers.run_if_due(app, job)
    assert len(tries) == 2
    with app.app_context():
        run, _first = job_runs.latest(db.get_db(), "doomed")
    assert (run.error, run.finished_at) == ("RuntimeError", to_text(clock.now))


def test_a_job_runs_once_a_period_however_often_the_clock_looks(app: Flask, clock: Clock) -> None:
    runs = []
    job = timers.Job("two hours", lambda: runs.append(clock.now), lambda _conn: timedelta(hours=2))
    for _minute in range(6 * 60):
        timers.run_if_due(app, job)
        clock.forward(minutes=1)
    assert len(runs) in (3, 4)  # households begin at different minutes
    assert {later - earlier for earlier, later in pairwise(runs[1:])} == {timedelta(hours=2)}


def test_a_job_s_period_is_its_own(app: Flask, clock: Clock) -> None:
    runs: list[str] = []
    for name in ("second", "first", "second"):
        timers.run_if_due(
            app, timers.Job(name, partial(runs.append, name), lambda _conn: timedelta(1))
        )
    assert runs == ["second", "first"]


def test_a_clock_that_is_set_back_holds_up_no_job(app: Flask, clock: Clock) -> None:
    runs: list[int] = []
    job = timers.Job("daily", lambda: runs.append(1), lambda _conn: timedelta(days=1))
    for days in (0, 10, -5):
        clock.forward(days=days)
        timers.run_if_due(app, job)
    assert len(runs) == 3


def test_what_was_slept_through_is_made_good_once(app: Flask, clock: Clock) -> None:
    runs = []
    job = timers.Job("quarter", lambda: runs.append(1), lambda _conn: timedelta(minutes=15))
    timers.run_if_due(app, job)
    clock.forward(days=3)
    for _look in range(3):
        timers.run_if_due(app, job)
    assert len(runs) == 2


def test_two_processes_with_a_clock_run_a_period_once(app: Flask, clock: Clock) -> None:
    runs = []
    job = timers.Job("quarter", lambda: runs.append(1), lambda _conn: timedelta(minutes=15))
    with app.app_context():
        timers.run(job, "this one")
        timers.run(job, "this one")
    assert runs == [1]


def test_every_job_is_looked_at_each_minute(app: Flask) -> None:
    scheduler = jobs.start(app)
    try:
        assert {job.name for job in scheduler.get_jobs()} == set(timers.BY_NAME)
        for job in scheduler.get_jobs():
            assert job.trigger.interval.total_seconds() == 60
            assert job.coalesce
            assert job.max_instances == 1
            assert job.misfire_grace_time >= 60 * 60
    finally:
        jobs.stop(scheduler)
