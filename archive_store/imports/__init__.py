"""Tables that a school keeps itself, and gives to be held against the record."""
