"""From Dnevnik.ru into the archive: the wire, the sync, the schedule, the sandbox, the commands."""
