"""The wire: calls, client, errors and models of the Dnevnik.ru API. Knows no archive."""
