"""The files of a bag against its manifests: names and sizes alone, or every digest.

The counts and findings are those of the verifier that lies in every bag; what is not read is counted as not
checked. Nothing is opened that a walk through the bag has not met as a plain file, so no name in a manifest
and no link leads out of it.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from hashlib import file_digest, sha256
from pathlib import Path

from archive_store.signatures.inspection import SIGNATURES
from archive_store.snapshot import verifier
from archive_store.snapshot.verifier import LATER, LINE, MANIFEST, TAG_MANIFEST, Report


def root_of(bag: Path) -> str | None:
    """The root of a bag in hexadecimal digits; None if there is no tag manifest to be read."""
    content = _content(bag / TAG_MANIFEST)
    return sha256(content).hexdigest() if content else None


def signatures(bag: Path) -> int:
    """How many signatures lie in the bag's ``signatures/``; keys, time-stamps and notes do not count."""
    folder = bag / LATER
    if folder.is_symlink() or not folder.is_dir():
        return 0
    return sum(name.lower().endswith(SIGNATURES) for name, _size in plain_files(folder, Report()))


def check_files(bag: Path, place: str, *, contents: bool) -> Report:
    """Check names and sizes; with ``contents`` also the SHA-256 of every file."""
    report = Report(bags=1)
    root = root_of(bag)
    if root is not None:
        report.roots[place] = root
    sizes = dict(plain_files(bag, report, place))
    tags = _stated(bag, TAG_MANIFEST, "no-tag-manifest", place, report)
    payload = _stated(bag, MANIFEST, "no-manifest", place, report)
    for name, digest in sorted({**tags, **payload}.items()):
        report.expected += 1
        if name not in sizes:
            report.missing += 1
            report.found("missing", f"{place}/{name}")
        elif contents or name in tags:
            _judge(bag, name, digest, place, report)
    _check_set(bag, sizes, tags, payload, place, report)
    return report


def manifests(bag: Path) -> dict[str, str | None]:
    """The files that a bag should hold, with their digests; None for the tag manifest, which is the root.

    Nothing if its manifest is not the one that its tag manifest vouches for, or leads out of the bag.
    """
    report = Report()
    tags = _stated(bag, TAG_MANIFEST, "no-tag-manifest", "", report)
    if tags.get(MANIFEST) != sha256(_content(bag / MANIFEST)).hexdigest():
        return {}
    listed = {**tags, **_stated(bag, MANIFEST, "no-manifest", "", report)}
    if report.findings or not all(map(_is_inside, listed)):
        return {}
    return {**listed, TAG_MANIFEST: None}


def _is_inside(name: str) -> bool:
    return not set("\\:") & set(name) and all(part not in ("", ".", "..") for part in name.split("/"))


def plain_files(folder: Path, report: Report, place: str = "") -> Iterator[tuple[str, int]]:
    """Names and sizes of the plain files below a folder; whatever else lies there is found, not followed."""
    for where, folders, files in os.walk(folder):
        for name in sorted(files) + [one for one in folders if (Path(where) / one).is_symlink()]:
            path = Path(where) / name
            relative = path.relative_to(folder).as_posix()
            try:
                status = path.lstat()
            except OSError as error:
                report.found("unreadable", f"{place}/{relative}", error.strerror or "")
                continue
            if stat.S_ISREG(status.st_mode):
                yield relative, status.st_size
            else:
                report.found("not-a-file", f"{place}/{relative}")


def _stated(bag: Path, name: str, code: str, place: str, report: Report) -> dict[str, str]:
    content = _content(bag / name)
    if not content:
        report.found(code, f"{place}/{name}")
        return {}
    if content.startswith(b"\xef\xbb\xbf") or b"\r" in content:
        report.found("manifest-form", f"{place}/{name}")
    stated: dict[str, str] = {}
    text = content.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n")
    for number, line in enumerate(text.removesuffix("\n").split("\n"), start=1):
        match = LINE.fullmatch(line)
        if match is None:
            report.found("manifest-line", f"{place}/{name}", str(number))
        elif match[2] in stated:
            report.found("duplicate", f"{place}/{name}", match[2])
        else:
            stated[match[2]] = match[1]
    return stated


def _judge(bag: Path, name: str, digest: str, place: str, report: Report) -> None:
    try:
        with (bag / name).open("rb") as file:
            actual = file_digest(file, "sha256").hexdigest()
            report.bytes += file.tell()
    except OSError as error:
        report.found("unreadable", f"{place}/{name}", error.strerror or "")
        return
    report.judge(actual == digest, "changed", f"{place}/{name}")


def _check_set(
    bag: Path,
    sizes: dict[str, int],
    tags: dict[str, str],
    payload: dict[str, str],
    place: str,
    report: Report,
) -> None:
    if _content(bag / "bagit.txt") != verifier.DECLARATION:
        report.found("declaration", f"{place}/bagit.txt")
    for name in sorted(sizes):
        if name == TAG_MANIFEST or _is_later(name):
            continue
        foreign = verifier.foreign(name)
        if foreign or (name not in tags and name not in payload):
            report.extra += 1
            report.found(foreign or "extra", f"{place}/{name}")
    verifier.check_encoding(bag, tags, report)
    info = _content(bag / "bag-info.txt").decode("utf-8", "replace")
    oxum = re.search(r"^Payload-Oxum: (\d+\.\d+)$", info, re.MULTILINE)
    there = [name for name in payload if name in sizes]
    size = sum(sizes[name] for name in there)
    if oxum is None or oxum[1] != f"{size}.{len(there)}":
        report.found("oxum", f"{place}/bag-info.txt", f"{size} / {len(there)}")


def _is_later(name: str) -> bool:
    return name.startswith(f"{LATER}/")


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes() if stat.S_ISREG(path.lstat().st_mode) else b""
    except OSError:
        return b""
