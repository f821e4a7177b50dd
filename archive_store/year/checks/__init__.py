"""The checks before a year is closed: what each looks for, and where it was found."""
