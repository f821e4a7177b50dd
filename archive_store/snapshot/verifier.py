"""Check sealed archives: every file, every table, every count. Проверка опечатанного архива.

    python3 verify.py [--files] [FOLDER]    by default the folder in which this file lies

FOLDER is a bag, an academic year or a folder of years. --files: every file, but not every row in it. Needs
nothing but Python 3.11: a copy of this very file lies in every bag as verify.py. "Verified" is a count, never
the absence of an error: the exit code is 0 only when all that was expected was checked and nothing was found
(1: something was; 2: no archive here).

The rules are those of RFC 8493 (BagIt 1.0), and stricter: the tag manifest must be there, and so must
every file that it or the manifest names, and no other; only ``signatures/`` may be added later. Of these
the program's own (Ed25519) is checked here; whose key it is, the signed act of closing tells.

A bag that is gone is not missing if a note in the folder ``destroyed`` beside the years says by which act it
was destroyed, and fits what the year's summary says of the bag. Such are counted apart: ask for the act.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import os
import re
import sqlite3
import stat
import sys
import zlib
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256, sha512
from os.path import lexists
from pathlib import Path
from typing import Any
from urllib.parse import quote

LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")
YEAR = re.compile(r"\d{4}-\d{4}")
EDITION = re.compile(r"-ed(\d{1,6})$")
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
TAG_MANIFEST = "tagmanifest-sha256.txt"
MANIFEST = "manifest-sha256.txt"
LATER = "signatures"
SIGNATURE, PUBLIC_KEY = f"{LATER}/dnevnik-archive.sig", f"{LATER}/dnevnik-archive.pem"
KEY_PREFIX = bytes.fromhex("302a300506032b6570032100")  # of an Ed25519 key as SubjectPublicKeyInfo
FOREIGN = re.compile(r"(fetch|(tag)?manifest-[^/]*)\.txt", re.IGNORECASE)
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
TABLE = re.compile(r"[a-z_]+")
QUOTED = re.compile('[",\r\n]')
FILES = "data/files/"
FORMATS = ("dnevnik-archive snapshot 1", "dnevnik-archive snapshot 2")
DESTROYED, TOMBSTONE = "destroyed", "dnevnik-archive tombstone 1"
LARGEST_TOMBSTONE = 1 << 16
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T.*")
# A bag may come from anywhere: what is read whole is bounded, and so is a name.
LARGEST_PAPER = 64 << 20
LONGEST_NAME = 200
PIECE = 1 << 17  # a larger one is fetched afresh from the system with every read
Lying = dict[str, os.stat_result | None]

# What each finding means, in Russian and in English.
WORDS = {
    "declaration": ("нет служебного файла bagit.txt, или он испорчен", "bagit.txt is missing or damaged"),
    "no-tag-manifest": ("нет описи служебных файлов", "the tag manifest is missing"),
    "no-manifest": ("нет описи файлов", "the manifest is missing"),
    "manifest-line": ("в описи неверно записана строка", "a line of the manifest is malformed"),
    "manifest-form": (
        "опись пересохранена другой программой (метка BOM или концы строк Windows)",
        "the manifest was altered: BOM or CR",
    ),
    "duplicate": ("файл записан в описи дважды", "a file is named twice"),
    "unsafe-path": ("в описи стоит недопустимое имя файла", "a file name that is not allowed"),
    "foreign-manifest": (
        "посторонняя опись: в деле бывают описи только с суммами SHA-256",
        "a foreign manifest: a bag has manifests of SHA-256 alone",
    ),
    "fetch": (
        "посторонний файл: он велит взять часть дела из другого места, а дело хранит все свои файлы само",
        "a foreign file: it wants a part fetched from elsewhere, but a bag holds all its files itself",
    ),
    "encoding": (
        "в служебном файле есть байты не в кодировке UTF-8",
        "a tag file holds bytes that are not UTF-8",
    ),
    "not-a-file": (
        "это ссылка или иной особый файл, а должен быть обычный; по ссылкам проверка не идёт",
        "a link or another special file, not a plain one; links are not followed",
    ),
    "missing": ("файла нет", "the file is missing"),
    "extra": ("лишний файл", "a file that does not belong"),
    "unlisted": ("файл не записан в описи", "a file that no manifest names"),
    "changed": ("содержимое файла изменено", "the file's contents were changed"),
    "unreadable": ("файл не читается", "the file cannot be read"),
    "oxum": (
        "объём и число файлов данных не те, что записаны при опечатывании; сейчас байт / файлов",
        "size and number of the data files are not as they were sealed; now bytes / files",
    ),
    "passport": ("паспорт дела испорчен", "the passport is damaged"),
    "oversized": ("файл недопустимо велик", "far too large for such a file"),
    "format": (
        "формат архива этой программе проверки не знаком",
        "a format that this verifier does not know",
    ),
    "file-name": (
        "файл домашнего задания лежит не под своим именем",
        "an attached file is not under its own digest",
    ),
    "file-count": (
        "число файлов домашних заданий не то, что в паспорте; есть / должно быть",
        "the number of attached files is not that of the passport; there are / should be",
    ),
    "table-size": (
        "таблица больше, чем сказано в паспорте; байт",
        "a table is larger than its passport says; bytes",
    ),
    "table-rows": (
        "число строк таблицы не то, что в паспорте; есть / должно быть",
        "the rows of a table are not as many as the passport says; there are / should be",
    ),
    "table-digest": ("строки таблицы изменены", "the rows of a table were changed"),
    "database": ("база данных испорчена", "the database is damaged"),
    "database-rows": (
        "число строк в базе данных не то, что в паспорте; таблица: есть / должно быть",
        "the rows in the database are not as many as the passport says; table: there are / should be",
    ),
    "database-digest": (
        "строки в базе данных изменены; таблицы",
        "rows in the database were changed; tables",
    ),
    "database-objects": (
        "в базе данных есть то, чего в неё не опечатывали",
        "the database holds what does not belong",
    ),
    "year-name": (
        "папка учебного года переименована, и полнота года не проверена; верните ей имя вида 2024-2025",
        "a year's folder was renamed: whether all is there was not checked; give it a name like 2024-2025",
    ),
    "bag-missing": ("нет дела, которое входит в этот год", "a bag of this year is missing"),
    "bag-other": ("под этим именем лежит другое дело", "a bag was replaced by another"),
    "bag-extra": ("лишнее дело: в этот год оно не входит", "a bag that does not belong to this year"),
    "signature": ("подпись программы не сходится с делом", "the program's signature is wrong"),
    "signature-half": (
        "от подписи программы осталась половина: нет самой подписи или нет её ключа",
        "a signature without its key, or a key without it",
    ),
    "no-list": (
        "нет дела сводных ведомостей, в котором перечислены все дела года",
        "no summary vouches for the bags",
    ),
}


@dataclass(frozen=True)
class Finding:
    """Something that is wrong: a code of WORDS, the place, and what stands there instead."""

    code: str
    path: str
    detail: str = ""

    def text(self, russian: bool) -> str:
        """The finding in words."""
        detail = f" ({self.detail})" if self.detail else ""
        return _plain(f"{self.path}: {WORDS[self.code][0 if russian else 1]}{detail}")


@dataclass(frozen=True)
class Destroyed:
    """A bag that is gone, and the act by which it was destroyed, as a note beside the years says."""

    place: str
    act: int
    at: str

    def text(self) -> str:
        """The same in both languages."""
        day = f"{self.at[8:10]}.{self.at[5:7]}.{self.at[:4]}"
        russian = f"уничтожено, акт об уничтожении № {self.act} от {day}"
        return _plain(f"{self.place}: {russian} / destroyed under act No {self.act} of {self.at[:10]}")


@dataclass
class Report:
    """What was checked: counts of files and of tables, and all findings.

    ``lacking`` are the roots of bags that are missing, by place; ``destroyed`` are gone and not missing.
    """

    bags: int = 0
    expected: int = 0
    checked: int = 0
    ok: int = 0
    bad: int = 0
    missing: int = 0
    extra: int = 0
    bytes: int = 0
    findings: list[Finding] = field(default_factory=list)
    roots: dict[str, str] = field(default_factory=dict)
    seen: set[Finding] = field(default_factory=set, repr=False)
    keys: dict[str, str] = field(default_factory=dict)
    signatures_checked: int = 0
    signatures_not_checked: int = 0
    lacking: dict[str, set[str]] = field(default_factory=dict)
    destroyed: list[Destroyed] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether everything that was expected was checked and nothing was found."""
        return (
            self.bags > 0 and self.checked == self.expected and self.ok == self.expected and not self.findings
        )

    @property
    def not_checked(self) -> int:
        """Expected, but not checked: missing or unreadable."""
        return self.expected - self.checked

    def found(self, code: str, path: str, detail: str = "") -> None:
        """Add a finding, once."""
        finding = Finding(code, path, detail)
        if finding not in self.seen:
            self.seen.add(finding)
            self.findings.append(finding)

    def right(self) -> None:
        """Count one check that was carried out and found nothing."""
        self.checked += 1
        self.ok += 1

    def judge(self, good: bool, code: str, path: str, detail: str = "") -> None:
        """Count one check that was carried out."""
        if good:
            self.right()
        else:
            self.checked += 1
            self.bad += 1
            self.found(code, path, detail)


