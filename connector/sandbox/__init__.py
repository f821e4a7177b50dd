"""An invented school served over real HTTP as the Dnevnik.ru API serves one."""

from __future__ import annotations

from connector.sandbox.app import create_app
from connector.sandbox.faults import Faults, RequestLog
from connector.sandbox.parameters import SchoolParameters
from connector.sandbox.school import School
from connector.sandbox.serve import PortTaken, RunningSchool, ServedSchool, running, running_process, serve
from connector.sandbox.true_records import true_records
from connector.sandbox.truth import truth
from connector.sandbox.variant import PlatformVariant

__all__ = [
    "Faults",
    "PlatformVariant",
    "PortTaken",
    "RequestLog",
    "RunningSchool",
    "School",
    "SchoolParameters",
    "ServedSchool",
    "create_app",
    "running",
    "running_process",
    "serve",
    "true_records",
    "truth",
]
