"""Bad input: one clear sentence with what is wrong, one with what to do, a documented code, no traceback."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from connector.cli.exit_codes import ExitCode

DOCS = Path(__file__).parents[3] / "docs" / "exit-codes.md"


def assert_explained(ended: Any, code: ExitCode, wrong: str, remedy: str) -> None:
    """The command ended with ``code`` and said, on one line, what is wrong and what to do."""
    assert ended.code == code, ended
    assert "Traceback" not in ended.err + ended.out
    assert len(ended.err.strip().splitlines()) == 1, ended.err
    assert wrong in ended.err
    assert remedy in ended.err


class Web(BaseHTTPRequestHandler):
    """Some web site, not the API."""

    def do_GET(self) -> None:
        page = b"<html><body>Welcome</body></html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_arguments: Any) -> None:
        pass


@pytest.fixture
def web_site() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Web) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v2/"
        server.shutdown()


def test_no_token(command: Any) -> None:
    command("init")
    assert_explained(command("sync"), ExitCode.SIGN_IN, "no token", "DNEVNIK_ARCHIVE_TOKEN")


def test_a_refused_token(command: Any, platform: None, monkeypatch: pytest.MonkeyPatch) -> None:
    command("init")
    monkeypatch.setenv("DNEVNIK_ARCHIVE_TOKEN", "expired-token")
    ended = command("sync")
    assert_explained(ended, ExitCode.SIGN_IN, "refuses the token", "put the new token")
    assert "expired-token" not in ended.err


def test_an_unreachable_server(command: Any, platform: None, monkeypatch: pytest.MonkeyPatch) -> None:
    command("init")
    monkeypatch.setenv("DNEVNIK_ARCHIVE_API_URL", "http://127.0.0.1:9/v2/")
    assert_explained(command("sync"), ExitCode.PLATFORM, "does not answer", "api_url")


def test_a_host_that_does_not_exist(command: Any, platform: None, monkeypatch: pytest.MonkeyPatch) -> None:
    command("init")
    monkeypatch.setenv("DNEVNIK_ARCHIVE_API_URL", "https://nowhere.invalid/v2/")
    assert_explained(command("sync"), ExitCode.PLATFORM, "does not answer", "api_url")


def test_a_proxy_that_cannot_be_used(command: Any, platform: None, monkeypatch: pytest.MonkeyPatch) -> None:
    command("init")
    monkeypatch.setenv("HTTPS_PROXY", "socks7://user:S3cret@proxy:1080")
    ended = command("sync")
    assert_explained(ended, ExitCode.SETTINGS, "cannot be used (HTTPS_PROXY)", "such as http://proxy:8080")
    assert "S3cret" not in ended.err


def test_certificates_that_are_not_there(
    command: Any, platform: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    command("init")
    monkeypatch.setenv("SSL_CERT_FILE", "missing.pem")
    assert_explained(command("sync"), ExitCode.SETTINGS, "SSL_CERT_FILE)", "take it away")


@pytest.fixture
def known_school(archive: Any, school: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A synced archive whose settings name the school, so that no call asks for it; faults end with it."""
    monkeypatch.setenv("DNEVNIK_ARCHIVE_SCHOOL_ID", str(school.school.ids.school()))
    yield archive
    school.faults.server_errors = 0


def test_an_outage_says_until_when_the_platform_is_left_alone(known_school: Any, school: Any) -> None:
    school.faults.server_errors = 1000
    ended = known_school("sync")
    assert ended.code == ExitCode.PLATFORM, ended
    assert "The run was stopped. The platform reports a fault of its own" in ended.out
    assert "is left alone until 2" in ended.out
    # Five in a row, one that asks whether the platform lives, and what the other threads had under way.
    assert 6 <= 1000 - school.faults.server_errors <= 10
    assert f"Calls: {1000 - school.faults.server_errors}, of them repeated: 0." in ended.out