def verify(path: Path, contents: bool = True) -> Report:
    """Check the bag, the year or the folder of years at ``path``; no bag at all gives zero bags.

    Without ``contents`` every file is checked, but not each table and the database against the passport.
    """
    report, path = Report(), path.resolve()
    bags = bags_in(path)
    for bag in bags:
        verify_bag(bag, report, contents)
    for year in dict.fromkeys(bag.parent for bag in bags if bag != path):
        if YEAR.fullmatch(year.name):
            verify_year(year, report)
        else:
            report.found("year-name", year.name)
    return report


def bags_in(path: Path) -> list[Path]:
    """The bags below a folder, in order. In a year's folder every folder counts as one, however damaged.

    A year whose folder was renamed is known by the bags in it.
    """
    if _looks_like_a_bag(path):
        return [path]
    if not path.is_dir():
        return []
    try:
        below = _folders(path)
    except OSError:
        return [path]  # found there as unreadable
    if YEAR.fullmatch(path.name):
        return below
    return [bag for one in below for bag in _bags_below(one)]


def _bags_below(folder: Path) -> list[Path]:
    if YEAR.fullmatch(folder.name) or _looks_like_a_bag(folder):
        return bags_in(folder)
    try:
        return [one for one in _folders(folder) if _looks_like_a_bag(one)]
    except OSError:
        return []  # not one of ours, as far as can be told


