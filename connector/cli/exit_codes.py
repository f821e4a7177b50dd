"""How the command ends. Documented in docs/exit-codes.md; a test holds the two together."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of ``dnevnik-archive``."""

    OK = 0
    BUG = 1
    USAGE = 2
    SETTINGS = 3
    SIGN_IN = 4
    PLATFORM = 5
    PARTIAL = 6
    NOT_IN_ARCHIVE = 7
    FILES = 8
    NOT_VERIFIED = 9
    BUSY = 10
    ATTENTION = 11
    NOT_READY = 12
    INTERRUPTED = 130
