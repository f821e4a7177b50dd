"""The words and the exit code of every error that a person can mend: what is wrong, and what to do.

By subject they stand in ``settings_words``, ``sign_in_words``, ``platform_words``, ``archive_words``,
``access_words``, ``machine_words``, ``signature_words``, ``year_words``, ``carrier_words``,
``encryption_words``, ``ledger_words``, ``backup_words``, ``export_words``, ``retention_words`` and
``table_words``, each with the errors that the commands raise.
"""

from __future__ import annotations

from functools import cache

from connector.cli.explanation import Explain, Explanation


def explain(error: BaseException) -> Explanation | None:
    """The explanation of an error, or None if it is a fault of the program."""
    known = _explanations()
    for kind in type(error).__mro__:
        if kind in known:
            return known[kind](error)
    return None


@cache
def _explanations() -> dict[type[BaseException], Explain]:
    """The words of all errors. All rooms have some: a command that ends well need not import them."""
    from connector.cli.access_words import ACCESS
    from connector.cli.archive_words import ARCHIVE
    from connector.cli.backup_words import BACKUP
    from connector.cli.carrier_words import CARRIERS
    from connector.cli.encryption_words import ENCRYPTION
    from connector.cli.export_words import EXPORT
    from connector.cli.ledger_words import LEDGER
    from connector.cli.machine_words import MACHINE
    from connector.cli.platform_words import PLATFORM
    from connector.cli.retention_words import RETENTION
    from connector.cli.settings_words import SETTINGS
    from connector.cli.sign_in_words import SIGN_IN
    from connector.cli.signature_words import SIGNATURES
    from connector.cli.table_words import TABLES
    from connector.cli.year_words import YEAR

    return {
        **SETTINGS,
        **SIGN_IN,
        **PLATFORM,
        **ARCHIVE,
        **ACCESS,
        **MACHINE,
        **SIGNATURES,
        **YEAR,
        **CARRIERS,
        **ENCRYPTION,
        **LEDGER,
        **BACKUP,
        **RETENTION,
        **EXPORT,
        **TABLES,
    }