def _folders(path: Path) -> list[Path]:
    return sorted(one for one in path.iterdir() if one.is_dir() and not one.name.startswith("."))


def _looks_like_a_bag(path: Path) -> bool:
    return any(lexists(path / name) for name in ("bagit.txt", MANIFEST, TAG_MANIFEST))


def verify_year(year: Path, report: Report) -> None:
    """Check that the year holds exactly the bags that its summaries vouch for, edition by edition.

    The newest summary vouches for the newest bag of every class, and each bag of a later edition for the one
    that it follows: a bag that is missing or was replaced anywhere in the chain does not agree.
    """
    bags = bags_in(year)
    passports = {bag.name: _json(bag / "data" / "passport.json") for bag in bags}
    summaries = [name for name in passports if name.startswith("summary-")]
    lists = [passports[name].get("bags") for name in summaries]
    if not any(isinstance(one, dict) for one in lists):
        report.expected += 1
        report.found("no-list", year.name)
        return
    lists += [passport.get("previous") for passport in passports.values()]
    vouched = {(name, str(root)) for one in lists if isinstance(one, dict) for name, root in one.items()}
    stones = _tombstones(year, {_school(passports[name]) for name in summaries})
    for name, root in sorted(vouched):
        if name not in passports and (stone := stones.get((name, root))):
            report.destroyed.append(stone)
            continue
        report.expected += 1
        present = report.roots.get(f"{year.name}/{name}")
        if present is None:
            report.missing += 1
            report.lacking.setdefault(f"{year.name}/{name}", set()).add(root)
            report.found("bag-missing", f"{year.name}/{name}")
        else:
            report.judge(present == root, "bag-other", f"{year.name}/{name}")
    named = {name for name, _root in vouched} | {max(summaries, key=_edition)}
    for bag in bags:
        if bag.name not in named:
            report.extra += 1
            report.found("bag-extra", _place(bag))


def _school(passport: dict[str, Any]) -> str:
    school = passport.get("school")
    return str(school.get("id")) if isinstance(school, dict) else ""


