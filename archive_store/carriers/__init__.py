"""The carriers of sealed years: their book, the copies on them, checks, repairs, what is due."""
