"""The page that lies in every bag: what this is, how to read it, how to check it."""

from __future__ import annotations

from typing import Final

from archive_store.snapshot.passport import FORMAT, Passport
from archive_store.texts import N_, _

_READING: Final = (
    N_("Nothing has to be installed to read it:"),
    N_("- data/passport.txt says what lies here, what the platform gave and did not give, and how"),
    N_("  complete it is; passport.json says the same for programs;"),
    N_("- data/tables/*.csv.gz are the tables, packed: 7-Zip and any archiver unpack them, Excel and"),
    N_("  LibreOffice open what is inside (UTF-8, comma). Import ids as text: Excel rounds long numbers;"),
    N_("- data/tables/datapackage.json explains every table and every column;"),
    N_("- data/archive.sqlite is the same record as a database; any SQLite program opens it,"),
    N_("  and the views view_lessons, view_marks, view_attendance, view_final_marks show names."),
    N_("  Tables named history_... hold what was corrected or withdrawn, and when it was seen;"),
    N_("- data/files are the files of homework, each named by the SHA-256 of its contents: the column"),
    N_("  contents of the table homework_file tells which is which, name and type what it was called;"),
    N_("- data/tables/*.parquet, where there are any, are the same tables for programs of analysis."),
)
_WORDS: Final = (
    N_("What the words mean:"),
    N_("- a bag is this folder: the journal of a class, or the summary sheets of the year;"),
    N_("- ids are the platform's own numbers; a day is YYYY-MM-DD; a moment is UTC and ends in Z;"),
    N_("- an empty cell is a value that is missing; two quotation marks are a text that is empty."),
)
_CHECKING: Final = (
    N_("To check that nothing was altered, any one of these will do:"),
    N_("1. Any computer with a browser, without a network: open verify.html and choose the folder."),
    N_("2. Linux, macOS, in this folder: sha256sum -c manifest-sha256.txt"),
    N_("   and: sha256sum -c tagmanifest-sha256.txt"),
    N_("3. Any system with Python 3.11 or newer: python3 verify.py (it also compares every row)"),
    N_("4. Windows: certutil -hashfile tagmanifest-sha256.txt SHA256"),
    N_("   and compare the result with the root of this bag on the signed act of closing."),
)
_SEALING: Final = (
    N_("The root of this bag is the SHA-256 of the file tagmanifest-sha256.txt. It must be the one on the"),
    N_("signed act: whoever alters the record and all lists can make them agree, but not with the paper."),
    N_("A sealed bag is never changed; a correction is a new edition beside it. Only the folder signatures"),
    N_("may be added later. Whoever opens archive.sqlite should open a copy."),
)

_CHECK_SIGNATURE: Final = (
    "openssl pkeyutl -verify -pubin -inkey signatures/dnevnik-archive.pem -rawin"
    " -in tagmanifest-sha256.txt -sigfile signatures/dnevnik-archive.sig"
)
_FINGERPRINT: Final = (
    "openssl pkey -pubin -in signatures/dnevnik-archive.pem -outform DER | tail -c 32 | sha256sum"
)


def read_me(passport: Passport) -> bytes:
    """The page in the active language; with a byte order mark, so that Notepad reads it."""
    year = f"{passport.about.study_year}/{passport.about.study_year + 1}"
    lines = [
        _("HOW TO READ AND CHECK THIS ARCHIVE"),
        "",
        _what(passport, year),
        " ".join(passport.about.school.split()),
        "",
        *map(_, _READING),
        "",
        *map(_, _WORDS),
        "",
        *map(_, _CHECKING),
        "",
        _("To check the program's signature, in this folder (OpenSSL 3.0 or newer, one line):"),
        _CHECK_SIGNATURE,
        _("and compare the fingerprint of the key with the one on the signed act of closing:"),
        _FINGERPRINT,
        _("The head's qualified signature, if there is one, is signatures/head-01.sig: a detached CMS"),
        _("signature of the file tagmanifest-sha256.txt, for CryptoPro and the like."),
        "",
        *map(_, _SEALING),
        "",
        _("Format: {format}; its description is docs/FORMAT.md of the program dnevnik-archive.").format(
            format=FORMAT
        ),
    ]
    return "\r\n".join([*lines, ""]).encode("utf-8-sig")


def _what(passport: Passport, year: str) -> str:
    if passport.about.group:
        return _("The journal of class {group} for the academic year {year}.").format(
            group=passport.about.group, year=year
        )
    if passport.bag.startswith("answers-"):
        return _("The platform's answers of the academic year {year} as they came.").format(year=year)
    return _("The summary sheets of all classes for the academic year {year}.").format(year=year)