def _tombstones(year: Path, schools: set[str]) -> dict[tuple[str, str], Destroyed]:
    """The destroyed bags of a year of these schools, by name and root, as the notes beside it say."""
    found: dict[tuple[str, str], Destroyed] = {}
    folder = year.parent / DESTROYED
    try:
        files = sorted(folder.glob("*.json")) if not folder.is_symlink() else []
    except OSError:
        return found
    for file in files:
        said = _said(_content(file, LARGEST_TOMBSTONE))
        if _is_tombstone(said, year.name) and said["school"] in schools:
            place = f"{year.name}/{said['bag']}"
            found[said["bag"], said["root"]] = Destroyed(place, said["act"], said["at"])
    return found


def _is_tombstone(said: dict[str, Any], year: str) -> bool:
    """Whether a note can be true of a year: complete, of the right kind, and not before its term ended.

    The term ends with a calendar year; the school's clock may be ahead of the note's by hours.
    """
    numbers = [said.get(name) for name in ("study_year", "years", "act")]
    texts = [said.get(name) for name in ("bag", "root", "school", "at")]
    if said.get("format") != TOMBSTONE or not all(type(one) is int and one > 0 for one in numbers):
        return False
    if not all(isinstance(one, str) for one in texts) or not MOMENT.fullmatch(said["at"]):
        return False
    study_year, years = said["study_year"], said["years"]
    is_of_a_class = isinstance(said.get("group"), str)
    return (
        year == f"{study_year}-{study_year + 1}"
        and is_of_a_class == said["bag"].startswith("journal-")
        and said["at"][:10] >= f"{study_year + 1 + years}-12-31"
    )


def _edition(bag: str) -> int:
    """The number at the end of a bag's name: journal-9A-ed02."""
    found = EDITION.search(bag)
    return int(found[1]) if found else 0


def verify_bag(bag: Path, report: Report, contents: bool = True) -> None:
    """Check one bag and add to the report."""
    report.bags += 1
    _check_declaration(bag, report)
    tags = _read_manifest(bag, TAG_MANIFEST, "no-tag-manifest", report)
    payload = _read_manifest(bag, MANIFEST, "no-manifest", report)
    if root := _content(bag / TAG_MANIFEST):
        report.roots[_place(bag)] = sha256(root).hexdigest()
    listed = {**tags, **payload}
    lying = _lying(bag)
    present = _check_set(bag, lying, listed, set(payload), report)
    for name, digest in sorted(listed.items()):
        _check_file(bag, name, digest, report, lying)
    check_encoding(bag, tags, report)
    _check_oxum(bag, [state.st_size for name in present if (state := lying[name])], report)
    if contents:
        _check_contents(bag, payload, report)
    _check_signatures(bag, lying, report)


def _check_declaration(bag: Path, report: Report) -> None:
    if _content(bag / "bagit.txt") != DECLARATION:
        report.found("declaration", _place(bag, "bagit.txt"))


def _read_manifest(bag: Path, name: str, code: str, report: Report) -> dict[str, str]:
    """The digests that a manifest states; whatever is malformed is found and left out."""
    raw = _content(bag / name)
    if not raw:
        report.found("oversized" if _is_oversized(bag / name) else code, _place(bag, name))
        return {}
    if raw.startswith(b"\xef\xbb\xbf") or b"\r" in raw:
        report.found("manifest-form", _place(bag, name))
    stated: dict[str, str] = {}
    folded: set[str] = set()
    text = raw.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n")
    for number, line in enumerate(text.removesuffix("\n").split("\n"), start=1):
        match = LINE.fullmatch(line)
        if match is None:
            report.found("manifest-line", _place(bag, name), str(number))
        elif not _safe(match[2]) or match[2].startswith("data/") != (name == MANIFEST):
            report.found("unsafe-path", _place(bag, name), match[2])
        elif match[2].casefold() in folded:
            report.found("duplicate", _place(bag, name), match[2])
        else:
            stated[match[2]] = match[1]
            folded.add(match[2].casefold())
    return stated


def _safe(name: str) -> bool:
    """Whether a name stays inside the bag and means the same on every system."""
    parts_are_plain = all(  # an absolute name has an empty first part
        part and part == part.rstrip(". ") and not DEVICES.fullmatch(part) for part in name.split("/")
    )
    letters_are_plain = name.isascii() and name.isprintable() and not set(name) & set('\\:*?"<>|')
    return len(name) <= LONGEST_NAME and parts_are_plain and letters_are_plain


