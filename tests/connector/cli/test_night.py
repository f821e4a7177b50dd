"""What the schedule runs, called as it calls it: each school apart, growing waits, alarms once a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from alarm_servers import Postman, Watcher, postman, watcher
from archive_store import runs
from archive_store.catalogue import the_school
from archive_store.lock import one_run
from archive_store.store import open_store
from connector.cli import night
from connector.cli.exit_codes import ExitCode
from connector.sandbox.parameters import SchoolParameters
from connector.sandbox.school import School
from connector.sandbox.serve import RunningSchool, running
from connector.schedule.memory import Memory

SETTINGS = "dnevnik-archive.toml"


@pytest.fixture
def web() -> Iterator[Watcher]:
    with watcher() as served:
        yield served


@pytest.fixture
def mail(command: Any, platform: None) -> Iterator[Postman]:
    """A mail server, and an archive that sends its alarms there."""
    command("init")
    with postman() as server:
        add_settings(
            f'mail_to = ["deputy@school.example"]\nmail_from = "archive@school.example"\n'
            f'mail_server = "localhost"\nmail_port = {server.port}\nmail_security = "none"\n'
        )
        yield server


@pytest.fixture
def two_schools(command: Any, tmp_path: Path, web: Watcher) -> Iterator[list[RunningSchool]]:
    """An archive of two schools that share a heartbeat."""
    first, second = (School(SchoolParameters(pupils=12, seed=seed)) for seed in (21, 22))
    with running(first, "first-token") as one, running(second, "second-token") as other:
        text = f'language = "en"\nheartbeat_url = "{web.url}/both"\n'
        for served in (one, other):
            number = served.school.ids.school()
            text += f'[[schools]]\nschool_id = {number}\napi_url = "{served.url}"\n'
            text += f'token_file = "{number}"\n'
            Path(str(number)).write_text(served.token)
            Path(str(number)).chmod(0o600)
        Path(SETTINGS).write_text(text)
        command("init")
        yield [one, other]


def add_settings(text: str) -> None:
    with Path(SETTINGS).open("a") as file:
        file.write(f'\nlanguage = "en"\n{text}')


def run(school: int | None = None) -> list[Any]:
    return night.run(str(Path(SETTINGS).absolute()), school, "sync")


def test_one_schools_failure_leaves_the_other_alone_and_shows_in_the_shared_heartbeat(
    two_schools: list[RunningSchool], web: Watcher
) -> None:
    first, second = two_schools
    first.faults.path, first.faults.server_errors = "/teachers", 1
    (again,) = run()
    number = first.school.ids.school()
    assert (again.name, again.arguments[1]) == (f"sync-{number}", number)
    assert web.paths() == ["/both/start", "/both/6", "/both/start", "/both/6"]
    engine = open_store("sqlite:///archive.sqlite")
    with engine.connect() as connection:
        good = runs.last_good(connection, second.school.ids.school())
    engine.dispose()
    assert good is not None
    assert run(number) == []  # the next try is of that school alone
    assert web.paths()[4:] == ["/both/start", "/both"]


def test_waits_grow_from_one_failure_to_the_next(
    mail: Postman, monkeypatch: pytest.MonkeyPatch, command: Any
) -> None:
    opened = datetime.now(UTC) - timedelta(hours=1)
    monkeypatch.setenv("DNEVNIK_ARCHIVE_TIME_ZONE", "UTC")
    monkeypatch.setenv("DNEVNIK_ARCHIVE_SCHEDULE_AT", f"{opened:%H:%M}")
    monkeypatch.setenv("DNEVNIK_ARCHIVE_API_URL", "http://127.0.0.1:9/v2/")
    minutes = [round((run()[0].at - datetime.now(UTC)) / timedelta(minutes=1)) for _ in range(4)]
    assert minutes == [15, 30, 60, 120]
    assert len(mail.mails) == 1  # the same failure is said once a day


def test_a_failure_of_another_kind_is_said_as_well(mail: Postman, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as changed:
        changed.setenv("DNEVNIK_ARCHIVE_API_URL", "http://127.0.0.1:9/v2/")
        run()
    with monkeypatch.context() as changed:
        changed.setenv("DNEVNIK_ARCHIVE_TOKEN", "expired-token")
        assert run() == []
    subjects = [message["Subject"] for _sender, _recipients, message in mail.mails]
    texts = [message.get_content() for _sender, _recipients, message in mail.mails]
    assert all("the run has failed" in subject for subject in subjects)
    assert "tried again by itself" in texts[0]
    assert "sign in again" in texts[1]


def test_an_alarm_that_could_not_be_given_is_given_at_the_next_failure(
    mail: Postman, web: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DNEVNIK_ARCHIVE_API_URL", "http://127.0.0.1:9/v2/")
    with monkeypatch.context() as changed:
        changed.setenv("DNEVNIK_ARCHIVE_MAIL_PORT", "9")
        run()
    assert mail.mails == []
    run()
    assert len(mail.mails) == 1


def test_a_night_that_another_run_keeps_out_is_tried_again_without_any_alarm(
    mail: Postman, web: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DNEVNIK_ARCHIVE_HEARTBEAT_URL", web.url)
    engine = open_store("sqlite:///archive.sqlite")
    with one_run(engine):
        assert len(run()) == 1
    engine.dispose()
    assert mail.mails == []
    assert web.paths() == ["/start"]


def test_a_good_night_sends_no_mail(mail: Postman) -> None:
    assert run() == []
    assert mail.mails == []


def test_a_good_night_mails_the_head_of_the_ledger_if_asked_and_the_mail_proves_it(
    mail: Postman, command: Any
) -> None:
    with Path(SETTINGS).open("a") as file:
        file.write("mail_head = true\n")
    assert run() == []
    ((*_envelope, letter),) = mail.mails
    Path("kept.txt").write_text(letter.get_content())
    assert command("ledger", "verify", "--anchor", "kept.txt").code == 0


def test_the_weekly_copy_is_made_once_for_all_schools_and_not_if_not_wanted(
    two_schools: list[RunningSchool],
) -> None:
    run()
    config = str(Path(SETTINGS).absolute())
    assert night.run(config, None, "backup") == []
    (copy,) = Path("backups").glob("archive-*.sqlite")
    copy.unlink()
    text = Path(SETTINGS).read_text()
    Path(SETTINGS).write_text(f"backup_weekly = false\n{text}")
    assert night.run(config, None, "backup") == []
    assert not list(Path("backups").glob("archive-*.sqlite"))


def test_silence_is_said_once_a_day(mail: Postman) -> None:
    run()
    config = str(Path(SETTINGS).absolute())
    night.watch(config, None)
    assert mail.mails == []
    engine = open_store("sqlite:///archive.sqlite")
    long_ago = (datetime.now(UTC) - timedelta(hours=37)).strftime("%Y-%m-%dT%H:%M:%SZ")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE run SET ended_at = ?", (long_ago,))
        number = the_school(connection)
    for _ in range(3):
        night.watch(config, None)
    ((_sender, _recipients, message),) = mail.mails
    assert "no good run for too long" in message["Subject"]
    assert str(number) in message["Subject"]
    memory = Memory(Path("schedule.sqlite"))
    with memory.engine.begin() as connection:  # the next day
        connection.exec_driver_sql("UPDATE said SET day = '2020-01-01'")
    memory.close()
    night.watch(config, None)
    assert len(mail.mails) == 2
    engine.dispose()


def test_an_archive_that_was_never_good_is_silent_since_its_first_try(
    mail: Postman, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DNEVNIK_ARCHIVE_API_URL", "http://127.0.0.1:9/v2/")
    run()
    mail.mails.clear()
    config = str(Path(SETTINGS).absolute())
    night.watch(config, None)
    assert mail.mails == []
    memory = Memory(Path("schedule.sqlite"))
    with memory.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE attempt SET at = '2020-01-01T00:00:00Z'")
    memory.close()
    night.watch(config, None)
    assert len(mail.mails) == 1


def test_withdrawals_that_are_held_back_are_said_and_not_tried_again(
    mail: Postman, monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    monkeypatch.setattr(night, "WORKS", (night.Work("sync", lambda _session: ExitCode.PARTIAL),))
    assert run() == []
    ((_sender, _recipients, message),) = mail.mails
    assert "held back" in message.get_content()


def test_settings_that_were_broken_meanwhile_do_not_end_the_service(
    mail: Postman, capfd: pytest.CaptureFixture[str]
) -> None:
    Path(SETTINGS).write_text("connections = 99")
    assert run() == []
    night.watch(str(Path(SETTINGS).absolute()), None)
    assert "connections" in capfd.readouterr().err


def test_a_fault_of_the_program_is_said_without_what_it_was_about(
    mail: Postman, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(_session: Any) -> ExitCode:
        message = "Иванов Иван"
        raise ZeroDivisionError(message)

    monkeypatch.setattr(night, "WORKS", (night.Work("sync", broken),))
    assert len(run()) == 1
    said = "".join(capfd.readouterr())
    assert "ZeroDivisionError" in said
    assert "Иванов" not in said
    assert "fault of the program" in mail.mails[0][2].get_content()
