"""The log of access: each read of personal data that leaves the archive, chained so that it proves itself."""