def _check_set(
    bag: Path, lying: Lying, listed: dict[str, str], payload: set[str], report: Report
) -> set[str]:
    """Check that the bag holds the listed files and no other; return the payload that is there."""
    for name in ("bagit.txt", "bag-info.txt", MANIFEST):
        if name not in listed and _place(bag) in report.roots:
            report.found("unlisted", _place(bag, name))
    present: set[str] = set()
    for name in lying:
        if not _is_there(bag, name, report, lying) or name.startswith(f"{LATER}/") or name == TAG_MANIFEST:
            continue
        odd = foreign(name)
        if odd or name not in listed:
            report.extra += 1
            report.found(odd or "extra", _place(bag, name))
        elif name in payload:
            present.add(name)
    return present


def foreign(name: str) -> str:
    """The finding if a file would have other readers trust or fetch what this verifier does not judge.

    BagIt allows manifests of other algorithms and a list of files to fetch; a sealed bag has neither.
    """
    if name == MANIFEST or not FOREIGN.fullmatch(name):
        return ""
    return "fetch" if name.casefold() == "fetch.txt" else "foreign-manifest"


def _lying(folder: Path, below: str = "") -> Lying:
    """Whatever lies in a folder, at any depth, by name and in order, links not followed.

    A folder that cannot be read, or is not there, stands for what is in it; nothing is known of it.
    """
    found: Lying = {}
    try:
        with os.scandir(folder / below) as entries:
            for entry in sorted(entries, key=lambda one: one.name):
                name = f"{below}/{entry.name}" if below else entry.name
                if entry.is_dir(follow_symlinks=False):
                    found |= _lying(folder, name)
                else:
                    found[name] = entry.stat(follow_symlinks=False)
    except OSError:
        found[below or "."] = None
    return found


def _is_there(bag: Path, name: str, report: Report, lying: Lying | None = None) -> bool:
    """Whether a plain file is there; if not, it is found."""
    try:
        known = lying.get(name) if lying else None
        mode = (known or (bag / name).lstat()).st_mode
    except (FileNotFoundError, NotADirectoryError):
        report.missing += 1
        report.found("missing", _place(bag, name))
        return False
    except OSError as error:
        report.found("unreadable", _place(bag, name), error.strerror or "")
        return False
    if not stat.S_ISREG(mode):
        report.found("unreadable" if stat.S_ISDIR(mode) else "not-a-file", _place(bag, name))
    return stat.S_ISREG(mode)


