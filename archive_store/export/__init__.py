"""Packages of the record for an addressee, and the log of what was given out."""
