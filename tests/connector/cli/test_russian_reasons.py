"""What is wrong is said in Russian to the end, whoever found it: pydantic, TOML, the system, the database."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from archive_store import texts
from archive_store.errors import FolderNotWritable
from config import wishes
from config.errors import SettingsError
from config.settings import load
from connector.api.errors import Unreachable
from connector.cli.errors import explain
from connector.cli.exit_codes import ExitCode

# Names and forms that are written so in any language.
_FOREIGN = {
    "toml", "utf", "dnevnik", "archive", "init", "sqlite", "postgresql", "file", "true", "false", "none",
    "https", "commoninfo", "educationalinfo", "europe", "moscow", "name", "school", "example",
    "mail_server", "mail_from", "mail_security", "schools", "api_url",
}  # fmt: skip


def assert_russian(text: str, *names: str) -> None:
    words = {word.lower() for word in re.findall(r"[A-Za-z_]{3,}", text)}
    assert words <= _FOREIGN | {part.lower() for name in names for part in re.findall(r"[A-Za-z_]+", name)}, (
        text
    )
    assert re.search("[а-яё]", text)


@pytest.fixture(autouse=True)
def _speaks_russian(_speaks_english: None, monkeypatch: pytest.MonkeyPatch) -> None:
    texts.activate("ru")


WRONG_VALUES = [
    ("connections", '"many"', "целое число"),
    ("connections", "1.5", "целое число"),
    ("connections", "0", "не меньше 1"),
    ("connections", "17", "не больше 16"),
    ("timeout_seconds", "0", "больше 0"),
    ("timeout_seconds", '"long"', "число"),
    ("timeout_seconds", "nan", "больше 0"),
    ("keep_answers", '"perhaps"', "true или false"),
    ("snapshots_dir", "5", "текст в кавычках"),
    ("webhook_url", "5", "текст в кавычках"),
    ("schedule_at", '"night"', "время суток"),
    ("language", '"de"', "одно из: ru, en"),
    ("mail_to", '"a@b.example"', "список в квадратных скобках"),
    ("api_url", '"http://a.example:x/"', "адрес"),
    ("login_url", '"login.example"', "адрес"),
    ("scopes", '"Common Info;"', "через запятую"),
    ("store_url", '"mysql://x"', "sqlite"),
    ("time_zone", '"Moscow"', "часового пояса"),
    ("final_closing_from", '"31 August"', "месяц и день"),
    ("final_closing_from", '"05-31"', "с июня по декабрь"),
    ("mail_to", '["deputy"]', "почтовые адреса"),
    ("mail_to", '["a@b.example"]', "mail_server"),
    ("schools", '["a"]', "блок"),
]


@pytest.mark.parametrize(("setting", "value", "wanted"), WRONG_VALUES)
def test_a_wrong_value_is_told_with_what_is_wanted(
    command: Any, setting: str, value: str, wanted: str
) -> None:
    Path("dnevnik-archive.toml").write_text(f"{setting} = {value}\n", encoding="utf-8")
    ended = command("status")
    assert ended.code == ExitCode.SETTINGS
    assert setting in ended.err
    assert wanted in ended.err
    assert_russian(ended.err, setting)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("conections = 2", "Нет настройки с названием conections"),
        ("[[schools]]\nschool_id = 1", "schools.0.token_file"),
    ],
)
def test_an_unknown_and_a_missing_setting_are_named(command: Any, text: str, said: str) -> None:
    Path("dnevnik-archive.toml").write_text(text + "\n", encoding="utf-8")
    ended = command("status")
    assert ended.code == ExitCode.SETTINGS
    assert said in ended.err
    assert_russian(ended.err, "conections", "token_file")


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        ("connections = \n", 1, 15, "нет значения"),
        ("\nlanguage = ru\n", 2, 12, "без кавычек"),
        ("language ru\n", 1, 10, "знак равенства"),
        ('language = "ru', None, None, "закрывающей кавычки"),
        ('language = "ru\n', 1, 15, "закрывающей кавычки"),
        ("connections = 1 2\n", 1, 17, "после значения"),
        ("connections = 1\nconnections = 2\n", 2, 16, "дважды"),
        ('token_file = "C:\\school\\token"\n', 1, 19, "обратная косая черта"),
        ('token_file = "C:\\users\\token"\n', 1, 19, "обратная косая черта"),
        ('mail_to = ["a"', None, None, "скобки"),
    ],
)
def test_a_file_that_is_no_toml_is_told_with_line_and_column(
    command: Any, text: str, line: int | None, column: int | None, said: str
) -> None:
    Path("dnevnik-archive.toml").write_text(text, encoding="utf-8")
    ended = command("status")
    assert ended.code == ExitCode.SETTINGS
    assert said in ended.err
    if line:
        assert f"строка {line}, столбец {column}" in ended.err
    assert_russian(ended.err, str(Path.cwd()))


def test_a_list_in_the_environment_that_is_none_is_told(
    command: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DNEVNIK_ARCHIVE_MAIL_TO", "a-secret-perhaps")
    ended = command("status")
    assert ended.code == ExitCode.SETTINGS
    assert "mail_to" in ended.err
    assert "a-secret-perhaps" not in ended.err
    assert_russian(ended.err, "mail_to")


def test_what_is_not_known_speaks_for_itself() -> None:
    assert wishes.wish_of({"type": "odd", "msg": "Input is {odd}"}) == ("Input is {odd}", {})
    explanation = explain(SettingsError("wrong value", "x", "Input is {odd}"))
    assert explanation is not None
    assert "Input is {odd}" in explanation.wrong


def test_values_that_the_settings_take_are_not_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text('schedule_at = 03:00:00\nsnapshots_dir = "C:/school"\n')
    assert load(file).schedule_at.hour == 3


@pytest.mark.parametrize(
    "number", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO, errno.ENOENT, errno.EEXIST]
)
def test_an_error_of_the_system_is_worded(number: int) -> None:
    explanation = explain(FolderNotWritable(Path("/x"), os.strerror(number)))
    assert explanation is not None
    assert_russian(explanation.wrong)


@pytest.mark.parametrize(
    "text",
    [
        "[Errno 111] Connection refused",
        "[Errno -2] Name or service not known",
        "timed out",
        "Server disconnected without sending a response.",
        "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate (_ssl.c:1000)",
    ],
)
def test_an_error_of_the_network_is_worded(text: str) -> None:
    explanation = explain(Unreachable("schools/1", text))
    assert explanation is not None
    assert_russian(explanation.wrong)
    unknown = explain(Unreachable("schools/1", "[Errno 999] Something new."))
    assert unknown is not None
    assert unknown.wrong.endswith("[Errno 999] Something new.")


def test_a_real_folder_that_cannot_be_made(command: Any) -> None:
    Path("file").touch()
    ended = command("--config", "file/below/dnevnik-archive.toml", "init")
    assert ended.code == ExitCode.FILES
    assert_russian(ended.err, "file/below", "dnevnik-archive.toml")


LINES = ("sync", "sandbox", "export viewer", "year", "year close", "snapshot verify", "")
ALL_HELP = """
import sys
from connector.cli import main
for line in sys.argv[1:]:
    sys.argv = ["dnevnik-archive", "--language", "ru", *line.split(), "--help"]
    print("<help>")
    try:
        main()
    except SystemExit as ended:
        assert not ended.code
"""


def test_the_help_names_the_kinds_of_values_in_russian() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", ALL_HELP, *LINES],
        capture_output=True, encoding="utf-8", env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    before, *pages = ended.stdout.split("<help>\n")
    assert before == ""
    assert len(pages) == len(LINES)
    for page in pages:
        assert "--help" in page
        assert not re.search(r"\b(TEXT|INTEGER|RANGE|PATH|FLOAT|OPTIONS|COMMAND|ARGS|YEAR|FOLDER)\b|%Y", page)


def test_a_number_that_is_none_is_said_in_russian(command: Any) -> None:
    ended = command("year", "close", "now")
    assert ended.code == ExitCode.USAGE
    assert "'now' - это не целое число" in ended.err