def _content(path: Path, most: int = -1) -> bytes:
    """What a plain file holds, ``most`` bytes of it; nothing if it cannot be read whole."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode) or _is_oversized(path):
            return b""
        with path.open("rb") as file:
            return file.read(most)
    except OSError:
        return b""


def _is_oversized(path: Path) -> bool:
    try:
        return path.lstat().st_size > LARGEST_PAPER
    except OSError:
        return False


def _check_file(bag: Path, name: str, digest: str, report: Report, lying: Lying | None = None) -> None:
    report.expected += 1
    if not _is_there(bag, name, report, lying):
        return
    try:
        actual, size = _digest(f"{bag}/{name}")
    except OSError as error:
        report.found("unreadable", _place(bag, name), error.strerror or "")
        return
    report.bytes += size
    if actual == digest:
        report.right()
    else:
        report.judge(False, "changed", _place(bag, name))


def _digest(path: str) -> tuple[str, int]:
    """SHA-256 and size of a file, read in pieces no larger than it is: most are small.

    To make a Path of a name takes as long as to hash such a file.
    """
    digest, size = sha256(), 0
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123
        most = min(os.fstat(file.fileno()).st_size + 1, PIECE)
        while piece := file.read(most):
            digest.update(piece)
            size += len(piece)
    return digest.hexdigest(), size


def check_encoding(bag: Path, tags: dict[str, str], report: Report) -> None:
    """Tag files are in UTF-8, as bagit.txt declares."""
    for name in sorted(one for one in tags if one.endswith(".txt")):
        try:
            _content(bag / name).decode("utf-8")
        except UnicodeDecodeError:
            report.found("encoding", _place(bag, name))


def _check_oxum(bag: Path, sizes: list[int], report: Report) -> None:
    info = _content(bag / "bag-info.txt").decode("utf-8", "replace")
    stated = re.search(r"^Payload-Oxum: (\d+\.\d+)$", info, re.MULTILINE)
    size, files = sum(sizes), len(sizes)
    if stated is None or stated[1] != f"{size}.{files}":
        report.found("oxum", _place(bag, "bag-info.txt"), f"{size} / {files}")


def _check_contents(bag: Path, payload: dict[str, str], report: Report) -> None:
    """Hold tables, files and database against the passport. A damaged file tells here what it has cost."""
    passport = _json(bag / "data" / "passport.json")
    tables = passport.get("tables")
    if not isinstance(tables, dict) or not all(
        TABLE.fullmatch(name) and isinstance(one, dict) and {"rows", "sha256"} <= one.keys()
        for name, one in tables.items()
    ):
        report.found("passport", _place(bag, "data/passport.json"))
        return
    if passport.get("format") not in FORMATS:
        report.found("format", _place(bag, "data/passport.json"), str(passport.get("format"))[:LONGEST_NAME])
    for name, stated in sorted(tables.items()):
        _check_table(bag, name, stated, report)
    _check_database(bag, tables, report)
    if payload:
        _check_attached(bag, passport.get("files"), payload, report)


def _check_table(bag: Path, name: str, stated: dict[str, Any], report: Report) -> None:
    relative = f"data/tables/{name}.csv.gz"
    report.expected += 1
    if not _is_there(bag, relative, report):
        return
    size = stated.get("bytes")  # format 1 has none
    try:
        rows, digest = _read_table(bag / relative, size if isinstance(size, int) else None)
    except OverflowError:
        report.judge(False, "table-size", _place(bag, relative), f"> {size}")
        return
    except (OSError, EOFError, zlib.error, ValueError) as error:
        report.judge(False, "unreadable", _place(bag, relative), getattr(error, "strerror", "") or "")
        return
    if rows != stated["rows"]:
        report.judge(False, "table-rows", _place(bag, relative), f"{rows} / {stated['rows']}")
    else:
        report.judge(digest == stated["sha256"], "table-digest", _place(bag, relative))


def _read_table(path: Path, most: int | None) -> tuple[int, str]:
    """Rows and SHA-256 of the CSV in a table, read once, in pieces: a packed file may hold any amount.

    Rows are the line ends outside quotes. Raises OverflowError beyond ``most`` bytes, ValueError when a quote
    never ends.
    """
    digest, lines, quotes, size = sha256(), 0, 0, 0
    with gzip.open(path, "rb") as file:
        while piece := file.read(PIECE):
            size += len(piece)
            if most is not None and size > most:
                raise OverflowError
            digest.update(piece)
            between = piece.split(b'"')
            lines += sum(one.count(b"\n") for one in between[quotes % 2 :: 2])
            quotes += len(between) - 1
    if quotes % 2:
        raise ValueError
    return lines - 1, digest.hexdigest()


def _check_attached(bag: Path, stated: object, payload: dict[str, str], report: Report) -> None:
    """The attached files lie under their digests, as many as the passport says."""
    attached = {name: digest for name, digest in payload.items() if name.startswith(FILES)}
    for name, digest in sorted(attached.items()):
        if name != FILES + digest:
            report.found("file-name", _place(bag, name))
    kept = stated.get("kept") if isinstance(stated, dict) else 0
    if kept != len(attached):
        report.found("file-count", _place(bag, FILES), f"{len(attached)} / {kept}")


def _check_database(bag: Path, tables: dict[str, Any], report: Report) -> None:
    relative = "data/archive.sqlite"
    report.expected += 1
    if not _is_there(bag, relative, report):
        return
    address = f"file:{quote(str((bag / relative).resolve()))}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            foreign = _foreign_objects(database, set(tables))
            (verdict,) = database.execute("PRAGMA integrity_check").fetchone()
            flags = _flags(bag)
            held = {name: _read_database_table(database, name, flags) for name in sorted(tables)}
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # SQLite quotes damaged names as they are
        report.judge(False, "database", _place(bag, relative), str(error))
        return
    other = [f"{name}: {held[name][0]} / {tables[name]['rows']}"
             for name in held if held[name][0] != tables[name]["rows"]]  # fmt: skip
    changed = [name for name in held if held[name][1] != tables[name]["sha256"]]
    if verdict != "ok":
        report.judge(False, "database", _place(bag, relative), verdict)
    elif foreign:
        report.judge(False, "database-objects", _place(bag, relative), ", ".join(foreign))
    elif other:
        report.judge(False, "database-rows", _place(bag, relative), "; ".join(other))
    else:
        report.judge(not changed, "database-digest", _place(bag, relative), ", ".join(changed))


def _foreign_objects(database: sqlite3.Connection, tables: set[str]) -> list[str]:
    """What the database holds besides the sealed tables, their meanings, and the views for people."""
    objects = database.execute("SELECT type, name, sql IS NULL FROM sqlite_master ORDER BY type, name")
    own = tables | {"table_meaning", "column_meaning"}
    return [
        f"{kind} {name}"[:LONGEST_NAME]
        for kind, name, made_by_sqlite in objects
        if not (kind == "table" and name in own)
        and not (kind == "view" and str(name).startswith("view_"))
        and not (kind == "index" and made_by_sqlite)
    ]


def _flags(bag: Path) -> set[tuple[str, str]]:
    """The columns of truth values, by table: the database has them as 0 and 1, the CSV as words."""
    try:
        return {
            (str(table["path"]).removesuffix(".csv.gz"), column["name"])
            for table in _json(bag / "data" / "tables" / "datapackage.json")["resources"]
            for column in table["schema"]["fields"]
            if column["type"] == "boolean"
        }
    except (KeyError, TypeError):
        return set()  # damaged, and found as changed; the rows will not agree either


def _read_database_table(
    database: sqlite3.Connection, name: str, flags: set[tuple[str, str]]
) -> tuple[int, str]:
    """Rows of a table of the database and the SHA-256 of the canonical CSV that it would make.

    A view in the place of a table could run for ever: it is not read, nor is a virtual table.
    """
    real = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND rootpage > 0 AND name = ?"
    if database.execute(real, (name,)).fetchone() != (1,):
        raise sqlite3.DatabaseError(f"no table {name}")
    columns = [column[1] for column in database.execute(f'PRAGMA table_info("{name}")')]
    truths = [(name, column) in flags for column in columns]
    digest, rows = sha256(",".join(columns).encode() + b"\n"), 0
    found = database.execute(f'SELECT * FROM "{name}" ORDER BY rowid')
    while some := found.fetchmany(500):
        fields = map(_fields, zip(*some, strict=True), truths)
        lines = "\n".join((*map(",".join, zip(*fields, strict=True)), ""))
        digest.update(lines.encode())
        rows += len(some)
    return rows, digest.hexdigest()


def _fields(values: tuple[Any, ...], truths: bool) -> Iterable[str]:
    """The fields of canonical CSV that the values of a column make; most columns are of one kind."""
    kinds = set(map(type, values))
    if truths and kinds <= {int, type(None)}:
        return [{None: "", 0: "false", 1: "true"}.get(value, str(value)) for value in values]
    if kinds == {int}:
        return map(str, values)
    if kinds <= {str, type(None)} and "" not in values:
        texts = [value or "" for value in values]
        if not QUOTED.search("".join(texts)):
            return texts
    return map(_field, values)


def _field(value: object) -> str:
    """A value as a field: NULL is empty, the empty text is quoted."""
    if value is None:
        return ""
    text = str(value)
    return '"' + text.replace('"', '""') + '"' if text == "" or QUOTED.search(text) else text


def _check_signatures(bag: Path, lying: Lying, report: Report) -> None:
    """Check the program's signature over the tag manifest; count the others, which need other tools."""
    present = {name for name in lying if name.startswith(f"{LATER}/")}
    kinds = (".sig", ".p7s", ".p7m", ".cms", ".sgn", ".tsr", ".tst")
    report.signatures_not_checked += sum(name.endswith(kinds) for name in present - {SIGNATURE})
    ours = present & {SIGNATURE, PUBLIC_KEY}
    if not ours:
        return
    report.signatures_checked += 1
    key = _public_key(_content(bag / PUBLIC_KEY, 4096))
    signature = _content(bag / SIGNATURE, 65)
    if len(ours) == 1 or key is None:
        report.found("signature-half", _place(bag, LATER))
    elif not signed_by(key, _content(bag / TAG_MANIFEST), signature):
        report.found("signature", _place(bag, SIGNATURE))
    else:
        report.keys[_place(bag)] = sha256(key).hexdigest()


