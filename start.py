#!/usr/bin/env python3
"""Run the project from a fresh clone, with nothing but Python 3.11 or newer: it sets itself up.

    python3 start.py demo [OPTIONS]    the whole main job on an invented school
    python3 start.py test [OPTIONS]    the tests (options go to pytest)
    python3 start.py check             lint, types, import contracts
    python3 start.py run COMMAND ...   any command of dnevnik-archive

The locked versions of uv.lock are installed into .venv beside this file; nothing else is touched.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent
ENVIRONMENT: Final = ROOT / ".venv"
TOOLS: Final = ROOT / ".tools"
PROGRAMS: Final = "Scripts" if os.name == "nt" else "bin"
ROOMS: Final = ("archive_store", "config", "connector")
CHECKS: Final = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports",),
)


def main(arguments: list[str]) -> int:
    """Do what the arguments say and return its exit code."""
    if sys.version_info < (3, 11):
        return _fail("Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ".")
    match arguments:
        case ["demo", *options]:
            _install(for_developers=False)
            return _program("dnevnik-archive", "demo", *options)
        case ["run", *command]:
            _install(for_developers=False)
            return _program("dnevnik-archive", *command)
        case ["test", *options]:
            _install(for_developers=True)
            return _program("pytest", *(options or _all_cores()))
        case ["check"]:
            _install(for_developers=True)
            return max(_program(*check) for check in CHECKS)
        case _:
            print(__doc__)
            return 2


def _install(*, for_developers: bool) -> None:
    """Bring .venv to the locked versions. The tools of developers stay once they are there."""
    keep = ["--inexact", "--no-dev"] if not for_developers else []
    command = [_uv(), "sync", "--locked", "--quiet", *keep, "--python", sys.executable]
    environment = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(ENVIRONMENT)}
    environment.pop("VIRTUAL_ENV", None)
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    # The installer compiles what it installs (pyproject.toml), but not what it installs as a link to here.
    python = ENVIRONMENT / PROGRAMS / ("python.exe" if os.name == "nt" else "python")
    subprocess.run([str(python), "-m", "compileall", "-qq", *ROOMS], check=False, cwd=ROOT)


def _uv() -> str:
    """The installer: the one on this machine, else one of our own in .tools."""
    found = shutil.which("uv")
    if found:
        return found
    own = TOOLS / PROGRAMS / ("uv.exe" if os.name == "nt" else "uv")
    if not own.exists():
        try:
            venv.create(TOOLS, with_pip=True)
        except subprocess.CalledProcessError:
            shutil.rmtree(TOOLS, ignore_errors=True)
            sys.exit(_fail("Python's venv is incomplete. On Debian: apt install python3-venv"))
        python = TOOLS / PROGRAMS / ("python.exe" if os.name == "nt" else "python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", "uv>=0.5"], check=True)
    return str(own)


def _program(name: str, *arguments: str) -> int:
    programs = ENVIRONMENT / PROGRAMS
    path = os.pathsep.join((str(programs), os.environ.get("PATH", "")))
    environment = {**os.environ, "PATH": path, "VIRTUAL_ENV": str(ENVIRONMENT)}
    # Else every start of the program compiles some thousand modules anew: four seconds instead of one.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return subprocess.run(  # its exit code is ours
        [str(programs / name), *arguments], check=False, cwd=_working_folder(name), env=environment
    ).returncode


def _working_folder(name: str) -> Path:
    """The archive's commands run where the person stands; the checks run in the project."""
    return Path.cwd() if name == "dnevnik-archive" else ROOT


def _all_cores() -> list[str]:
    return ["-n", str(min(4, os.cpu_count() or 1)), "--dist", "worksteal", "--durations", "25"]


def _fail(reason: str) -> int:
    print(reason, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
