"""Retention: what is due, legal holds, acts of selection and of destruction, tombstones."""
