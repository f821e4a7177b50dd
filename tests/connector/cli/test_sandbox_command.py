"""The command ``sandbox``: bounds, faults and variants are checked before the school is built."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import httpx
import pytest

from connector.cli.exit_codes import ExitCode
from connector.sandbox import Faults, PlatformVariant
from connector.sandbox.switches import switch_names

TINY = ("sandbox", "--pupils", "12", "--year", "2025")
DOCS = Path(__file__).parents[3] / "docs" / "sandbox.md"


def test_a_port_that_another_program_has(command: Any) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        ended = command(*TINY, "--port", port)
    assert ended.code == ExitCode.BUSY
    assert len(ended.err.strip().splitlines()) == 1
    assert f"Port {port} cannot be used" in ended.err
    assert "--port" in ended.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--port", "70000"), "70000 is not in the range"),
        (("--port", "-1"), "-1 is not in the range"),
        (("--year", "1999"), "1999 is not in the range"),
        (("--year", "20250"), "20250 is not in the range"),
        (("--now", "1900-01-01"), "between the years 2002 and 2098"),
        (("--now", "9999-12-31"), "between the years 2002 and 2098"),
        (("--fault", "throtled=3"), "There is no throtled. There are: path, "),
        (("--fault", "throttled=often"), "throttled cannot have the value often"),
        (("--fault", "html_status=7"), "html_status cannot have the value 7"),
        (("--fault", "chaos=1.5"), "chaos cannot have the value 1.5"),
        (("--fault", "chaos_kinds=flood"), "chaos_kinds cannot have the value"),
        (("--variant", "max_batch=-3"), "max_batch cannot have the value -3"),
        (("--variant", "role=janitor"), "role cannot have the value janitor"),
        (("--variant", "class_list_shut"), "There is no class_list_shut. There are: range_end_exclusive, "),
    ],
)
def test_values_out_of_bounds(command: Any, arguments: tuple[str, str], said: str) -> None:
    ended = command("sandbox", "--pupils", "12", *arguments)
    assert ended.code == ExitCode.USAGE
    assert said in " ".join(ended.err.split())
    assert "Traceback" not in ended.err + ended.out


def test_faults_and_variants_come_from_the_command_line(tmp_path: Path) -> None:
    program = "import sys; from connector.cli.app import run; sys.exit(run(sys.argv[1:]))"
    arguments = ("--fault", "throttled=1", "--fault", "retry_after=none", "--variant", "class_list_closed")
    environment = os.environ | {"DNEVNIK_ARCHIVE_TOKEN": "t", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [sys.executable, "-c", program, *TINY, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd=tmp_path,
        text=True,
    ) as process:
        url = process.stdout.readline().split()[-1]
        said = [process.stdout.readline() for _ in range(4)]
        with httpx.Client(base_url=url, headers={"Access-Token": "t"}, trust_env=False, timeout=60) as http:
            refused = http.get("users/me")
            school = http.get("users/me/schools").json()[0]
            closed = http.get(f"schools/{school}/edu-groups")
        process.send_signal(signal.SIGINT)
        process.wait(20)
    assert (refused.status_code, "retry-after" in refused.headers, closed.status_code) == (429, False, 403)
    assert url.replace("/v2/", "/sandbox/faults") in "".join(said)


def test_the_documentation_names_every_fault_and_variant() -> None:
    text = DOCS.read_text(encoding="utf-8")
    names = [*switch_names(Faults), *(field.name for field in fields(PlatformVariant))]
    assert [name for name in names if f"`{name}" not in text] == []
