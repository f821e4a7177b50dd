"""From the platform's answers to the archive's history: plan, fetch, map, write."""
