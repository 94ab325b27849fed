"""The admin's page of the timed jobs: when they ran, how it went, and run now."""

from datetime import timedelta
from typing import Any

import pytest

from services import jobs, timers
from tests.conftest import Clock, Household
from utils import messages
from utils.instants import from_text


def job(household: Household, name: str) -> dict[str, Any]:
    facts = household.ana.ask("/admin/jobs").get_json()["jobs"]
    return next(one for one in facts if one["name"] == name)


def press(household: Household, name: str) -> None:
    assert household.ana.submit(f"/admin/jobs/{name}/run").status_code == 303
    assert jobs.manual_runs(household.app).wait(10)


def test_a_job_is_run_by_hand_and_its_end_is_written_down(household: Household) -> None:
    assert household.ana.send("/admin/jobs/sessions/run").status_code == 202
    assert jobs.manual_runs(household.app).wait(10)
    (run,) = job(household, "sessions")["runs"]
    assert (run["error"], run["seconds"]) == (None, 0)
    page = household.ana.page("/admin/jobs")
    assert "Forget old sign-ins" in page
    assert "0.0 s" in page
    (noted, *_) = household.ana.ask("/admin/audit").get_json()["entries"]
    assert (noted["sentence"], noted["detail"]) == ("Ana ran a job by hand.", "Forget old sign-ins")


def test_a_job_of_every_minute_tells_of_the_runs_by_hand(
    household: Household, clock: Clock
) -> None:
    household.nominate(603)
    clock.to(5)
    press(household, "week")
    assert household.ana.state()["phase"] == "results"
    assert len(job(household, "week")["runs"]) == 1
    assert job(household, "week")["next_due"] is None


def test_a_failure_and_its_kind_are_shown(
    household: Household, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work() -> None:
        clock.forward(seconds=90)
        raise RuntimeError("canary")

    doomed = timers.Job("sessions", work, lambda _conn: timedelta(days=1))
    monkeypatch.setitem(timers.BY_NAME, "sessions", doomed)
    press(household, "sessions")
    (run,) = job(household, "sessions")["runs"]
    assert (run["error"], run["seconds"]) == ("RuntimeError", 90)
    page = household.ana.page("/admin/jobs")
    assert "failed (RuntimeError)" in page
    assert "canary" not in page


def test_a_job_is_due_now_until_it_ran_and_then_when_the_clock_runs_it_again(
    household: Household, clock: Clock
) -> None:
    links = timers.BY_NAME["links"]
    assert from_text(job(household, "links")["next_due"]) == clock.now
    timers.run_if_due(household.app, links)
    due = from_text(job(household, "links")["next_due"])
    assert clock.now < due <= clock.now + timedelta(minutes=15)
    clock.now = due - timedelta(seconds=1)
    timers.run_if_due(household.app, links)
    assert len(job(household, "links")["runs"]) == 1
    clock.now = due
    timers.run_if_due(household.app, links)
    assert len(job(household, "links")["runs"]) == 2


def test_each_job_shows_its_own_last_runs_for_a_month(household: Household, clock: Clock) -> None:
    both = [timers.BY_NAME[name] for name in ("links", "sessions")]
    for _day in range(7):
        for one in both:
            timers.run_if_due(household.app, one)
        clock.forward(days=1)
    for one in both:
        runs = job(household, one.name)["runs"]
        days = [from_text(run["started_at"]).day for run in runs]
        assert days == [23, 22, 21, 20, 19]
        assert {run["error"] for run in runs} == {None}
        assert {run["seconds"] for run in runs} == {0}
    clock.forward(days=24)
    timers.run_if_due(household.app, both[1])
    assert len(job(household, "links")["runs"]) == 5
    clock.forward(days=9)
    timers.run_if_due(household.app, both[1])
    assert job(household, "links")["runs"] == []
    assert len(job(household, "sessions")["runs"]) == 2


def test_every_job_has_a_plain_name() -> None:
    assert set(timers.BY_NAME) <= set(messages.JOBS)


def test_a_server_without_its_clock_says_so(household: Household) -> None:
    assert "SCHEDULER=off" not in household.ana.page("/admin/jobs")
    assert household.ana.ask("/admin/jobs").get_json()["syncs"] == []
    household.app.config["SCHEDULER"] = False
    assert "SCHEDULER=off" in household.ana.page("/admin/jobs")


def test_an_unknown_job_is_not_run(household: Household) -> None:
    answer = household.ana.send("/admin/jobs/none/run")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (404, "no_job")
    assert "There is no such job." in household.ana.submit("/admin/jobs/none/run").text
