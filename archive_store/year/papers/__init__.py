"""Papers of a year for print: the report of the checks, the act of closing."""
