"""Alarms go out for real: to an HTTP server and to mail servers, with and without a trusted certificate."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from alarm_servers import Postman, Watcher, make_certificate, postman, watcher
from connector.api import alerting
from connector.notices.mail import Letter, MailServer
from connector.notices.notice import Mail, Notice, Webhook, give

NOTICE = Notice(
    "failed", 1000000000001, "PLATFORM", 5, datetime(2026, 3, 1, 2, 40, tzinfo=UTC),
    "Архив: запуск не удался", "Платформа не ответила.\n", {"slices": 40, "failed": 2},
)  # fmt: skip
LETTER = Letter("archive@school.example", ("deputy@school.example",), "Архив", "Текст.\n")
needs_openssl = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")


@pytest.fixture
def web() -> Iterator[Watcher]:
    with watcher() as served:
        yield served


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate that this process trusts."""
    made = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    return made


def test_a_heartbeat_ties_the_calls_of_a_run_together(web: Watcher) -> None:
    for ending in ("start", "", "5"):
        alerting.beat(f"{web.url}/a-uuid", ending, "the-run")
    assert [(method, path) for method, path, _value in web.told] == [
        ("GET", "/a-uuid/start?rid=the-run"),
        ("GET", "/a-uuid?rid=the-run"),
        ("GET", "/a-uuid/5?rid=the-run"),
    ]


def test_a_heartbeats_own_query_is_kept(web: Watcher) -> None:
    alerting.beat(f"{web.url}/push/key?status=up", "", "r")
    assert web.told[0][1] == "/push/key?status=up&rid=r"


def test_a_webhook_gets_counts_and_codes_and_nothing_else(web: Watcher) -> None:
    Webhook(f"{web.url}/hook").give(NOTICE)
    assert web.told == [
        ("POST", "/hook", {
            "event": "failed", "school": "1000000000001", "outcome": "PLATFORM", "exit_code": 5,
            "when": "2026-03-01T02:40:00+00:00", "counts": {"slices": 40, "failed": 2},
        })
    ]  # fmt: skip


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_watcher_that_does_not_take_it_is_told_of_without_its_address(web: Watcher, status: int) -> None:
    web.status = status
    with pytest.raises(alerting.NotTold) as caught:
        alerting.beat(f"{web.url}/secret-uuid", "", "r")
    assert caught.value.reason == f"HTTP {status}"
    assert "secret-uuid" not in repr(caught.value)


def test_a_watcher_that_is_not_there_is_told_of() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/secret-uuid"
        with pytest.raises(alerting.NotTold) as caught:
            alerting.post(url, {})
    assert caught.value.reason == "ConnectError"
    assert caught.value.__cause__ is None


def test_a_mail_on_this_machine_arrives_as_it_was_meant() -> None:
    with postman() as server:
        assert MailServer("localhost", server.port, "none").send(LETTER, None) == ""
        ((sender, recipients, message),) = server.mails
    assert (sender, recipients) == ("archive@school.example", ["deputy@school.example"])
    assert message["Subject"] == "Архив"
    assert message.get_content() == "Текст.\n"
    assert socket.gethostname() not in message["Message-ID"]


def _send(server: Postman, host: str = "localhost") -> str:
    security = "ssl" if server.immediate else "starttls"
    mail_server = MailServer(host, server.port, security, "archive")  # type: ignore[arg-type]
    return mail_server.send(LETTER, "password")


@needs_openssl
@pytest.mark.parametrize("immediate", [True, False])
def test_the_password_goes_over_tls_alone(certificate: Path, immediate: bool) -> None:
    with postman(certificate, immediate=immediate) as server:
        assert _send(server) == ""
        assert server.logins == [("archive", "password", True)]
        assert len(server.mails) == 1


@needs_openssl
@pytest.mark.parametrize("immediate", [True, False])
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_server_that_cannot_prove_who_it_is_gets_nothing(
    tmp_path: Path, certificate: Path, monkeypatch: pytest.MonkeyPatch, immediate: bool, host: str
) -> None:
    if host == "localhost":  # the right name, but nobody vouches for it
        monkeypatch.delenv("SSL_CERT_FILE")
    with postman(certificate, immediate=immediate) as server:
        assert _send(server, host) == "SSLCertVerificationError"
        assert (server.logins, server.mails) == ([], [])


def test_a_server_without_starttls_gets_no_password() -> None:
    with postman() as server:
        assert _send(server) == "SMTPNotSupportedError"
        assert (server.logins, server.mails) == ([], [])


@needs_openssl
def test_a_refused_password_is_told_by_its_code_alone(certificate: Path) -> None:
    with postman(certificate) as server:
        server.refuse_with = "535 no such user archive with password"
        assert _send(server) == "SMTP 535"


def test_an_alarm_that_fails_does_not_keep_the_next_one_back(web: Watcher) -> None:
    def no_password() -> str:
        raise RuntimeError

    mail = Mail(MailServer("localhost", 9, "ssl"), "a@b.example", ("c@d.example",), no_password)
    results = list(give([mail, Webhook(web.url)], NOTICE))
    assert results == [("mail", "RuntimeError"), ("webhook", "")]
    assert len(web.told) == 1


def test_no_secret_stands_in_what_is_shown() -> None:
    mail = Mail(MailServer("localhost", 9, "ssl"), "a@b.example", ("c@d.example",), lambda: "secret")
    assert "secret" not in repr(mail)
    assert "uuid" not in repr(Webhook("https://hooks.example/uuid"))
