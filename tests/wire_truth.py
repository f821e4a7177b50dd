"""What the platform shows, read by a plain crawler that shares nothing with the connector."""

from __future__ import annotations

import json
from typing import Any
from urllib.request import Request, urlopen


class WireTruth:
    """The whole of a served school as plain JSON, each record by its id."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._token = token
        self.school_id: int = self._get("users/me/context")["schools"][0]["id"]

    def _get(self, path: str) -> Any:
        request = Request(self._url + path, headers={"Access-Token": self._token})
        with urlopen(request) as answer:
            return json.load(answer)

    def classes(self, year: int) -> list[int]:
        groups = self._get(f"schools/{self.school_id}/edu-groups")
        return [one["id"] for one in groups if one["studyyear"] == year and not one["parentIds"]]

    def lessons(self, year: int, last: str) -> dict[int, dict[str, Any]]:
        return self._by_days("lessons", year, last)

    def marks(self, year: int, last: str) -> dict[int, dict[str, Any]]:
        return self._by_days("marks", year, last)

    def attendance(self, year: int, last: str) -> dict[tuple[int, int], dict[str, Any]]:
        found = {}
        for group in self.classes(year):
            path = f"lesson-log-entries/group/{group}?from={year}-09-01&to={last}"
            found.update({(one["lesson"], one["person"]): one for one in self._get(path)})
        return found

    def final_marks(self, year: int) -> dict[int, dict[str, Any]]:
        found = {}
        for group in self.classes(year):
            for row in self._get(f"edu-groups/{group}/final-marks"):
                for one in row["per-subject-final-marks"]:
                    if one["final-mark"]:
                        found[one["final-mark"]["id"]] = one["final-mark"]
        return found

    def final_marks_of_periods(self, year: int) -> set[tuple[str, str, str | None]]:
        """Ids, values and reporting periods, as texts."""
        found = set()
        for group in self.classes(year):
            for row in self._get(f"edu-groups/{group}/final-marks"):
                period = None if row["reportingPeriod"] is None else str(row["reportingPeriod"])
                for cell in row["per-subject-final-marks"]:
                    if mark := cell["final-mark"]:
                        found.add((str(mark["id"]), mark["value"], period))
        return found

    def _by_days(self, what: str, year: int, last: str) -> dict[int, dict[str, Any]]:
        found = {}
        for group in self.classes(year):
            answer = self._get(f"edu-groups/{group}/{what}/{year}-09-01/{last}")
            found.update({one["id"]: one for one in answer})
        return found