def test_a_day_whose_calls_are_spent(known_school: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DNEVNIK_ARCHIVE_CALLS_PER_DAY", "1")
    ended = known_school("sync")
    assert ended.code == ExitCode.PARTIAL, ended
    assert "The calls of the day are spent: 1 (setting calls_per_day)." in ended.out
    assert "the next run goes on from here" in ended.out


def test_a_school_that_the_token_does_not_open(
    command: Any, platform: None, school: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    command("init")
    monkeypatch.setenv("DNEVNIK_ARCHIVE_SCHOOL_ID", "77")
    ended = command("sync")
    assert ended.code == ExitCode.SETTINGS, ended
    assert "The token does not open the school 77." in ended.err
    assert f"It opens: {school.school.ids.school()} (" in ended.err
    assert "Correct the setting school_id" in ended.err
    assert "teachers" not in ended.out + ended.err


def test_the_right_school_that_is_refused_once_is_no_wrong_setting(known_school: Any, school: Any) -> None:
    number = school.school.ids.school()
    faults = school.faults
    faults.path, faults.error_type, faults.error_bodies = f"schools/{number}", "authorizationNotOwner", -1
    try:
        ended = known_school("sync")
    finally:
        faults.path, faults.error_type, faults.error_bodies = "", "apiServerError", 0
    assert ended.code == ExitCode.PARTIAL, ended
    assert "Failed: Teachers. The platform does not let the token's owner see this" in ended.out


def test_a_web_page_instead_of_data(
    command: Any, platform: None, web_site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    command("init")
    monkeypatch.setenv("DNEVNIK_ARCHIVE_API_URL", web_site)
    assert_explained(command("sync"), ExitCode.PLATFORM, "gave a page (text/html", "address of the API")


def test_a_wrong_path_of_the_api(
    command: Any, platform: None, school: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    command("init")
    monkeypatch.setenv("DNEVNIK_ARCHIVE_API_URL", school.url.replace("/v2/", "/v9/"))
    ended = command("sync")
    assert ended.code == ExitCode.PLATFORM
    assert "api_url" in ended.err


def test_an_address_without_tls(command: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DNEVNIK_ARCHIVE_API_URL", "http://api.dnevnik.ru/v2/")
    assert_explained(command("sync"), ExitCode.SETTINGS, "api_url", "https://")


def test_an_archive_that_was_never_made(command: Any, platform: None) -> None:
    assert_explained(command("sync"), ExitCode.SETTINGS, "no archive yet", "dnevnik-archive init")
    assert_explained(command("data", "marks"), ExitCode.SETTINGS, "no archive yet", "dnevnik-archive init")


def test_an_archive_that_holds_nothing_yet(command: Any) -> None:
    command("init")
    assert_explained(
        command("data", "marks"), ExitCode.NOT_IN_ARCHIVE, "no school yet", "dnevnik-archive sync"
    )


def test_an_unknown_class(archive: Any, closed_year: str) -> None:
    ended = archive("export", "class", "--year", closed_year, "--group", "13Ы", "--out", "out")
    assert_explained(ended, ExitCode.NOT_IN_ARCHIVE, "no class called 13Ы", "knows these classes: ")
    assert not Path("out").exists()


@pytest.mark.parametrize(
    "line", [("year", "close", "1999"), ("data", "marks", "--year", "1999"),
             ("export", "class", "--year", "1999", "--group", "9А", "--out", "out")]
)  # fmt: skip
def test_a_year_that_is_not_in_the_archive(archive: Any, line: tuple[str, ...]) -> None:
    assert_explained(
        archive(*line), ExitCode.NOT_IN_ARCHIVE, "1999/2000", "It holds these academic years: 20"
    )


def test_an_unknown_subject(archive: Any, closed_year: str) -> None:
    days = ("--from", f"{closed_year}-10-01", "--to", f"{closed_year}-10-02")
    ended = archive("resync", *days, "--subject", "Алхимия")
    assert_explained(ended, ExitCode.NOT_IN_ARCHIVE, "no subject called Алхимия", "Математика")


def test_the_current_year_cannot_be_closed(archive: Any, closed_year: str) -> None:
    current = str(int(closed_year) + 1)
    assert_explained(
        archive("year", "close", current), ExitCode.NOT_IN_ARCHIVE, "has not ended", "Close it when"
    )


def test_an_export_folder_that_holds_something(archive: Any, closed_year: str, a_class: str) -> None:
    Path("out").mkdir()
    Path("out/mine.txt").write_text("mine")
    ended = archive("export", "class", "--year", closed_year, "--group", a_class, "--out", "out")
    assert_explained(ended, ExitCode.FILES, "not empty", "does not exist yet")
    assert Path("out/mine.txt").read_text() == "mine"


def test_an_export_folder_that_cannot_be_written(archive: Any, closed_year: str, a_class: str) -> None:
    Path("file").write_text("")
    ended = archive("export", "class", "--year", closed_year, "--group", a_class, "--out", "file/out")
    assert_explained(ended, ExitCode.FILES, "cannot be written", "choose another folder")


def test_a_folder_without_a_snapshot(command: Any) -> None:
    ended = command("snapshot", "verify", ".")
    assert_explained(ended, ExitCode.NOT_IN_ARCHIVE, "no sealed archive", "Name the folder")


def test_a_demo_folder_that_holds_something(command: Any) -> None:
    Path("dnevnik-demo").mkdir()
    Path("dnevnik-demo/mine.txt").write_text("mine")
    assert_explained(command("demo"), ExitCode.FILES, "not empty", "does not exist yet")


def test_another_run_under_way(archive: Any) -> None:
    from filelock import FileLock

    with FileLock("archive.sqlite.lock"):
        assert_explained(archive("sync"), ExitCode.BUSY, "Another run", "Wait until")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no mode bits")
def test_a_token_file_that_others_can_read(command: Any) -> None:
    command("init")
    Path("token").write_text("secret")
    Path("token").chmod(0o640)
    ended = command("sync")
    assert_explained(ended, ExitCode.SETTINGS, "can be read by others than its owner", "chmod 600")
    assert "secret" not in ended.err


@pytest.mark.parametrize(
    "line",
    [
        ("sink",),
        ("data", "grades"),
        ("data", "marks", "--from", "1.9.2025"),
        ("data", "persons", "--from", "2025-09-01"),
        ("resync", "--from", "2025-10-02", "--to", "2025-10-01"),
        ("export", "class", "--year", "2025"),
        ("sandbox", "--pupils", "3"),
    ],
)
def test_a_wrong_command_line(command: Any, line: tuple[str, ...]) -> None:
    ended = command(*line)
    assert ended.code == ExitCode.USAGE
    assert "Traceback" not in ended.err
    assert ended.err.strip()


def test_a_fault_of_the_program_shows_nobodys_data(
    archive: Any, monkeypatch: pytest.MonkeyPatch, closed_year: str
) -> None:
    def broken(*_arguments: Any) -> None:
        surname = "Агапов"
        raise ValueError(surname)

    monkeypatch.setattr("connector.cli.data.rows", broken)
    ended = archive("data", "marks", "--year", closed_year)
    assert_explained(ended, ExitCode.BUG, "A fault of the program: ValueError", "tell its makers")
    assert "Агапов" not in ended.err


def test_every_exit_code_is_documented() -> None:
    documented = {
        int(line.split("|")[1]): line.split("|")[2].strip()
        for line in DOCS.read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and line.split("|")[1].strip().isdigit()
    }
    assert documented == {int(code): code.name for code in ExitCode}


@pytest.mark.parametrize("content", [b"secretone\nsecrettwo", "секрет".encode(), "secret".encode("utf-16")])
def test_a_token_file_that_holds_something_else(command: Any, content: bytes) -> None:
    command("init")
    Path("token").write_bytes(content)
    Path("token").chmod(0o600)
    ended = command("sync")
    assert_explained(ended, ExitCode.SETTINGS, "is not a token", "Correct it")
    assert "secret" not in ended.err


@pytest.mark.parametrize("url", ["foo", "sqlite://", "sqlite:///:memory:", "mysql://u:secret@h/x"])
def test_a_store_that_would_keep_nothing(command: Any, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("DNEVNIK_ARCHIVE_STORE_URL", url)
    ended = command("sync")
    assert_explained(ended, ExitCode.SETTINGS, "store_url", "Correct it")
    assert "secret" not in ended.err


def test_a_damaged_database(archive: Any) -> None:
    content = bytearray(Path("archive.sqlite").read_bytes())
    content[8192:-8192] = os.urandom(len(content) - 16384)
    Path("archive.sqlite").write_bytes(content)
    for line in (("data", "marks"), ("ledger", "verify")):
        ended = archive(*line)
        assert ended.code in (ExitCode.FILES, ExitCode.SETTINGS), ended
        assert "malformed" in ended.err


def test_a_schedule_without_a_token_says_so_at_once(command: Any) -> None:
    command("init")
    assert_explained(command("schedule"), ExitCode.SIGN_IN, "no token", "DNEVNIK_ARCHIVE_TOKEN")


def test_a_refused_selection_prints_no_empty_table(archive: Any) -> None:
    assert archive("data", "marks", "--year", "1999").out == ""
    assert archive("data", "marks", "--from", "2026-05-01", "--to", "2025-01-01").code == ExitCode.USAGE


@pytest.mark.parametrize("moment", ["yesterday", "2026-13-01", "1.3.2026"])
def test_a_moment_that_is_none(archive: Any, moment: str) -> None:
    ended = archive("data", "marks", "--as-of", moment)
    assert ended.code == ExitCode.USAGE
    assert moment in ended.err
