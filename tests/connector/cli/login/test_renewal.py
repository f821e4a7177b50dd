"""A token that ends: renewed before a run if it can be, told as *sign in again* if not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from connector.cli.exit_codes import ExitCode
from connector.sandbox.routes.sign_in import CLIENT_SECRET
from connector.sandbox.serve import RunningSchool
from sign_in_people import (
    Browser,
    assert_explained,
    ends_during_the_run,
    holders,
    kept,
)


def test_a_token_that_ends_during_a_run_is_renewed_for_the_next_which_catches_up(
    settings: Path, browser: Browser, command: Any, served: RunningSchool, tmp_path: Path
) -> None:
    said = [command("login")]
    first = kept(tmp_path)
    served.faults.latency = 0.01
    watching = ends_during_the_run(served, 25)
    said.append(command("sync"))
    watching.join()
    assert said[-1].code == ExitCode.SIGN_IN
    assert "refuses the token" in said[-1].out
    assert "dnevnik-archive login" in said[-1].out
    served.faults.latency = 0.0

    said.append(command("sync"))
    assert said[-1].code == 0, said[-1]
    second = kept(tmp_path)
    assert second.access_token != first.access_token
    assert second.refresh_token != first.refresh_token
    said.append(command("sync"))
    assert "answers parsed: 0" in said[-1].out
    assert kept(tmp_path) == second  # one that holds is not renewed

    secrets = {CLIENT_SECRET, *browser.secrets}
    for record in (first, second):
        secrets |= {record.access_token, record.refresh_token or ""}
    assert len(secrets) == 6
    assert holders(tmp_path, secrets) == {"token", "client-secret"}
    assert not [one for ended in said for one in secrets if one in ended.out + ended.err]


def test_a_token_that_the_clock_says_has_ended_is_renewed_before_the_run(
    settings: Path, browser: Browser, command: Any, served: RunningSchool, tmp_path: Path
) -> None:
    served.sign_in.token_seconds = 200
    command("login")
    first = kept(tmp_path)
    served.requests.clear()
    assert command("sync").code == 0
    assert kept(tmp_path).access_token != first.access_token
    assert served.requests.by_pattern["POST authorizations"] == 1


def test_a_renewal_that_is_refused_means_to_sign_in_again(
    settings: Path, browser: Browser, command: Any, served: RunningSchool
) -> None:
    command("login")
    served.sign_in.forget_all()
    assert_explained(command("sync"), "does not renew it", "dnevnik-archive login")
    assert command("login").code == 0
    assert command("sync").code == 0


def test_a_platform_that_is_down_is_no_reason_to_sign_in_again(
    settings: Path, browser: Browser, command: Any, served: RunningSchool
) -> None:
    served.sign_in.token_seconds = 1
    command("login")
    served.faults.path, served.faults.server_errors = "/authorizations", 99
    assert command("sync").code == ExitCode.PLATFORM
