"""The reasons that the operating system, the network and the database give: they speak English alone.

The frequent ones are translated; another one is shown as it came, for it says more than nothing.
"""

from __future__ import annotations

import re
from typing import Final

from archive_store.texts import N_, _

_KNOWN: Final = {
    # Of the operating system (errno).
    N_("No space left on device"),
    N_("Disk quota exceeded"),
    N_("Permission denied"),
    N_("Operation not permitted"),
    N_("Read-only file system"),
    N_("Input/output error"),
    N_("No such file or directory"),
    N_("Not a directory"),
    N_("Is a directory"),
    N_("File exists"),
    N_("File name too long"),
    N_("File too large"),
    N_("Device or resource busy"),
    N_("Directory not empty"),
    N_("Too many open files"),
    N_("Too many levels of symbolic links"),
    N_("Invalid cross-device link"),
    N_("Invalid argument"),
    N_("Cannot allocate memory"),
    # Of the network.
    N_("Connection refused"),
    N_("Connection reset by peer"),
    N_("Connection timed out"),
    N_("Network is unreachable"),
    N_("No route to host"),
    N_("Name or service not known"),
    N_("Temporary failure in name resolution"),
    N_("No address associated with hostname"),
    N_("getaddrinfo failed"),
    N_("timed out"),
    N_("The read operation timed out"),
    N_("Server disconnected without sending a response"),
    N_("the platform's certificate is not trusted"),
    # Of SQLite.
    N_("database or disk is full"),
    N_("database is locked"),
    N_("disk I/O error"),
    N_("attempt to write a readonly database"),
    N_("unable to open database file"),
    N_("database disk image is malformed"),
    N_("file is not a database"),
}
_NUMBER: Final = re.compile(r"^\[(?:Errno|WinError) -?\d+\] ")
_CERTIFICATE: Final = "CERTIFICATE_VERIFY_FAILED"


def reason(text: str) -> str:
    """A reason, to stand at the end of a sentence of ours: without a full stop."""
    if _CERTIFICATE in text:
        text = "the platform's certificate is not trusted"
    bare = _NUMBER.sub("", text.strip()).rstrip(".")
    return _(bare) if bare in _KNOWN else text.strip().rstrip(".")