def _public_key(pem: bytes) -> bytes | None:
    """The 32 bytes of an Ed25519 key in a PEM file."""
    try:
        der = base64.b64decode(b"".join(pem.split(b"-----")[2:3]), validate=False)
    except binascii.Error:
        return None
    return der.removeprefix(KEY_PREFIX) if der.startswith(KEY_PREFIX) and len(der) == 44 else None


# Ed25519 (RFC 8032, section 5.1.7): points of the curve -x^2 + y^2 = 1 + d x^2 y^2 as (X, Y, Z, T).
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
BASE_Y = 4 * pow(5, -1, P) % P
Point = tuple[int, int, int, int]


def signed_by(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature is that of a public key over a message."""
    if len(key) != 32 or len(signature) != 64:
        return False
    point, scalar = _point(key), int.from_bytes(signature[32:], "little")
    base = _point(BASE_Y.to_bytes(32, "little"))
    if point is None or base is None or scalar >= ORDER:
        return False
    challenge = int.from_bytes(sha512(signature[:32] + key + message).digest(), "little") % ORDER
    minus = (P - point[0], point[1], point[2], P - point[3])
    x, y, z, _t = _sum(_times(scalar, base), _times(challenge, minus))
    x, y = x * pow(z, -1, P) % P, y * pow(z, -1, P) % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


def _point(encoded: bytes) -> Point | None:
    """The point that 32 bytes stand for, or None if there is none."""
    number = int.from_bytes(encoded, "little")
    y, sign = number & (1 << 255) - 1, number >> 255
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def _sum(one: Point, other: Point) -> Point:
    a, b = (one[1] - one[0]) * (other[1] - other[0]) % P, (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number: int, point: Point) -> Point:
    product: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            product = _sum(product, point)
        point, number = _sum(point, point), number >> 1
    return product


def _json(path: Path) -> dict[str, Any]:
    return _said(_content(path))


def _said(content: bytes) -> dict[str, Any]:
    try:
        value = json.loads(content, object_pairs_hook=_unambiguous)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _unambiguous(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which nothing is said twice: readers would differ over which one counts."""
    if len({name for name, _value in pairs}) != len(pairs):
        raise ValueError
    return dict(pairs)


def _plain(text: str) -> str:
    """A text that is safe on a terminal: a name of a hostile bag may hold anything."""
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape", "replace").decode() for sign in text
    )


