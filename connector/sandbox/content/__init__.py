"""Invented Russian content of the sandbox school: names, subjects, topics, homework."""
