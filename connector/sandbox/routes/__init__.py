"""The API's calls, by family."""