def _place(bag: Path, *below: str) -> str:
    """Where something lies: in a folder of years, every year has bags of the same names."""
    year = bag.parent.name
    return "/".join([*([year] if YEAR.fullmatch(year) else []), bag.name, *below])


def main(arguments: list[str]) -> int:
    """Check, print the report in both languages, and return the exit code."""
    names = [one for one in arguments if one != "--files"]
    path = Path(names[0]) if names else Path(__file__).resolve().parent
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    report = verify(path, contents="--files" not in arguments)
    if not report.bags:
        print(_plain(f"Здесь нет опечатанного архива / No sealed archive here: {path}"))
        return 2
    print(f"Дел / bags: {report.bags}. Ожидалось / expected: {report.expected}.")
    print(f"Проверено / checked: {report.checked}. Не проверено / not checked: {report.not_checked}.")
    print(f"Верно / ok: {report.ok}. Неверно / bad: {report.bad}. Нет / missing: {report.missing}.")
    print(f"Лишних / extra: {report.extra}.")
    if report.destroyed:
        print(f"Уничтожено по актам, не пропало / destroyed by acts, not missing: {len(report.destroyed)}.")
    for one in report.destroyed:
        print(one.text())
    for finding in report.findings:
        print(f"{finding.text(russian=True)} / {WORDS[finding.code][1]}")
    for name, root in sorted(report.roots.items()):
        print(_plain(f"{name}: {root}"))
    signed, others = report.signatures_checked, report.signatures_not_checked
    print(f"Подписей программы проверено / program's signatures checked: {signed}.")
    print(f"Других подписей, не проверено / other signatures, not checked: {others}.")
    for key in sorted(set(report.keys.values())):
        print(f"Ключ; сверьте с протоколом закрытия / key; compare with the signed act: {key}")
    print("АРХИВ ЦЕЛ / SOUND" if report.sound else "АРХИВ ПОВРЕЖДЁН / NOT SOUND")
    return 0 if report.sound else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
