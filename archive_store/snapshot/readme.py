"""The page that lies in every bag: what this is, how to read it, how to check it."""

from __future__ import annotations

from typing import Final

from archive_store.snapshot.passport import Passport
from archive_store.texts import _

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
    what = (
        _("The journal of class {group} for the academic year {year}.").format(
            group=passport.about.group, year=year
        )
        if passport.about.group
        else _("The summary sheets of all classes for the academic year {year}.").format(year=year)
    )
    lines = [
        _("HOW TO READ AND CHECK THIS ARCHIVE"),
        "",
        what,
        passport.about.school,
        "",
        _("Nothing has to be installed to read it:"),
        _("- data/passport.txt says what lies here and how complete it is;"),
        _("- data/tables/*.csv.gz are the tables, packed; datapackage.json explains every column;"),
        _("- data/archive.sqlite is the same record as a database; any SQLite program opens it,"),
        _("  and the views view_lessons, view_marks, view_attendance, view_final_marks show names."),
        _("  Tables named history_... hold what was corrected or withdrawn, and when it was seen."),
        "",
        _("To check that nothing was altered, any one of these will do:"),
        _("1. Linux, macOS, in this folder: sha256sum -c manifest-sha256.txt"),
        _("   and: sha256sum -c tagmanifest-sha256.txt"),
        _("2. Any system with Python 3.11 or newer: python3 verify.py"),
        _("3. Windows: certutil -hashfile tagmanifest-sha256.txt SHA256"),
        _("   and compare the result with the root of this bag on the signed act of closing."),
        "",
        _("To check the program's signature, in this folder (OpenSSL 3.0 or newer, one line):"),
        _CHECK_SIGNATURE,
        _("and compare the fingerprint of the key with the one on the signed act of closing:"),
        _FINGERPRINT,
        _("The head's qualified signature, if there is one, is signatures/head-01.sig: a detached CMS"),
        _("signature of the file tagmanifest-sha256.txt, for CryptoPro and the like."),
        "",
        _("The root of this bag is the SHA-256 of the file tagmanifest-sha256.txt."),
        _("A sealed bag is never changed; a correction is a new edition beside it."),
    ]
    return "\r\n".join([*lines, ""]).encode("utf-8-sig")
