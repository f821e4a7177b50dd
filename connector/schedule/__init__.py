"""Staying for years: what runs when, what was missed, what is tried again, and what is kept of it."""
