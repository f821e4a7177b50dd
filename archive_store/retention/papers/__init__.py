"""The two papers of a destruction, as PDF/A."""
